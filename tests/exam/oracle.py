"""What the watches must find, read slowly from the rows of a bundle: one account, one moment, no ledger and no
database.

It is written from the texts alone (notice, readings, contract, formats), so that it may be compared with the product.
It is naive and quadratic on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from tests.exam.world import (
    DAY,
    DEFAULTS,
    GENERIC,
    WEEK,
    Row,
    World,
    is_working,
    looked_years,
    midnight,
    moment,
    reply_due,
    shown_name,
    verification,
    working_day_after,
)

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
ROLES = {"original": ("drafter", "reviewer", "signatory"), "repost": ("proofreader", "reviewer")}


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


class Account:
    """One account as of T: each method reads one chapter of the texts and yields what must be found."""

    def __init__(self, world: World, row: Row, at: datetime, readings: dict[str, str]) -> None:
        self.world, self.row, self.at, self.readings = world, row, at, readings
        self.name, self.years = row["id"], looked_years(at)
        self.opens, self.ends = world.opens(row), world.ends(row)
        self.posts = world.posts(self.name, at)

    def fault(self, place: str, subject: str, year: int) -> Fault:
        """A fault of this account; `place` names the indicator only where the criterion is called otherwise."""
        if place.count("/") < 2:
            place = f"{place}/{place.rsplit('/', 1)[1]}"
        return Fault(place, self.name, self.row["unit"], subject, year)

    def sees(self, start: datetime, end: datetime) -> bool:
        """Whether looks cover a span that lies within service and is over."""
        within = start >= self.opens and (self.ends is None or end <= self.ends) and end <= self.at
        return within and self.world.covered(self.name, start, end, self.at, self.readings["looks"])

    def announcement(self) -> Iterator[Fault]:
        """Fifteen working days before it is shut down."""
        row, ends = self.row, self.ends
        if ends and row.get("announced_on") and ends <= self.at and (ends - DAY).year in self.years:
            allowed = working_day_after(working_day_after(date.fromisoformat(row["announced_on"]), 15), 1)
            if date.fromisoformat(row["closed_on"]) < allowed:
                yield self.fault("duty/announcement_too_short", self.name, (ends - DAY).year)

    def silence(self) -> Iterator[Fault]:
        """A state at T."""
        at, opens = self.at, self.opens
        # as the looks of a week are in (T − 7 days, T]
        ended = [b for _, b, _ in self.world.looks(self.name, at) if b > at - DAY]
        if not ended or at - opens < 14 * DAY:
            return
        start = max(ended)
        if [p for p in self.posts if p["when"] >= start - 14 * DAY]:
            return
        if self.world.covered(self.name, start - 14 * DAY, start, at, self.readings["looks"]):
            last = self.posts[-1]["when"] if self.posts else opens
            gap = f"{last.isoformat()}/{(last + 14 * DAY).isoformat()}"
            yield self.fault("inspection/stale_content/silent_two_weeks", gap, at.year)

    def updates(self) -> Iterator[Fault]:
        """A 服务号 by the month, every other account by the week."""
        for year in self.years:
            if self.row.get("kind") == "service":
                yield from self.months(year)
                continue
            yield from self.weeks(year)
            if self.readings["week"] == "rolling":
                yield from self.rolling_weeks(year)

    def weeks(self, year: int) -> Iterator[Fault]:
        """Weeks that lie in the year as a whole; `rolling` counts the empty ones otherwise."""
        monday = midnight(date.fromisocalendar(year, 1, 1)) - WEEK
        while monday.year <= year:
            sunday = monday + WEEK
            if monday.year == year == (sunday - DAY).year and self.sees(monday, sunday):
                inside = [p for p in self.posts if monday <= p["when"] < sunday]
                label = f"{year}-W{monday.isocalendar().week:02d}"
                if not inside and self.readings["week"] != "rolling":
                    yield self.fault("inspection/slow_update", label, year)
                elif inside and all(p.get("origin") == "repost" for p in inside):
                    yield self.fault("duty/no_original_this_week", label, year)
            monday += WEEK

    def rolling_weeks(self, year: int) -> Iterator[Fault]:
        """7×24 h within a gap between two updates."""
        moments = [self.opens, *(p["when"] for p in self.posts if p["when"] > self.opens), self.at]
        for begin, after in pairwise(moments):
            while begin + WEEK <= after:
                end = begin + WEEK
                whole = begin.year == (end - timedelta(microseconds=1)).year == year
                if whole and self.sees(begin, end):
                    yield self.fault("inspection/slow_update", f"{begin.isoformat()}/{end.isoformat()}", year)
                begin = end

    def months(self, year: int) -> Iterator[Fault]:
        """Less than one update a week."""
        for month in range(1, 13):
            first = midnight(date(year, month, 1))
            after = midnight(date(year + month // 12, month % 12 + 1, 1))
            if not self.sees(first, after):
                continue
            if len([p for p in self.posts if first <= p["when"] < after]) * 7 < (after - first).days:
                yield self.fault("inspection/slow_update", f"{year}-{month:02d}", year)

    def texts(self) -> Iterator[Fault]:
        """Adverts, sources and bylines of posts."""
        for post in self.posts:
            if post["when"].year not in self.years or post["when"] < self.opens:
                continue
            if ADVERT in post["text"]:
                yield self.fault("inspection/advert", post["id"], post["when"].year)
            byline, origin = post.get("byline"), post.get("origin")
            if origin == "repost" and not post.get("source"):
                yield self.fault("duty/missing_source", post["id"], post["when"].year)
            if byline is not None and any(not byline.get(role) for role in ROLES.get(origin or "", ())):
                yield self.fault("duty/missing_byline", post["id"], post["when"].year)

    def messages(self) -> Iterator[Fault]:
        """What was shown unmoderated, and what was answered late or not at all."""
        for message in self.world.all("messages", self.name):
            shown = moment(message["published_at"]) if message.get("published_at") else None
            if shown and self.opens <= shown <= self.at and shown.year in self.years and ADVERT in message["text"]:
                yield self.fault("inspection/unmoderated_comment", message["id"], shown.year)
            due = reply_due(moment(message["received_at"]), self.readings)
            year = (due - timedelta(microseconds=1)).year
            if is_late(self.world, message, due, self.at, self.readings) and year in self.years:
                yield self.fault("assessment/operation/late_reply", message["id"], year)

    def functions(self) -> Iterator[Fault]:
        """What did not work, without an announced outage."""
        for check in self.world.all("functions", self.name):
            when = moment(check["checked_at"])
            judged = self.opens <= when <= self.at and when.year in self.years
            if judged and not check["works"] and not check.get("announced_outage"):
                yield self.fault("inspection/dead_function", check["name"], when.year)

    def register(self) -> Iterator[Fault]:
        """Filings, verification, internal offices."""
        row, year = self.row, self.at.year
        filings = [row.get(k) for k in ("filed_city_on", "filed_national_on", "filed_provincial_on")]
        if row["status"] == "unfiled" or (row["status"] == "active" and not any(filings)):
            yield self.fault("assessment/operation/irregularity", self.name, year)
        host = self.world.unit(row["unit"])
        seen = verification(self.world, row, self.at)
        names = [host["name"], *filter(None, (host.get("short_names") or "").split(";"))]
        if seen is not None and not any(name in seen for name in names):
            yield self.fault("inspection/host_not_in_verification", self.name, year)
        since = date.fromisoformat(self.readings["internal_office_since"])
        if host["kind"] == "internal_office" and self.opens.date() > since:
            yield self.fault("inspection/opened_irregularly", self.name, year)
        if filings[0]:
            term = working_day_after(date.fromisoformat(filings[0]), 3)
            late = any(f is None or date.fromisoformat(f) > term for f in filings[1:])
            if late and term.year in self.years and midnight(term + DAY) <= self.at:
                yield self.fault("duty/late_registration", self.name, term.year)

    def patrols(self) -> Iterator[Fault]:
        """Twice each working day, from the first patrol that is known."""
        known = [p for p in self.world.all("patrols", self.name) if not p.get("at") or moment(p["at"]) <= self.at]
        rows = {(p["day"], p["half"]) for p in known}
        day = date.fromisoformat(min(rows)[0]) if rows else self.at.date()
        while day < self.at.date():
            if day.year in self.years and day >= self.opens.date() and is_working(day):
                for half in ("am", "pm"):
                    if (day.isoformat(), half) not in rows:
                        yield self.fault("duty/missed_patrol", f"{day} {half}", day.year)
            day += DAY


def faults_of_account(world: World, account: Row, at: datetime, readings: dict[str, str]) -> Iterator[Fault]:
    """Everything the watches raise about an account as of T."""
    one = Account(world, account, at, readings)
    yield from one.announcement()
    if not world.in_service(account, at):
        return
    chapters = (
        *(one.silence, one.updates, one.texts, one.messages),
        *(one.functions, one.register, one.patrols),
    )
    for chapter in chapters:
        yield from chapter()


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
