"""A real web site on loopback, for tests of what is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from tests.serving import Silent, serving

LOGIN = "<!DOCTYPE html><html><head><title>登录</title></head><body><form>请登录</form></body></html>".encode()


class Site(Silent):
    """Serves what a test puts into `pages`: body and headers by path."""

    pages: ClassVar[dict[str, tuple[int, bytes, dict[str, str]]]] = {}

    def do_GET(self) -> None:
        status, body, headers = self.pages[self.path]
        self.send_response(status)
        for name, value in {"Content-Type": "application/rss+xml", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve() -> Iterator[str]:
    """The address of a site that serves `Site.pages`."""
    Site.pages = {}
    with serving(Site) as address:
        yield address
