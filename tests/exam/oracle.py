"""What the watches must find, read slowly from the rows of a bundle: one account, one moment, no ledger and no
database.

It is written from the texts alone (notice, readings, contract, formats), so that it may be compared with the product.
It is naive and quadratic on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
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


@dataclass(frozen=True, order=True)
class Fault:
    """One fault as its key; `year` is the year it belongs to."""

    place: str  # set/indicator/criterion
    account: str
    unit: str
    subject: str
    year: int

    @property
    def criterion(self) -> str:
        """The last part of the place."""
        return self.place.rsplit("/", 1)[1]


ADVERT = "扫码下单"  # stands in every text that the screening must find, and in no other
STANDING = {
    "irregularity",
    "misnamed",
    "host_not_in_verification",
    "opened_irregularly",
    "two_accounts_one_platform",
    "inconsistent_name",
    "dead_function",
}


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


def faults_of_account(world: World, account: Row, at: datetime, readings: dict[str, str]) -> Iterator[Fault]:
    """Everything the watches raise about an account as of T."""
    name, unit, years = account["id"], account["unit"], looked_years(at)

    def fault(place: str, subject: str, year: int) -> Fault:
        return Fault(
            place if place.count("/") == 2 else f"{place}/{place.rsplit('/', 1)[1]}", name, unit, subject, year
        )

    ends = world.ends(account)
    if ends and account.get("announced_on") and ends <= at and (ends - DAY).year in years:
        allowed = working_day_after(working_day_after(date.fromisoformat(account["announced_on"]), 15), 1)
        if date.fromisoformat(account["closed_on"]) < allowed:
            yield fault("duty/announcement_too_short", name, (ends - DAY).year)
    if not world.in_service(account, at):
        return
    opens, service = world.opens(account), account.get("kind") == "service"
    posts = world.posts(name, at)

    # silence, a state at T
    ended = [b for _, b, _ in world.looks(name, at) if b > at - DAY]  # as the looks of a week are in (T − 7 days, T]
    if ended and at - opens >= 14 * DAY:
        start = ended[-1] if ended[-1] == max(ended) else max(ended)
        if not [p for p in posts if p["when"] >= start - 14 * DAY] and world.covered(
            name, start - 14 * DAY, start, at, readings["looks"]
        ):
            last = posts[-1]["when"] if posts else opens
            yield fault(
                "inspection/stale_content/silent_two_weeks",
                f"{last.isoformat()}/{(last + 14 * DAY).isoformat()}",
                at.year,
            )

    # weeks and months
    for year in years:
        monday = midnight(date.fromisocalendar(year, 1, 1)) - WEEK
        rolling = readings["week"] == "rolling"
        while monday.year <= year and not service:
            sunday = monday + WEEK
            whole = (
                monday.year == year == (sunday - DAY).year
                and monday >= opens
                and (ends is None or sunday <= ends)
                and sunday <= at
            )
            if whole and world.covered(name, monday, sunday, at, readings["looks"]):
                inside = [p for p in posts if monday <= p["when"] < sunday]
                label = f"{year}-W{monday.isocalendar().week:02d}"
                if not inside and not rolling:
                    yield fault("inspection/slow_update", label, year)
                elif inside and all(p.get("origin") == "repost" for p in inside):
                    yield fault("duty/no_original_this_week", label, year)
            monday += WEEK
        for begin, after in (
            pairwise([opens, *(p["when"] for p in posts if p["when"] > opens), at]) if rolling and not service else ()
        ):
            while begin + WEEK <= after:
                end = begin + WEEK
                whole = begin.year == (end - timedelta(microseconds=1)).year == year and (ends is None or end <= ends)
                if whole and world.covered(name, begin, end, at, readings["looks"]):
                    yield fault("inspection/slow_update", f"{begin.isoformat()}/{end.isoformat()}", year)
                begin = end
        for month in range(1, 13) if service else ():
            first = midnight(date(year, month, 1))
            after = midnight(date(year + month // 12, month % 12 + 1, 1))
            whole = (
                first >= opens
                and (ends is None or after <= ends)
                and after <= at
                and world.covered(name, first, after, at, readings["looks"])
            )
            if whole and len([p for p in posts if first <= p["when"] < after]) * 7 < (after - first).days:
                yield fault("inspection/slow_update", f"{year}-{month:02d}", year)

    # posts
    for post in posts:
        if post["when"].year not in years or post["when"] < opens:
            continue
        if ADVERT in post["text"]:
            yield fault("inspection/advert", post["id"], post["when"].year)
        byline, origin = post.get("byline"), post.get("origin")
        if origin == "repost" and not post.get("source"):
            yield fault("duty/missing_source", post["id"], post["when"].year)
        roles = {"original": ("drafter", "reviewer", "signatory"), "repost": ("proofreader", "reviewer")}.get(
            origin or "", ()
        )
        if byline is not None and any(not byline.get(role) for role in roles):
            yield fault("duty/missing_byline", post["id"], post["when"].year)

    # messages
    for message in world.all("messages", name):
        published = moment(message["published_at"]) if message.get("published_at") else None
        if published and opens <= published <= at and published.year in years and ADVERT in message["text"]:
            yield fault("inspection/unmoderated_comment", message["id"], published.year)
        due = reply_due(moment(message["received_at"]), readings)
        year = (due - timedelta(microseconds=1)).year
        if is_late(world, message, due, at, readings) and year in years:
            yield fault("assessment/operation/late_reply", message["id"], year)

    # functions
    for check in world.all("functions", name):
        when = moment(check["checked_at"])
        if (
            when <= at
            and when.year in years
            and when >= opens
            and not check["works"]
            and not check.get("announced_outage")
        ):
            yield fault("inspection/dead_function", check["name"], when.year)

    # the register
    filings = [account.get(k) for k in ("filed_city_on", "filed_national_on", "filed_provincial_on")]
    if account["status"] == "unfiled" or (account["status"] == "active" and not any(filings)):
        yield fault("assessment/operation/irregularity", name, at.year)
    host = world.unit(unit)
    seen = verification(world, account, at)
    if seen is not None and not any(
        n in seen for n in [host["name"], *filter(None, (host.get("short_names") or "").split(";"))]
    ):
        yield fault("inspection/host_not_in_verification", name, at.year)
    if host["kind"] == "internal_office" and opens.date() > date.fromisoformat(readings["internal_office_since"]):
        yield fault("inspection/opened_irregularly", name, at.year)
    if filings[0]:
        term = working_day_after(date.fromisoformat(filings[0]), 3)
        late = any(f is None or date.fromisoformat(f) > term for f in filings[1:])
        if late and term.year in years and midnight(term + DAY) <= at:
            yield fault("duty/late_registration", name, term.year)

    # patrols
    rows = {(p["day"], p["half"]) for p in world.all("patrols", name) if not p.get("at") or moment(p["at"]) <= at}
    day = date.fromisoformat(min(rows)[0]) if rows else at.date()
    while day < at.date():
        if day.year in years and day >= opens.date() and is_working(day):
            for half in ("am", "pm"):
                if (day.isoformat(), half) not in rows:
                    yield fault("duty/missed_patrol", f"{day} {half}", day.year)
        day += DAY


def applies(message: Row) -> bool:
    """Marked, of any kind; an unmarked enquiry."""
    marked = message.get("concrete_policy_question")
    return bool(marked) if marked is not None else message["kind"] == "enquiry"


def is_late(world: World, message: Row, due: datetime, at: datetime, readings: dict[str, str]) -> bool:
    """A reply after the term is there, or a complete look ended at or after the term."""
    replies = sorted(
        moment(r["replied_at"])
        for r in message.get("replies") or []
        if readings["reply_counts"] == "any" or not r.get("automatic")
    )
    replies = [r for r in replies if r <= at]
    if not applies(message) or due > at or (replies and replies[0] <= due):
        return False
    return bool(replies) or any(b >= due for _, b, _ in world.looks(message["account"], at))


def faults_of_unit(world: World, code: str, at: datetime) -> Iterator[Fault]:
    """Two accounts on a platform, names without anything in common."""
    accounts = [a for a in world.all("accounts") if a["unit"] == code and world.in_service(a, at)]
    places = [
        (a["platform"], a.get("kind") or "") for a in accounts if a["platform"] not in ("app", "mini_program", "other")
    ]
    for platform in sorted({p for p in places if places.count(p) > 1}):
        yield Fault("duty/two_accounts_one_platform/two_accounts_one_platform", "", code, platform[0], at.year)
    names = []
    for account in accounts:
        name = shown_name(world, account, at)
        for word in sorted(GENERIC, key=len, reverse=True):
            name = name.replace(word, " ")
        names.append({name[i : i + 2] for i in range(len(name) - 1) if " " not in name[i : i + 2]})
    if any(not one & other for i, one in enumerate(names) for other in names[:i]):
        yield Fault("duty/inconsistent_name/inconsistent_name", "", code, code, at.year)


def faults(world: World, at: datetime, readings: dict[str, str] | None = None) -> set[Fault]:
    """Everything that an inspection of the whole city sees as of T."""
    full = DEFAULTS | (readings or {})
    found = {f for a in world.all("accounts") for f in faults_of_account(world, a, at, full)}
    return found | {f for u in world.all("units") for f in faults_of_unit(world, u["code"], at)}
