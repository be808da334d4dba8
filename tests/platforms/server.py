"""A platform on loopback: a real HTTP server that answers as the documents say, and breaks as it is told to."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from http.server import ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from tests.serving import Silent

# What may go wrong with one request. `cut` loses the answer of what was carried out; `lost` loses the request itself.
CUT, LOST, BROKEN, BUSY, LIMITED, UNKNOWN, EXPIRED = "cut", "lost", "broken", "busy", "limited", "unknown", "expired"


@dataclass
class Asked:
    """One request: its path, what stands in its address and in its body."""

    path: str
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


class Platform(Protocol):
    """What answers."""

    clock: Callable[[], datetime]

    def answer(self, asked: Asked, fault: str) -> tuple[int, dict[str, Any]]:
        """The state and the JSON."""


def no_fault(path: str) -> str:
    """Nothing goes wrong."""
    return ""


@dataclass
class Server:
    """`fault` says what goes wrong with a request to that path; `requests` counts those that came."""

    platform: Platform
    address: str = ""
    fault: Callable[[str], str] = no_fault
    requests: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def serving(platform: Platform) -> Iterator[Server]:
    """The server, as long as it is needed."""
    server = Server(platform)

    class Handler(Silent):
        def do_GET(self) -> None:
            _serve(self, server)

        def do_POST(self) -> None:
            _serve(self, server)

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{listening.server_port}"
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def _serve(handler: Silent, server: Server) -> None:
    asked = _read(handler)
    with server.lock:
        server.requests[asked.path] += 1
        fault = server.fault(asked.path)
    if fault == LOST:
        handler.close_connection = True
        return
    status, said = server.platform.answer(asked, fault)
    if fault == CUT:
        handler.close_connection = True
        return
    data = b"<html>502 Bad Gateway</html>" if fault == BROKEN else json.dumps(said, ensure_ascii=False).encode()
    handler.send_response(502 if fault == BROKEN else status)
    handler.send_header("Content-Type", "application/json; encoding=utf-8")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def _read(handler: Silent) -> Asked:
    parts = urlsplit(handler.path)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    kind = handler.headers.get("Content-Type", "")
    asked = Asked(parts.path, query)
    if kind.startswith("multipart/form-data"):
        whole = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
        for part in whole.get_payload():
            name = part.get_param("name", header="content-disposition")
            data = part.get_payload(decode=True)
            if part.get_filename():
                asked.files[name] = data
            else:
                asked.body[name] = data.decode()
    elif kind.startswith("application/x-www-form-urlencoded"):
        asked.body = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
    elif body:
        asked.body = json.loads(body)
    return asked
