"""A real receiver on loopback: keeps what it is told, and answers as the test says."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.serving import Silent, serving

SECRET = "s3cret-of-the-other-office"


@dataclass
class Receiver:
    """What came, in order, and how it is answered from now on."""

    told: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    status: int = 204
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    address: str = ""

    def take(self, path: str, signature: str, body: bytes) -> None:
        """Keeps what is signed with the secret; anything else is no act of the platform."""
        moment, given = (part.partition("=")[2] for part in signature.split(","))
        expected = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(given, expected)
        self.told.append({**json.loads(body), "path": path, "moment": int(moment)})


@contextmanager
def receiver() -> Iterator[Receiver]:
    """An HTTP server on a free port."""
    taken = Receiver()

    class Handler(Silent):
        def do_POST(self) -> None:
            taken.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(taken.seconds)
            if 200 <= taken.status < 300:
                taken.take(self.path, self.headers["Xinmei-Signature"], body)
            try:
                self.send_response(taken.status)
                for name, value in taken.headers.items():
                    self.send_header(name, value)
                self.end_headers()
            except OSError:
                pass  # who asked has gone

        do_GET = do_POST

    with serving(Handler) as address:
        taken.address = f"{address}/hook"
        yield taken
