"""A model of Phi-3-mini's full shape with random weights (2.3 GB) under a limit of 4 GB. Long; needs -DMETERHOUND_LONG_TESTS=ON."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import SOURCE, answer

LIMIT = 4000  # MB


class FullSize(unittest.TestCase):
    def test_it_writes_within_the_limit_and_the_need_was_told(self):
        with tempfile.TemporaryDirectory(dir=os.environ.get("METERHOUND_LARGE_TEMP")) as folder:
            file = Path(folder) / "phi-3-mini-random.gguf"
            subprocess.run([sys.executable, SOURCE / "tools" / "make_random_gguf.py", "--with-peers", "--architecture", "phi3",
                            "--size", "phi-3-mini", "--out", file], check=True)
            grammar = Path(folder) / "plan.gbnf"
            grammar.write_text('root ::= number ("," number){3,5}\nnumber ::= [1-9]')
            settings = ["--set", f"llm.memory_limit={LIMIT}", "--set", "llm.max_tokens=24", "--set", "llm.timeout=600"]
            told = answer("model", "inspect", file, *settings)
            self.assertTrue(told["fits"])
            prompt = "Sentences 1 to 9: the consumption fell by half in May and stayed there. " * 2
            plan = answer("model", "try", file, "--prompt", prompt, "--grammar", grammar, "--count", 2, *settings)
            for text in plan["texts"]:
                self.assertRegex(text["text"], r"^[1-9](,[1-9]){3,5}$")
            prose = answer("model", "try", file, "--prompt", prompt, *settings)
            peak = max(plan["peak_memory"], prose["peak_memory"])
            print(f"\nfile {file.stat().st_size / 1e6:.0f} MB, told {told['memory']['total'] / 1e6:.0f} MB, peak {peak / 1e6:.0f} MB, "
                  f"{prose['tokens_per_second']:.1f} tokens/s with the prompt")
            self.assertLess(peak, LIMIT * 1e6)
            self.assertAlmostEqual(told["memory"]["total"] / peak, 1, delta=0.1)


if __name__ == "__main__":
    unittest.main()
