"""A Redis of one's own on this machine, which a test can kill and start again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest


class Broker:
    """A server without a file: killed, it has forgotten every number it was given."""

    def __init__(self) -> None:
        binary = shutil.which("redis-server") or shutil.which("valkey-server")
        assert binary, "没有 Redis，不能在其上运行。请由管理员执行：apt-get install redis-server"
        self.binary = binary
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        kept_nothing = ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        words = [self.binary, "--bind", "127.0.0.1", "--port", str(self.port), *kept_nothing]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("Redis did not start")

    def kill(self) -> None:
        """As a machine that loses its power."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def broker() -> Iterator[Broker]:
    """One that runs."""
    one = Broker()
    one.start()
    yield one
    one.kill()
