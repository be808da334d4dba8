"""A static file carries the security headers that a page carries."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import RequestFactory

from xinmei import wsgi

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)


def headers_of(address: str) -> dict[str, str]:
    """What the server answers at an address, without its contents."""
    answered: dict[str, str] = {}
    environ = RequestFactory(SERVER_NAME="localhost").get(address).environ
    body = wsgi.application(environ, lambda status, headers, *_: answered.update({"status": status, **dict(headers)}))
    if hasattr(body, "close"):
        body.close()
    return answered


@pytest.mark.django_db
def test_a_static_file_has_the_headers_of_a_page(tmp_path: Path) -> None:
    (tmp_path / "sheet.css").write_text("p { color: inherit }")
    wsgi.application.add_files(str(tmp_path), prefix="static/")
    file, page = headers_of("/static/sheet.css"), headers_of("/login/")
    assert (file["status"], page["status"]) == ("200 OK", "200 OK")
    for name in HEADERS[1:]:
        assert file[name] == page[name], name
    policies = [
        {part.strip() for part in one["Content-Security-Policy"].split(";") if "nonce" not in part}
        for one in (page, file)
    ]
    assert policies[0] <= policies[1], "whatever a page forbids without its nonce, a file forbids too"
    assert "'nonce-" not in file["Content-Security-Policy"]
