"""The facts of a bundle as the oracle reads them: the rows, the calendar, who is in service, what was looked at.

It is written from the texts alone (notice, readings, contract, formats), so that it may be compared with the product.
It is naive and quadratic on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
SHANGHAI = timezone(timedelta(hours=8))
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
RULES = Path(__file__).resolve().parents[2] / "rules"
IDENTITY = {
    "units": ("code",),
    "accounts": ("id",),
    "posts": ("id",),
    "messages": ("id",),
    "observations": ("account", "feed", "window_start"),
    "functions": ("account", "name", "checked_at"),
    "inspections": ("ordered_by", "period", "account"),
    "commendations": ("unit", "awarded_on", "by", "title"),
    "patrols": ("account", "day", "half"),
}
DEFAULTS = {
    "holiday": "non_working",
    "reply_holiday_48h": "arrival",
    "reply_counts": "person",
    "internal_office_since": "2021-06-20",
    "looks": "one",
    "week": "iso",
}


def moment(text: str) -> datetime:
    """ISO 8601; without an offset Asia/Shanghai."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI)


def midnight(day: date) -> datetime:
    """00:00 of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _calendars() -> tuple[set[date], set[date]]:
    off, worked = set(), set()
    for file in (RULES / "calendar").glob("20*.yaml"):
        for holiday in yaml.safe_load(file.read_text(encoding="utf-8"))["holidays"]:
            day = holiday["from"]
            while day <= holiday["to"]:
                off.add(day)
                day += DAY
            worked |= set(holiday["worked"])
    return off, worked


OFF, WORKED = _calendars()
GENERIC = yaml.safe_load((RULES / "wording.yaml").read_text(encoding="utf-8"))["generic_name_words"]["words"]


def is_working(day: date) -> bool:
    """By the State Council's calendar."""
    return day not in OFF and (day.weekday() < 5 or day in WORKED)


def working_day_after(day: date, count: int) -> date:
    """The day of the event is not counted."""
    while count:
        day += DAY
        count -= is_working(day)
    return day


def rectify_by(sent: datetime) -> datetime:
    """24:00 of the next working day."""
    return midnight(working_day_after(sent.date(), 1) + DAY)


def reply_due(received: datetime, readings: dict[str, str]) -> datetime:
    """24 h, 48 h over 节假日."""
    holiday = (lambda d: d in OFF) if readings["holiday"] == "public" else (lambda d: not is_working(d))
    days = [received.date()]
    if readings["reply_holiday_48h"] == "any_part":
        last = (received + DAY - timedelta(microseconds=1)).date()
        days.append(last)
    return received + (2 * DAY if any(map(holiday, days)) else DAY)


@dataclass
class World:
    """The facts that are in the database now."""

    rows: dict[str, dict[tuple[str, ...], Row]] = field(default_factory=lambda: {name: {} for name in IDENTITY})
    kept: dict[Any, Any] = field(default_factory=dict)  # answers given since the last facts came in

    def take(self, bundle: dict[str, list[Row]]) -> None:
        """Takes a row: a changed row updates, an absent key leaves the value."""
        self.kept.clear()
        for name, rows in bundle.items():
            for row in rows:
                known = self.rows[name].setdefault(tuple(row[k] for k in IDENTITY[name]), {})
                known.update({k: (None if v == "" and name in ("accounts", "units") else v) for k, v in row.items()})

    def all(self, name: str, account: str | None = None) -> list[Row]:
        """Rows of a file, of one account when given."""
        if (name, account) not in self.kept:
            self.kept[name, account] = [
                r for r in self.rows[name].values() if account is None or r["account"] == account
            ]
        return list(self.kept[name, account])

    def unit(self, code: str) -> Row:
        """A unit by its code."""
        return self.rows["units"][(code,)]

    def below(self, code: str) -> set[str]:
        """A unit and all below it by area."""
        found = {code}
        while more := {u["code"] for u in self.all("units") if u.get("parent") in found} - found:
            found |= more
        return found

    # service
    def opens(self, account: Row) -> datetime:
        """The start of service."""
        return midnight(date.fromisoformat(account["opened_on"]))

    def ends(self, account: Row) -> datetime | None:
        """24:00 of the last day of service."""
        return midnight(date.fromisoformat(account["closed_on"]) + DAY) if account.get("closed_on") else None

    def in_service(self, account: Row, at: datetime) -> bool:
        """Opened on or before T's day, not closed before it."""
        ends = self.ends(account)
        return self.opens(account).date() <= at.date() and (ends is None or at < ends)

    # posts and looks
    def posts(self, account: str, at: datetime) -> list[Row]:
        """Posts that count and are judged as of T."""
        found = []
        for post in self.all("posts", account):
            published = moment(post["published_at"])
            deleted = moment(post["deleted_at"]) if post.get("deleted_at") else None
            gone = deleted is not None and deleted <= at and deleted - published <= DAY
            if published <= at and not gone:
                found.append(post | {"when": published})
        return sorted(found, key=lambda p: p["when"])

    def looks(self, account: str, at: datetime) -> list[tuple[datetime, datetime, Row]]:
        """Complete looks whose window ended at or before T."""
        if ("looks", account) not in self.kept:
            rows = [
                (moment(o["window_start"]), moment(o["window_end"]), o)
                for o in self.all("observations", account)
                if o["outcome"] == "complete"
            ]
            self.kept["looks", account] = sorted(rows, key=lambda r: r[:2])
        return [r for r in self.kept["looks", account] if r[1] <= at]

    def covered(self, account: str, start: datetime, end: datetime, at: datetime, how: str = "one") -> bool:
        """Whether complete looks cover the span without a break of a minute."""
        looks = self.looks(account, at)
        feeds = sorted({o["feed"] for _, _, o in looks})
        groups = [looks] if how == "one" else [[x for x in looks if x[2]["feed"] == feed] for feed in feeds]
        seen = 0
        for group in groups:
            reach: tuple[datetime, datetime] | None = None
            covering = False
            for a, b, _ in group:
                reach = (reach[0], max(reach[1], b)) if reach and a - reach[1] < timedelta(minutes=1) else (a, b)
                covering |= reach[0] <= start and end <= reach[1]
            seen += covering
        return seen >= (1 if how == "one" else 2)


def looked_years(at: datetime) -> set[int]:
    """From 1 January of T's year, in January of the year before."""
    return {at.year} | ({at.year - 1} if at.month == 1 else set())


def verification(world: World, account: Row, at: datetime) -> str | None:
    """Seen by a complete look, else as registered; None: not observed."""
    seen = [
        o["profile"]["verification"]
        for _, _, o in world.looks(account["id"], at)
        if (o.get("profile") or {}).get("verification") is not None
    ]
    return seen[-1] if seen else (account.get("verification") or None)


def shown_name(world: World, account: Row, at: datetime) -> str:
    """The name a complete look saw, else the register's."""
    seen = [o["profile"]["name"] for _, _, o in world.looks(account["id"], at) if (o.get("profile") or {}).get("name")]
    return str(seen[-1] if seen else account["name"])
