"""A small client for the API of 政务新媒体管理平台, for programs of other offices. Python 3.11, nothing else.

    client = Client("https://xmt.example.gov.cn", token)
    for finding in client.list("findings", status="NOTIFIED"):
        client.do("findings", "rectify", finding["id"], note="已更正")

Acts are sent with an `Idempotency-Key`, so that one whose answer was lost on the way may be sent again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

# A signature older than this is somebody's who kept it.
TOLERANCE = 300.0


class WrongField(TypedDict):
    """One field that was refused: what was found, and what is allowed."""

    field: str
    found: Any
    allowed: str


class Told(TypedDict):
    """What a webhook says: an act was done. Acts are in order by `at`; ask for the object by its id."""

    id: str
    verb: str
    kind: str
    on: str
    at: str


class Refused(Exception):
    """The platform refused. `refused` is the kind (`right`, `not_found`, `state`, `input` …); `why` is Chinese."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("why", f"HTTP {status}"))
        self.status = status
        self.refused: str = problem.get("refused", "")
        self.why: str = problem.get("why", "")
        self.errors: list[WrongField] = problem.get("errors", [])


class NotDone(Exception):
    """A job of the platform failed, or took too long."""


@dataclass(frozen=True)
class Client:
    """One token, which acts as one position of one person."""

    site: str
    token: str = field(repr=False)
    seconds: float = 30.0
    tries: int = 4

    def list(self, kinds: str, **where: str) -> Iterator[dict[str, Any]]:
        """Every object of a kind that the position sees and that fits, however many parts it comes in."""
        cursor: str | None = "0"
        while cursor is not None:
            page = self._ask("GET", f"{kinds}?{urlencode({**where, 'cursor': cursor})}")
            yield from page["items"]
            cursor = page["next"]

    def show(self, kinds: str, number: str) -> dict[str, Any]:
        """One object."""
        shown: dict[str, Any] = self._ask("GET", f"{kinds}/{quote(number, safe='')}")
        return shown

    def do(self, kinds: str, verb: str, on: str | None = None, *, key: str | None = None, **given: Any) -> Any:
        """Does an act, and returns the object after it (None where the position does not see it any more)."""
        address = f"{kinds}/{verb}" if on is None else f"{kinds}/{quote(on, safe='')}/{verb}"
        return self._ask("POST", address, given, key or str(uuid.uuid4()))

    def import_bundle(self, path: Path, *, keep: bool = False) -> dict[str, Any]:
        """Sends a bundle, waits until it is read, and returns what came of it: counts, and what was refused."""
        file = {"name": path.name, "base64": base64.b64encode(path.read_bytes()).decode()}
        job = self.wait_for(self.do("jobs", "import", file=file, keep=keep)["id"])
        result: dict[str, Any] = job["result"]
        return result

    def wait_for(self, number: str, *, seconds: float = 600.0, every: float = 1.0) -> dict[str, Any]:
        """The job, when it is done. Raises NotDone."""
        until = time.monotonic() + seconds
        while (job := self.show("jobs", number))["state"] != "done":
            if job["state"] == "failed" or time.monotonic() > until:
                raise NotDone(job["failure"] or f"第 {number} 号任务还没有办完")
            time.sleep(every)
        return job

    def _ask(self, method: str, address: str, given: dict[str, Any] | None = None, key: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if key:
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        body = None if given is None else json.dumps(given).encode()
        request = Request(f"{self.site}/api/v1/{address}", body, headers, method=method)  # noqa: S310
        for left in reversed(range(self.tries)):
            try:
                with urlopen(request, timeout=self.seconds) as answer:  # noqa: S310
                    return json.load(answer)
            except HTTPError as error:
                wait = error.headers.get("Retry-After")
                if wait is None or not left:
                    raise Refused(error.code, _problem(error)) from None
                time.sleep(float(wait))
            except (URLError, TimeoutError, ConnectionError):
                # The answer was lost; the key makes it safe to ask again.
                if not left:
                    raise
                time.sleep(0.5 * 2 ** (self.tries - left))
        raise AssertionError("unreachable")


def _problem(error: HTTPError) -> dict[str, Any]:
    try:
        problem = json.load(error)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def read_told(body: bytes, signature: str, secret: str, *, now: float) -> Told:
    """What a webhook says. Raises ValueError where `Xinmei-Signature` does not prove that the platform sent it now."""
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    moment, given = parts.get("t", ""), parts.get("v1", "")
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), expected.encode()) or abs(now - float(moment)) > TOLERANCE:
        raise ValueError("not signed by the platform, or long ago")
    told: Told = json.loads(body)
    return told
