"""§四 sources, bylines, and what the screening found; §五 comments let through; by hand."""

from __future__ import annotations

from typing import Any

import pytest

from xinmei.supervision.tests.facts_cast import at, make_facts, window
from xinmei.supervision.watches.facts import AccountFacts, Screened, Written
from xinmei.supervision.watches.posts import gives_source, watch_bylines, watch_sources, watch_texts

T = "2025-05-12T09:00"
THREE = {"drafter": "王静", "reviewer": "孙立", "signatory": "李强"}


def found(faults: object) -> list[tuple[str, str]]:
    return [(fault.criterion, fault.subject) for fault in faults]  # type: ignore[attr-defined]


def written(
    origin: str, byline: Any = None, source: str = "", text: str = "今日开学。", deleted: str | None = None
) -> AccountFacts:
    facts = make_facts()
    facts.written.append(
        Written("P1", at("2025-05-06T10:00"), deleted and at(deleted), origin, source, byline, "开学", text)
    )
    return facts


def screened(*rows: tuple[str, str, str]) -> AccountFacts:
    """Rows of (post or message, number, category), each with two hits, at 10:00 on 6 May."""
    facts = make_facts()
    hit = {
        "start": 0,
        "end": 4,
        "text": "全场五折",
        "rule": "r",
        "severity": "medium",
        "suggest": "",
        "clause": "附件1",
    }
    for of, code, category in rows:
        facts.screened.append(
            Screened(code, at("2025-05-06T10:00"), None, of, category, (hit, hit | {"start": 9, "end": 13}))
        )
    return facts


@pytest.mark.parametrize(
    "text", ["来源：新华社", "信息来源: 人民日报", "（来源 中国政府网）", "转载自新华网", "来 源：省政府网"]
)
def test_a_source_that_stands_in_the_text_counts_as_given(text: str) -> None:
    assert gives_source(text)
    assert not list(watch_sources(written("repost", text=text), window(T)))


@pytest.mark.parametrize(
    "text", ["资金来源主要是财政拨款。", "代表来自全市各县区。", "由公路转自行车道。", "今日开学。"]
)
def test_words_that_name_no_source_do_not(text: str) -> None:
    assert found(watch_sources(written("repost", text=text), window(T))) == [("missing_source", "P1")]


def test_an_original_needs_no_source_and_a_post_of_unknown_origin_neither() -> None:
    for origin in ("original", ""):
        assert not list(watch_sources(written(origin), window(T)))


def test_an_absent_byline_is_unknown_and_an_empty_one_is_missing() -> None:
    assert not list(watch_bylines(written("original", None), window(T)))
    assert found(watch_bylines(written("original", {}), window(T))) == [("missing_byline", "P1")]
    assert not list(watch_bylines(written("", {}), window(T)))


def test_an_original_needs_drafter_reviewer_and_signatory_a_repost_proofreader_and_reviewer() -> None:
    assert not list(watch_bylines(written("original", THREE), window(T)))
    assert found(watch_bylines(written("repost", THREE), window(T))) == [("missing_byline", "P1")]
    assert not list(watch_bylines(written("repost", THREE, text="今日开学。（编校：赵敏）"), window(T)))


def test_a_post_deleted_after_exactly_24_hours_is_not_judged_and_a_second_later_it_is() -> None:
    assert not list(watch_bylines(written("original", {}, deleted="2025-05-07T10:00:00"), window(T)))
    assert list(watch_bylines(written("original", {}, deleted="2025-05-07T10:00:01"), window(T)))


def test_two_adverts_in_one_post_are_one_finding_and_two_kinds_are_two() -> None:
    facts = screened(("post", "P1", "advert"), ("post", "P1", "improper_content"))
    assert found(watch_texts(facts, window(T))) == [("advert", "P1"), ("improper_content", "P1")]


def test_a_comment_let_through_with_hits_of_any_kind_is_one_finding_but_a_typo_is_none() -> None:
    facts = screened(("message", "M1", "advert"), ("message", "M1", "privacy_leak"), ("message", "M2", "typo"))
    assert found(watch_texts(facts, window(T))) == [("unmoderated_comment", "M1")]


def test_what_was_published_before_the_window_or_the_service_is_not_judged() -> None:
    facts = screened(("post", "P1", "advert"))
    assert not list(watch_texts(facts, window("2025-05-06T09:59:59")))
    assert not list(watch_texts(facts, window("2026-02-02T09:00")))
    assert list(watch_texts(facts, window("2026-01-26T09:00")))
