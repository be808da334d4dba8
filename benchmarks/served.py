"""A real server for the benchmarks.

It runs `xinmei serve` (gunicorn) on a free port with its log in a file, and logs people in by sessions of their own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serve(log: Path) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server over the database of the environment."""
    port = free_port()
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "xinmei", "serve", "--port", str(port)], stdout=out, stderr=out, env=os.environ
        )
        try:
            _wait(port)
            yield port, server.pid
        finally:
            server.terminate()
            server.wait(30)


def _wait(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


def sign_in_all(logins: list[str]) -> dict[str, str]:
    """For each log-in name the key of a session with the second factor given.

    Passwords are not what is measured here.
    """
    from django.test import Client

    from tests.cast import sign_in
    from xinmei.people.models import Person

    people = Person.objects.in_bulk(logins, field_name="login")
    return {login: sign_in(Client(), people[login]).session.session_key or "" for login in logins if login in people}


def cpu_seconds(pid: int) -> float:
    """What a process and its workers have used so far (user and system)."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        one = int(stat.parent.name)
        parents[one], used[one] = int(parts[1]), (int(parts[11]) + int(parts[12])) / ticks
    family = {pid}
    while more := {one for one, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(used[one] for one in family if one in used)
