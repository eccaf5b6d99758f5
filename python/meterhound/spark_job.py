"""`spark-submit spark_job.py extract|score IN OUT`: meterhound.spark as a job, whether the driver has the package installed or
it arrives by spark.archives alone."""
import glob
import os
import sys


def find_package():
    """Puts the archive's packages on the path unless the package is there already."""
    try:
        import meterhound._native  # noqa: F401
    except ModuleNotFoundError:
        from pyspark import SparkFiles
        from pyspark.sql import SparkSession

        SparkSession.builder.getOrCreate()  # unpacks the archives
        sys.modules.pop("meterhound", None)
        found = [native for root in (SparkFiles.getRootDirectory(), os.getcwd())
                 for native in glob.glob(os.path.join(root, "*", "meterhound", "_native*.so"))]
        if not found:
            sys.exit("spark_job: found no package meterhound, neither installed nor in spark.archives; expected "
                     "--archives meterhound.zip#meterhound-env")
        sys.path.insert(0, os.path.dirname(os.path.dirname(found[0])))


if __name__ == "__main__":
    # Within the package its other files are no modules of their own.
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != folder]
    find_package()
    from meterhound.spark import main

    main()
