"""提醒: what waits at each unit, merged into one message a day (减负).

When it goes is decided by `core.reminders`, of what is gathered here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from xinmei.core import reminders
from xinmei.core.calendar import SHANGHAI
from xinmei.core.policies import offered_since
from xinmei.core.reminders import NO_TERM, Item
from xinmei.core.rulebook import silence, silence_marks
from xinmei.interaction.models import Message
from xinmei.interaction.owed import unanswered
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.pages.texts import say_day
from xinmei.people.doors import day_of
from xinmei.people.events import SYSTEM, record
from xinmei.people.locks import hold
from xinmei.publishing.models import Policy
from xinmei.publishing.policies.queries import owed
from xinmei.registry.filings.queries import name_of
from xinmei.registry.models import Account, Filing
from xinmei.supervision.models import Finding
from xinmei.supervision.queries import with_last_update
from xinmei.supervision.telling import say_due, say_finding, say_list, say_minute
from xinmei.urging.models import Reminded, Reminder


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, as the decision sees it and as a message says it."""

    item: Item
    what: str


def gather(now: datetime) -> list[Waiting]:
    """Everything that waits at the units: findings to rectify, messages to answer, accounts that will lapse, filings to
    register, documents to explain.

    Six queries.
    """
    found = [*_to_rectify(now), *_to_answer(now), *_about_to_lapse(now), *_to_register(now)]
    return found + _to_explain(now)


def _to_rectify(now: datetime) -> list[Waiting]:
    sent = Finding.objects.filter(
        status=Finding.Status.NOTIFIED, rectify_by__gt=now, contradicted=False
    ).select_related("account", "unit")
    waiting = []
    for one in sent:
        assert one.confirmed_at is not None
        assert one.rectify_by is not None
        what = f"{say_due(one.rectify_by)}整改：{say_finding(one)}"
        waiting.append(Waiting(Item(one.unit_id, f"rectify-{one.pk}", one.confirmed_at, one.rectify_by), what))
    return waiting


def _to_answer(now: datetime) -> list[Waiting]:
    waiting = []
    for one in unanswered(Message.objects.all(), now).select_related("account"):
        if (due_at := one.reply_due_at) is None:
            continue
        what = f"{say_due(due_at)}答复：{one.account.name} {say_minute(one.received_at)} 收到的咨询"
        waiting.append(Waiting(Item(one.account.unit_id, f"answer-{one.pk}", one.received_at, due_at), what))
    return waiting


def _about_to_lapse(now: datetime) -> list[Waiting]:
    """Accounts past a mark of their silence, such as day 5, 10 or 12.

    The latest mark that is past is the one that counts, so that a mark on a day off is made up once.
    """
    allowed, marks = silence(day_of(now)), silence_marks(day_of(now))
    serving = with_last_update(Account.objects.filter(status__in=Account.SERVING), now)
    serving = serving.filter(last_update__gt=now - allowed)
    waiting = []
    for one in serving.filter(last_update__lte=now - timedelta(days=min(marks))):
        mark = next(mark for mark in reversed(marks) if one.last_update + timedelta(days=mark) <= now)
        due_at = one.last_update + allowed
        named = f"{one.name}（{one.get_platform_display()}）"
        what = f"{say_due(due_at)}更新：{named}系统看到的最近更新是 {say_minute(one.last_update)}"
        key = f"lapse-{one.pk}-{one.last_update.timestamp():.0f}-{mark}"
        waiting.append(Waiting(Item(one.unit_id, key, one.last_update + timedelta(days=mark), due_at), what))
    return waiting


def _to_register(now: datetime) -> list[Waiting]:
    """Filings that are to be registered in both systems, from the day on which they are filed."""
    states = (Filing.State.CARRY_OUT, Filing.State.REGISTER)
    filed = Filing.objects.filter(state__in=states, register_by__gt=now, filed_city_on__lte=day_of(now))
    waiting = []
    for one in filed.select_related("account"):
        assert one.filed_city_on is not None
        assert one.register_by is not None
        since = datetime.combine(one.filed_city_on, time(), SHANGHAI)
        what = f"{say_due(one.register_by)}登录国家、省系统登记：{name_of(one)}备案"
        waiting.append(Waiting(Item(one.unit_id, f"register-{one.pk}", since, one.register_by), what))
    return waiting


def _to_explain(now: datetime) -> list[Waiting]:
    """Documents that nobody was seen to explain, once each; the notice knows no term for them."""
    today = day_of(now)
    waiting = []
    for one in Policy.objects.filter(owed(today), issued_on__gte=offered_since(today)):
        assert one.owed_from is not None
        since = datetime.combine(one.owed_from, time(), SHANGHAI)
        what = f"解读 {one.number}“{one.title}”：{say_day(one.issued_on)}印发，系统还没有看到解读"
        waiting.append(Waiting(Item(one.unit_id, f"explain-{one.pk}", since, NO_TERM), what))
    return waiting


def send_reminders(now: datetime) -> list[Reminder]:
    """Sends each unit that is to be reminded at `now` its one message of the day; safe to run at any time, and twice at
    once.
    """
    hour = time.fromisoformat(settings.REMIND_AT)
    if not reminders.is_open(now, hour):
        return []
    found = {waiting.item.key: waiting for waiting in gather(now)}
    today = day_of(now)
    reminded = set(Reminder.objects.filter(day=today).values_list("unit", flat=True))
    told = _told(list(found))
    due = reminders.reminders_due(
        (one.item for one in found.values()), now, hour=hour, told=told, reminded_today=reminded
    )
    sent = []
    for unit, items in due.items():
        reminder = _send(unit, items, [found[item.key].what for item in items], now, hour)
        if reminder is not None:
            sent.append(reminder)
    return sent


def _told(keys: list[str]) -> set[str]:
    told: set[str] = set()
    for start in range(0, len(keys), 500):
        told |= set(Reminded.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True))
    return told


def _notice_of(unit: int, items: list[Item], lines: list[str], now: datetime, hour: time) -> Notice:
    first = items[0].due_at
    return Notice(
        kind=Notice.Kind.REMINDER,
        key=f"{day_of(now):%Y-%m-%d}",
        audience=Notice.Audience.EDITORS,
        unit_id=unit,
        about_id=unit,
        thing="findings_sent",
        title=f"今日提醒：{len(items)} 件" + (f"，最早 {say_due(first)}" if first < NO_TERM else ""),
        text=say_list(lines),
        address="/",
        urgent=reminders.is_urgent(items, now, hour),
    )


def _send(unit: int, items: list[Item], lines: list[str], now: datetime, hour: time) -> Reminder | None:
    """One transaction a unit; whoever comes second finds that the unit has had its message."""
    with transaction.atomic():
        hold(f"reminder {unit}")
        today = day_of(now)
        if (
            Reminder.objects.filter(unit=unit, day=today).exists()
            or Reminded.objects.filter(key__in=[item.key for item in items]).exists()
        ):
            return None
        reminder = Reminder.objects.create(unit_id=unit, day=today, at=now, merged=len(items))
        Reminded.objects.bulk_create(
            [
                Reminded(reminder=reminder, key=item.key, what=line[:300])
                for item, line in zip(items, lines, strict=True)
            ],
            batch_size=500,
        )
        tell([_notice_of(unit, items, lines, now, hour)], at=now)
        record(
            "remind",
            by=SYSTEM,
            at=now,
            kind="reminder",
            number=reminder.pk,
            content={"unit": unit, "merged": len(items)},
        )
    return reminder
