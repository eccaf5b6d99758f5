"""The built program beside the real, pinned tsfresh, on series that no golden holds: drawn by a seed, and real ones.

    METERHOUND_PARITY_SEED=0 METERHOUND_PARITY_SERIES=1000 python3 tests/parity/test_live.py     # 0: a seed of its own

tsfresh runs twice, as it is and with the processor's wide instructions turned off. Where its two values are further apart
than the calculator's tolerance, it is undecided itself: such values are counted and shown, and so few that a
calculator's mistake cannot hide among them. permutation_entropy is never excused so: with wide instructions NumPy sorts
equal values as our default does, without them as our "ties": "stable" does, and each is held against its own.
"""
import csv
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path += [str(SOURCE / "tests" / "functional"), str(SOURCE / "tools")]
from draw_series import draw, read_real  # noqa: E402
from peers import peer_python  # noqa: E402
from program import answer, rows, run, write_rows  # noqa: E402

JUDGE = os.environ.get("METERHOUND_PARITY_JUDGE", str(SOURCE / "build" / "release" / "tests" / "parity_judge"))
SHARED = SOURCE.parent / "shared"
REAL = ["sgcc191/recovered_wide.csv", "sgsc10/sgsc10_daily_wide.csv", "swiss_15min/swiss_daily_wide.csv"]
PUBLIC = SHARED / "golden" / "tsfresh"
SETTINGS = "comprehensive+index_based"
MOST_UNDECIDED = 0.002  # of all values

