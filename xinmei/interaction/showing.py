"""Messages and looks as programs read them, personal data masked as on the page."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.interaction.models import DraftReply, KnownAnswer, Message, Patrol, ReplyRule
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting


def mask_name(name: str) -> str:
    """A citizen's name: its first character and stars."""
    return name[:1] + "*" * min(len(name) - 1, 4)


class ShownReply(TypedDict):
    """A reply to a message."""

    replied_at: str | None
    text: str
    automatic: bool


ShownMessage = TypedDict(
    "ShownMessage",
    {
        "id": str,
        "account": str,
        "unit": str,
        "with": str,
        "kind": str,
        "received_at": str | None,
        "text": str,
        "author": str | None,
        "post": str | None,
        "concrete_policy_question": bool | None,
        "published_at": str | None,
        "held_at": str | None,
        "state": str,
        "reply_due_at": str | None,
        "provisional": bool,
        "applies": bool,
        "replies": list[ShownReply],
    },
)


def show_message(message: Message, acting: Acting) -> ShownMessage:
    """A message with its replies. An automatic reply answers nothing."""
    return {
        "id": message.code,
        "account": message.account.code,
        "unit": message.account.unit.code,
        "with": message.answering.code,
        "kind": message.kind,
        "received_at": show_moment(message.received_at),
        "text": mask(message.text),
        "author": mask_name(message.author) or None,
        "post": message.post or None,
        "concrete_policy_question": message.concrete_policy_question,
        "published_at": show_moment(message.published_at),
        "held_at": show_moment(message.held_at),
        "applies": message.applies,
        "reply_due_at": show_moment(message.reply_due_at),
        "provisional": message.provisional,
        "state": message.state,
        "replies": [
            {"replied_at": show_moment(one.replied_at), "text": mask(one.text), "automatic": bool(one.automatic)}
            for one in message.replies.all()
        ],
    }


class ShownReplyDraft(TypedDict):
    """What programs read of a reply that needs a second pair of eyes."""

    id: str
    message: str
    account: str
    unit: str
    text: str
    state: str
    drafter: str
    drafted_at: str | None
    approver: str | None
    sent_at: str | None


def show_draft(draft: DraftReply, acting: Acting) -> ShownReplyDraft:
    """A reply that waits to be approved, or was."""
    return {
        "id": str(draft.pk),
        "message": draft.message.code,
        "account": draft.message.account.code,
        "unit": draft.unit.code,
        "text": mask(draft.text),
        "state": draft.state,
        "drafter": draft.drafter,
        "drafted_at": show_moment(draft.drafted_at),
        "approver": draft.approver or None,
        "sent_at": show_moment(draft.sent_at),
    }


class ShownRule(TypedDict):
    """What programs read of a unit's setting."""

    id: str
    unit: str
    approval: bool
    by: str
    at: str | None


def show_rule(rule: ReplyRule, acting: Acting) -> ShownRule:
    """Whether the replies of a unit need a second pair of eyes."""
    return {
        "id": str(rule.pk),
        "unit": rule.unit.code,
        "approval": rule.approval,
        "by": rule.by,
        "at": show_moment(rule.at),
    }


class ShownAnswer(TypedDict):
    """What programs read of a kept answer."""

    id: str
    unit: str
    question: str
    answer: str
    owner: str
    until: str | None
    ended_at: str | None


def show_answer(known: KnownAnswer, acting: Acting) -> ShownAnswer:
    """An answered question of the library."""
    return {
        "id": str(known.pk),
        "unit": known.unit.code,
        "question": mask(known.question),
        "answer": mask(known.answer),
        "owner": known.owner,
        "until": show_day(known.until),
        "ended_at": show_moment(known.ended_at),
    }


class ShownPatrol(TypedDict):
    """What programs read of a look."""

    id: str
    account: str
    unit: str
    day: str | None
    half: str
    by: str | None
    at: str | None
    checked: list[str]
    note: str | None


def show_patrol(patrol: Patrol, acting: Acting) -> ShownPatrol:
    """One look at an account. `by` is the log-in name; of a look that came by import, the name that stands there."""
    return {
        "id": str(patrol.pk),
        "account": patrol.account.code,
        "unit": patrol.account.unit.code,
        "day": show_day(patrol.day),
        "half": patrol.half,
        "by": patrol.login or patrol.by or None,
        "at": show_moment(patrol.at),
        "checked": list(patrol.checked or ()),
        "note": mask(patrol.note) or None,
    }
