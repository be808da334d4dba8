"""The pools of this machine where a broker is set: one for short jobs and one for long ones, kept alive."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

from django.conf import settings

RESTART_AFTER_SECONDS, GRACE_SECONDS = 5.0, 20.0


class Pool:
    """One Celery worker with its processes."""

    def __init__(self, name: str, long: bool, processes: int) -> None:
        self.name, self.long, self.processes = name, long, processes
        self.process: subprocess.Popen[bytes] | None = None
        self.started = -RESTART_AFTER_SECONDS

    def keep(self, *, stalled: bool) -> None:
        """Starts it where it is not alive, in no hurry. One that takes nothing from its queue is deaf, and ended."""
        if stalled and time.monotonic() - self.started >= settings.JOB_LEASE:
            self.end()
        dead = self.process is None or self.process.poll() is not None
        if dead and time.monotonic() - self.started >= RESTART_AFTER_SECONDS:
            self.started = time.monotonic()
            self.process = subprocess.Popen(self._words(), env=self._environment())  # noqa: S603  (our own command)

    def stop(self) -> None:
        """Takes no more numbers; what is under way ends or is given back."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Until it has ended; then it is ended."""
        if self.process is not None:
            try:
                self.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.process.kill()

    def end(self) -> None:
        """For one that does nothing anyway."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _words(self) -> list[str]:
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "xinmei.cluster", "worker", "--loglevel", "WARNING"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        name = f"{self.name}@{socket.gethostname()}"
        return [*celery, *quiet, "-n", name, "-Q", f"xinmei.{self.name}", "-c", str(self.processes)]

    def _environment(self) -> dict[str, str]:
        # As many processes as cores: each reads with one thread then.
        threads = str(settings.SCREENING_THREADS) if self.processes < 2 else "1"
        return {**os.environ, "XINMEI_PARENT": str(os.getpid()), "XINMEI_SCREENING_THREADS": threads}


class Hosts:
    """The two pools; without processes none."""

    def __init__(self, processes: int) -> None:
        self.pools = [Pool("short", False, 1), Pool("long", True, processes)] if processes else []

    def keep(self, stalled: set[bool]) -> None:
        """Looks after both; about once a second."""
        for pool in self.pools:
            pool.keep(stalled=pool.long in stalled)

    def stop(self) -> None:
        """Both take no more numbers."""
        for pool in self.pools:
            pool.stop()

    def end(self) -> None:
        """An orderly stop of both."""
        self.stop()
        until = time.monotonic() + GRACE_SECONDS
        for pool in self.pools:
            pool.wait(until)
