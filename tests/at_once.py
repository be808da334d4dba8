"""Several threads that do the same at the same moment, each with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(count: int, work: Callable[[], object]) -> None:
    """Runs `work` in `count` threads that begin together, and waits for all of them."""
    ready = threading.Barrier(count)

    def run() -> None:
        try:
            ready.wait()
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
