"""Feature tables as tsfresh's users know them: dictionaries, columns by name, several kinds, imputation, selection."""
import gzip
import math
import tempfile
import unittest
from pathlib import Path

from program import answer, rows, run, write_rows


class Features(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        cls.town = cls.path / "town.csv"
        run("simulate", "--consumers", 60, "--days", 200, "--theft", 0.4, "--seed", 2, "--out", cls.town)
        cls.all = cls.path / "all.csv"
        run("extract", cls.town, "--settings", "comprehensive", "--out", cls.all)
        # Two kinds of series, of different lengths, scattered over the file.
        cls.kinds = cls.path / "kinds.csv"
        readings = [["id", "time", "value", "kind"]]
        for step in range(30):
            for consumer in ("b", "a"):
                readings.append([consumer, step, math.sin(step) + len(readings) % 7, "power"])
                if step < 12:
                    readings.append([consumer, step, step * step, "volt__age"])
        write_rows(cls.kinds, readings)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def extract(self, *args):
        out = self.path / "out.csv"
        run("extract", *args, "--out", out)
        return rows(out)

    def test_a_table_made_for_its_own_columns_is_the_same(self):
        self.extract(self.town, "--columns", self.all)
        self.assertEqual((self.path / "out.csv").read_bytes(), self.all.read_bytes())

    def test_columns_come_in_the_order_they_were_named(self):
        whole = rows(self.all)
        names = ['value__linear_trend__attr_"slope"', "value__mean", 'value__augmented_dickey_fuller__attr_"pvalue"__autolag_"AIC"']
        listed = self.path / "names.txt"
        listed.write_text("\n".join(names))
        table = self.extract(self.town, "--columns", listed)
        self.assertEqual(table[0], ["id", *names])
        self.assertEqual([row[2] for row in table[1:]], [row[whole[0].index("value__mean")] for row in whole[1:]])

    def test_each_kind_has_its_own_dictionary(self):
        settings = self.path / "settings.yaml"
        settings.write_text("default: {mean: ~}\nkinds:\n  volt__age: {maximum: ~, quantile: [{q: 0.25}, {q: 0.5}]}\n")
        table = self.extract(self.kinds, "--settings", settings)
        self.assertEqual(table[0][1:], ["power__mean", "volt__age__maximum", "volt__age__quantile__q_0.25", "volt__age__quantile__q_0.5"])
        self.assertEqual([row[0] for row in table[1:]], ["b", "a"])
        self.assertEqual(table[1][2:], ["121", "7.75", "30.5"])
        again = self.path / "header.csv"
        again.write_bytes((self.path / "out.csv").read_bytes())
        self.assertEqual(self.extract(self.kinds, "--columns", again), table)

    def test_the_catalogue_lists_the_columns_that_extraction_writes(self):
        catalogue = answer("features", "--settings", "comprehensive")
        self.assertEqual(["id", *(f"value__{each['name']}{suffix}" for each in catalogue for suffix in each["suffixes"])],
                         rows(self.all)[0])
        for each in answer("features"):
            self.assertEqual(each["columns"], len(each["grid"]), each["name"])
            self.assertLessEqual({name for entry in each["grid"] for name in entry}, set(each["parameters"]), each["name"])
            self.assertTrue(each["doc"] and each["cost"] and each["group"], each["name"])
        lines = run("features", "--settings", "minimal").stdout.splitlines()
        self.assertTrue(lines[0].startswith("calculator "))
        self.assertEqual(len(lines), 1 + 10)

    def test_the_catalogue_shows_each_kinds_dictionary(self):
        settings = self.path / "settings.json"
        settings.write_text('{"default": {"mean": null}, "kinds": {"volt__age": {"quantile": [{"q": 0.25}]}}}')
        found = [(each.get("kind"), each["name"], each["suffixes"]) for each in answer("features", "--settings", settings)]
        self.assertEqual(found, [(None, "mean", [""]), ("volt__age", "quantile", ["__q_0.25"])])
        self.assertIn("'comprehensive'", run("features", "--settings", "comprehensiv", status=2).stderr)

    def test_wrong_dictionaries_are_named(self):
        for text, said in [('{"quantil": null}', "quantile"), ('{"quantile": [{"p": 0.1}]}', "'p'"), ('{"quantile": 3}', "quantile"),
                           ('{"kinds": {"valu": {"mean": null}}}', "'valu'"), ('{"mean": ', "bad.json:1")]:
            bad = self.path / "bad.json"
            bad.write_text(text)
            error = run("extract", self.town, "--settings", bad, "--out", self.path / "x.csv", status=2).stderr
            self.assertIn(said, error)
            self.assertIn("bad.json", error)
        self.assertFalse((self.path / "x.csv").exists())

    def test_imputed_tables_have_no_gaps(self):
        raw = rows(self.all)
        imputed = self.extract(self.town, "--settings", "comprehensive", "--impute")
        gaps = sum(cell == "" for row in raw for cell in row)
        self.assertGreater(gaps, 0)
        for column in range(1, len(raw[0])):
            finite = sorted(float(row[column]) for row in raw[1:] if row[column] and math.isfinite(float(row[column])))
            for before, after in zip(raw[1:], imputed[1:]):
                if before[column] == "" and finite:
                    middle = len(finite) // 2
                    median = finite[middle] if len(finite) % 2 else (finite[middle - 1] + finite[middle]) / 2
                    self.assertAlmostEqual(float(after[column]), median, places=9)
                self.assertTrue(math.isfinite(float(after[column])))

    def test_selection_finds_what_was_planted(self):
        header, *table = rows(self.all)
        planted = self.path / "planted.csv"
        label = {row[0]: row[1] for row in rows(self.town)[1:]}
        noise = [f"noise_{i}" for i in range(3)]
        write_rows(planted, [["id", "flag", "trend", *noise]] + [
            [row[0], label[row[0]], float(label[row[0]]) + 0.01 * i, *(math.sin(7.3 * i * (k + 1)) for k in range(3))]
            for i, row in enumerate(table)])
        relevance, out = self.path / "relevance.csv", self.path / "selected.csv"
        found = answer("select", planted, "--target", self.town, "--relevance", relevance, "--out", out)
        self.assertEqual(set(found["selected"]), {"flag", "trend"})
        self.assertEqual(rows(out)[0], ["id", *found["selected"]])
        verdict = {row[0]: row[1:] for row in rows(relevance)[1:]}
        self.assertEqual((verdict["flag"][0], verdict["trend"][0]), ("binary", "real"))
        self.assertEqual({verdict[name][2] for name in noise}, {"False"})

    def test_selection_names_what_is_missing(self):
        short = write_rows(self.path / "short.csv", [["id", "y"], ["nobody", 1]])
        self.assertIn("SIM-", run("select", self.all, "--target", short, status=2).stderr)
        self.assertIn("expected a number", run("select", self.all, "--target", write_rows(
            self.path / "text.csv", [["id", "y"], ["nobody", "much"]]), status=2).stderr)

    def test_the_profile_adds_up(self):
        found = answer("extract", self.town, "--settings", "efficient", "--jobs", 1, "--profile", "--out", self.path / "p.csv")
        self.assertEqual(sum(each["columns"] for each in found["profile"]), 777)
        self.assertLessEqual(sum(each["seconds"] for each in found["profile"]), found["seconds"])

    def test_memory_does_not_grow_with_the_file(self):
        # 300 MB of text: blank lines at the end, which packing makes small and unpacking large; and 9.6 million readings.
        packed = self.path / "packed.csv.gz"
        with gzip.open(packed, "wb", 1) as file:
            file.write(self.town.read_bytes())
            for _ in range(300):
                file.write(b"\n" * 1_000_000)
        large = self.path / "large.csv"
        header, *lines = self.town.read_text().splitlines()
        with open(large, "w") as file:
            file.write(header + "\n")
            for i in range(800):
                file.writelines(f"{i}-{line}\n" for line in lines)
        small = answer("extract", self.town, "--settings", "minimal", "--stats", "--out", self.path / "small.csv")
        for file, consumers in [(packed, 60), (large, 48_000)]:
            found = answer("extract", file, "--settings", "minimal", "--stats", "--out", self.path / "large.parquet")
            self.assertEqual(found["consumers"], consumers)
            self.assertLess(found["peak_memory_bytes"] - small["peak_memory_bytes"], 280e6)


if __name__ == "__main__":
    unittest.main()
