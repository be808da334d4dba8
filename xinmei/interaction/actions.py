"""What the verbs of §五 do: an answer registered, a message handed over, a comment moderated, a look made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.files.keeping import keep
from xinmei.interaction.models import AnswerProof, Message, MessageStep, Patrol, Reply
from xinmei.interaction.patrols import LOOKS
from xinmei.pages.uploads import Upload
from xinmei.people.events import Acting, record, record_many
from xinmei.people.locks import hold

Step = MessageStep.Verb


def answer(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """Registers the answer that a person gave: it stops the clock. The platform itself is not written to.

    As of now, or as of an earlier moment with what shows it.

    「要在24小时内进行答复，节假日不得晚于48小时」
    """
    if message.replies.filter(text=given["text"], automatic=False).exists():
        raise NotNow("同样的答复已经登记过，计时已经停止，不用再登记")
    last = message.replies.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    Reply.objects.create(
        message=message,
        position=position,
        code=f"{message.code[:180]}-登记{position + 1}",
        replied_at=given["replied_at"] or at,
        text=given["text"],
        automatic=False,
    )
    _note(message, Step.ANSWER, "answer", by, at)
    if given["replied_at"]:
        _keep_proof(message, given, by, at)
    return message


def _keep_proof(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> None:
    """What shows the earlier moment, with the step that registered it."""
    file: Upload = given["file"]
    step = message.steps.filter(verb=Step.ANSWER, by=str(by), at=at).latest("id")
    AnswerProof.objects.create(
        step=step,
        replied_at=given["replied_at"],
        name=file.name or "凭据",
        media_type=file.media_type,
        file=keep(file.data, at),
    )


def hand_over(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """Hands the message to whoever can answer it (转办). The clock runs on: the host still owes the answer."""
    _refuse_again(message, Step.HAND_OVER, by, given["to"], given["note"])
    return _note(message, Step.HAND_OVER, "hand_over_message", by, at, to=given["to"], note=given["note"])


def moderate(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """「做好公众留言审看发布工作」: a comment is released, or held back with a reason."""
    step = Step.RELEASE if given["publish"] else Step.WITHHOLD
    _refuse_again(message, step, by, "", given["reason"])
    return _note(message, step, "moderate", by, at, note=given["reason"])


def look(given: Mapping[str, Any], by: Acting, at: datetime) -> Patrol:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」: one look an account, of which the first is returned.

    What is registered already stays.
    """
    day, half = at.astimezone(SHANGHAI).date(), given["half"]
    if not load_calendar().is_working_day(day):
        raise NotNow(f"{day.month}月{day.day}日不是工作日，不用登记值守巡查")
    accounts = given["account"]
    hold(f"patrol {accounts[0].unit_id}")
    done = set(Patrol.objects.filter(account__in=accounts, day=day, half=half).values_list("account", flat=True))
    checked = [name for name in LOOKS if name in given["checked"]]
    seen = {"day": day, "half": half, "by": str(by), "at": at, "checked": checked, "note": given["note"]}
    made = [Patrol(account=account, **seen) for account in accounts if account.pk not in done]
    if not made:
        raise NotNow(f"今天{half.label}已经登记过了")
    Patrol.objects.bulk_create(made)
    content = {"day": day, "half": half.value, "checked": checked}
    record_many("patrol", by=by, at=at, kind="account", acts=[(one.account.code, content) for one in made])
    return made[0]


def _refuse_again(message: Message, step: MessageStep.Verb, by: Acting, to: str, note: str) -> None:
    """A double click is one step: whoever comes second finds the first as the last step."""
    last = message.steps.order_by("-id").values_list("verb", "by", "to", "note").first()
    if last == (step.value, str(by), to, note):
        raise NotNow("刚才已经登记过同样的一步，不用再登记；请刷新页面看经过")


def _note(
    message: Message, step: MessageStep.Verb, event: str, by: Acting, at: datetime, *, to: str = "", note: str = ""
) -> Message:
    MessageStep.objects.create(message=message, verb=step, by=str(by), position=by.position, at=at, to=to, note=note)
    said = {"step": step.value, "to": mask(to), "note": mask(note)}
    content = {name: value for name, value in said.items() if value}
    record(event, by=by, at=at, kind="message", number=message.code, content=content)
    return message
