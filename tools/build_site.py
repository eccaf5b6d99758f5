#!/usr/bin/env python3
"""Builds the documentation as a site, strictly: a link or an anchor that leads nowhere, or a page that the navigation lacks, fails.

    tools/build_site.py [--out build/site]
"""
import argparse
import subprocess
import sys
from pathlib import Path

from peers import peer_python

SOURCE = Path(__file__).resolve().parents[1]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, default=SOURCE / "build" / "site")
    options = arguments.parse_args()
    python = peer_python(SOURCE / "tools" / "requirements-site.txt")
    sys.exit(subprocess.run([python, "-m", "mkdocs", "build", "--strict", "--quiet", "--clean", "--config-file", SOURCE / "mkdocs.yml", "--site-dir",
                             options.out.resolve()]).returncode)


main()
