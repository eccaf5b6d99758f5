"""Who is told of alerts in tests: a chat's hook over HTTP or HTTPS and a real mail server, with the secrets that reach them."""
import email
import email.policy
import http.server
import json
import ssl
import subprocess
import threading
from pathlib import Path

HOOK = "/services/T0AB/B1CD/hook-that-nobody-may-know"
PASSWORD = "word that nobody may know"


def certificate(folder, name):
    """A key and a certificate of its own for this machine."""
    key, chain = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", chain],
                   check=True, capture_output=True)
    return chain, key


class Chat(http.server.ThreadingHTTPServer):
    """Keeps what is posted to it; answers what `answers` holds next, (status, body, headers), then 200."""

    def __init__(self, chain=None, key=None, port=0):
        self.posts, self.answers = [], []
        chat = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                chat.posts.append((self.path, body))
                status, text, headers = chat.answers.pop(0) if chat.answers else (200, "ok", {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", port), Handler)
        if chain:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(chain, key)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https" if chain else "http"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that refuses our certificate

    def url(self, host="localhost"):
        return f"{self.scheme}://{host}:{self.server_port}{HOOK}"

    def stop(self):
        self.shutdown()
        self.server_close()

    @property
    def headlines(self):
        return [body["text"] for _, body in self.posts]


class Mailbox:
    """The mail server as a process with its own libraries."""

    def __init__(self, python, folder, mode, *words):
        self.folder = folder
        folder.mkdir()
        with open(folder.parent / "mail_server.log", "wb") as log:
            self.process = subprocess.Popen([python, Path(__file__).parent / "mail_server.py", folder, mode, *words], stdout=subprocess.PIPE,
                                            stderr=log, text=True)
        self.port = int(self.process.stdout.readline())

    def mails(self):
        return [json.loads((self.folder / f"{n}.json").read_text()) for n in range(1, 1 + len(list(self.folder.glob("*.json"))))]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


def read(mail):
    """A mail as Python's reader understands it."""
    return email.message_from_bytes(mail["bytes"].encode("ascii"), policy=email.policy.default)
