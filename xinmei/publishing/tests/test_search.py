"""The search of words: the same as reading every text, within reach, as it is shown, newest first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.cast import NOW, act_as, build_city, build_people
from xinmei.jobs.handlers import Run
from xinmei.pages.lists import pairs
from xinmei.publishing.doors import posts_visible_to
from xinmei.publishing.jobs import EVERY, index_posts
from xinmei.publishing.models import Post, PostPairs
from xinmei.publishing.search import INDEX, find_posts

LETTERS = "公积金提取aA1 "


@pytest.fixture
def city(db):
    return build_people(build_city())


def put(city, account: str, number: int, title: str, text: str = "", revision: int = 1) -> Post:
    at = NOW - timedelta(hours=number)
    return Post.objects.create(
        code=f"{account}-{number}",
        account=city.accounts[account],
        published_at=at,
        title=title,
        text=text,
        revision=revision,
    )


def find(city, login: str, word: str, most: int = 100) -> list[int]:
    acting = act_as(city, login)
    return find_posts(acting, posts_visible_to(acting), word, most).numbers


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("word", ["公积", "积金提", "公积金提取", "GJJ", "取公"])
def test_a_word_of_any_length_is_found_with_and_without_index(city, indexed, word):
    newest = put(city, "DH-1", 1, "如何", "公积金提取公告（GjJ）")
    older = put(city, "DH-1", 2, "公积金提取公开gjj")
    put(city, "DH-1", 3, "公 积 金")
    if indexed:
        INDEX.update()
    assert find(city, "cha", word) == [newest.pk, older.pk]


def test_what_came_or_changed_since_the_index_was_made_is_found_and_what_it_no_longer_says_is_not(city):
    changed = put(city, "DH-1", 1, "旧标题")
    INDEX.update()
    assert not INDEX.is_behind()
    came = put(city, "DH-1", 2, "新标题", revision=2)
    Post.objects.filter(pk=changed.pk).update(title="新标题", revision=2)
    assert INDEX.is_behind()
    for _ in range(2):
        assert find(city, "cha", "新标") == [changed.pk, came.pk]
        assert find(city, "cha", "旧标") == []
        INDEX.update()


def test_only_what_is_in_reach_is_found_and_counted(city):
    own, below, beside = (put(city, account, 1, "办事指南") for account in ("DH-1", "TY-1", "SW-1"))
    INDEX.update()
    assert set(find(city, "cha", "指南")) == {own.pk, below.pk, beside.pk}
    assert set(find(city, "zhu", "指南")) == {own.pk, below.pk}
    assert find(city, "bian", "指南") == [own.pk]
    assert find(city, "xi", "指南") == []


def test_more_owners_than_the_index_is_told_of_are_left_to_the_database(city, monkeypatch):
    own, _ = put(city, "DH-1", 1, "办事指南"), put(city, "SW-1", 1, "办事指南")
    INDEX.update()
    monkeypatch.setattr(pairs, "MOST_OWNERS", 0)
    assert find(city, "bian", "指南") == [own.pk]


@pytest.mark.parametrize("indexed", [True, False])
def test_masked_numbers_cannot_be_searched_for(city, indexed):
    post = put(city, "DH-1", 1, "公示", "联系人手机13912345678，请勿外传")
    if indexed:
        INDEX.update()
    assert find(city, "cha", "13912345678") == []
    assert find(city, "cha", "91234") == []
    assert find(city, "cha", "5678") == [post.pk]  # as it is shown: 139****5678
    assert find(city, "cha", "请勿外传") == [post.pk]


def test_the_count_says_whether_there_are_more(city):
    for number in range(5):
        put(city, "DH-1", number, "办事指南")
    INDEX.update()
    acting = act_as(city, "cha")
    assert find_posts(acting, posts_visible_to(acting), "指南", 5).count == "共 5 条"
    assert find_posts(acting, posts_visible_to(acting), "指南", 4).count == "至少 4 条"


def test_common_words_and_accounts_with_many_posts_become_bitmaps(city):
    many = pairs.BLOCK // 16 + 10
    Post.objects.bulk_create(
        [
            Post(code=f"B{n}", account=city.accounts["DH-1"], published_at=NOW, title="通知公告", revision=1)
            for n in range(many)
        ],
        batch_size=1000,
    )
    rare = put(city, "DH-1", 1, "通知要点")
    beside = put(city, "SW-1", 1, "通知公告")
    INDEX.update()
    assert PostPairs.objects.filter(bucket=pairs._bucket("通知")).get().places[:1] is not None
    assert find(city, "bian", "通知要") == [rare.pk]
    assert len(find(city, "bian", "通知公告", most=many + 1)) == many
    assert find(city, "lin", "通知公告") == [beside.pk]


@pytest.mark.parametrize("text", ["办事指南", "联系电话13912345678，办事指南"])
def test_a_search_costs_few_queries_and_parameters_however_many_texts_hold_the_word(city, text):
    for number in range(20):
        put(city, "DH-1", number, text)
    INDEX.update()
    acting = act_as(city, "zhu")
    with CaptureQueriesContext(connection) as queries:
        assert not find_posts(acting, posts_visible_to(acting), "指南", 2).whole
        assert find_posts(acting, posts_visible_to(acting), "91234", 2).numbers == []
    assert len(queries) <= 10
    with CaptureQueriesContext(connection) as queries:
        find_posts(acting, posts_visible_to(acting), "指南", 2)
    assert len(queries) <= 3


def test_behind_many_texts_that_hold_the_word_only_masked_the_others_are_found(city):
    for number in range(9):
        put(city, "DH-1", number, "公示", "联系人手机13912345678")
    older = [put(city, "DH-1", number, "热线912345").pk for number in (10, 11)]
    INDEX.update()
    assert find(city, "cha", "91234", most=2) == older


def test_the_job_brings_the_index_up_to_date_and_says_so(city):
    put(city, "DH-1", 1, "办事指南")
    assert EVERY.needed(NOW)
    run = Run({}, NOW, NOW)
    assert [index_posts(run), index_posts(run)] == ["更新了 1 段检索。", "没有新的信息。"]
    assert not EVERY.needed(NOW)


class TestOracle(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        texts=st.lists(
            st.tuples(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12), st.booleans()), max_size=8
        ),
        word=st.text(LETTERS, min_size=2, max_size=4),
        cut=st.integers(0, 8),
    )
    def test_the_same_rows_as_by_reading_every_text(self, texts, word, cut):
        city = build_people(build_city())
        for number, (title, text, own) in enumerate(texts):
            put(city, "DH-1" if own else "SW-1", number, title, text, revision=1 if number < cut else 2)
            if number + 1 == cut:
                INDEX.update()
        for login, reach in (("cha", ("DH-1", "SW-1")), ("bian", ("DH-1",))):
            read = Post.objects.filter(account__code__in=reach).order_by("-published_at")
            expected = [
                post.pk for post in read if word.lower() in post.title.lower() or word.lower() in post.text.lower()
            ]
            assert find(city, login, word) == expected
