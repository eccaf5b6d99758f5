"""A real mail server (aiosmtpd) for receivers.py: `mail_server.py FOLDER smtps|starttls|plain [CERTIFICATE KEY USER PASSWORD]`.

Prints its port, then keeps each mail as FOLDER/N.json: who sent it to whom as whom, and its bytes. Recipients nobody@... are
refused for good, later@... for now.
"""
import asyncio
import json
import ssl
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult


class Keeper:
    def __init__(self, folder):
        self.folder, self.count = folder, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        user = session.auth_data.login.decode() if session.auth_data else None
        mail = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "user": user, "bytes": envelope.original_content.decode("ascii")}
        unready = self.folder / "unready"
        unready.write_text(json.dumps(mail))
        unready.rename(self.folder / f"{self.count}.json")
        return "250 kept"


async def serve(folder, mode, certificate=None, key=None, user=None, password=None):
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)

    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login.decode(), data.password.decode()) == (user, password), handled=False, auth_data=data)

    keeper = Keeper(Path(folder))

    def protocol():
        return SMTP(keeper, hostname="localhost", authenticator=authenticate if user else None, auth_required=bool(user),
                    auth_require_tls=mode == "starttls", tls_context=context if mode == "starttls" else None,
                    require_starttls=mode == "starttls")

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if mode == "smtps" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
