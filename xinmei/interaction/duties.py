"""What of messages waits for the person: answers that are owed, and the look at them twice a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.calendar import SHANGHAI
from xinmei.interaction import owed
from xinmei.interaction.doors import messages_visible_to
from xinmei.interaction.models import Message, Patrol
from xinmei.interaction.patrols import accounts_to_patrol, half_of
from xinmei.pages.duties import MOST, Desk, Duty
from xinmei.pages.texts import shorten
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.readings.queries import readings_on


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who answer for a unit."""
    return Desk(_to_answer(acting, now)) if may(acting, "answer") else Desk()


def _to_answer(acting: Acting, now: datetime) -> list[Duty]:
    duties = _to_patrol(acting, now)
    for one in unanswered(messages_visible_to(acting).filter(account__unit=acting.unit_id), now, MOST):
        due_at = one.deadline.due_at
        address = f"{reverse('message', args=[one.message.code])}#act"
        duties.append(
            Duty(
                "答复留言",
                f"{one.message.account}：{shorten(one.message.text)}",
                address,
                "去答复",
                due_at,
                one.deadline.steps,
                "red" if due_at < now else "amber",
                order=20,
            )
        )
    return duties


def _to_patrol(acting: Acting, now: datetime) -> list[Duty]:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」"""
    left = accounts_to_patrol(acting, now)
    if not left:
        return []
    half = half_of(now)
    moment = now.astimezone(SHANGHAI)
    noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    until = noon if half == Patrol.Half.AM else noon + timedelta(hours=12)
    named = "、".join(f"{account.name}（{account.get_platform_display()}）" for account in left[:3])
    about = f"{named}等 {len(left)} 个账号" if len(left) > 3 else named
    return [Duty(f"今天{half.label}还没有值守巡查", about, f"{reverse('patrols')}#make", "去登记", until, order=20)]


@dataclass(frozen=True)
class Question:
    """A message that is owed an answer, with its term."""

    message: Message
    deadline: deadlines.Deadline


def unanswered(messages: QuerySet[Message], now: datetime, most: int = 8) -> list[Question]:
    """The questions without an answer by a person, received within 30 days, most urgent first."""
    waiting = owed.unanswered(messages, now).filter(reply_due_at__isnull=False).select_related("account")[:most]
    readings = readings_on(now.astimezone(SHANGHAI).date())
    return [Question(one, deadlines.reply_due(one.received_at, readings)) for one in waiting]
