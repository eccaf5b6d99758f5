"""`python -m meterhound`: the program that the wheel carries."""
import os
import sys
from pathlib import Path


def program():
    """Where the program lies: in the package, or where METERHOUND_PROGRAM says."""
    named = os.environ.get("METERHOUND_PROGRAM")
    return Path(named) if named else Path(__file__).resolve().parent / "bin" / "meterhound"


def main():
    path = program()
    if not path.is_file():
        sys.exit(f"meterhound: the program is not at {path}; this package was built without it")
    os.execv(path, ["meterhound", *sys.argv[1:]])


if __name__ == "__main__":
    main()
