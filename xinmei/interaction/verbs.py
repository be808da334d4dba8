"""§五: a message is answered, handed over, moderated by its host; the host looks at its accounts twice a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from xinmei.core.verbs import Kind, Verb
from xinmei.interaction.actions import answer, hand_over, look, moderate
from xinmei.interaction.doors import messages_visible_to, patrols_visible_to
from xinmei.interaction.forms import AnswerFields, HandOverFields, LookFields, ModerateFields
from xinmei.interaction.models import Message, MessageStep, Patrol
from xinmei.interaction.showing import show_message, show_patrol
from xinmei.registry.models import Account


def last_step(messages: Sequence[Message]) -> Mapping[Any, datetime]:
    """When each message was last dealt with here."""
    steps = MessageStep.objects.filter(message__in=messages).order_by().values_list("message")
    return dict(steps.annotate(last=Max("at")))


def is_there(message: Message, at: datetime) -> str:
    """Nobody answers what has not come in."""
    return "留言还没有收到，不能办理" if at < message.received_at else ""


def waits_for_release(message: Message, at: datetime) -> str:
    """A comment that the platform does not show yet."""
    if message.kind != Message.Kind.COMMENT:
        return f"这是{message.get_kind_display()}，要答复或转办；审看只用于评论"
    if message.published_at is not None:
        return "这条评论在平台上已经放出；要撤下的，请先在平台上处理"
    return is_there(message, at)


def unit_looked_at(given: Mapping[str, Any]) -> int | None:
    """The unit of the account named, the first of several."""
    named = given.get("account")
    code = named[0] if isinstance(named, list) and named else named
    if not isinstance(code, str) or "\0" in code:
        return None
    return Account.objects.filter(code=code).values_list("unit", flat=True).first()


MESSAGE = Kind(
    name="message",
    label="留言",
    path="messages",
    model=Message,
    rows=lambda acting: messages_visible_to(acting).prefetch_related("replies"),
    show=show_message,
    key="code",
    unit=lambda message: message.account.unit_id,
    related=("account__unit",),
    page="message",
    last_step=last_step,
)
PATROL = Kind(
    name="patrol",
    label="值守巡查",
    path="patrols",
    model=Patrol,
    rows=patrols_visible_to,
    show=show_patrol,
    unit=lambda patrol: patrol.account.unit_id,
    related=("account__unit",),
)

# A comment is moderated by whoever answers.
MODERATE = Verb(
    "message.moderate",
    "登记审看",
    of=MESSAGE,
    right="answer",
    ready=waits_for_release,
    fields=ModerateFields,
    do=moderate,
    event="moderate",
    done="审看已登记。",
    main=True,
)
ANSWER = Verb(
    "message.answer",
    "登记答复",
    of=MESSAGE,
    right="answer",
    ready=is_there,
    fields=AnswerFields,
    do=answer,
    event="answer",
    done="答复已登记，计时停止。",
    main=True,
)
HAND_OVER = Verb(
    "message.hand_over",
    "转办",
    of=MESSAGE,
    right="hand_over_message",
    ready=is_there,
    fields=HandOverFields,
    do=hand_over,
    event="hand_over_message",
    done="已登记转办，答复期限照算。",
)
LOOK = Verb(
    "patrol.look",
    "登记巡查",
    of=PATROL,
    right="answer",
    fields=LookFields,
    do=look,
    makes=True,
    owner=unit_looked_at,
    page="patrols",
    event="patrol",
    done="巡查已登记。",
    hint="只登记现在这半天的，过后不能补。",
    main=True,
)
