"""What would come of a filing while it is typed: what submission refuses, what must be accepted, which days follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.deadlines import Deadline, announcement_earliest, registration_due
from xinmei.core.filings import filing_path
from xinmei.core.verbs import Foreseen
from xinmei.pages.texts import write_term
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.registry.filings.actions import begin, what_is_not_allowed
from xinmei.registry.filings.announcing import write_text
from xinmei.registry.filings.judging import find_problems, is_announced, profile_of, what_changes
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import offices_of
from xinmei.registry.readings.queries import readings_on

Matter = Filing.Matter
# Beside which part of what is asked a problem stands.
_PART_OF = {"name_unrelated": "name", "name_differs": "name", "host_not_in_verification": "verification"}


def foresee_written(filing: Filing | None, given: Mapping[str, Any], by: Acting, at: datetime) -> list[Foreseen]:
    """What submission would find in what is typed. The filing is not saved."""
    if filing is None:
        filing = begin(given, by, at)
    for name, value in given["put"].items():
        setattr(filing, name, value)
    return [*_not_allowed(filing, at), *_problems(filing, at), *_what_follows(filing, at)]


def _not_allowed(filing: Filing, at: datetime) -> Iterator[Foreseen]:
    clause = filing_path(day_of(at)).clause
    for wrong in what_is_not_allowed(filing, at):
        yield Foreseen(f"{wrong.allowed}（{clause}）", _beside(filing, wrong.field), stops=True)


def _beside(filing: Filing, part: str) -> str:
    """The field of the page beside which it stands."""
    if filing.matter == Matter.CHANGE:
        where = "unit" if part == "unit" or "unit" in what_changes(filing) else "kind"
        return f"changes__{where}" if part in ("unit", "profile") else part
    return "profile__platform" if part == "profile" else part


def _problems(filing: Filing, at: datetime) -> Iterator[Foreseen]:
    """What must be accepted one by one; of a name only once there is one."""
    asked = profile_of(filing) or {} if filing.matter == Matter.OPEN else None
    if asked == {}:
        return
    rules, whole = filing_path(day_of(at)).problems, "profile" if filing.matter == Matter.OPEN else "changes"
    for name in find_problems(filing, at):
        part = _PART_OF.get(name, "")
        if part and asked is not None and not asked.get("name"):
            continue
        if not part and not filing.reason and not filing.successor:
            continue
        field = f"{whole}__{part}" if part else "successor__text"
        yield Foreseen(f"{rules[name].label}：审核时须逐条认可", field, rules[name].quote)


def _what_follows(filing: Filing, at: datetime) -> Iterator[Foreseen]:
    """Through which offices it goes; of an announced matter, the announcement and the days."""
    if not _is_about_something(filing):
        return
    receiving = filing.receiver if "unit" in what_changes(filing) and filing.receiver else filing.unit
    path, offices = filing_path(day_of(at)), dict.fromkeys(str(one) for one in offices_of(receiving))
    yield Foreseen(f"报送后由{'、'.join(offices)}审核，再报市政府办公室备案", "", path.quotes["quote"])
    if is_announced(filing, at):
        if not filing.consent_by and filing.incident is None:
            why = "还要写明怎样同意的，附上材料，才能报送"
            yield Foreseen(why, "consent__by", path.quotes["announced_quote"])
        today = day_of(at)
        due = announcement_earliest(today, readings_on(today))
        text = f"如果今天公告，{due.due_at.date()} 起可以办理。公告写的是：{write_text(filing, today)}"
        yield Foreseen(text, "", path.quotes["announced_quote"], steps=due.steps)


def _is_about_something(filing: Filing) -> bool:
    """Whether enough is typed to say more."""
    if filing.matter == Matter.OPEN:
        return bool((profile_of(filing) or {}).get("name"))
    return filing.account is not None and (filing.matter != Matter.CHANGE or bool(what_changes(filing)))


def foresee_announced(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Sequence[Foreseen]:
    """The 15 working days from the first day of posting, and the text as the public reads it."""
    on, quotes = given["on"], filing_path(day_of(at)).quotes
    due = announcement_earliest(on, readings_on(day_of(at)))
    said = f"自 {on} 起公告，{due.due_at.date()} 起可以办理{_provisional(due)}"
    return [
        Foreseen(said, "on", quotes["announced_quote"], steps=due.steps),
        Foreseen(f"公告写的是：{write_text(filing, on)}"),
    ]


def foresee_carried_out(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Sequence[Foreseen]:
    """Until when it is to be registered."""
    assert filing.filed_city_on is not None
    due = registration_due(filing.filed_city_on, readings_on(day_of(at)))
    said = f"办理以后还要在 {write_term(due.due_at)} 以前登录国家、省系统登记{_provisional(due)}"
    return [Foreseen(said, "on", filing_path(day_of(at)).quotes["quote"], steps=due.steps)]


def foresee_registered(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Sequence[Foreseen]:
    """Whether it is in time."""
    assert filing.filed_city_on is not None
    due = registration_due(filing.filed_city_on, readings_on(day_of(at)))
    is_late = given["on"] >= due.due_at.date()
    said = f"期限是 {write_term(due.due_at)}{_provisional(due)}"
    said += "，这一天已经过了：登记后记为登记备案不及时" if is_late else "，在期限内"
    return [Foreseen(said, "on", filing_path(day_of(at)).quotes["quote"], steps=due.steps)]


def _provisional(due: Deadline) -> str:
    return "（暂定：那一年的放假安排还没有公布）" if due.provisional else ""
