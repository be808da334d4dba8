"""Facts of one account, made by hand: 东湖发布 of 东湖县, seen every day at 9 o'clock, unless a test says otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import resolve_readings
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import AccountFacts, Sight, Update, Window
from xinmei.units.models import Unit


def at(text: str) -> datetime:
    """A moment in Shanghai, as the database gives it: in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def window(text: str, **readings: str) -> Window:
    """An inspection at that moment in Shanghai."""
    return Window(at(text), resolve_readings(readings))


def make_facts(**account: object) -> AccountFacts:
    """An account of 东湖县 in service since 2022-03-01; `account` says what differs."""
    unit = Unit(code="DH", name="东湖县人民政府", kind="county", short_names=["东湖县"])
    usual: dict[str, object] = {
        "code": "DH-1",
        "platform": "weibo",
        "kind": "",
        "name": "东湖发布",
        "verification": "东湖县人民政府官方账号",
    }
    usual |= {"opened_on": date(2022, 3, 1), "status": "active", "filed_city_on": date(2022, 3, 1)}
    usual |= {"filed_national_on": date(2022, 3, 2), "filed_provincial_on": date(2022, 3, 2)}
    return AccountFacts(Account(unit=unit, **(usual | account)), unit)


def look_daily(
    facts: AccountFacts, first: str, last: str, feed: str = "rss", outcome: str = "complete"
) -> AccountFacts:
    """Looks whose windows run from 9 o'clock to 9 o'clock, from the first day to the last."""
    day, end = at(f"{first}T09:00"), at(f"{last}T09:00")
    while day < end:
        facts.looks.append(Sight(day, day + timedelta(days=1), feed, outcome, "", None))
        day += timedelta(days=1)
    return facts


def post(facts: AccountFacts, *moments: str, origin: str = "original", deleted: str | None = None) -> AccountFacts:
    """Updates at these moments in Shanghai."""
    facts.updates += [Update(at(moment), deleted and at(deleted), origin) for moment in moments]
    facts.updates.sort()
    return facts
