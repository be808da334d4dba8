"""Small bundles for tests: a sound one, written as a folder, with rows to change.

An import returns what a command would print.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.bundle.load import MayWrite
from xinmei.collectors.bundle.outcome import Counts, Refusal
from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=SHANGHAI)
UNITS = "code,name,kind,parent,cohort"
ACCOUNTS = "id,unit,platform,name,opened_on,status,closed_on"

POST = {"id": "P1", "account": "A1", "published_at": "2026-01-05T09:00:00+08:00", "title": "开学", "text": "今天开学。"}
MESSAGE = {
    "id": "M1",
    "account": "A1",
    "received_at": "2026-01-05T10:00:00+08:00",
    "kind": "enquiry",
    "text": "几点放学？",
}
LOOK = {
    "account": "A1",
    "feed": "rss",
    "window_start": "2026-01-05T00:00:00+08:00",
    "window_end": "2026-01-06T00:00:00+08:00",
    "outcome": "complete",
}
CHECK = {"account": "A1", "name": "办事指南", "checked_at": "2026-01-05T09:00:00+08:00", "works": True}


def without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row without some keys."""
    return {name: value for name, value in row.items() if name not in names}


@dataclass
class Bundle:
    """A bundle in the making: CSV as lines, JSON Lines as rows, other files as bytes. Sound as it is."""

    units: list[str] = field(default_factory=lambda: [UNITS, "C,澄州市,city,,", "D,东湖县,county,C,counties"])
    accounts: list[str] = field(default_factory=lambda: [ACCOUNTS, "A1,D,wechat,东湖发布,2022-03-01,active,"])
    posts: list[Any] = field(default_factory=lambda: [POST])
    messages: list[Any] = field(default_factory=list)
    observations: list[Any] = field(default_factory=list)
    functions: list[Any] = field(default_factory=list)
    inspections: list[str] = field(default_factory=list)
    commendations: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    patrols: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Writes the folder; tables without lines are left out."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("units", "accounts", "inspections", "commendations", "people", "patrols", "policies"):
            self._write(folder / f"{name}.csv", getattr(self, name))
        for name in ("posts", "messages", "observations", "functions"):
            self._write(
                folder / f"{name}.jsonl",
                [row if isinstance(row, str) else json.dumps(row) for row in getattr(self, name)],
            )
        for name, data in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return folder

    @staticmethod
    def _write(path: Path, lines: Iterable[str]) -> None:
        lines = list(lines)
        path.unlink(missing_ok=True)
        if lines:
            path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))


@dataclass
class Outcome:
    """What an import reported."""

    counts: Counts
    refusals: list[Refusal]

    @property
    def places(self) -> list[tuple[str, int | None, str | None]]:
        """File, line and column of each refusal."""
        return [(refusal.file, refusal.line, refusal.column) for refusal in self.refusals]

    @property
    def created(self) -> int:
        """How many rows are new, over all tables."""
        return sum(self.counts.created.values())

    @property
    def updated(self) -> int:
        """How many rows changed, over all tables."""
        return sum(self.counts.updated.values())


def take(path: Path, *, keep: bool = False, may_write: MayWrite | None = None) -> Outcome:
    """Imports what lies at `path`."""
    refusals: list[Refusal] = []
    result = import_bundle(path, by=SYSTEM, at=NOW, keep_good_rows=keep, refuse=refusals.append, may_write=may_write)
    assert result.counts.refused == len(refusals)
    return Outcome(result.counts, refusals)
