"""The AWQ script says what it lacks before it begins."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "quantize_awq.py"


class QuantizeAwq(unittest.TestCase):
    def test_everything_that_is_missing_is_named_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            text = Path(folder) / "few.txt"
            text.write_text("one line\n")
            for weights, words in ((Path(folder) / "m.gguf", "is a GGUF file"), (Path(folder), "no config.json")):
                done = subprocess.run([sys.executable, SCRIPT, weights, Path(folder) / "out", "--text", text], capture_output=True, text=True)
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr)
                self.assertIn("has 1 lines, expected at least 64", done.stderr)
            self.assertFalse((Path(folder) / "out").exists())


if __name__ == "__main__":
    unittest.main()
