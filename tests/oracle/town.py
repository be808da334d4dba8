"""A town read from its CSV files: units above and below, positions on a day, accounts."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from .days import day_of

# 「in the order of doors.md's table」
POSTS = (
    "editor",
    "section_head",
    "leader",
    "unit_admin",
    "supervisor",
    "inspector",
    "inspector_head",
    "observer",
    "system_admin",
    "security_admin",
    "audit_admin",
)
HOUSE = POSTS[:4]
INSPECTORS = ("inspector", "inspector_head")
ADMINISTRATORS = POSTS[8:]
IN_SERVICE = ("active", "closing", "unfiled")
CITY = "city"


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    kind: str
    parent: str
    vertical: str
    duties: tuple[str, ...]
    short_names: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.short_names)


@dataclass(frozen=True)
class Position:
    post: str
    unit: str

    def __str__(self) -> str:
        return f"{self.post}@{self.unit}"


@dataclass(frozen=True)
class Held:
    login: str
    position: Position
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass
class Incident:
    kind: str
    on: date
    by: str
    id: str = ""
    recovered_on: date | None = None


@dataclass
class Account:
    code: str
    unit: str
    platform: str
    kind: str
    name: str
    handle: str
    url: str
    verification: str
    status: str
    opened_on: date | None = None
    closed_on: date | None = None
    announced_on: date | None = None
    filed_city_on: date | None = None
    filed_national_on: date | None = None
    filed_provincial_on: date | None = None
    followers: int | None = None
    contact: str = ""
    phone: str = ""
    incidents: list[Incident] = field(default_factory=list)
    closed_by_filing: bool = False

    @property
    def in_service(self) -> bool:
        return self.status in IN_SERVICE


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            yield {name: (value or "").strip() for name, value in row.items()}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


class Town:
    """The units and who holds what where; the accounts as they were imported."""

    def __init__(self, folder: Path) -> None:
        self.units = {
            row["code"]: Unit(
                row["code"],
                row["name"],
                row["kind"],
                row.get("parent", ""),
                row.get("vertical_system", ""),
                _parts(row.get("duties", "")),
                _parts(row.get("short_names", "")),
            )
            for row in _rows(folder / "units.csv")
        }
        self.city = next(unit.code for unit in self.units.values() if unit.kind == CITY)
        self.names: dict[str, str] = {}
        self.held: list[Held] = []
        for row in _rows(folder / "people.csv"):
            self.names[row["login"]] = row["name"]
            since, position = _day(row["from"]), Position(row["post"], row["unit"])
            assert since is not None
            self.held.append(Held(row["login"], position, since, _day(row.get("to", ""))))
        self.accounts = {row["id"]: _account(row) for row in _rows(folder / "accounts.csv")}

    def above(self, code: str) -> Iterator[Unit]:
        """The units above a unit by area, the nearest first."""
        while parent := self.units[code].parent:
            yield self.units[parent]
            code = parent

    def lies_below(self, code: str, top: str) -> bool:
        return any(unit.code == top for unit in self.above(code))

    def supervised(self, code: str, top: str) -> bool:
        """Whether a unit is in reach S of another: itself, what lies below it, what its system has with all below."""
        line = [self.units[code], *self.above(code)]
        return any(unit.code == top or unit.vertical == top for unit in line)

    def positions(self, login: str, moment: datetime) -> list[Position]:
        day = day_of(moment)
        found = {held.position for held in self.held if held.login == login and held.holds(day)}
        return sorted(found, key=lambda position: (POSTS.index(position.post), position.unit))

    def holders(self, post: str, unit: str, moment: datetime) -> set[str]:
        day, position = day_of(moment), Position(post, unit)
        return {held.login for held in self.held if held.position == position and held.holds(day)}

    def admin_of(self, unit: str, moment: datetime) -> str | None:
        """The unit whose `unit_admin` acts for a unit: its own, else the nearest above that has one."""
        if unit not in self.units:
            return None
        line = [unit, *(above.code for above in self.above(unit))]
        return next((code for code in line if self.holders("unit_admin", code, moment)), None)

    def is_admin(self, position: Position, unit: str, moment: datetime) -> bool:
        return position.post == "unit_admin" and self.admin_of(unit, moment) == position.unit


def _account(row: dict[str, str]) -> Account:
    days = ("opened_on", "closed_on", "announced_on", "filed_city_on", "filed_national_on", "filed_provincial_on")
    texts = ("unit", "platform", "kind", "name", "handle", "url", "verification", "status", "contact", "phone")
    followers = row.get("followers", "")
    return Account(
        code=row["id"],
        **{name: row.get(name, "") for name in texts},
        **{name: _day(row.get(name, "")) for name in days},
        followers=int(followers) if followers else None,
    )
