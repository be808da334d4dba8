"""Answers that are the same for everybody: made once a minute, then given out from memory.

A view says `@shared`. Whoever asks for it is nobody: cookies are laid aside before the page is made, so that nothing of
a person can come into what all get. `Cache-Control`, `Age` and `ETag` hold for caches in front as well, so nothing is
shown longer than `SECONDS` after it has ceased to be true (docs/decisions/0540).
"""

from __future__ import annotations

import gzip
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, get_resolver, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers

SECONDS = 60
# Of each process: pages of about 5 KB compressed, and as much again plain.
MOST_BYTES = 24 * 1024 * 1024
_SMALL = 200
_ENCODINGS = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
_LINKED_DATA = "application/ld+json"


def shared(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose answer is the same for everybody. Its page has no form that changes anything."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_shared = True  # type: ignore[attr-defined]
        found = view(request, *args, **kwargs)
        if found.status_code == 200:
            found["Cache-Control"] = f"public, max-age={SECONDS}"
        return found

    answer.is_shared = True  # type: ignore[attr-defined]
    return answer


def wants_linked_data(request: HttpRequest) -> bool:
    """Whether a program asks for JSON-LD where it may also have JSON."""
    return _LINKED_DATA in request.headers.get("Accept", "")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in memory, plain and compressed."""

    headers: tuple[tuple[str, str], ...]
    plain: bytes
    packed: bytes
    tag: str
    made: float

    @property
    def size(self) -> int:
        """How much it takes."""
        return len(self.plain) + len(self.packed) + 1_000

    def answer(self, request: HttpRequest, now: float) -> HttpResponse:
        """As an answer to this request: whole, or 304 where the asker has it."""
        is_packed = bool(self.packed) and bool(_ENCODINGS.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))
        body = self.packed if is_packed else self.plain
        answer = HttpResponse(b"" if request.method == "HEAD" else body)
        for name, value in self.headers:
            answer[name] = value
        answer["Age"], answer["Content-Length"] = str(int(now - self.made)), str(len(body))
        if is_packed:
            answer["Content-Encoding"] = "gzip"
        if "HTTP_IF_NONE_MATCH" not in request.META:
            return answer
        found = get_conditional_response(request, etag=self.tag, response=answer)
        if isinstance(found, HttpResponseNotModified):
            found["Age"] = answer["Age"]
        return found  # type: ignore[return-value]


class Memory:
    """The answers of the last minute, the least asked for dropped first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.most, self.taken, self.lock = most, 0, Lock()
        self.kept: OrderedDict[tuple[object, ...], Kept] = OrderedDict()

    def get(self, key: tuple[object, ...], now: float) -> Kept | None:
        """What is in memory and not too old."""
        with self.lock:
            found = self.kept.get(key)
            if found is not None and 0 <= now - found.made < SECONDS:  # a clock set back makes it again
                self.kept.move_to_end(key)
                return found
        return None

    def put(self, key: tuple[object, ...], one: Kept) -> None:
        """Keeps an answer, and lets go of others where there is no room."""
        with self.lock:
            if (old := self.kept.pop(key, None)) is not None:
                self.taken -= old.size
            self.kept[key] = one
            self.taken += one.size
            while self.taken > self.most and self.kept:
                self.taken -= self.kept.popitem(last=False)[1].size


class SharedMiddleware:
    """Stands before all others: what is in memory is answered at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response, self.memory = get_response, Memory()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        key, now = _key_of(request), time.time()
        if (found := self.memory.get(key, now)) is not None:
            return found.answer(request, now)
        if not _is_shared(request.path_info):
            return self.get_response(request)
        return self._make(request, key, now)

    def _make(self, request: HttpRequest, key: tuple[object, ...], now: float) -> HttpResponse:
        method, encodings = request.method, request.META.pop("HTTP_ACCEPT_ENCODING", "")
        asked = request.META.pop("HTTP_IF_NONE_MATCH", None)
        request.META.pop("HTTP_COOKIE", None)
        request.method = "GET"  # the whole answer is kept, whoever only wants its head
        answer = self.get_response(request)
        request.method, request.META["HTTP_ACCEPT_ENCODING"] = method, encodings
        if asked is not None:
            request.META["HTTP_IF_NONE_MATCH"] = asked
        if answer.status_code != 200 or answer.streaming or answer.cookies:
            return answer
        kept = keep(answer, now)
        self.memory.put(key, kept)
        return kept.answer(request, now)


def keep(answer: HttpResponse, now: float) -> Kept:
    """An answer as it is kept. It varies by no cookie: none was there when it was made."""
    plain = answer.content
    tag = f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"'
    other = [one for one in answer.get("Vary", "").split(", ") if one and one.lower() != "cookie"]
    answer["Vary"] = ", ".join(other)
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Vary"], answer["ETag"] = answer["Vary"].removeprefix(", "), tag
    del answer["Content-Length"]
    # mtime=0: the same page is the same bytes, whichever process packed it.
    packed = gzip.compress(plain, 6, mtime=0) if len(plain) >= _SMALL else b""
    return Kept(tuple(answer.items()), plain, packed if len(packed) < len(plain) else b"", tag, now)


def _key_of(request: HttpRequest) -> tuple[object, ...]:
    """All that an answer may depend on. The host is checked when the answer is made."""
    host = request.META.get("HTTP_HOST", "")
    return request.scheme, host, request.META.get("QUERY_STRING", ""), request.path_info, wants_linked_data(request)


def _is_shared(path: str) -> bool:
    if path.lstrip("/").partition("/")[0] not in _beginnings():
        return False
    try:
        return getattr(resolve(path).func, "is_shared", False)
    except Resolver404:
        return False


@cache
def _beginnings() -> frozenset[str]:
    """The first words of addresses under which something is shared: no other address is looked up twice."""
    return frozenset(_first_words(get_resolver().url_patterns))


def _first_words(patterns: Any) -> set[str]:
    found: set[str] = set()
    for one in patterns:
        if hasattr(one, "url_patterns"):
            found |= _first_words(one.url_patterns)
        elif getattr(one.callback, "is_shared", False):
            found.add(str(one.pattern).partition("/")[0])
    return found
