"""docs/adding-a-calculator.md does what it says: its files and commands, followed in a copy of the tree."""
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
GUIDE = SOURCE / "docs" / "adding-a-calculator.md"
# Always the same place, so that what was compiled there before is found again.
COPY = Path(os.environ.get("METERHOUND_COPY") or Path(tempfile.gettempdir(), "meterhound_adding_a_calculator"))
BLOCK = re.compile(r"(?:^`([^`\n]+)`\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def copy_tree():
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=SOURCE, check=True,
                            capture_output=True, text=True).stdout.splitlines()
    for name in listed:
        if (SOURCE / name).exists():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(SOURCE / name, COPY / name)


def shell(commands):
    return subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=COPY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class AddingACalculator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        copy_tree()
        cls.files = []
        for path, language, text in BLOCK.findall(GUIDE.read_text()):
            if path:
                (COPY / path).write_text(text)
                cls.files.append(path)
            elif language == "sh":
                done = shell(text)
                if done.returncode != 0:
                    raise AssertionError(f"{text}\n{done.stdout[-6000:]}")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(COPY)

    def golden_test(self):
        return shell("ctest --test-dir build/release --output-on-failure -R top_share")

    def test_it_takes_one_source_and_one_golden(self):
        self.assertEqual(self.files, ["src/features/theft/top_share.cc", "tests/goldens/theft/top_share.py", "settings.json"])
        done = shell("build/release/tests/test_features --gtest_brief=1 && tools/check_includes.py && oracles/make_theft_goldens.py --check")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_extraction_computes_it_as_it_was_asked_to(self):
        with open(COPY / "features.csv", newline="") as file:
            header, *table = csv.reader(file)
        self.assertEqual(header, ["id", "value__top_share__q_0.1", "value__top_share__q_0.5", "value__mean"])
        self.assertEqual(len(table), 50)
        for row in table:
            if row[1]:
                self.assertTrue(0.1 <= float(row[1]) <= float(row[2]) <= 1, row)

    def test_without_its_golden_or_with_a_wrong_one_the_tests_fail(self):
        self.assertIn("100% tests passed", self.golden_test().stdout)
        golden = COPY / "tests/goldens/theft/top_share.py"
        right = golden.read_text()
        self.addCleanup(golden.write_text, right)
        golden.write_text(re.sub(r";0\.(\d)", lambda digit: f";0.{9 - int(digit[1])}", right, count=1))
        done = self.golden_test()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("value__top_share__q_0.05 of house", done.stdout)
        golden.unlink()
        done = self.golden_test()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no golden for top_share", done.stdout)

    def test_the_page_of_features_must_name_it(self):
        page = COPY / "docs/features.md"
        lines = page.read_text().splitlines(keepends=True)
        self.assertEqual(sum("`top_share`" in line for line in lines), 1)
        check = [sys.executable, COPY / "tools/features_page.py", COPY / "build/release/bin/meterhound", "--check"]
        self.assertEqual(subprocess.run(check).returncode, 0)
        page.write_text("".join(line for line in lines if "`top_share`" not in line))
        done = subprocess.run(check, capture_output=True, text=True)
        page.write_text("".join(lines))
        self.assertEqual(done.returncode, 1)
        self.assertIn("top_share", done.stderr)


if __name__ == "__main__":
    unittest.main()
