"""What the acts on errands do. Nothing here speaks to a platform: a job does (`collectors/platforms`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.interaction.errands.models import Errand, OnPlatform
from xinmei.interaction.models import Message
from xinmei.pages.texts import write_moment
from xinmei.people.events import Acting, record

Does, State = Errand.Does, Errand.State
# A platform may still be working at what it took; nobody sends again before.
SETTLED = timedelta(hours=2)


def goes_by_interface(message: Message) -> bool:
    """Whether the platform knows it under a number that we know: then the system does there what is asked."""
    known: OnPlatform | None = getattr(message, "on_platform", None)
    return known is not None and known.gone_at is None


def refuse_gone(message: Message) -> None:
    """Nothing is done to what the platform has not any more."""
    known: OnPlatform | None = getattr(message, "on_platform", None)
    if known is not None and known.gone_at is not None:
        since = write_moment(known.gone_at)
        raise NotNow(f"平台上 {since} 起已没有这条留言；在那以前答复过的，写实际答复时间，附截图")


def put_out(message: Message, does: Errand.Does, by: Acting, at: datetime, *, text: str = "") -> Errand:
    """Puts it on its way. Only one answer is on its way at a time."""
    waiting = message.errands.filter(does=does, state__in=(*Errand.OPEN, State.HELD))
    if standing := waiting.first():
        said = "正在发到平台，发好以前不用再办" if standing.is_open else "没有发出去，请先在下面处理"
        raise NotNow(f"这条留言的{standing.get_does_display()}{said}")
    times = {"since": at, "acted_at": at, "next_at": at}
    return Errand.objects.create(message=message, does=does, text=text, by=by.login, by_name=str(by), **times)


def again(errand: Errand, given: Mapping[str, Any], by: Acting, at: datetime) -> Errand:
    """Somebody has looked: it is done again. Where the platform may have it the machine looks once more before."""
    if errand.may_be_done and errand.asked_at and at < errand.asked_at + SETTLED:
        until = write_moment(errand.asked_at + SETTLED)
        raise NotNow(f"提交以后还不到两小时，平台可能还在处理：{until} 以后再到平台看一次，确实没有的再点")
    errand.tries = errand.looks = errand.sent = 0
    _move(errand, State.WAITING, at, next_at=at)
    record("errand.again", by=by, at=at, kind="errand", number=errand.pk, content={"code": errand.code})
    return errand


def stop(errand: Errand, given: Mapping[str, Any], by: Acting, at: datetime) -> Errand:
    """The machine leaves it alone; what a person does on the platform is read from there, or registered."""
    _move(errand, State.STOPPED, at, next_at=None)
    record("errand.stop", by=by, at=at, kind="errand", number=errand.pk, content={})
    return errand


def stop_waiting(message: Message, does: Errand.Does, said: str, at: datetime) -> None:
    """What a person did otherwise, or decided otherwise, is not sent any more."""
    for errand in message.errands.filter(does=does, state__in=(*Errand.OPEN, State.HELD)):
        errand.said = said
        _move(errand, State.STOPPED, at, next_at=None)


def is_going_out(message: Message, does: Errand.Does) -> bool:
    """Whether the system is at it."""
    return message.errands.filter(does=does, state__in=Errand.OPEN).exists()


def _move(errand: Errand, state: Errand.State, at: datetime, *, next_at: datetime | None) -> None:
    """Whoever works at it just now loses it, and finds that out before anything leaves."""
    errand.state, errand.since, errand.acted_at, errand.next_at = state, at, at, next_at
    errand.held_until, errand.holder, errand.todo = None, "", ""
    if state != State.STOPPED:
        errand.said = ""
    errand.save()
