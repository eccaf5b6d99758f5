#!/usr/bin/env python3
"""docker-compose.yml and the Dockerfiles: their parts fit each other and the built program. The file keeps to the schema of
compose-go, which Docker Compose is made of, where that can be built.

    tests/ship/test_compose.py          # installs its requirements into the cache folder once and starts itself again with them
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

sys.path.insert(0, str(SOURCE / "tools"))
import peers  # noqa: E402

peers.enter(REQUIREMENTS)

import yaml  # noqa: E402
import go_tools  # noqa: E402
import program_words  # noqa: E402


class ComposeTest(unittest.TestCase):
    compose = yaml.safe_load((SOURCE / "docker-compose.yml").read_text())
    services = compose["services"]
    own = {name: one for name, one in services.items() if "/meterhound:" in one["image"]}

    def test_it_has_every_part_of_the_service(self):
        self.assertLessEqual({"api", "redis", "worker_math", "worker_llm", "postgres", "prometheus", "grafana", "migrate"}, set(self.services))

    def test_compose_itself_takes_the_file(self):
        loader = go_tools.go_tool("github.com/compose-spec/compose-go/v2/cmd", "v2.16.2")
        if loader is None:
            self.skipTest("no compose-go")
        text = (SOURCE / "docker-compose.yml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "docker-compose.yml"
            for wrong, status in (("", 0), ("restart:", 1), ("depends_on:", 1)):
                file.write_text(text.replace(wrong, "x" + wrong) if wrong else text)
                done = subprocess.run([loader, "-no-interpolation", file], capture_output=True, text=True)
                self.assertEqual(done.returncode, status, wrong + done.stdout + done.stderr)

    def test_names_are_of_what_is_there(self):
        for name, one in self.services.items():
            waits = one.get("depends_on", {})
            for other in waits:
                self.assertIn(other, self.services, name)
                if isinstance(waits, dict) and waits[other]["condition"] == "service_healthy":
                    self.assertIn("test", self.services[other]["healthcheck"], f"{name} waits for the health of {other}")
            for volume in one.get("volumes", []):
                source = volume.split(":")[0]
                if re.fullmatch(r"\w+", source):
                    self.assertIn(source, self.compose["volumes"], name)
            for config in one.get("configs", []):
                self.assertIn(config["source"], self.compose["configs"], name)

    def test_what_runs_the_program_has_few_rights_and_a_store(self):
        self.assertGreaterEqual(len(self.own), 5)
        for name, one in self.own.items():
            self.assertTrue(one["read_only"], name)
            self.assertEqual((one["cap_drop"], one["security_opt"]), (["ALL"], ["no-new-privileges:true"]), name)
            self.assertLessEqual({"METERHOUND_STORE", "METERHOUND_QUEUE"}, set(one["environment"]), name)

    def test_no_password_stands_in_the_file(self):
        for name, one in self.services.items():
            for variable, value in (one.get("environment") or {}).items():
                if "PASSWORD" in variable or "AUTH" in variable or "://" in value:
                    self.assertRegex(value, r"\$\{\w+:\?", f"{name} {variable}")

    def test_ports_are_of_this_machine_alone(self):
        for name, one in self.services.items():
            for port in one.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), f"{name} {port}")

    def test_the_program_takes_each_command(self):
        for name, one in self.own.items():
            if "entrypoint" not in one:
                self.assertEqual(program_words.unknown(one["command"]), [], name)
        self.assertEqual(program_words.unknown(["serve", "--no-such-flag"]), ["--no-such-flag"])
        self.assertNotEqual(program_words.unknown(["no-such-command"]), [])


class DockerfilesTest(unittest.TestCase):
    texts = {path.name: path.read_text() for path in (SOURCE / "docker").glob("Dockerfile.*")}

    def test_both_build_the_program_in_the_same_way(self):
        stages = {text[text.index("FROM"):text.index("FROM ${BASE} AS final")] for text in self.texts.values()}
        self.assertEqual((len(self.texts), len(stages)), (2, 1))
        self.assertIn("make build", stages.pop())

    def test_the_build_stage_gets_every_folder_that_the_build_enters(self):
        entered = re.findall(r"add_subdirectory\((\w+)", (SOURCE / "CMakeLists.txt").read_text())
        passed = (SOURCE / ".dockerignore").read_text().split("\n")
        self.assertIn("src", entered)
        for folder in [*entered, "cmake", "config", "dashboard", "packaging", "tools", "Makefile", "CMakePresets.json"]:
            self.assertIn("!" + folder, passed)

    def test_final_stages_run_as_a_user_without_a_compiler(self):
        packages = (SOURCE / "tools" / "packages-runtime.txt").read_text()
        self.assertNotRegex(packages, r"(?m)^(build-essential|g\+\+|gcc|cmake|.*-dev)$")
        for name, text in self.texts.items():
            final = text[text.index("AS final"):]
            self.assertRegex(final, r"(?m)^USER [1-9]\d+:", name)
            self.assertIn("HEALTHCHECK", final, name)
            installed = re.findall(r"apt-get install -y --no-install-recommends(.*)", final)
            self.assertEqual([words.strip(" \\") for words in installed], [""], name)  # the list's packages alone
            self.assertEqual(re.findall(r"^COPY (?!--from=build)(.*)", final, re.MULTILINE), ["tools/packages-runtime.txt /tmp/packages"], name)


if __name__ == "__main__":
    unittest.main()
