"""`spark-submit spark_job.py extract|score IN OUT`: meterhound.spark as a job, whether the driver has the package installed or
it arrives by spark.archives alone."""
import os
import sys


def find_package():
    """Puts the archive's packages on the path unless the package is there already."""
    try:
        import meterhound  # noqa: F401
    except ModuleNotFoundError:
        from pyspark import SparkFiles
        from pyspark.sql import SparkSession

        settings = SparkSession.builder.getOrCreate().conf  # the session unpacks the archives
        given = ",".join(settings.get(name, "") for name in ("spark.archives", "spark.yarn.dist.archives"))
        names = [each.rpartition("#")[2] for each in given.split(",") if "#" in each]
        places = [place for name in names for place in (SparkFiles.get(name), os.path.abspath(name))]
        found = next((place for place in places if os.path.isdir(os.path.join(place, "meterhound"))), None)
        if found is None:
            sys.exit("spark_job: found no package meterhound, neither installed nor in spark.archives; expected "
                     "--archives meterhound.zip#meterhound-env")
        sys.path.insert(0, found)


if __name__ == "__main__":
    # Within the package its other files are no modules of their own.
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or ".") != folder]
    find_package()
    from meterhound.spark import main

    main()
