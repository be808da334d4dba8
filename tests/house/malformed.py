"""Malformed requests, drawn by seed.

They go to every address of the URL configuration, with every field that a form or a view reads, and with values that
no page asks for. The small test beside this file sends them through Django's client. `benchmarks/fuzz.py` sends
10,000 of them as bytes on a socket.
"""

from __future__ import annotations

import importlib
import inspect
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django import forms

from tests.house import matrix
from tests.house.malformed_files import files

METHODS = (
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "BREW",
)
CSRF = "a" * 32
BOUNDARY = "XbX"
NASTY: tuple[str, ...] = (
    *(
        "",
        " ",
        "%00",
        "\ud800",
        "文\udfff",
        "\ufeff",
        "\u202e反",
        "👩\u200d👩",
        "\r\nSet-Cookie: a=b",
        "\x1b[31m",
        "\x7f",
    ),
    *(
        "-1",
        "0",
        "1",
        "1e999",
        "NaN",
        "inf",
        "-0.0",
        "１２３",
        "٣",
        "9" * 18,
        "9" * 19,
        "9" * 400,
        str(2**31),
        str(2**63),
        "-" + "9" * 30,
        "0x1f",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "10000-01-01",
        "2026-13-01",
        "0001-01-01",
        "2026-W54",
        "9999-W53",
        "0000-W01",
        "2026-W07",
    ),
    *(
        "2026-05-12T10:00:00+99:99",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-12:00",
        "2026-05-12",
        "2026-05-12 10:00",
        "上周",
    ),
    *(
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "${7*7}",
        "{{7*7}}",
        "{% debug %}",
        "=cmd|'/c calc'!A0",
        "../../etc/passwd",
        "..%2f..%2f",
    ),
    *(
        "a" * 300,
        "文" * 3_000,
        "(a+)+" * 50,
        "(" * 2_000,
        "[" * 5_000,
        "\\",
        "%",
        "_",
        "%_%",
        "*",
        '"',
        "'",
        "NULL",
        "None",
        "[]",
        "{}",
        "true",
    ),
    *(
        "yes",
        "no",
        "on",
        "xlsx",
        "-name",
        "-",
        "--",
        "pk",
        "account__unit__path",
        "?",
        "all",
        "CZ",
        "DH",
        "SUSPECTED",
        "confirm",
        "dismiss",
    ),
)
LONG = "长" * 400_000


@dataclass(frozen=True)
class Malformed:
    """One request. `login` "": nobody is logged in. `target` is what stands in the request line."""

    login: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def __str__(self) -> str:
        where = f"{self.method} {self.target[:200]} as {self.login or 'nobody'}"
        return f"{where} {dict(self.headers)!r:.300} body {self.body[:300]!r}"


@cache
def fields() -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """Names that views read and forms hold, and of fields with choices the values that they allow."""
    names: set[str] = set()
    for module in {view.__module__ for _, view in matrix.addresses()} | {
        "xinmei.pages.lists.listing",
        "xinmei.people.sign_in",
    }:
        source = inspect.getsource(importlib.import_module(module))
        names |= set(re.findall(r"(?:GET|POST|FILES)(?:\.get|\.getlist)?[(\[]\s*\"(\w+)\"", source)) | set(
            re.findall(r"Filter\(\"(\w+)\"", source)
        )
        names |= set(re.findall(r"Column\(\"(\w+)\"", source))
    allowed: dict[str, list[str]] = {}
    waiting = [forms.Form]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        for name, field in getattr(kind, "base_fields", {}).items():
            names.add(name)
            if isinstance(choices := getattr(field, "choices", None), list):
                allowed.setdefault(name, []).extend(str(choice[0]) for choice in choices)
    return tuple(sorted(names)), allowed


