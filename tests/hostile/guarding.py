"""Notes every connection that this process makes, and plays the names that a hostile name server would give."""

from __future__ import annotations

import itertools
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from tests.hostile.addresses import Case
from tests.hostile.server import PUBLIC
from xinmei import fetching
from xinmei.core.functions import Judged, Outcome
from xinmei.publishing.functions.looking import look_once

ALLOWED = (ip_network(f"{PUBLIC}/32"),)
_notes: list[list[Any]] = []
_AWAY = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    """The interpreter itself tells of every connect and of every packet without one."""
    if event in _AWAY and _notes:
        address = arguments[_AWAY[event]]
        for notes in _notes:
            notes.append(address)


@contextmanager
def connections() -> Iterator[list[Any]]:
    """Every address that this process connects to meanwhile."""
    if not hasattr(_audit, "is_there"):
        sys.addaudithook(_audit)
        _audit.is_there = True  # type: ignore[attr-defined]
    notes: list[Any] = []
    _notes.append(notes)
    try:
        yield notes
    finally:
        _notes.remove(notes)


@contextmanager
def hostile_names() -> Iterator[None]:
    """Names below .test: of private addresses, and such that are public when asked first, and private then."""
    usual, asked = socket.getaddrinfo, Counter[str]()

    def resolve(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith(".test"):
            return usual(host, port, *more, **named)
        asked[name] += 1
        address = "10.7.8.9" if name.endswith(".inside.test") or asked[name] > 1 else PUBLIC
        address = "::ffff:10.7.8.9" if name.endswith(".six.test") else address
        return usual(address, port, *more, **named)

    socket.getaddrinfo = resolve
    try:
        yield
    finally:
        socket.getaddrinfo = usual


@contextmanager
def trusting(root: Path) -> Iterator[None]:
    """The root of the servers is trusted meanwhile, so that a certificate is refused for what is wrong with it."""
    fetching._trust.cache_clear()
    fetching._trust().load_verify_locations(root)
    try:
        yield
    finally:
        fetching._trust.cache_clear()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at an address came to, after how many seconds."""

    case: Case
    judged: Judged
    seconds: float

    @property
    def is_as_wanted(self) -> bool:
        """Whether outcome and reason are as they must be, and there is a reason for all but what works."""
        outcomes, reasons = self.case.outcome.split("|"), self.case.reason.split("|")
        has_reason = bool(self.judged.reason) or self.judged.outcome == "works"
        is_told = has_reason and not self.judged.reason.startswith("raised")
        return self.judged.outcome in outcomes and is_told and any(one in self.judged.reason for one in reasons)


def look_at_all(found: Sequence[Case], seconds: float, at_a_time: int) -> list[Seen]:
    """A look at each, so many at a time, each of whose requests may take so long."""

    def see(case: Case) -> Seen:
        since = time.monotonic()
        try:
            judged = look_once("service", case.address, allow=ALLOWED, seconds=seconds)
        except Exception as error:  # noqa: BLE001 — none may come; it is counted among what went wrong
            judged = Judged(Outcome.UNSEEN, f"raised {error!r}")
        return Seen(case, judged, time.monotonic() - since)

    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(see, found))


def elsewhere(notes: Sequence[Any]) -> list[Any]:
    """Those of the addresses that are not the one which stands for the public network."""
    return [one for one in itertools.chain(notes) if not (isinstance(one, tuple) and one[0] == PUBLIC)]
