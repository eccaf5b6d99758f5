"""pack: the installed package and what it needs in one zip, for machines whose Python lacks them."""
import importlib.metadata
import os
import re
import zipfile
from pathlib import Path

PACKAGE = "meterhound"


def pack(out, without=()):
    """Writes a zip for ``spark.archives=OUT#meterhound-env``.

    The machines need the same version of Python and the same or a newer glibc as this one.

    Parameters
    ----------
    out : str or Path
        The zip file.
    without : iterable of str
        Distributions to leave out because the machines have them, "numpy" for example; ``"*"``: all but the package.

    Returns
    -------
    list of str
        The distributions in it, with their versions.
    """
    out, without = Path(out), {_canonical(each) for each in without}
    chosen = {}
    waiting = [PACKAGE]
    while waiting:
        name = _canonical(waiting.pop())
        if name in chosen or name in without or ("*" in without and name != PACKAGE):
            continue
        chosen[name] = importlib.metadata.distribution(name)
        waiting += [each for each in map(_required, chosen[name].requires or ()) if each is not None]
    aside = out.with_name(out.name + ".part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in sorted(chosen):
            for path, inside in _files(chosen[name]):
                if _wanted(inside.parts) and path.is_file():
                    archive.write(path, inside.as_posix())
    os.replace(aside, out)
    return [f"{name} {chosen[name].version}" for name in sorted(chosen)]


def _files(distribution):
    """(path, place in the archive) of each file."""
    if _canonical(distribution.name) != PACKAGE:
        return [(Path(file.locate()), file) for file in distribution.files or ()]
    folder = Path(__file__).resolve().parent  # as it runs here, however it was installed
    return [(path, path.relative_to(folder.parent)) for path in sorted(folder.rglob("*"))]


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _required(requirement):
    """The name of a requirement that holds here; extras are left out."""
    text, _, marker = requirement.partition(";")
    if marker.strip():
        try:
            from packaging.markers import Marker
        except ImportError:
            if "extra" in marker:
                return None
        else:
            if not Marker(marker).evaluate({"extra": ""}):
                return None
    return re.match(r"[A-Za-z0-9._-]+", text.strip())[0]


def _wanted(parts):
    """Not the program, nor what lies outside the folder of packages, nor tests and byte code."""
    outside = parts[0] == ".." or parts[:2] == (PACKAGE, "bin")
    return not outside and "__pycache__" not in parts and "tests" not in parts[1:]
