#!/usr/bin/env python3
"""Fills in the values of goldens of calculators that tsfresh lacks. Python's standard library is enough.

    oracles/make_theft_goldens.py NAME...     # tests/goldens/theft/NAME.py; all without a name
    oracles/make_theft_goldens.py --check     # says which goldens' values are not what their oracles give
    oracles/make_theft_goldens.py --series    # makes the series anew, and then all values

A golden is a Python file with a function oracle(series), written from what the calculator promises, not from its code.
It returns a value for each column: {suffix of the column's name: value}. What it gives for every series of series.json
stands below it, as the tests read it.
"""
import argparse
import importlib.util
import math
import sys

import theft_series

MARK = '\nGOLDEN = """\n'


def table_of(path, series):
    """Cells as the golden holds them: a row of series' names, then one row a column of features."""
    spec = importlib.util.spec_from_file_location("golden_" + path.stem, path)
    golden = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(golden)
    values = [golden.oracle(one) for one in series]
    for one, found in zip(series, values):
        if found.keys() != values[0].keys():
            raise SystemExit(f"{path}: on {one.name} other columns than on {series[0].name}: {sorted(found.keys() ^ values[0].keys())}")
    return [["feature", *(one.name for one in series)],
            *([f"value__{path.stem}{column}", *(repr(float(found[column])) for found in values)] for column in values[0])]


def same(a, b):
    """Logarithms may differ in the last digit from one machine to another."""
    if a == b:
        return True
    try:
        return math.isclose(float(a), float(b), rel_tol=1e-12, abs_tol=1e-12)
    except ValueError:
        return False


def is_stale(path, table):
    held = [line.split(";") for line in path.read_text().partition(MARK)[2].splitlines()[:-1]]
    return [len(row) for row in held] != [len(row) for row in table] or not all(
        same(a, b) for old, new in zip(held, table) for a, b in zip(old, new))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("names", nargs="*", metavar="NAME")
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--series", action="store_true")
    options = arguments.parse_args()
    sys.dont_write_bytecode = True
    if options.series:
        theft_series.write(theft_series.make())
    series = theft_series.read()
    paths = [theft_series.FOLDER / f"{name}.py" for name in options.names] or sorted(theft_series.FOLDER.glob("*.py"))
    tables = {path: table_of(path, series) for path in paths}
    stale = [path for path, table in tables.items() if is_stale(path, table)]
    if options.check and stale:
        raise SystemExit("not what their oracles give; run oracles/make_theft_goldens.py: " + " ".join(path.stem for path in stale))
    for path in stale:
        oracle = path.read_text().partition(MARK)[0].rstrip("\n")
        path.write_text(oracle + "\n\n" + MARK + "\n".join(";".join(row) for row in tables[path]) + '\n"""\n')
        print(path)


if __name__ == "__main__":
    main()
