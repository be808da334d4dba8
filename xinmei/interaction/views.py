"""互动: messages of the public, with the term of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse

from xinmei.core import deadlines
from xinmei.core.screening import mask
from xinmei.interaction import doors
from xinmei.interaction.models import Message, Reply
from xinmei.interaction.owed import answered, late, unanswered
from xinmei.interaction.search import filter_by_word
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on


@dataclass(frozen=True)
class Row:
    """A message with its first answer by a person and, where one is owed, its term."""

    message: Message
    answered_at: datetime | None
    steps: tuple[str, ...] = ()

    @property
    def pk(self) -> int:
        """The message's number."""
        return self.message.pk

    @property
    def late(self) -> bool:
        """Answered after the term."""
        due_at = self.message.reply_due_at
        return bool(due_at and self.answered_at and self.answered_at > due_at)


COLUMNS = (
    Column("text", "留言", lambda row: mask(row.message.text), "interaction/cells/text.html", wide=True),
    Column("account", "账号", lambda row: row.message.account.name, "interaction/cells/account.html"),
    Column("kind", "类型", lambda row: row.message.get_kind_display()),
    Column("received", "收到时间", lambda row: row.message.received_at, sort="received_at"),
    Column("answered", "人工答复", lambda row: row.answered_at, "interaction/cells/answered.html"),
    Column("due", "答复期限", lambda row: row.message.reply_due_at, "interaction/cells/due.html"),
)


def _by_waiting(rows: QuerySet[Message], value: str, now: datetime) -> QuerySet[Message]:
    if value == "open":
        return unanswered(rows, now)
    if value == "late":
        return late(rows, now)
    if value == "unanswered":
        return rows.filter(~answered(), applies=True)
    return rows.filter(answered())


def describe(messages: list[Message], now: datetime) -> list[Row]:
    """The messages of a page with answers and terms, by the readings in force now. Two queries."""
    readings = readings_on(day_of(now))
    replies = Reply.objects.filter(message__in=messages).exclude(automatic=True).order_by("-replied_at")
    # The earliest comes last and stays.
    first = dict(replies.values_list("message", "replied_at"))
    return [
        Row(one, first.get(one.pk), deadlines.reply_due(one.received_at, readings).steps if one.reply_due_at else ())
        for one in messages
    ]


@door(see="messages")
def listed(request: Request) -> HttpResponse:
    """Messages within reach, the newest first."""
    waits = [("open", "待答复"), ("late", "已超期"), ("unanswered", "一直没有答复"), ("answered", "已答复")]
    filters = (
        Filter("waiting", "办到哪一步", lambda rows, value: _by_waiting(rows, value, request.now), waits, chips=True),
        Filter("kind", "类型", lambda rows, value: rows.filter(kind=value), Message.Kind.choices),
        Filter(
            "platform",
            "平台",
            lambda rows, value: rows.filter(account__in=Account.objects.filter(platform=value)),
            Account.Platform.choices,
        ),
        filter_by_word(request.acting, "留言内容"),
    )
    rows = doors.messages_visible_to(request.acting).select_related("account")
    listing = Listing(
        request,
        rows,
        title="留言",
        columns=COLUMNS,
        filters=filters,
        order=("-received_at", "-pk"),
        decorate=lambda found: describe(found, request.now),
        empty="还没有公众留言：导入或采集以后显示在这里。",
    )
    return listing.respond("interaction/messages.html", {"now": request.now})
