#!/usr/bin/env python3
"""tools/sbom.py on the built programs: the document is valid SPDX by SPDX's own tools, and lacks no part.

    tests/ship/test_sbom.py             # installs its requirements into the cache folder once and starts itself again with them
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program_words import PROGRAM

SOURCE = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements-sbom.txt")

sys.path.insert(0, str(SOURCE / "tools"))
import peers  # noqa: E402

peers.enter(REQUIREMENTS)

from spdx_tools.spdx.parser.parse_anything import parse_file  # noqa: E402
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document  # noqa: E402


class SbomTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.file = Path(folder.name) / "meterhound.spdx.json"
        subprocess.run([SOURCE / "tools" / "sbom.py", Path(PROGRAM).resolve().parents[1], cls.file], check=True, stdout=subprocess.PIPE)
        cls.document = json.loads(cls.file.read_text())
        cls.names = {one["name"]: one["versionInfo"] for one in cls.document["packages"]}

    def faults(self, document):
        self.file.write_text(json.dumps(document))
        return [fault.validation_message for fault in validate_full_spdx_document(parse_file(str(self.file)))]

    def test_it_is_valid(self):
        self.assertEqual(self.faults(self.document), [])

    def test_what_is_wrong_is_found(self):
        wrong = json.loads(json.dumps(self.document))
        wrong["relationships"][0]["relatedSpdxElement"] = "SPDXRef-nobody"
        self.assertNotEqual(self.faults(wrong), [])

    def test_every_locked_part_is_in_it_with_its_version(self):
        for line in (SOURCE / "tools" / "deps.lock").read_text().splitlines():
            if not line.startswith("#"):
                name, version, *_ = line.split()
                self.assertEqual(self.names[name], version)
        # What the program itself says it was built from.
        said = subprocess.run([PROGRAM, "--version", "--verbose"], check=True, stdout=subprocess.PIPE, text=True).stdout
        for name, label in (("xgboost", "XGBoost"), ("pyarrow", "Arrow"), ("llama-cpp-python", "llama.cpp")):
            self.assertIn(self.names[name], re.search(rf"^{re.escape(label)} +(.*)$", said, re.MULTILINE)[1])

    def test_every_package_that_the_images_install_is_in_it_but_the_certificates(self):
        for line in (SOURCE / "tools" / "packages-runtime.txt").read_text().split("\n"):
            if line and not line.startswith("#") and line != "ca-certificates":
                self.assertIn(line, self.names)


if __name__ == "__main__":
    unittest.main()
