"""The verbs of §五: an answer registered, a message handed over, a comment moderated, a patrol made. One function, one transaction, one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.screening import mask
from xinmei.interaction.models import Message, MessageStep, Patrol, Reply
from xinmei.interaction.patrols import half_of
from xinmei.people.doors import Refused, check
from xinmei.people.events import Acting, record, record_many
from xinmei.people.locks import hold
from xinmei.registry.models import Account

# 「分别主动查看公众咨询留言情况」, and what a person at the account sees besides.
LOOKS = {
    "messages": "新的咨询、投诉已看",
    "answers": "要答复的已答复或已转办",
    "comments": "待放出的评论已审看",
    "page": "账号能打开、名称和认证没有变",
    "functions": "菜单、链接和服务功能可用",
}
Verb = MessageStep.Verb


class NotPossible(Exception):
    """The step cannot be taken now; its text is Chinese and says what was found and what can be done."""


def answer(message: Message, text: str, *, by: Acting, at: datetime) -> Reply:
    """Registers the answer that a person gave, as of now: it stops the clock. The platform itself is not written to.

    「要在24小时内进行答复，节假日不得晚于48小时」. Raises NotPossible without words, or before the message arrived.
    """
    if not text.strip():
        raise NotPossible("答复没有写内容；请写下在平台上答复的原话")
    if at < message.received_at:
        raise NotPossible("留言还没有收到，不能答复")
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        if message.replies.filter(text=text.strip(), automatic=False).exists():
            raise NotPossible("同样的答复已经登记过，计时已经停止，不用再登记")
        last = message.replies.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        reply = Reply.objects.create(
            message=message,
            position=position,
            code=f"{message.code[:180]}-登记{position + 1}",
            replied_at=at,
            text=text.strip(),
            automatic=False,
        )
        _note(message, Verb.ANSWER, "answer", by, at)
    return reply


def hand_over(message: Message, to: str, note: str, *, by: Acting, at: datetime) -> None:
    """Hands the message to whoever can answer it (转办). The clock runs on: the host still owes the answer. Raises NotPossible without a name."""
    if not to.strip():
        raise NotPossible("没有写转给谁；请写承办的科室、单位或人员")
    with transaction.atomic():
        _refuse_again(message, Verb.HAND_OVER, by, to.strip(), note.strip())
        _note(message, Verb.HAND_OVER, "hand_over_message", by, at, to=to.strip(), note=note.strip())


def moderate(message: Message, *, release: bool, note: str, by: Acting, at: datetime) -> None:
    """「做好公众留言审看发布工作」: a comment is released, or held back with a reason.

    Raises NotPossible where it is no comment, was seen on the platform already, or is held back without a reason.
    """
    if message.kind != Message.Kind.COMMENT:
        raise NotPossible(f"这是{message.get_kind_display()}，要答复或转办；审看只用于评论")
    if message.published_at is not None:
        raise NotPossible("这条评论在平台上已经放出；要撤下的，请先在平台上处理")
    if not release and not note.strip():
        raise NotPossible("不放出要写明理由")
    verb = Verb.RELEASE if release else Verb.WITHHOLD
    with transaction.atomic():
        _refuse_again(message, verb, by, "", note.strip())
        _note(message, verb, "moderate", by, at, note=note.strip())


def patrol(accounts: Sequence[Account], checked: Sequence[str], note: str, *, by: Acting, at: datetime) -> list[Patrol]:
    """「每个工作日上、下午分别主动查看公众咨询留言情况」: the half day is that of `at` in Shanghai; what is registered already stays.

    Raises NotPossible on a day that is none, or where the messages were not looked at; Refused for accounts of other units.
    """
    check(by, "answer", "patrol")
    day, half = at.astimezone(SHANGHAI).date(), half_of(at)
    if others := [account for account in accounts if account.unit_id != by.unit_id]:
        raise Refused(
            f"{others[0].name}不是本单位的账号，不能登记巡查",
            acting=by,
            verb="answer",
            kind="account",
            number=others[0].code,
        )
    if not accounts:
        raise NotPossible("没有选账号；请勾选看过的账号")
    if "messages" not in checked:
        raise NotPossible(f"没有勾选“{LOOKS['messages']}”；值守就是看留言，没有看的不要登记")
    if not load_calendar().is_working_day(day):
        raise NotPossible(f"{day.month}月{day.day}日不是工作日，不用登记值守巡查")
    with transaction.atomic():
        hold(f"patrol {by.unit_code}")
        done = set(Patrol.objects.filter(account__in=accounts, day=day, half=half).values_list("account", flat=True))
        made = [
            Patrol(
                account=account,
                day=day,
                half=half,
                by=str(by),
                at=at,
                checked=[name for name in LOOKS if name in checked],
                note=note.strip(),
            )
            for account in accounts
            if account.pk not in done
        ]
        if not made:
            raise NotPossible(f"今天{half.label}已经登记过了")
        Patrol.objects.bulk_create(made)
        content = {"day": day, "half": half.value, "checked": made[0].checked}
        record_many("patrol", by=by, at=at, kind="account", acts=[(one.account.code, content) for one in made])
    return made


def _refuse_again(message: Message, verb: MessageStep.Verb, by: Acting, to: str, note: str) -> None:
    """A double click is one step: whoever comes second finds the first as the last step."""
    Message.objects.select_for_update().get(pk=message.pk)
    last = message.steps.order_by("-id").values_list("verb", "by", "to", "note").first()
    if last == (verb.value, str(by), to, note):
        raise NotPossible("刚才已经登记过同样的一步，不用再登记；请刷新页面看经过")


def _note(
    message: Message, verb: MessageStep.Verb, event: str, by: Acting, at: datetime, *, to: str = "", note: str = ""
) -> None:
    MessageStep.objects.create(message=message, verb=verb, by=str(by), position=by.position, at=at, to=to, note=note)
    content = {"step": verb.value, "to": mask(to), "note": mask(note)}
    record(
        event,
        by=by,
        at=at,
        kind="message",
        number=message.code,
        content={key: value for key, value in content.items() if value},
    )
