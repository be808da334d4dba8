"""The clock is read at the edge only.

Below it the time is an argument: `now`, `at`, or a clock where the work takes minutes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where the time comes in, and why it must. `time.monotonic` and `time.perf_counter` measure; they are no clock.
EDGES = {
    "xinmei/people/middleware.py": "a request has one time, that of its arrival",
    "xinmei/people/sign_in.py": "Django's own way to log in gives no time",
    "xinmei/pages/shared.py": "what is kept in memory grows old",
    "xinmei/pages/context.py": "the frame of every page shows today",
    "xinmei/pages/templatetags/pages.py": "a filter has no other argument: it leaves out the year that is this one",
    "xinmei/notices/context.py": "the bell of every page counts as of now",
    "xinmei/notices/channels/robots.py": "the signature of a robot's address must carry the second of the call",
    "xinmei/jobs/worker.py": "the worker decides what is due",
    "xinmei/jobs/cluster.py": "so does a worker of the cluster",
    "xinmei/jobs/holding.py": "a long job asks how late it is while it runs",
    "xinmei/people/models.py": "the database stamps an event, so that the unsealed tail has an age",
    "xinmei/files/moving.py": "a migration has no other time than its own",
    "xinmei/commands/*.py": "a command runs now, unless told otherwise",
    "xinmei/*/management/commands/*.py": "a command runs now, unless told otherwise",
}
# What tells the time, as it is called or handed on: `timezone.now()` and the function `timezone.now` alike.
CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localtime"),
    ("timezone", "localdate"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("functions", "Now"),
}
NAKED = {"Now", "localtime", "localdate"}


def read_clocks(text: str) -> list[int]:
    """The lines of a module that read the clock."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (name, node.attr) in CLOCKS:
                found.append(node.lineno)
        elif isinstance(node, ast.Name) and node.id in NAKED:
            found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "django.utils.timezone"):
            found += [node.lineno for one in node.names if (node.module.split(".")[-1], one.name) in CLOCKS]
    return sorted(found)


def modules() -> Iterator[tuple[str, str]]:
    """Every module of the house that is no test and no migration, with its text."""
    for path in sorted((ROOT / "xinmei").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/tests/" not in name and "/migrations/" not in name:
            yield name, path.read_text(encoding="utf-8")


def test_the_clock_is_read_at_the_edge_only() -> None:
    below = [
        f"{name}:{line}"
        for name, text in modules()
        if not any(fnmatch(name, edge) for edge in EDGES)
        for line in read_clocks(text)
    ]
    assert below == [], "这些地方自己看钟；把时间作为参数传进去（now、at），或在 EDGES 里写明理由"


@pytest.mark.parametrize("edge", EDGES)
def test_each_edge_does_read_it(edge: str) -> None:
    assert [name for name, text in modules() if fnmatch(name, edge) and read_clocks(text)] != []


@pytest.mark.parametrize(
    "text",
    [
        "from django.utils import timezone\nnow = timezone.now()",
        "from django.utils import timezone\nfield = Field(default=timezone.now)",
        "from datetime import datetime, UTC\nnow = datetime.now(UTC)",
        "import datetime\nnow = datetime.datetime.utcnow()",
        "import datetime\nday = datetime.date.today()",
        "import time\nnow = time.time()",
        "from time import time",
        "from django.utils.timezone import now",
        "from django.db.models.functions import Now\nrows.filter(at__lt=Now())",
    ],
)
def test_a_reader_is_found(text: str) -> None:
    assert read_clocks(text) != []


@pytest.mark.parametrize(
    "text", ["import time\nspan = time.monotonic()", "moment = run.now", "rows.filter(at=request.now)"]
)
def test_a_timer_or_an_argument_is_no_reader(text: str) -> None:
    assert read_clocks(text) == []
