"""`xinmei serve` as it is run: pages and worker in one process group.

A killed worker is started again; the worker ends when the server ends.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parents[2]
# A process prints, after `make_ready`, which of our modules the log-in page still imports, and how many connections
# were open before.
READ_AT_A_FIRST_REQUEST = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "xinmei.settings"
django.setup()
from xinmei.commands.serve import make_ready
make_ready()
from django.db import connections
open_ = sum(one.connection is not None for one in connections.all(initialized_only=True))
from django.urls import resolve
from django.template.loader import get_template
known = set(sys.modules)
resolve("/assessment/2026/"), resolve("/search/"), get_template("desk/search.html")
print([name for name in set(sys.modules) - known if name.startswith("xinmei.")], open_)
"""


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Served:
    """A server of its own with a SQLite of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.port = folder, free_port()
        environment = {
            **os.environ,
            "XINMEI_VAR": str(folder),
            "XINMEI_DATABASE": f"sqlite:///{folder}/db.sqlite3",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "xinmei", "serve", "--port", str(self.port), "--workers", "1", *words]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)

    def is_well(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.read() == b"ok"
        except OSError:
            return False

    def workers(self) -> list[int]:
        """The processes that are its worker of jobs."""
        wanted, found = f"work\0--parent\0{self.process.pid}\0", []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if path.read_bytes().endswith(wanted.encode()):
                    found.append(int(path.parent.name))
            except OSError:  # gone meanwhile
                continue
        return found

    def has_beaten(self) -> bool:
        with sqlite3.connect(self.folder / "db.sqlite3") as kept:
            return bool(kept.execute("SELECT count(*) FROM jobs_heartbeat").fetchone()[0])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(*words: str) -> Served:
        started.append(Served(tmp_path, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        wait_for(lambda one=one: not one.workers())


def test_the_worker_beats_comes_back_after_a_kill_and_stops_with_the_server(serve: Callable[..., Served]) -> None:
    served = serve()
    wait_for(served.is_well)
    wait_for(served.has_beaten)
    (first,) = served.workers()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: [pid for pid in served.workers() if pid != first] != [])
    served.process.terminate()
    assert served.process.wait(40) == 0
    assert served.workers() == []


def test_the_worker_does_not_outlive_a_server_that_is_killed(serve: Callable[..., Served]) -> None:
    served = serve()
    wait_for(served.is_well)
    wait_for(lambda: served.workers() != [])
    served.process.kill()
    served.process.wait()
    wait_for(lambda: served.workers() == [], 20)


def test_pages_alone_where_jobs_are_done_elsewhere(serve: Callable[..., Served]) -> None:
    served = serve("--no-worker")
    wait_for(served.is_well)
    assert served.workers() == []


def test_a_process_that_serves_pages_begins_with_everything_read() -> None:
    said = subprocess.run(
        [sys.executable, "-c", READ_AT_A_FIRST_REQUEST],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert said.stdout.split() == ["[]", "0"]
