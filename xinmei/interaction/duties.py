"""What of messages waits for the person: answers that are owed, and the look at them twice a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse

from xinmei.core import deadlines
from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.interaction import owed
from xinmei.interaction.doors import drafts_visible_to, messages_visible_to
from xinmei.interaction.models import DraftReply, Errand, Message, Patrol
from xinmei.interaction.patrols import half_of, halves_over, own_without_look
from xinmei.pages.duties import MOST, Desk, Duty
from xinmei.pages.texts import shorten
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who answer for a unit, and those who read an answer before it is sent."""
    if may(acting, "answer"):
        return Desk(_to_answer(acting, now))
    return Desk(_to_approve(acting, now)) if may(acting, "approve_reply") else Desk()


def _to_approve(acting: Acting, now: datetime) -> list[Duty]:
    """Replies that somebody else drafted, with the terms of their messages."""
    waiting = drafts_visible_to(acting).filter(state=DraftReply.State.DRAFT).exclude(drafter=acting.login)
    waiting = waiting.select_related("message__account").order_by("message__reply_due_at", "pk")
    duties = []
    for one in waiting[:MOST]:
        due_at = one.message.reply_due_at
        address = f"{reverse('message', args=[one.message.code])}#draft"
        about = f"{one.message.account}：{shorten(one.text)}"
        colour = "red" if due_at and due_at < now else "amber"
        duties.append(Duty("审核答复", about, address, "去审核", due_at, colour=colour, order=20))
    return duties


def _to_answer(acting: Acting, now: datetime) -> list[Duty]:
    held = _held(acting)
    questions = unanswered(_to_answer_here(acting).annotate(is_held=Exists(held)), now, MOST)
    # Each question tells whether something is held: the desk asks few questions.
    is_held = questions[0].message.is_held if questions else True  # type: ignore[attr-defined]
    duties = [*(_to_settle(held) if is_held else []), *_to_patrol(acting, now)]
    for one in questions:
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


def _held(acting: Acting) -> QuerySet[Errand]:
    """What a machine could not finish on the platform, of the own unit."""
    own = Q(message__handed_to=acting.unit_id) | Q(message__handed_to=None, message__account__unit=acting.unit_id)
    host = Q(message__account__unit=acting.unit_id)
    mine = (Q(does=Errand.Does.ANSWER) & own) | (~Q(does=Errand.Does.ANSWER) & host)
    return Errand.objects.filter(mine, state=Errand.State.HELD)


def _to_settle(held: QuerySet[Errand]) -> list[Duty]:
    """A person looks there. One query."""
    rows = held.select_related("message__account").order_by("since")
    return [
        Duty(
            f"{one.get_does_display()}没有发到平台",
            f"{one.message.account}：{one.said}",
            f"{reverse('message', args=[one.message.code])}#errands",
            "去处理",
            colour="red",
            order=10,
        )
        for one in rows[:MOST]
    ]


def _to_answer_here(acting: Acting) -> QuerySet[Message]:
    """What the own unit must answer: its own messages and those handed to it, but what it handed on."""
    own = Q(handed_to=acting.unit_id) | Q(handed_to__isnull=True, account__unit=acting.unit_id)
    return messages_visible_to(acting).filter(own)


def _to_patrol(acting: Acting, now: datetime) -> list[Duty]:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」"""
    half = half_of(now)
    missed = _missed(acting, now) if half == Patrol.Half.PM else []
    is_working_day = load_calendar().is_working_day(now.astimezone(SHANGHAI).date())
    left = own_without_look(acting, now, half) if is_working_day else []
    if not left:
        return missed
    moment = now.astimezone(SHANGHAI)
    noon = moment.replace(hour=12, minute=0, second=0, microsecond=0)
    until = noon if half == Patrol.Half.AM else noon + timedelta(hours=12)
    colour = "red" if half in halves_over(now) else "amber"
    about, address = _name(left), f"{reverse('patrols')}#make"
    return [*missed, Duty(f"今天{half.label}还没有值守巡查", about, address, "去登记", until, colour=colour, order=20)]


def _missed(acting: Acting, now: datetime) -> list[Duty]:
    """From noon on: the forenoon's look that nobody made; it may be registered the same day, as of now."""
    if Patrol.Half.AM not in halves_over(now) or not (left := own_without_look(acting, now, Patrol.Half.AM)):
        return []
    address = f"{reverse('patrols')}?half=am#make"
    return [Duty("今天上午没有值守巡查", _name(left), address, "去登记", now, colour="red", order=19)]


def _name(accounts: list[Account]) -> str:
    named = "、".join(f"{account.name}（{account.get_platform_display()}）" for account in accounts[:3])
    return f"{named}等 {len(accounts)} 个账号" if len(accounts) > 3 else named


@dataclass(frozen=True)
class Question:
    """A message that is owed an answer, with its term."""

    message: Message
    deadline: deadlines.Deadline


def unanswered(messages: QuerySet[Message], now: datetime, most: int = 8) -> list[Question]:
    """The questions without an answer by a person, received within 30 days, most urgent first."""
    waiting = list(owed.unanswered(messages, now).filter(reply_due_at__isnull=False).select_related("account")[:most])
    if not waiting:
        return []
    readings = readings_on(now.astimezone(SHANGHAI).date())
    return [Question(one, deadlines.reply_due(one.received_at, readings)) for one in waiting]
