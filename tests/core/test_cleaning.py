"""清理优化: which facts speak for looking at an account, and that nobody is silent where nobody looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.core.calendar import SHANGHAI
from xinmei.core.cleaning import Silence, alike_on_other_platforms, are_alike, cleaning_rule, silence_of

RULE = cleaning_rule()
NOW = datetime(2026, 5, 12, 10, tzinfo=SHANGHAI)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_less_than_one_a_week_is_few():
    assert RULE.is_few(12)
    assert not RULE.is_few(13)


def test_a_silence_that_looks_cover_is_seen():
    assert silence_of(RULE, ago(40), NOW, ago(1), ago(60)) == Silence(39, seen=True)


def test_what_the_looks_do_not_cover_is_not_silence():
    assert silence_of(RULE, ago(40), NOW, None, None) == Silence(40, seen=False)
    assert silence_of(RULE, ago(40), NOW, ago(1), ago(20)) == Silence(40, seen=False)


def test_of_a_long_silence_only_the_part_that_was_covered_is_said():
    assert silence_of(RULE, ago(200), NOW, ago(1), ago(60)) == Silence(59, seen=True)


def test_a_post_within_the_days_is_no_silence():
    assert silence_of(RULE, ago(29), NOW, ago(1), ago(60)) is None


def test_names_that_share_their_own_words_are_alike():
    assert are_alike("东湖发布", "东湖融媒")
    assert not are_alike("东湖发布", "河口旅游")
    assert are_alike("微博", "东湖发布")  # a name of generic words alone says nothing


def test_only_another_platform_counts():
    others = [("东湖发布", "weibo"), ("东湖发布", "wechat"), ("河口旅游", "douyin")]
    assert alike_on_other_platforms("东湖发布", "wechat", others) == [0]
