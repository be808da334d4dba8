"""Whether what is on a platform is what was signed and sent."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

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


def may_be(sending: Sending, article: Article) -> bool:
    """Whether an article with the right words can be what was sent: not older, and no other sending's."""
    if sending.sent_at is not None and article.at < sending.sent_at - SKEW:
        return False
    others = Sending.objects.filter(account=sending.account_id, article=article.number).exclude(pk=sending.pk)
    return not others.exists()
