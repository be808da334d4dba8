"""收件箱: what waits for an answer, what is due first on top; like questions together; what was not let through."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.likeness import group
from xinmei.core.moderation import Ground, grounds, never
from xinmei.core.screening import mask
from xinmei.interaction import doors
from xinmei.interaction.answering import in_use
from xinmei.interaction.models import Message, MessageStep
from xinmei.interaction.owed import RECENT, unanswered
from xinmei.interaction.views import Row, describe
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door

# Of so many of the most urgent questions it is looked which are alike.
MOST_COMPARED = 300
SAMPLE = 20


@dataclass(frozen=True)
class Waiting:
    """A question of the inbox, with how many others are like it."""

    row: Row
    alike: int = 0

    @property
    def pk(self) -> int:
        """The message's number."""
        return self.row.pk

    @property
    def choice(self) -> str:
        """What a check box says: the id by which acts know it."""
        return self.row.message.code

    @property
    def message(self) -> Message:
        """The message."""
        return self.row.message

    @property
    def steps(self) -> tuple[str, ...]:
        """How its term came about."""
        return self.row.steps

    @property
    def answered_at(self) -> None:
        """Nothing here is answered."""


def waiting(acting: Acting, now: datetime) -> QuerySet[Message]:
    """What within reach is owed an answer, what is due first on top."""
    # What came within the span is due after its beginning: the index of the terms is read from there on.
    rows = unanswered(doors.messages_visible_to(acting), now).filter(reply_due_at__gte=now - RECENT)
    return rows.select_related("account__unit", "handed_to")


def to_moderate(acting: Acting, now: datetime) -> QuerySet[Message]:
    """Comments within reach that nobody let through or held back."""
    rows = doors.messages_visible_to(acting).filter(published_at__isnull=True, held_at__isnull=True)
    recent = rows.filter(kind=Message.Kind.COMMENT, received_at__gte=now - RECENT, received_at__lte=now)
    return recent.select_related("account__unit", "handed_to").order_by("received_at", "pk")


def held(acting: Acting) -> QuerySet[Message]:
    """What was not let through, the newest first."""
    rows = doors.messages_visible_to(acting).filter(held_at__isnull=False)
    return rows.select_related("account__unit", "handed_to").order_by("-held_at", "-pk")


def alike(rows: QuerySet[Message]) -> dict[int, list[int]]:
    """By number, the numbers of the like questions, itself among them; of the most urgent ones. One query."""
    groups = group(rows.values_list("pk", "text")[:MOST_COMPARED])
    return {number: members for members in groups if len(members) > 1 for number in members}


def _by_likeness(rows: QuerySet[Message], code: str) -> QuerySet[Message]:
    number = rows.filter(code=code).values_list("pk", flat=True).first()
    return rows.filter(pk__in=alike(rows).get(number or 0, [number or 0]))


def _put_aside(rows: QuerySet[Message], value: str, now: datetime) -> QuerySet[Message]:
    aside = Q(snoozed_until__gt=now)
    return rows.filter(aside) if value == "aside" else rows


COLUMNS = (
    Column("due", "答复期限", lambda row: row.message.reply_due_at, "interaction/cells/due.html", wide=True),
    Column("text", "留言", lambda row: mask(row.message.text), "interaction/cells/waiting.html", wide=True),
    Column("account", "账号", lambda row: row.message.account.name, "interaction/cells/account.html"),
    Column("with", "由谁答复", lambda row: row.message.answering.name),
    Column("received", "收到时间", lambda row: row.message.received_at),
)


@door(see="messages")
def inbox(request: Request) -> HttpResponse:
    """What waits for an answer within reach, what is due first on top."""
    acting, now = request.acting, request.now
    rows, may_answer = waiting(acting, now), may(acting, "answer")
    own = Q(handed_to=acting.unit_id) | Q(handed_to__isnull=True, account__unit=acting.unit_id)
    if request.GET.get("aside") != "aside":
        rows = rows.exclude(snoozed_until__gt=now, reply_due_at__gt=now)
    like = alike(rows)
    filters = [
        Filter(
            "aside", "推后的", lambda found, value: _put_aside(found, value, now), [("aside", "稍后再办的")], chips=True
        ),
        Filter("with", "由谁答复", lambda found, _: found.filter(own), [("own", "本单位答复的")]),
        Filter("kind", "类型", lambda found, value: found.filter(kind=value), Message.Kind.choices),
        Filter("like", "和哪条相近（编号）", _by_likeness),
    ]
    listing = Listing(
        request,
        rows,
        title="收件箱",
        columns=COLUMNS,
        filters=filters,
        order=("reply_due_at", "pk"),
        decorate=lambda found: [Waiting(row, len(like.get(row.pk, ())) - 1) for row in describe(found, now)],
        selectable=may_answer,
        empty="没有要答复的留言。",
    )
    moderating = to_moderate(acting, now).count() if may(acting, "moderate") else 0
    return listing.respond("interaction/inbox.html", {"now": now, "may_answer": may_answer, "moderating": moderating})


