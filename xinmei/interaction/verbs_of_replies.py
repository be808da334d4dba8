"""Replies: a second pair of eyes where the unit wants it, and the library of answered questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
from xinmei.interaction import actions, answering
from xinmei.interaction.doors import answers_visible_to, drafts_visible_to, rules_visible_to
from xinmei.interaction.errands.actions import Does, is_going_out
from xinmei.interaction.forms import DraftReplyFields, ReplyRuleFields
from xinmei.interaction.models import DraftReply, KnownAnswer, Message, ReplyRule
from xinmei.interaction.showing import show_answer, show_draft, show_rule
from xinmei.pages.fields import Fields
from xinmei.people.events import Acting

SENT = "已交给系统发到平台；平台显示以后，按平台的时间停止计时。"


def waits_for_approval(draft: DraftReply, at: datetime) -> str:
    """A draft of a message that its unit must still answer."""
    if draft.message.answering.pk != draft.unit_id:
        return f"留言已转给{draft.message.answering.name}答复，不能再发出"
    return ""


def not_the_drafter(acting: Acting, draft: DraftReply, right: str) -> str:
    """「section_head, not the drafter」"""
    return "这份答复是本人拟的，要由另一个人审核" if acting.judged and acting.login == draft.drafter else ""


def unit_to_draft(given: Mapping[str, Any]) -> int | None:
    """The unit that must answer the message named."""
    code = given.get("message")
    if not isinstance(code, str) or "\0" in code:
        return None
    named = Message.objects.filter(code=code).values_list("handed_to", "account__unit").first()
    return (named[0] or named[1]) if named else None


def page_of_draft(of: DraftReply | Fields) -> str:
    """A draft stands on the page of its message; so does its form."""
    code = of.message.code if isinstance(of, DraftReply) else str(of.raw("message") or "")
    return reverse("message", args=[code]) if code else reverse("messages")


REPLY = Kind(
    name="reply",
    label="待审核的答复",
    path="replies",
    model=DraftReply,
    rows=drafts_visible_to,
    show=show_draft,
    state="state",
    unit=lambda draft: draft.unit_id,
    related=("message__account__unit", "message__handed_to", "unit"),
    page=page_of_draft,
    last_step=lambda drafts: {one.pk: one.sent_at or one.drafted_at for one in drafts},
)
REPLY_RULE = Kind(
    name="reply_rule",
    label="答复审核的设定",
    path="reply_rules",
    model=ReplyRule,
    rows=rules_visible_to,
    show=show_rule,
    unit=lambda rule: rule.unit_id,
    related=("unit",),
)
DRAFT_REPLY = Verb(
    "reply.draft",
    "拟答复",
    of=REPLY,
    right="answer",
    fields=DraftReplyFields,
    do=actions.draft_reply,
    makes=True,
    owner=unit_to_draft,
    page=page_of_draft,
    event="draft_reply",
    done="已拟好，等审核人看过再发出；发出以前期限照算。",
)
APPROVE_REPLY = Verb(
    "reply.approve",
    "审核发出",
    of=REPLY,
    right="approve_reply",
    moves={"DRAFT": "SENT"},
    bars=not_the_drafter,
    ready=waits_for_approval,
    do=actions.approve_reply,
    event="approve_reply",
    done=lambda draft: SENT if is_going_out(draft.message, Does.ANSWER) else "答复已发出，计时停止。",
    hint="有平台接口的由系统发出，按平台的时间算；没有的按现在算，请同时在平台上答复。",
    main=True,
)
SET_REPLY_RULE = Verb(
    "reply_rule.set",
    "设定答复审核",
    of=REPLY_RULE,
    right="set_reply_rule",
    fields=ReplyRuleFields,
    do=actions.set_rule,
    makes=True,
    event="set_reply_rule",
    then=lambda rule: reverse("messages"),
    done=lambda rule: "已设定：本单位的答复拟稿后由审核人看过再发出。" if rule.approval else "已设定：本单位直接答复。",
)
KNOWN_ANSWER = Kind(
    name="known_answer",
    label="常用答复",
    path="known_answers",
    model=KnownAnswer,
    rows=answers_visible_to,
    show=show_answer,
    unit=lambda known: known.unit_id,
    related=("unit",),
    page=lambda known: reverse("known_answers"),
)
KEEP_ANSWER = Verb(
    "known_answer.keep",
    "收进常用答复",
    of=KNOWN_ANSWER,
    right="answer",
    fields=answering.KeepFields,
    do=answering.keep_answer,
    makes=True,
    page="known_answers",
    event="keep_answer",
    done="已收进常用答复，到期自动停用。",
)
END_ANSWER = Verb(
    "known_answer.end",
    "停用常用答复",
    of=KNOWN_ANSWER,
    right="answer",
    ready=answering.is_in_use,
    fields=answering.EndFields,
    do=answering.end_answer,
    event="end_answer",
    done="已停用，不再推荐。",
)
