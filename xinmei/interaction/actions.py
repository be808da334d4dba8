"""What the verbs of §五 do: an answer registered, a message handed over, a comment moderated, a look made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.refusals import NotNow, NotSo
from xinmei.interaction.errands.actions import Does, goes_by_interface, put_out, refuse_gone, stop_waiting
from xinmei.interaction.models import DraftReply, Message, Patrol, ReplyRule
from xinmei.interaction.patrols import LOOKS
from xinmei.interaction.steps import Step, add_reply, keep_proof, note, refuse_again, write_step
from xinmei.interaction.terms import basis_of, term_of
from xinmei.pages.fields import show_moment
from xinmei.pages.texts import write_moment
from xinmei.pages.uploads import Upload
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record, record_many
from xinmei.people.locks import hold
from xinmei.people.rights import CITY_INSPECTION
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit


def mark(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """Says whether the message is a 具体明确的政策咨询; its term is reckoned anew, from when it was received.

    「提出具体明确的政策方面咨询留言」
    """
    before, concrete = message.concrete_policy_question, given["concrete_policy_question"]
    if before == concrete:
        raise NotNow(f"这条留言已经认定为“{say_concrete(concrete)}”，不用再认定")
    readings = readings_on(day_of(at))
    term = term_of(message.kind, concrete, message.received_at, readings, basis_of(readings))
    message.concrete_policy_question = concrete
    message.applies, message.reply_due_at, message.provisional, message.term_basis = term
    message.save(update_fields=["concrete_policy_question", "applies", "reply_due_at", "provisional", "term_basis"])
    content = {"before": before, "concrete_policy_question": concrete}
    return note(message, Step.MARK, "mark_message", by, at, to=say_concrete(concrete), content=content)


def say_concrete(concrete: bool | None) -> str:
    """How people say what a message was marked as."""
    return {None: "未认定", True: "具体明确的政策咨询", False: "不是具体明确的政策咨询"}[concrete]


def answer(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """The answer of a person. Where the account's platform is reached by an interface the system sends it, and it
    counts from the moment that the platform shows; else it is registered, and stops the clock.

    As of now, or as of an earlier moment with what shows it.

    「要在24小时内进行答复，节假日不得晚于48小时」
    """
    if given["replied_at"]:
        return _register_with_proof(message, given, by, at)
    refuse_gone(message)
    if ReplyRule.objects.filter(unit=message.answering, approval=True).exists():
        raise NotNow("本单位的答复要先拟稿，由审核人看过再发出：请用“拟答复”")
    if goes_by_interface(message):
        put_out(message, Does.ANSWER, by, at, text=given["text"])
        return note(message, Step.SEND, "answer", by, at)
    add_reply(message, given["text"], at)
    return note(message, Step.ANSWER, "answer", by, at)


def _register_with_proof(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """What was answered on the platform by hand, with what shows when."""
    add_reply(message, given["text"], given["replied_at"])
    note(message, Step.ANSWER, "answer", by, at)
    file: Upload = given["file"]
    step = message.steps.filter(verb=Step.ANSWER, by=str(by), at=at).latest("id")
    keep_proof(step, given["replied_at"], file.name or "凭据", file.media_type, file.data)
    stop_waiting(message, Does.ANSWER, "有人登记了平台上的答复", at)
    return message


def hand_over(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """Hands the message to the unit that can answer it (转办). The clock goes on."""
    unit: Unit = given["unit"]
    now_with = Message.objects.values_list("handed_to", flat=True).get(pk=message.pk)
    if (
        now_with == unit.pk and by.position not in CITY_INSPECTION
    ):  # who waited for the lock was still asked as the host
        raise NotNow(f"这条留言已经转给{unit.name}，请刷新后再看")
    message.handed_to = None if unit.pk == message.account.unit_id else unit
    message.save(update_fields=["handed_to"])
    content = {"unit": unit.code}
    return note(message, Step.HAND_OVER, "hand_over_message", by, at, to=unit.name, note=given["note"], content=content)


def take_back(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """The host answers itself again."""
    before, message.handed_to = message.answering, None
    message.save(update_fields=["handed_to"])
    return note(message, Step.TAKE_BACK, "take_back_message", by, at, to=before.name, content={"unit": before.code})


def moderate(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """「做好公众留言审看发布工作」: what the public wrote is let through, held back with a reason, or deleted for one
    that the law names. Where the platform is reached by an interface the system does it there too.
    """
    removes = given["publish"] is False and given["remove"]
    step = Step.RELEASE if given["publish"] else Step.REMOVE if removes else Step.WITHHOLD
    refuse_again(message, step, by, "", given["reason"])
    refuse_gone(message)
    is_outside = goes_by_interface(message)
    if message.published_at is not None and not removes:
        raise NotNow("这条留言在平台上已经放出；要撤下的，选“不放出”并在平台上删除")
    stop_waiting(message, Does.REMOVE if given["publish"] else Does.RELEASE, "审看时改了决定", at)
    if given["publish"] and is_outside:
        put_out(message, Does.RELEASE, by, at)
    elif given["publish"]:
        message.published_at, message.held_at, message.held_ground = at, None, ""
    else:
        message.held_at, message.held_ground = at, given["ground"]
    if removes and is_outside:
        put_out(message, Does.REMOVE, by, at)
    message.save(update_fields=["published_at", "held_at", "held_ground"])
    return note(message, step, "moderate", by, at, note=given["reason"])


def snooze(message: Message, given: Mapping[str, Any], by: Acting, at: datetime) -> Message:
    """Puts the message aside in the inbox until then. The clock goes on."""
    message.snoozed_until = given["until"]
    message.save(update_fields=["snoozed_until"])
    until = show_moment(given["until"]) or ""
    return note(
        message, Step.SNOOZE, "snooze_message", by, at, to=write_moment(given["until"]), content={"until": until}
    )


def draft_reply(given: Mapping[str, Any], by: Acting, at: datetime) -> DraftReply:
    """A reply for the second pair of eyes. One that waits already is replaced by it."""
    message: Message = given["message"]
    waiting = message.drafts.filter(state=DraftReply.State.DRAFT)
    if waiting.filter(text=given["text"], drafter=by.login).exists():
        raise NotNow("同样的答复已经拟过，正等审核，不用再拟")
    waiting.update(state=DraftReply.State.REPLACED)
    draft = DraftReply.objects.create(
        message=message,
        unit=message.answering,
        text=given["text"],
        drafter=by.login,
        drafter_name=str(by),
        drafted_at=at,
    )
    write_step(message, Step.DRAFT, by, at)
    record("draft_reply", by=by, at=at, kind="reply", number=draft.pk, content={"message": message.code})
    return draft


def approve_reply(draft: DraftReply, given: Mapping[str, Any], by: Acting, at: datetime) -> DraftReply:
    """The reply is sent, and counts from its sending: from now, or from when the platform shows it."""
    message, said = draft.message, f"拟稿人：{draft.drafter_name}　审核人：{by}"
    if goes_by_interface(message):
        put_out(message, Does.ANSWER, by, at, text=draft.text)
        write_step(message, Step.SEND, by, at, note=said)
    else:
        add_reply(message, draft.text, at)
        write_step(message, Step.ANSWER, by, at, note=said)
    draft.state, draft.approver, draft.approver_name, draft.sent_at = DraftReply.State.SENT, by.login, str(by), at
    draft.save(update_fields=["state", "approver", "approver_name", "sent_at"])
    content = {"message": message.code, "drafter": draft.drafter}
    record("approve_reply", by=by, at=at, kind="reply", number=draft.pk, content=content)
    return draft


def set_rule(given: Mapping[str, Any], by: Acting, at: datetime) -> ReplyRule:
    """Whether the replies of the unit need a second pair of eyes."""
    if by.unit_id is None:
        raise NotSo("请用单位管理员的岗位办理：设定的是本单位的答复")
    rule = ReplyRule.objects.filter(unit=by.unit_id).first() or ReplyRule(unit_id=by.unit_id)
    if rule.approval == given["approval"]:
        raise NotNow(f"现在就是“{'要' if rule.approval else '不'}审核”，不用再设定")
    rule.approval, rule.by, rule.at = given["approval"], by.login, at
    rule.save()
    content = {"approval": rule.approval}
    record("set_reply_rule", by=by, at=at, kind="reply_rule", number=rule.pk, content=content)
    return rule


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
    seen = {
        "day": day,
        "half": half,
        "by": str(by),
        "login": by.login,
        "at": at,
        "checked": checked,
        "note": given["note"],
    }
    made = [Patrol(account=account, **seen) for account in accounts if account.pk not in done]
    if not made:
        raise NotNow(f"今天{half.label}已经登记过了")
    Patrol.objects.bulk_create(made)
    content = {"day": day, "half": half.value, "checked": checked}
    record_many("patrol", by=by, at=at, kind="account", acts=[(one.account.code, content) for one in made])
    return made[0]