@dataclass(frozen=True)
class Held:
    """Something that was not let through, with why and by whom."""

    message: Message
    step: MessageStep | None

    @property
    def pk(self) -> int:
        """The message's number."""
        return self.message.pk

    @property
    def ground(self) -> Ground | None:
        """The law behind it, where one was named."""
        return grounds().get(self.message.held_ground)


def with_reasons(found: list[Message]) -> list[Held]:
    """The last step of each by which it was held back. One query."""
    steps = MessageStep.objects.filter(message__in=found, verb=MessageStep.Verb.WITHHOLD).order_by("id")
    last: Mapping[int, MessageStep] = {step.message_id: step for step in steps}
    return [Held(one, last.get(one.pk)) for one in found]


def sample(rows: QuerySet[Message], day: str) -> list[int]:
    """Numbers of a sample of these: by the digest of day and number, so that it stays the same all day."""
    numbers = list(rows.values_list("pk", flat=True)[:2000])
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{day} {number}".encode()).hexdigest())[:SAMPLE]


HELD_COLUMNS = (
    Column("text", "留言", lambda row: mask(row.message.text), "interaction/cells/held.html", wide=True),
    Column("account", "账号", lambda row: row.message.account.name, "interaction/cells/account.html"),
    Column("held", "不放出的时间", lambda row: row.message.held_at),
    Column("reason", "理由", lambda row: mask(row.step.note) if row.step else "", wide=True),
    Column("ground", "依据", lambda row: row.ground.source if row.ground else "没有写依据"),
    Column("by", "审看人", lambda row: row.step.by if row.step else ""),
)


@door(see="messages")
def held_back(request: Request) -> HttpResponse:
    """What was not let through within reach; for those who supervise, first a sample of the last 30 days to look at."""
    acting, now = request.acting, request.now
    rows = held(acting)
    drawn = sample(rows.filter(held_at__gte=now - RECENT), day_of(now).isoformat())
    filters = (
        Filter("sample", "抽看", lambda found, _: found.filter(pk__in=drawn), [("today", "今天抽看的")], chips=True),
        Filter(
            "ground",
            "依据",
            lambda found, value: found.filter(held_ground="" if value == "none" else value),
            [*((one.id, one.label) for one in grounds().values()), ("none", "没有写依据")],
        ),
    )
    listing = Listing(
        request,
        rows,
        title="没有放出的留言",
        columns=HELD_COLUMNS,
        filters=filters,
        order=("-held_at", "-pk"),
        decorate=with_reasons,
        empty="没有不放出的留言。",
    )
    return listing.respond("interaction/held.html", {"never": never(), "now": now})


@door(see="messages")
def moderating(request: Request) -> HttpResponse:
    """Comments that wait to be let through, the oldest first."""
    rows = list(to_moderate(request.acting, request.now)[:50])
    context = {"rows": rows, "never": never()}
    return render(request, "interaction/moderating.html", context)


ANSWER_COLUMNS = (
    Column("question", "问题", lambda row: mask(row.question), wide=True),
    Column("answer", "答复", lambda row: mask(row.answer), wide=True),
    Column("unit", "单位", lambda row: row.unit.name),
    Column("owner", "负责人", lambda row: row.owner_name),
    Column("until", "用到", lambda row: row.until, sort="until"),
    Column("act", "办理", lambda row: "", "interaction/cells/known.html"),
)


@door(see="messages")
def known_answers(request: Request) -> HttpResponse:
    """The library of answered questions within reach, what ends first on top."""
    day = day_of(request.now)
    rows = in_use(doors.answers_visible_to(request.acting), day).select_related("unit")
    filters = (Filter("q", "问题", lambda found, value: found.filter(question__icontains=value)),)
    listing = Listing(
        request,
        rows,
        title="常用答复",
        columns=ANSWER_COLUMNS,
        filters=filters,
        order=("until", "pk"),
        empty="还没有常用答复：把答得好的收进来，下次有相近的问题就推荐。",
    )
    return listing.respond("interaction/known_answers.html")
