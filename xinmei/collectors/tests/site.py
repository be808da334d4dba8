"""A real web site on loopback, for tests of what is fetched."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

LOGIN = "<!DOCTYPE html><html><head><title>登录</title></head><body><form>请登录</form></body></html>".encode()


class Site(BaseHTTPRequestHandler):
    """Serves what a test puts into `pages`: body and headers by path."""

    pages: ClassVar[dict[str, tuple[int, bytes, dict[str, str]]]] = {}

    def do_GET(self) -> None:
        status, body, headers = self.pages[self.path]
        self.send_response(status)
        for name, value in {"Content-Type": "application/rss+xml", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps silent."""


@contextmanager
def serve() -> Iterator[str]:
    """The address of a site that serves `Site.pages`."""
    Site.pages = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
