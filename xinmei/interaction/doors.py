"""The doors of §五: messages of the public, replies, patrols."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinmei.interaction.models import (
    AutoReply,
    DraftReply,
    KnownAnswer,
    Message,
    Patrol,
    PlatformLook,
    Reply,
    ReplyRule,
)
from xinmei.people.doors import Refused, check, one_by_code, reach_to_do, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q, reaches
from xinmei.people.rights import VERB_LABELS
from xinmei.units.reach import OWN


def _reach(acting: Acting, message: str = "") -> Q:
    """Messages to the accounts in reach; an observer sees none.

    「A message handed over: the host and the unit that must answer, both O.」
    """
    letter = reach_to_see(acting, "messages")
    found = reach_q(acting, letter, f"{message}account__unit")
    return found | Q(**{f"{message}handed_to": acting.unit_id}) if letter == OWN else found


def messages_visible_to(acting: Acting) -> QuerySet[Message]:
    """Messages in reach, with their text."""
    return Message.objects.filter(_reach(acting))


def replies_visible_to(acting: Acting) -> QuerySet[Reply]:
    """Replies to the messages in reach."""
    return Reply.objects.filter(_reach(acting, "message__"))


def drafts_visible_to(acting: Acting) -> QuerySet[DraftReply]:
    """Replies that wait for the second pair of eyes, and what became of them: of one's own unit.

    「Drafts: O」
    """
    if not acting.judged:
        return DraftReply.objects.all()
    own = reach_to_see(acting, "drafts") == OWN
    return DraftReply.objects.filter(unit=acting.unit_id) if own else DraftReply.objects.none()


def rules_visible_to(acting: Acting) -> QuerySet[ReplyRule]:
    """Which units want a second pair of eyes, within the reach of messages."""
    return ReplyRule.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "unit"))


def answers_visible_to(acting: Acting) -> QuerySet[KnownAnswer]:
    """The library of answered questions, within the reach of messages."""
    return KnownAnswer.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "unit"))


def auto_replies_visible_to(acting: Acting) -> QuerySet[AutoReply]:
    """What accounts answer by themselves, within the reach of messages."""
    return AutoReply.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "account__unit"))


def looks_visible_to(acting: Acting) -> QuerySet[PlatformLook]:
    """How much of comments and automatic replies was seen, within the same reach."""
    return PlatformLook.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "account__unit"))


def is_own(acting: Acting, *units: int | None) -> bool:
    """Whether the position is held at one of these units. Who is not judged is at home everywhere."""
    return not acting.judged or (acting.unit_id is not None and acting.unit_id in units)


def message_for(acting: Acting, code: str, to: str = "read") -> Message:
    """One message by its code, to read or to "reveal". Raises Http404 out of reach, Refused for lack of right."""
    message = one_by_code(messages_visible_to(acting).select_related("account__unit", "handed_to", "on_platform"), code)
    if to != "read":
        check(acting, to, "message", code)
        units = {message.account.unit_id, message.answering.pk}
        if not any(reaches(acting, reach_to_do(acting, to), unit) for unit in units):
            raise Refused(
                f"留言 {code} 不在{acting.unit_name}名下，不能{VERB_LABELS[to]}",
                acting=acting,
                verb=to,
                kind="message",
                number=code,
            )
    return message


def patrols_visible_to(acting: Acting) -> QuerySet[Patrol]:
    """「Samples of higher tiers, commendations and patrols are seen as findings sent are.」"""
    return Patrol.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent"), "account__unit"))
