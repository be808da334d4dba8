"""§五: a message is marked, answered by the unit that must, handed over and taken back, moderated by its host.

A reply may need a second pair of eyes. The host looks at its accounts twice a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from xinmei.core.verbs import Kind, Verb
from xinmei.interaction import actions
from xinmei.interaction.doors import (
    is_own,
    messages_visible_to,
    patrols_visible_to,
)
from xinmei.interaction.errands.actions import Does, goes_by_interface, is_going_out
from xinmei.interaction.errands.verbs import AGAIN, ERRAND, STOP  # noqa: F401
from xinmei.interaction.forms import (
    AnswerFields,
    HandOverFields,
    LookFields,
    MarkFields,
    ModerateFields,
    SnoozeFields,
)
from xinmei.interaction.models import Message, MessageStep, Patrol
from xinmei.interaction.showing import show_message, show_patrol
from xinmei.interaction.verbs_of_replies import (  # noqa: F401
    APPROVE_REPLY,
    DRAFT_REPLY,
    END_ANSWER,
    KEEP_ANSWER,
    KNOWN_ANSWER,
    REPLY,
    REPLY_RULE,
    SENT,
    SET_REPLY_RULE,
)
from xinmei.people.events import Acting
from xinmei.people.rights import CITY_INSPECTION
from xinmei.registry.models import Account


def last_step(messages: Sequence[Message]) -> Mapping[Any, datetime]:
    """When each message was last dealt with here."""
    steps = MessageStep.objects.filter(message__in=messages).order_by().values_list("message")
    return dict(steps.annotate(last=Max("at")))


def is_there(message: Message, at: datetime) -> str:
    """Nobody answers what has not come in."""
    return "留言还没有收到，不能办理" if at < message.received_at else ""


def waits_for_release(message: Message, at: datetime) -> str:
    """What the platform does not show yet; what it shows is taken down where an interface reaches it."""
    if message.published_at is not None and not goes_by_interface(message):
        return "这条留言在平台上已经放出；要撤下的，请先在平台上处理"
    return is_there(message, at)


def is_handed_over(message: Message, at: datetime) -> str:
    """Only what somebody else shall answer is taken back."""
    return is_there(message, at) if message.handed_to_id else "没有转给别的单位，不用收回"


def _is_inspector(acting: Acting) -> bool:
    return acting.position in CITY_INSPECTION


def stand_back_to_answer(acting: Acting, message: Message, right: str) -> str:
    """「by the answering unit」; inspectors hand over too."""
    if (right == "hand_over_message" and _is_inspector(acting)) or is_own(acting, message.answering.pk):
        return ""
    return f"留言 {message.code} 由{message.answering.name}答复"


def stand_back_to_mark(acting: Acting, message: Message, right: str) -> str:
    """「editor, unit_admin of host or answering unit; inspectors C」"""
    if _is_inspector(acting) or is_own(acting, message.account.unit_id, message.answering.pk):
        return ""
    return f"留言 {message.code} 不在{acting.unit_name}名下"


def stand_back_to_host(acting: Acting, message: Message, right: str) -> str:
    """What only the host does."""
    host = message.account.unit
    return "" if is_own(acting, host.pk) else f"留言 {message.code} 的主办单位是{host.name}"


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
    state="state",
    unit=lambda message: message.answering.pk,
    related=("account__unit", "handed_to"),
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


def say_moderated(message: Message) -> str:
    """What was registered, and what is still to be done on the platform."""
    if is_going_out(message, Does.RELEASE) or is_going_out(message, Does.REMOVE):
        return "审看已登记，系统正在平台上办。"
    last = message.steps.order_by("-id").values_list("verb", flat=True).first()
    return "审看已登记，请到平台上删除。" if last == MessageStep.Verb.REMOVE else "审看已登记。"


def _everyone(acting: Acting, found: Any, right: str) -> bool:
    """The reach alone does not decide: who of the host and the answering unit may is said by `bars`."""
    return True


ANSWER = Verb(
    "message.answer",
    "登记答复",
    of=MESSAGE,
    right="answer",
    within=_everyone,
    bars=stand_back_to_answer,
    ready=is_there,
    fields=AnswerFields,
    do=actions.answer,
    each=("on",),
    event="answer",
    done=lambda message: SENT if is_going_out(message, Does.ANSWER) else "答复已登记，计时停止。",
    main=True,
)
MODERATE = Verb(
    "message.moderate",
    "登记审看",
    of=MESSAGE,
    right="moderate",
    within=_everyone,
    bars=stand_back_to_host,
    ready=waits_for_release,
    fields=ModerateFields,
    do=actions.moderate,
    event="moderate",
    done=say_moderated,
    main=True,
)
MARK = Verb(
    "message.mark",
    "认定",
    of=MESSAGE,
    right="mark_message",
    within=_everyone,
    bars=stand_back_to_mark,
    ready=is_there,
    fields=MarkFields,
    do=actions.mark,
    event="mark_message",
    done="已认定，答复期限随之重算。",
)
HAND_OVER = Verb(
    "message.hand_over",
    "转办",
    of=MESSAGE,
    right="hand_over_message",
    moves={"OPEN": "OPEN"},
    within=_everyone,
    bars=stand_back_to_answer,
    ready=is_there,
    fields=HandOverFields,
    do=actions.hand_over,
    event="hand_over_message",
    done=lambda message: f"已转给{message.answering.name}，答复期限照算，两边都看得到。",
)
TAKE_BACK = Verb(
    "message.take_back",
    "收回转办",
    of=MESSAGE,
    right="take_back_message",
    within=_everyone,
    bars=stand_back_to_host,
    ready=is_handed_over,
    do=actions.take_back,
    event="take_back_message",
    done="已收回，由本单位答复，答复期限照算。",
)
SNOOZE = Verb(
    "message.snooze",
    "稍后再办",
    of=MESSAGE,
    right="answer",
    moves={"OPEN": "OPEN"},
    within=_everyone,
    bars=stand_back_to_answer,
    ready=is_there,
    fields=SnoozeFields,
    do=actions.snooze,
    event="snooze_message",
    done="到时再列在最前，答复期限照算。",
)
LOOK = Verb(
    "patrol.look",
    "登记巡查",
    of=PATROL,
    right="answer",
    fields=LookFields,
    do=actions.look,
    makes=True,
    owner=unit_looked_at,
    page="patrols",
    event="patrol",
    done="巡查已登记。",
    hint="只登记现在这半天的，过后不能补。",
    main=True,
)
