"""What every act on a message leaves behind: its step, its event, a reply in its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.files.keeping import keep
from xinmei.interaction.models import AnswerProof, Message, MessageStep, Reply
from xinmei.people.events import Acting, record

Step = MessageStep.Verb


def note(
    message: Message,
    step: MessageStep.Verb,
    event: str,
    by: Acting,
    at: datetime,
    *,
    to: str = "",
    note: str = "",
    content: Mapping[str, Any] | None = None,
) -> Message:
    """The step and its event. `content` is what the event says in place of whom it went to."""
    write_step(message, step, by, at, to=to, note=note)
    said = {"step": step.value, "to": "" if content else mask(to), "note": mask(note)}
    record(
        event,
        by=by,
        at=at,
        kind="message",
        number=message.code,
        content={**{name: value for name, value in said.items() if value}, **(content or {})},
    )
    return message


def write_step(
    message: Message, step: MessageStep.Verb, by: Acting, at: datetime, *, to: str = "", note: str = ""
) -> MessageStep:
    """The step alone, of an act whose event is of something else."""
    return MessageStep.objects.create(
        message=message, verb=step, by=str(by), position=by.position, at=at, to=to, note=note
    )


def refuse_again(message: Message, step: MessageStep.Verb, by: Acting, to: str, note: str) -> None:
    """A double click is one step: whoever comes second finds the first as the last step."""
    last = message.steps.order_by("-id").values_list("verb", "by", "to", "note").first()
    if last == (step.value, str(by), to, note):
        raise NotNow("刚才已经登记过同样的一步，不用再登记；请刷新页面看经过")


def add_reply(message: Message, text: str, at: datetime, word: str = "登记") -> Reply:
    """The answer of a person, after those that are there. `word` says where it comes from, in its code."""
    if message.replies.filter(text=text, automatic=False).exists():
        raise NotNow("同样的答复已经登记过，计时已经停止，不用再登记")
    last = message.replies.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    code = f"{message.code[:180]}-{word}{position + 1}"
    return Reply.objects.create(
        message=message, position=position, code=code, replied_at=at, text=text, automatic=False
    )


def keep_proof(step: MessageStep, replied_at: datetime, name: str, media_type: str, data: bytes) -> None:
    """What shows when an answer was really given, with the step that wrote it down."""
    AnswerProof.objects.create(
        step=step, replied_at=replied_at, name=name, media_type=media_type, file=keep(data, step.at)
    )
