"""Real servers on loopback: one that takes mail, one that takes what robots and the SMS gateway post."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.serving import Silent, serving


@dataclass
class Mailbox:
    """What the mail server took; `refuse`: addresses that it does not know."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"

    def configure(self, settings: Any, **changes: object) -> None:
        """The operator's settings for this server."""
        usual = {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": self.port,
            "SMTP_SECURITY": "none",
            "SMTP_USER": "",
            "SMTP_FROM": "xmt@example.gov.cn",
        }
        for name, value in (usual | changes).items():
            setattr(settings, name, value)


@contextmanager
def mail_server(**options: Any) -> Iterator[Mailbox]:
    """A mail server on a free port; `options` as aiosmtpd's Controller takes them."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Gateway:
    """Keeps what was posted: (path, headers, JSON). Gives `answers` (status, body) in turn, then the last one again."""

    posted: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, b'{"errcode": 0, "errmsg": "ok"}')])
    address: str = ""


@contextmanager
def gateway() -> Iterator[Gateway]:
    """An HTTP server on a free port."""
    taken = Gateway()

    class Handler(Silent):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.posted.append((self.path, dict(self.headers), json.loads(body)))
            status, answer = taken.answers.pop(0) if len(taken.answers) > 1 else taken.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with serving(Handler) as taken.address:
        yield taken
