"""Whether what is on a platform is what was signed and sent."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from django.db.models import Q

from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.interface import Article
from xinmei.publishing.channels.models import Sending

# The platform's clock is not ours.
SKEW = timedelta(minutes=2)


def fold(words: str) -> str:
    """White space and width apart."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def same_words(one: str, other: str) -> bool:
    """The same, white space and width apart."""
    return fold(one) == fold(other)


def check_twins(sending: Sending, title: str) -> None:
    """Another draft of the same title on the same account whose own answer is awaited: what is seen may be that one.

    Raises Fault. Of two that both wait for a look the earlier one is looked for first.
    """
    state = Sending.State
    waits = Q(state=state.SUBMITTED) | Q(state=state.ASKED, pk__lt=sending.pk)
    twins = Sending.objects.filter(waits, account=sending.account_id, draft__release__version__title=title)
    if twins.exclude(pk=sending.pk).exists():
        raise Fault(Means.RETRY, "同一个账号上同题的另一篇还没有结果，分不清是哪一篇", "系统等那一篇有结果再看")


def may_be(sending: Sending, article: Article) -> bool:
    """Whether an article with the right words can be what was sent: not older, and no other sending's."""
    if sending.sent_at is not None and article.at < sending.sent_at - SKEW:
        return False
    others = Sending.objects.filter(account=sending.account_id, article=article.number).exclude(pk=sending.pk)
    return not others.exists()