class Maker:
    """Draws requests. `keys`: what exists, by the first part of an address ("accounts" → codes); `logins`: who asks."""

    def __init__(self, seed: int, logins: Sequence[str], keys: Mapping[str, Sequence[str]]) -> None:
        self.random, self.logins, self.keys = random.Random(seed), ["", *logins], keys
        self.addresses = [(address, matrix.declaration_of(view)) for address, view in matrix.addresses()]

    def make(self) -> Malformed:
        """The next one."""
        draw = self.random
        address, declaration = draw.choice(self.addresses)
        declared = list(declaration.methods) if declaration else ["GET"]
        method = draw.choice(declared) if draw.random() < 0.85 else draw.choice(METHODS)
        headers: list[tuple[str, str]] = []
        body = b""
        if method in ("POST", "PUT", "PATCH", "DELETE", "BREW"):
            kind, body = self._body()
            headers.append(("Content-Type", kind))
            if draw.random() < 0.9:
                headers.append(("X-CSRFToken", CSRF))
        headers += self._headers()
        target = self._path(address) + (f"?{self._query()}" if draw.random() < 0.6 else "")
        return Malformed(draw.choice(self.logins), method, target, tuple(headers), body)

    def value(self, name: str = "") -> str:
        """Something that no page asks for, or now and then what it does ask for."""
        draw = self.random
        allowed = fields()[1].get(name)
        if allowed and draw.random() < 0.5:
            return draw.choice(allowed)
        if draw.random() < 0.15 and (known := self.keys.get("")):
            return draw.choice(known)
        if draw.random() < 0.003:
            return LONG
        # NUL is refused at the very edge, so a form that holds one shows nothing about the form itself.
        return "\x00" if draw.random() < 0.003 else draw.choice(NASTY)

    def _path(self, address: str) -> str:
        known = self.keys.get(address.partition("/")[0]) or self.keys.get("") or ["1"]
        value = lambda _: self.random.choice(known) if self.random.random() < 0.75 else self.value()[:600]  # noqa: E731
        return "/" + re.sub(
            r"<[^>]+>",
            lambda found: quote(value(found), safe="" if self.random.random() < 0.8 else "/", errors="surrogatepass"),
            address,
        )

    def _pairs(self) -> list[tuple[str, str]]:
        names = fields()[0]
        chosen = self.random.sample(names, self.random.randint(0, 12)) if self.random.random() < 0.7 else names
        pairs = [(name, self.value(name)) for name in chosen]
        return [*pairs, (self.value()[:100], self.value())] if self.random.random() < 0.1 else list(pairs)

    def _query(self) -> str:
        draw = self.random
        if draw.random() < 0.1:
            return draw.choice(
                (
                    "%",
                    "%zz",
                    "=&=&",
                    "a=%ff%fe",
                    "page=" + "9" * 5_000,
                    "&" * 3_000,
                    "page[]=1",
                    "sort=%00",
                    "export=xlsx&page=-1",
                )
            )
        names = draw.sample(fields()[0], draw.randint(1, 6))
        return urlencode([(name, self.value(name)[:300]) for name in names], errors="surrogatepass")

    def _headers(self) -> list[tuple[str, str]]:
        draw = self.random
        odd = (
            ("Cookie", "sessionid=" + draw.choice(("", "x", "%00", "a" * 3_000, "é"))),
            ("Cookie", "csrftoken=" + draw.choice(("", "x" * 40, "%00"))),
            ("X-Forwarded-For", draw.choice(("", "::1, x", "a" * 2_000, "1.2.3.4"))),
            ("Accept-Language", "zh" * 3_000),
            ("X-Long", "x" * 9_000),
            ("HX-Request", "true"),
            ("Referer", "javascript:alert(1)"),
            ("Host", draw.choice(("evil.example", "localhost:x", ""))),
            ("Range", "bytes=-1"),
            ("If-Modified-Since", "nonsense"),
            ("Content-Encoding", "gzip"),
            ("Transfer-Encoding", "identity"),
            ("User-Agent", "\x80\xff"),
        )
        return [draw.choice(odd)] if draw.random() < 0.2 else []

    def _body(self) -> tuple[str, bytes]:
        draw = self.random
        what = draw.random()
        if what < 0.45:
            return "application/x-www-form-urlencoded", urlencode(self._pairs(), errors="surrogatepass").encode()
        if what < 0.75:
            return f"multipart/form-data; boundary={BOUNDARY}", self._multipart()
        if what < 0.8:
            return draw.choice(
                (
                    "multipart/form-data",
                    "multipart/form-data; boundary=",
                    "multipart/form-data; boundary=é",
                    "text/plain",
                )
            ), b"--XbX\r\n"
        if what < 0.9:
            depth = draw.choice((5, 100_000))
            body = json.dumps(dict(self._pairs())).encode() if draw.random() < 0.5 else b"[" * depth
            return draw.choice(
                ("application/json", "application/x-www-form-urlencoded; charset=utf-7", "a/b; charset=nonsense")
            ), body
        return "application/x-www-form-urlencoded", draw.choice(
            (b"\x00" * 50, b"%", b"a=%ff&b=\xff\xfe", b"&".join(b"a=1" for _ in range(6_000)), b"")
        )

    def _multipart(self) -> bytes:
        draw = self.random
        parts = []
        for name, value in self._pairs():
            head = f'Content-Disposition: form-data; name="{name}"'
            content = value.encode(errors="surrogatepass")
            if draw.random() < 0.15 or name in ("file", "evidence"):
                file, content = draw.choice(files())
                head += f'; filename="{file}"\r\nContent-Type: {draw.choice(("application/zip", "image/png", "x"))}'
            parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(errors="surrogatepass") + content + b"\r\n")
        end = draw.choice((f"--{BOUNDARY}--\r\n", f"--{BOUNDARY}--\r\n", f"--{BOUNDARY}", ""))
        body = b"".join(parts) + end.encode()
        return body[: draw.randint(0, len(body))] if draw.random() < 0.15 else body


def keys_of(models: Mapping[str, tuple[Any, str]], most: int = 20) -> dict[str, list[str]]:
    """Keys that exist: for each first part of an address the values of one field."""
    found = {
        part: [str(key) for key in model.objects.order_by("pk").values_list(field, flat=True)[:most]]
        for part, (model, field) in models.items()
    }
    return {**found, "": [key for part in found.values() for key in part[:5]]}


def known_keys() -> dict[str, list[str]]:
    """Keys of the rooms' objects in this database."""
    from xinmei.interaction.models import Message
    from xinmei.people.models import Person
    from xinmei.publishing.models import Post
    from xinmei.registry.models import Account
    from xinmei.reports.models import Bulletin
    from xinmei.supervision.models import Finding, Inspection
    from xinmei.units.models import Unit

    kinds = {
        "accounts": (Account, "code"),
        "units": (Unit, "code"),
        "posts": (Post, "code"),
        "findings": (Finding, "pk"),
        "messages": (Message, "code"),
    }
    return keys_of({**kinds, "inspection": (Inspection, "pk"), "staff": (Person, "pk"), "bulletins": (Bulletin, "pk")})