NARROW = {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR", "OPENBLAS_CORETYPE": "Nehalem"}
QUADRATIC = ["approximate_entropy", "sample_entropy"]  # they count, which no instruction changes: once is enough
ORDERS = "permutation_entropy"


def has_wide_instructions():
    """Whether NumPy sorts by vectors here."""
    return " avx2 " in Path("/proc/cpuinfo").read_text(encoding="utf-8")


def write_readings(path, series):
    first = datetime.date(2014, 1, 1)
    write_rows(path, [["id", "time", "value"]] + [[name, first + datetime.timedelta(days=t), repr(value)]
                                                 for name, values in series.items() for t, value in enumerate(values)])


def split_columns(path, belongs, to):
    """The columns of a table whose names `belongs` takes, and all others."""
    table = rows(path)
    for out, kept in zip(to, (True, False)):
        places = [0] + [place for place, name in enumerate(table[0]) if place and belongs(name) == kept]
        write_rows(out, [[row[place] for place in places] for row in table])


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.python = peer_python(SOURCE / "oracles" / "requirements-tsfresh.txt")
        except subprocess.CalledProcessError as error:
            raise unittest.SkipTest(f"tsfresh cannot be installed here: {error}")
        cls.seed = int(os.environ.get("METERHOUND_PARITY_SEED", 7)) or time.time_ns() % 1_000_000
        cls.count = int(os.environ.get("METERHOUND_PARITY_SERIES", 184))
        cls.held = tempfile.TemporaryDirectory(prefix="meterhound-parity-")
        cls.folder = Path(cls.held.name)
        print(f"METERHOUND_PARITY_SEED={cls.seed} METERHOUND_PARITY_SERIES={cls.count}")

    @classmethod
    def tearDownClass(cls):
        cls.held.cleanup()

    def path(self, name):
        return self.folder / f"{self.id().rpartition('.')[2]}-{name}.csv"

    def start_tsfresh(self, readings, out, left_out, **environment):
        script = SOURCE / "tests" / "parity" / "tsfresh_features.py"
        held = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment}
        return subprocess.Popen([self.python, script, readings, out, *left_out], env=os.environ | held)

    def judge(self, *tables):
        done = subprocess.run([JUDGE, *tables], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def extract(self, readings, settings, out):
        run("extract", readings, "--settings", settings, "--out", out)

    def hold(self, series):
        """Both tables of tsfresh and ours, of the same readings; fails naming every value that lies apart."""
        readings, theirs, narrow, other, orders = map(self.path, ("readings", "theirs", "narrow", "other", "orders"))
        write_readings(readings, series)
        wide = has_wide_instructions()
        runs = [self.start_tsfresh(readings, theirs, [] if wide else [ORDERS]),
                self.start_tsfresh(readings, narrow, QUADRATIC, **NARROW)]
        self.extract(readings, SETTINGS, self.path("ours"))
        grid = [{"dimension": d, "tau": 1, "ties": "stable"} for d in (3, 4, 5, 6, 7)]
        settings = self.folder / "stable.json"
        settings.write_text(json.dumps({ORDERS: grid}))
        self.extract(readings, settings, self.path("stable"))
        self.assertEqual([process.wait() for process in runs], [0, 0])
        split_columns(narrow, lambda name: ORDERS in name, (orders, other))
        stable = rows(self.path("stable"))
        write_rows(self.path("stable"), [[name.replace('__ties_"stable"', "") for name in stable[0]], *stable[1:]])

        verdict = self.judge(readings, self.path("ours"), theirs, other)
        of_orders = self.judge(readings, self.path("stable"), orders)
        self.assertEqual(verdict["values"], len(series) * (788 if wide else 783))
        self.assertEqual(of_orders["values"], len(series) * 5)
        self.report(verdict)
        apart = verdict["apart"] + of_orders["apart"]
        self.assertFalse(apart, f"{len(apart)} values apart:\n" + "\n".join(map(json.dumps, apart[:40])))
        self.assertLessEqual(len(verdict["undecided"]), MOST_UNDECIDED * verdict["values"])

    def report(self, verdict):
        undecided = Counter(each["column"].split("__")[1] for each in verdict["undecided"])
        print(f"\n{self.id().rpartition('.')[2]}: {verdict['values']} values, {verdict['same']} the same to the last bit, "
              f"{len(verdict['apart'])} apart, {sum(undecided.values())} undecided {dict(undecided)}")
        worst = sorted(verdict["worst"].items(), key=lambda item: -item[1]["error"])[:5]
        print("  largest errors: " + "; ".join(f"{name} {each['error']:.0e} ({each['id']})" for name, each in worst))

    def test_drawn_series(self):
        self.hold(draw(random.Random(self.seed), self.count))

    def test_real_series(self):
        files = [SHARED / "data" / name for name in REAL]
        if not all(file.exists() for file in files):
            self.skipTest(f"no real readings: {SHARED / 'data'} is not there")
        dice = random.Random(self.seed)
        self.hold({name: values for file in files for name, values in read_real(dice, file, 8).items()})


class PublicGoldens(unittest.TestCase):
    """The judge that stands beside other goldens of tsfresh, with its own tolerances."""

    @classmethod
    def setUpClass(cls):
        if not PUBLIC.exists():
            raise unittest.SkipTest(f"no goldens: {PUBLIC} is not there")

    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = Path(held.name)

    def test_extraction(self):
        try:
            python = peer_python(SOURCE / "oracles" / "requirements-tsfresh.txt")
        except subprocess.CalledProcessError as error:
            self.skipTest(f"the judge's libraries cannot be installed here: {error}")
        series = {}
        for name, _, value in rows(PUBLIC / "open" / "inputs.csv")[1:]:
            series.setdefault(name, []).append(float(value))
        readings, ours, candidate = (self.folder / name for name in ("readings.csv", "ours.csv", "candidate.csv"))
        write_readings(readings, series)
        run("extract", readings, "--settings", SETTINGS, "--out", ours)
        header, *table = rows(ours)
        write_rows(candidate, [["id", "feature_name", "value"]] + [
            [row[0], name, cell or "nan"] for row in table for name, cell in zip(header[1:], row[1:])])
        done = subprocess.run([python, PUBLIC / "compare.py", PUBLIC / "open", candidate], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        verdict = json.loads(done.stdout)
        self.assertEqual((verdict["missing"], verdict["fail_stable"]), (0, 0))
        self.assertGreater(verdict["rows"], 40_000)
        names = [row[1] for row in rows(PUBLIC / "features.csv")[1:]]
        self.assertEqual(header[1:], names)

    def test_selection(self):
        table, target = PUBLIC / "select" / "X_raw.csv.gz", PUBLIC / "select" / "y.csv"
        for flags, golden in [([], "relevance_by.csv"), (["--independent"], "relevance_bh.csv")]:
            relevance = self.folder / "relevance.csv"
            found = answer("select", table, "--target", target, "--relevance", relevance, *flags)
            theirs = {row[0]: row[1:] for row in rows(PUBLIC / "select" / golden)[1:]}
            ours = {row[0]: row[1:] for row in rows(relevance)[1:]}
            self.assertEqual(set(ours), set(theirs))
            for name, (kind, p_value, relevant) in theirs.items():
                self.assertEqual((ours[name][0], ours[name][2]), (kind, relevant), name)
                if p_value:
                    self.assertAlmostEqual(float(ours[name][1]) / float(p_value), 1, delta=1e-9, msg=name)
            if not flags:
                selected = (PUBLIC / "select" / "selected_columns.txt").read_text(encoding="utf-8").splitlines()
                self.assertEqual(set(found["selected"]), set(selected))


if __name__ == "__main__":
    unittest.main(verbosity=2)
