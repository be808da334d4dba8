"""What of the posts is read for an inspection."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cast import build_city
from xinmei.core.rulebook import resolve_readings
from xinmei.publishing.models import Post
from xinmei.supervision.loading import load_facts
from xinmei.supervision.watches import Window

AT = datetime(2026, 5, 12, 2, tzinfo=UTC)
WHOLE = {"drafter": "王某", "reviewer": "李某", "signatory": "赵某"}


@pytest.mark.django_db
def test_only_posts_that_may_lack_something_are_read_with_their_texts() -> None:
    account = build_city().accounts["DH-1"]
    written = {
        "whole": {"origin": "original", "byline": WHOLE},
        "blank": {"origin": "original", "byline": {**WHOLE, "signatory": "　"}},
        "none": {"origin": "original", "byline": {}},
        "unknown": {"origin": "original", "byline": None},
        "listed": {"origin": "repost", "source": "新华社"},
        "unlisted": {"origin": "repost", "source": "某某论坛"},
        "bare": {"origin": "repost", "source": " "},
        "odd": {"origin": ""},
    }
    for code, fields in written.items():
        Post.objects.create(
            code=code, account=account, published_at=datetime(2026, 5, 1, tzinfo=UTC), text="今日天气晴。", **fields
        )
    (facts,) = load_facts([account], Window(AT, resolve_readings({})), "")
    assert {post.code for post in facts.written} == {"blank", "none", "unlisted", "bare"}
