"""Handlers for tests, in place of those of the rooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xinmei.jobs.handlers import HANDLERS, JobFailed, Run, handler


@pytest.fixture(autouse=True)
def ran() -> Iterator[list[int]]:
    """The kinds `count` (short), `dig` (long, started by inspectors), `stumble` (an error) and `refuse`.

    Gives the numbers of the jobs that `count` ran.
    """
    kept, numbers = dict(HANDLERS), list[int]()
    HANDLERS.clear()

    @handler("count", title="数数")
    def count(run: Run) -> str:
        numbers.append(run.number)
        return "数完。"

    @handler("dig", title="深挖", right="inspect", long=True)
    def dig(run: Run) -> str:
        run.progress(3, 4, "挖土")
        run.result = {"address": "/inspection/", "address_title": "看坑"}
        return f"由{run.by}挖完。"

    @handler("stumble", title="出错", tries=3)
    def stumble(run: Run) -> str:
        raise ZeroDivisionError(run.number)

    @handler("refuse", title="办不了")
    def refuse(run: Run) -> str:
        raise JobFailed("没有这个单位，请重新选择。")

    yield numbers
    HANDLERS.clear()
    HANDLERS.update(kept)
