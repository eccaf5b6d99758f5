"""Every rule of tools/check_includes.py against small trees that keep it and break it.

    python3 -m unittest discover -s tests/tools
"""

import contextlib
import io
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import check_includes  # noqa: E402


def header(room, *includes, opening="// A part.", namespace=None):
    namespace = namespace or ("meterhound" if room == "base" else f"meterhound::{room}")
    lines = [opening, "#pragma once", *(f'#include "{i}"' for i in includes), f"namespace {namespace} {{", "}"]
    return "\n".join(lines) + "\n"


class CheckIncludesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("src/base/panel.h", header("base"))
        self.write("src/numerics/random.h", header("numerics", "base/panel.h"))
        self.write("src/readings/csv.h", header("readings", "base/panel.h", "numerics/random.h"))
        self.write("src/pipeline/training.h", header("pipeline", "readings/csv.h"))

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def findings(self):
        return [str(finding) for finding in check_includes.check_tree(self.root)]

    def assert_finds(self, *expected):
        """Exactly these, each given as `file:line:` and a word of its message."""
        found = self.findings()
        self.assertEqual(len(found), len(expected), found)
        for line, (place, word) in zip(found, sorted(expected)):
            self.assertTrue(line.startswith(place + ": "), line)
            self.assertIn(word, line)

    def test_a_tree_that_keeps_the_rule(self):
        self.assertEqual(self.findings(), [])

    def test_includes_never_point_up(self):
        self.write("src/base/hashing.h", header("base", "numerics/random.h"))
        self.write("src/numerics/season.h", header("numerics", "pipeline/training.h"))
        self.assert_finds(("src/base/hashing.h:3", "numerics"), ("src/numerics/season.h:3", "may not include pipeline"))

    def test_stages_never_include_one_another(self):
        stages = ["clean", "detectors", "features", "monitor", "readings", "simulate"]
        for stage in stages:
            self.write(f"src/{stage}/of_{stage}.h", header(stage))
            for other in stages:
                if other != stage:
                    self.write(f"src/{stage}/{stage}_{other}.h", header(stage, f"{other}/of_{other}.h"))
        found = self.findings()
        self.assertEqual(len(found), len(stages) * (len(stages) - 1))
        self.assertTrue(all("may not include" in line for line in found))

    def test_every_room_may_include_what_lies_below_it_and_nothing_of_the_table_is_circular(self):
        for room, below in check_includes.ROOMS.items():
            for other in below:
                self.assertNotIn(room, check_includes.ROOMS[other])
                self.assertLessEqual(set(check_includes.ROOMS[other]), set(below), f"{room} sees {other}")

    def test_the_program_sees_the_command_line_only(self):
        self.write("src/cli/cli.h", header("cli"))
        self.write("apps/main.cc", '// The program.\n#include "cli/cli.h"\n#include "pipeline/training.h"\n')
        self.assert_finds(("apps/main.cc:3", "apps may not include pipeline"))

    def test_tests_may_include_anything_but_not_through_dots(self):
        self.write("tests/support/town.h", "// A town for tests.\n#pragma once\n")
        self.write(
            "tests/unit/readings/csv_test.cc",
            """\
            // Reads files.
            #include "pipeline/training.h"
            #include "support/town.h"
            #include "../../support/town.h"
            """,
        )
        self.assert_finds(("tests/unit/readings/csv_test.cc:4", "without . and .."))

    def test_source_may_not_include_tests(self):
        self.write("tests/support/town.h", "// A town for tests.\n#pragma once\n")
        self.write("src/readings/dates.h", header("readings", "support/town.h"))
        self.assert_finds(("src/readings/dates.h:3", "no header under src"))

    def test_includes_are_written_from_src_with_quotes(self):
        self.write("src/readings/dates.h", header("readings", "csv.h"))
        self.write("src/readings/long.h", header("readings").replace("namespace", "#include <base/panel.h>\nnamespace", 1))
        self.assert_finds(("src/readings/dates.h:3", '"csv.h"'), ("src/readings/long.h:3", "quotes"))

    def test_a_generated_header_counts_as_there(self):
        self.write("src/base/version.h.in", header("base"))
        self.write("src/readings/dates.h", header("readings", "base/version.h"))
        self.assertEqual(self.findings(), [])

    def test_circle_of_headers_is_named_once(self):
        self.write("src/base/a.h", header("base", "base/b.h"))
        self.write("src/base/b.h", header("base", "base/c.h"))
        self.write("src/base/c.h", header("base", "base/a.h"))
        self.assert_finds(("src/base/c.h:3", "base/a.h -> base/b.h -> base/c.h -> base/a.h"))

    def test_a_diamond_is_no_circle(self):
        self.write("src/base/a.h", header("base", "base/b.h", "base/c.h"))
        self.write("src/base/b.h", header("base", "base/d.h"))
        self.write("src/base/c.h", header("base", "base/d.h"))
        self.write("src/base/d.h", header("base"))
        self.assertEqual(self.findings(), [])

    def test_a_header_that_includes_itself_is_a_circle(self):
        self.write("src/base/a.h", header("base", "base/a.h"))
        self.assert_finds(("src/base/a.h:3", "circle"))

    def test_a_stem_lies_in_one_folder(self):
        self.write("src/readings/csv.cc", header("readings", "readings/csv.h"))  # beside its header: fine
        self.write("src/numerics/csv.cc", header("numerics"))
        self.write("src/readings/old/random.h", header("readings"))
        findings = self.findings()
        self.assertEqual(len([f for f in findings if "stem csv" in f]), 1)
        self.assertEqual(len([f for f in findings if "stem random" in f]), 1)

    def test_namespace_follows_the_room(self):
        self.write("src/readings/a.h", header("readings", namespace="meterhound::clean"))
        self.write("src/readings/b.h", header("readings", namespace="meterhound::readings::csv"))  # below it: fine
        self.write("src/readings/c.cc", "// No namespace at all.\n")
        self.write("src/base/d.h", header("base", namespace="meterhound::readings"))
        self.write("src/clean/folder/e.h", header("clean"))
        self.assert_finds(
            ("src/base/d.h:3", "expected meterhound"),
            ("src/readings/a.h:3", "expected meterhound::readings"),
            ("src/readings/c.cc:1", "opens no namespace"),
        )

    def test_an_unknown_room_is_an_error(self):
        self.write("src/helpers/a.h", header("helpers"))
        self.assert_finds(("src/helpers/a.h:1", "unknown"))

    def test_files_open_with_a_sentence_and_headers_with_pragma_once(self):
        self.write("src/base/a.h", header("base", opening="// no sentence"))
        self.write("src/base/b.h", header("base").replace("#pragma once\n", ""))
        self.write("src/base/c.cc", "namespace meterhound {\n}\n")
        self.write("src/base/d.h", header("base", opening="// A sentence\n// of two lines."))
        self.assert_finds(
            ("src/base/a.h:1", "sentence"), ("src/base/b.h:1", "#pragma once"), ("src/base/c.cc:1", "sentence")
        )

    def test_exit_status_and_output(self):
        for break_it, status, printed in ((False, 0, ""), (True, 1, "src/base/a.h:1: ")):
            if break_it:
                self.write("src/base/a.h", header("base").replace("#pragma once\n", ""))
            with contextlib.redirect_stdout(io.StringIO()) as out:
                self.assertEqual(check_includes.main([str(self.root)]), status)
            self.assertTrue(out.getvalue().startswith(printed))
            self.assertEqual(len(out.getvalue().splitlines()), status)
        with contextlib.redirect_stderr(io.StringIO()) as error:
            self.assertEqual(check_includes.main([str(self.root / "nowhere")]), 2)
        self.assertIn("no src folder", error.getvalue())


if __name__ == "__main__":
    unittest.main()
