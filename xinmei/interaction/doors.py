"""The doors of §五: messages of the public, replies, patrols."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.interaction.models import Message, Patrol, Reply
from xinmei.people.doors import Refused, check, one_by_code, reach_to_do, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q, reaches
from xinmei.people.rights import VERB_LABELS


def messages_visible_to(acting: Acting) -> QuerySet[Message]:
    """Messages to the accounts in reach, with their text; an observer sees none."""
    return Message.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "account__unit"))


def replies_visible_to(acting: Acting) -> QuerySet[Reply]:
    """Replies to the messages in reach."""
    return Reply.objects.filter(reach_q(acting, reach_to_see(acting, "messages"), "message__account__unit"))


def message_for(acting: Acting, code: str, to: str = "read") -> Message:
    """One message by its code, to read or to "reveal". Raises Http404 out of reach, Refused for lack of right."""
    message = one_by_code(messages_visible_to(acting).select_related("account__unit"), code)
    if to != "read":
        check(acting, to, "message", code)
        if not reaches(acting, reach_to_do(acting, to), message.account.unit_id):
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
