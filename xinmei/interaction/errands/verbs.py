"""平台办理 in its acts: what did not go through is done again, or left to a person."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.interaction.doors import is_own, messages_visible_to
from xinmei.interaction.errands import actions
from xinmei.interaction.errands.models import Errand
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting


class ShownErrand(TypedDict):
    """What programs read of an errand."""

    id: str
    message: str
    account: str
    unit: str
    does: str
    text: str | None
    state: str
    by: str
    since: str | None
    next_at: str | None
    asked_at: str | None
    done_at: str | None
    code: str | None
    said: str | None
    todo: str | None
    may_be_done: bool


def show_errand(errand: Errand, acting: Acting) -> ShownErrand:
    """An errand as programs read it."""
    return {
        "id": str(errand.pk),
        "message": errand.message.code,
        "account": errand.message.account.code,
        "unit": unit_of(errand).code,
        "does": errand.does,
        "text": mask(errand.text) or None,
        "state": errand.state,
        "by": errand.by,
        "since": show_moment(errand.since),
        "next_at": show_moment(errand.next_at),
        "asked_at": show_moment(errand.asked_at),
        "done_at": show_moment(errand.done_at),
        "code": errand.code or None,
        "said": errand.said or None,
        "todo": errand.todo or None,
        "may_be_done": errand.may_be_done,
    }


def unit_of(errand: Errand) -> Any:
    """An answer is of the unit that must answer; what is moderated is the host's."""
    message = errand.message
    return message.answering if errand.does == Errand.Does.ANSWER else message.account.unit


def errands_visible_to(acting: Acting) -> QuerySet[Errand]:
    """Those of the messages in reach."""
    return Errand.objects.filter(message__in=messages_visible_to(acting))


def stand_back(acting: Acting, errand: Errand, right: str) -> str:
    """Whose it is decides."""
    unit = unit_of(errand)
    return "" if is_own(acting, unit.pk) else f"这件事由{unit.name}办"


def _everyone(acting: Acting, found: Errand, right: str) -> bool:
    """The reach alone does not decide: a message may have been handed over. `bars` says who may."""
    return True


ERRAND = Kind(
    name="errand",
    label="平台办理",
    path="errands",
    model=Errand,
    rows=errands_visible_to,
    show=show_errand,
    state="state",
    unit=lambda errand: unit_of(errand).pk,
    related=("message__account__unit", "message__handed_to"),
    page=lambda errand: reverse("message", args=[errand.message.code]),
    last_step=lambda found: {one.pk: one.acted_at for one in found},
)
AGAIN = Verb(
    "errand.again",
    "再发",
    of=ERRAND,
    right="answer",
    moves={"held": "waiting"},
    within=_everyone,
    bars=stand_back,
    do=actions.again,
    done="已重新提交。",
    hint="先到平台看过、确实没有办的才点。",
)
STOP = Verb(
    "errand.stop",
    "停止发送",
    of=ERRAND,
    right="answer",
    moves={"waiting": "stopped", "held": "stopped"},
    within=_everyone,
    bars=stand_back,
    do=actions.stop,
    done="已停止，系统不再发；在平台上答复了的，请登记答复。",
)
