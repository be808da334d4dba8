"""观察: each look at an account, and whether it was complete. Machines make it."""

from __future__ import annotations

from typing import Any

from xinmei.collectors.bundle.columns import ACCOUNT, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Text, Time
from xinmei.collectors.bundle.parts import Parts
from xinmei.collectors.bundle.table import Contradiction, Table
from xinmei.registry.models import Look


def _find_contradiction(row: list[Any]) -> Contradiction:
    start, end = row[TABLE.places["window_start"]], row[TABLE.places["window_end"]]
    if end < start:
        show = Time().to_text
        return "window_end", f"观察的止 {show(end)} 早于起 {show(start)}"
    return None


TABLE = Table(
    "observations",
    "观察",
    ".jsonl",
    Look,
    ("account", "feed", "window_start"),
    (
        ACCOUNT,
        must("feed", "", Text(most=100)),
        must("window_start", "", Time()),
        must("window_end", "", Time()),
        must("outcome", "", Choice(labels_of(Look.Outcome))),
        may("reason", "", Text()),
        may("profile", "", Parts(("name", "verification", "avatar_sha256"), keep_empty=True)),
    ),
    order=50,
    second_key="window_start",
    contradiction=_find_contradiction,
)
