"""Which names are approved 稿源单位: those in rules/sources, and those added by `source.add`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .acts import Doing, Verb, need, past_day, step
from .beside import head
from .days import read_day

SOURCES = Path(__file__).parents[2] / "rules" / "sources"


@cache
def groups() -> list[dict[str, Any]]:
    files = sorted(SOURCES.glob("*.yaml"))
    return [group for file in files for group in yaml.safe_load(file.read_text(encoding="utf-8")).get("groups", [])]


def in_rules(name: str, day: date) -> bool:
    for group in groups():
        if day < group.get("from", date.min) or day > group.get("to", date.max):
            continue
        if name in group.get("names", []) or any(re.fullmatch(p, name) for p in group.get("patterns", [])):
            return True
    return False


@dataclass
class Source:
    name: str
    level: str
    since: date
    until: date | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)

    def allows(self, name: str, day: date) -> bool:
        """「allowed to the end of `on`」."""
        return name == self.name and self.since <= day and (self.until is None or day <= self.until)


def add_asks(oracle: Any, doing: Doing) -> None:
    need(doing.fields["level"] in ("state", "province", "city"), "input")
    need(read_day(doing.fields["from"]), "input")


def add_does(oracle: Any, doing: Doing) -> Source:
    since = read_day(doing.fields["from"])
    assert since is not None
    source = Source(doing.fields["name"], doing.fields["level"], since)
    source.steps.append(step(doing, "source.add"))
    oracle.sources.append(source)
    return source


def end_stands(oracle: Any, doing: Doing) -> None:
    need(doing.thing.until is None, "state")


def end_asks(oracle: Any, doing: Doing) -> None:
    """Not before it was allowed: said nowhere, but nothing else makes sense."""
    need(past_day(doing, doing.fields["on"]) >= doing.thing.since, "input")


def end_does(oracle: Any, doing: Doing) -> Source:
    doing.thing.until = read_day(doing.fields["on"])
    doing.thing.steps.append(step(doing, "source.end"))
    return doing.thing


def view(source: Source) -> dict[str, Any]:
    return {"name": source.name, "level": source.level}


VERBS = {
    "source.add": Verb(
        "source", head, add_asks, add_does, makes=True, changes=False, needs=("name", "level", "allowed_by", "from")
    ),
    "source.end": Verb("source", head, end_asks, end_does, end_stands, needs=("on",)),
}
