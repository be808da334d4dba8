"""`unit.merge`: 「accounts, filings, drafts, messages and positions go over on that day」."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from .acts import Doing, Verb, need, past_day, step
from .town import Held, Position


@dataclass(eq=False)
class Merged:
    """A unit as `unit.merge` knows it: its code, and whether it went over already."""

    code: str
    into: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)


def head(oracle: Any, position: Position, login: str, thing: Any, state: str, at: datetime) -> bool:
    return position.post == "inspector_head"


def merge_stands(oracle: Any, doing: Doing) -> None:
    need(doing.thing.into is None, "state")


def merge_asks(oracle: Any, doing: Doing) -> None:
    into = doing.fields["into"]
    need(into in oracle.town.units and into != doing.thing.code, "input")
    past_day(doing, doing.fields["on"])


def merge_does(oracle: Any, doing: Doing) -> Merged:
    merged, into = doing.thing, doing.fields["into"]
    day: date = past_day(doing, doing.fields["on"])
    for thing in (*oracle.accounts.values(), *oracle.filings, *oracle.drafts):
        if thing.unit == merged.code:
            thing.unit = into
    oracle.town.held = [
        part for held in oracle.town.held for part in gone_over(held, merged.code, into, day)
    ]  # fmt: skip
    merged.into = into
    merged.steps.append(step(doing, "unit.merge"))
    return merged


def gone_over(held: Held, unit: str, into: str, day: date) -> list[Held]:
    """A position until the day before, and from that day at the other unit."""
    if held.position.unit != unit or (held.until and held.until < day):
        return [held]
    moved = replace(held, position=Position(held.position.post, into), since=max(held.since, day))
    before = replace(held, until=day - timedelta(days=1))
    return [moved] if held.since >= day else [before, moved]


VERBS = {
    "unit.merge": Verb(
        "unit",
        head,
        merge_asks,
        merge_does,
        merge_stands,
        needs=("into", "on"),
        lacking=lambda thing: "right|not_found",
    )
}
