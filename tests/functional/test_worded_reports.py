"""Reports that a language model words: real models in their worker, real HTTP, and every way in which they fail."""
import json
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from program import run
from test_model import CAN_RUN, MODELS, Server

CHECKER = Path(__file__).resolve().parents[2] / "tools" / "check_reports.py"
CASES = 4


def says(text, finish="stop"):
    """A server that gives this answer, or what it makes of the request."""
    def handle(request):
        content = text(request.requests[-1][2]) if callable(text) else text
        body = {"choices": [{"message": {"content": content}, "finish_reason": finish}], "usage": {}}
        request.reply(200, json.dumps(body).encode())
    return handle


class WordedReports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        run("simulate", "--consumers", 300, "--days", 400, "--theft", 0.15, "--seed", 2, "--out", cls.path / "town.csv")
        run("train", cls.path / "town.csv", "--out", cls.path, "--set", "detection.xgboost.n_estimators=60",
            "--set", "feature_extraction.tsfresh_settings=minimal+theft")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def cases(self, *settings):
        """Case files of a report with these settings, after the independent checker has read them; and what was said."""
        flags = [flag for setting in settings for flag in ("--set", setting)]
        out = self.path / "out"
        done = run("report", self.path / "town.csv", "--model", self.path / "model.mh", "--out", out, "--set", f"report.cases={CASES}", *flags)
        checked = subprocess.run([sys.executable, CHECKER, out / "cases"], capture_output=True, text=True)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""))
        cases = [json.loads(file.read_text()) for file in sorted((out / "cases").glob("*.json"))]
        self.assertEqual(len(cases), CASES)
        return [case["report"] for case in cases], done.stdout

    def by_server(self, text, finish="stop", *settings):
        server = Server(self, says(text, finish))
        return (*self.cases("llm.engine=openai", f"llm.url={server.url}", *settings), server)

    def stood_in(self, reports, words):
        for report in reports:
            self.assertEqual((report["written_by"], report["mode"]), ("template", "template"))
            self.assertIn(words, report["fallback"])

    @unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
    def test_a_small_model_orders_our_sentences(self):
        reports, said = self.cases("llm.engine=llama", "llm.timeout=600")
        self.assertIn(f"{CASES} cases worded by llama smollm2.gguf (plan)", said)
        for report in reports:
            self.assertEqual((report["mode"], report["fallback"], report["replaced"]), ("plan", None, 0))

    @unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
    def test_only_the_head_of_the_list_where_that_is_asked(self):
        reports, said = self.cases("llm.engine=llama", "llm.timeout=600", "llm.cases=2")
        self.assertIn("2 cases worded by llama smollm2.gguf (plan)", said)
        self.assertEqual([(report["mode"], report["fallback"]) for report in reports], 2 * [("plan", None)] + 2 * [("template", None)])

    @unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
    def test_in_other_languages_too(self):
        reports, _ = self.cases("llm.engine=llama", "llm.timeout=600", "report.language=fr", "llm.temperature=1")
        for report in reports:
            self.assertEqual((report["mode"], report["language"]), ("plan", "fr"))

    @unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
    def test_prose_without_sense_gives_way(self):
        reports, said = self.cases("llm.engine=llama", f"llm.model={MODELS / 'phi3.gguf'}", "llm.mode=prose", "llm.max_tokens=40", "llm.timeout=600")
        self.assertIn("cases worded by the template instead", said)
        for report in reports:
            self.assertEqual(report["written_by"], "template")
            self.assertTrue(report["fallback"])

    def test_a_server_is_given_the_choices_as_a_schema(self):
        def first(asked):
            schema = asked["response_format"]["json_schema"]["schema"]
            return json.dumps({"sentences": schema["properties"]["sentences"]["items"]["enum"][:3]})
        reports, said, server = self.by_server(first)
        self.assertIn(f"{CASES} cases worded by openai", said)
        for report in reports:
            self.assertEqual(report["mode"], "plan")
        # Nothing that came with the data is in a prompt.
        ids = [line.split(",")[0] for line in (self.path / "town.csv").read_text().splitlines()[1:]]
        for _, _, body in server.asked:
            self.assertFalse([one for one in ids if one in json.dumps(body)])

    def test_true_prose_stands_and_the_rest_is_replaced(self):
        def prose(asked):
            facts = [line[2:] for line in asked["messages"][-1]["content"].splitlines() if line.startswith("- ")]
            return f"{facts[0]} The customer stole 999 kWh. {facts[-1]}"
        reports, _, _ = self.by_server(prose, "stop", "llm.mode=prose")
        for report in reports:
            self.assertEqual(report["mode"], "prose")
            self.assertEqual(report["replaced"], 1)
            self.assertIn("stole", report["refused"][0]["text"])
            self.assertNotIn("stole", report["summary"])

    def test_what_fails_is_worded_by_the_template_with_the_reason(self):
        self.stood_in(self.by_server("I will not choose.")[0], "expected numbers")
        self.stood_in(self.by_server("1 2", "length")[0], "finish_reason=length")
        with socket.socket() as dead:
            dead.bind(("127.0.0.1", 0))
            reports, said = self.cases("llm.engine=openai", f"llm.url=http://127.0.0.1:{dead.getsockname()[1]}")
        self.stood_in(reports, "cannot be reached")
        self.assertIn(f"{CASES} cases worded by the template instead", said)
        self.stood_in(self.cases("llm.engine=llama", f"llm.model={self.path / 'none.gguf'}")[0], "none.gguf")

    @unittest.skipUnless(CAN_RUN, "no models: built without llama.cpp")
    def test_models_that_cannot_be_loaded(self):
        whole = (MODELS / "llama.gguf").read_bytes()
        (self.path / "cut.gguf").write_bytes(whole[:len(whole) // 2])
        self.stood_in(self.cases("llm.engine=llama", f"llm.model={self.path / 'cut.gguf'}")[0], "cut.gguf")
        self.stood_in(self.cases("llm.engine=llama", "llm.memory_limit=50")[0], "memory")


if __name__ == "__main__":
    unittest.main()
