"""The automatic replies of an account, looked through before they are stored: what they say, and where they lead.

What is found is a suggestion for a person. An automatic reply never counts as an answer (reading: reply_counts).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xinmei.core.autoreplies import Rule, look_through
from xinmei.core.replies import check_reply
from xinmei.interaction.models import AutoReply, Reply
from xinmei.interaction.owed import RECENT
from xinmei.packs.in_use import current_screen
from xinmei.people.doors import day_of
from xinmei.registry.models import Account

When = AutoReply.When
# Of what strikes in an answer, these strike in what no person wrote too.
_SAID = ("angry", "promise", "personal_data")
MOST_SEEN = 50


def store(account: Account, found: Sequence[AutoReply], whens: Sequence[When], at: datetime) -> None:
    """These stand in place of those that stood, of these kinds."""
    _suggest(found, at)
    for place, one in enumerate(found):
        one.account, one.place, one.seen_at = account, place, at
    with transaction.atomic():
        AutoReply.objects.filter(account=account, when__in=whens).delete()
        AutoReply.objects.bulk_create(found)


def _suggest(found: Sequence[AutoReply], at: datetime) -> None:
    told = [Rule(one.when, one.text, [(mode, word) for mode, word in one.keywords]) for one in found]
    hits = current_screen().scan([one.text for one in found], day_of(at))
    for one, led, seen in zip(found, look_through(told), hits, strict=True):
        said = [hint for hint in check_reply(one.text) if hint.kind in _SAID]
        one.suggestions = [
            *({"label": hint.label, "found": hint.found, "advice": hint.advice} for hint in (*led, *said)),
            *({"label": "机器筛查", "found": hit.text, "advice": hit.suggest or hit.clause} for hit in seen),
        ]


def store_seen(account: Account, at: datetime) -> int:
    """What was seen in replies to messages and is marked automatic, each wording once; how many."""
    replies = Reply.objects.filter(message__account=account, automatic=True, replied_at__gt=at - RECENT)
    texts = list(dict.fromkeys(replies.order_by("-replied_at").values_list("text", flat=True)))[:MOST_SEEN]
    store(account, [AutoReply(when=When.SEEN, text=text) for text in texts if text], [When.SEEN], at)
    return len(texts)
