"""§四 每周更新 · 附件1 「监测时间点前2周内无更新」, by hand."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.supervision.tests.facts_cast import at, look_daily, make_facts, post, window
from xinmei.supervision.watches.facts import Sight, months_of, weeks_of
from xinmei.supervision.watches.updates import watch_originals, watch_silence, watch_weeks

MONDAY = "2025-04-07T09:00"


def subjects(faults: object) -> list[str]:
    return [fault.subject for fault in faults]  # type: ignore[attr-defined]


def seen_all_spring(**account: object):
    return look_daily(make_facts(**account), "2024-12-31", "2025-04-07")


def test_no_update_for_two_weeks_before_the_moment_is_a_silence_named_by_its_gap() -> None:
    facts = post(seen_all_spring(), "2025-03-20T18:00")
    (fault,) = watch_silence(facts, window(MONDAY))
    assert fault.subject == "2025-03-20T18:00:00+08:00/2025-04-03T18:00:00+08:00"
    assert fault.fault_on == date(2025, 4, 7)


def test_a_post_exactly_14_days_before_the_end_of_the_last_look_is_inside() -> None:
    assert not list(watch_silence(post(seen_all_spring(), "2025-03-24T09:00:00"), window(MONDAY)))
    assert list(watch_silence(post(seen_all_spring(), "2025-03-24T08:59:59"), window(MONDAY)))


def test_a_silence_needs_looks_without_a_break() -> None:
    facts = post(seen_all_spring(), "2025-03-20T18:00")
    facts.looks = [look for look in facts.looks if look.start != at("2025-03-30T09:00")]
    assert not list(watch_silence(facts, window(MONDAY)))


def test_windows_that_leave_less_than_a_minute_join_and_a_whole_minute_parts_them() -> None:
    for pause, found in ((59, 1), (60, 0)):
        facts = post(make_facts(), "2025-03-20T18:00")
        look_daily(facts, "2025-03-01", "2025-03-30")
        start = at("2025-03-30T09:00") + timedelta(seconds=pause)
        facts.looks.append(Sight(start, at("2025-04-07T09:00"), "rss", "complete", "", None))
        assert len(list(watch_silence(facts, window(MONDAY)))) == found


def test_failed_and_partial_looks_cover_nothing() -> None:
    for outcome in ("failed", "partial"):
        assert not list(
            watch_silence(
                post(look_daily(make_facts(), "2025-03-01", "2025-04-07", outcome=outcome), "2025-03-01T10:00"),
                window(MONDAY),
            )
        )


def test_without_a_complete_look_in_the_last_24_hours_nobody_knows() -> None:
    facts = post(look_daily(make_facts(), "2025-03-01", "2025-04-06"), "2025-03-05T10:00")
    assert not list(watch_silence(facts, window("2025-04-07T09:00:01")))


def test_an_account_opened_less_than_14_days_ago_is_not_silent() -> None:
    assert not list(watch_silence(seen_all_spring(opened_on=date(2025, 3, 25)), window(MONDAY)))
    (fault,) = watch_silence(seen_all_spring(opened_on=date(2025, 3, 20)), window(MONDAY))
    assert fault.subject == "2025-03-20T00:00:00+08:00/2025-04-03T00:00:00+08:00"


def test_a_post_deleted_within_24_hours_is_no_update_and_one_deleted_a_second_later_is() -> None:
    assert list(watch_silence(post(seen_all_spring(), "2025-04-01T10:00", deleted="2025-04-02T10:00"), window(MONDAY)))
    assert not list(
        watch_silence(post(seen_all_spring(), "2025-04-01T10:00", deleted="2025-04-02T10:00:01"), window(MONDAY))
    )


def test_a_deletion_after_the_moment_is_unseen() -> None:
    assert not list(
        watch_silence(post(seen_all_spring(), "2025-04-07T08:00", deleted="2025-04-07T09:30"), window(MONDAY))
    )


def test_two_feeds_must_each_cover_the_silence_where_the_office_reads_so() -> None:
    assert not list(watch_silence(post(seen_all_spring(), "2025-03-20T18:00"), window(MONDAY, looks="two")))
    facts = look_daily(post(seen_all_spring(), "2025-03-20T18:00"), "2025-03-01", "2025-04-07", feed="api")
    assert list(watch_silence(facts, window(MONDAY, looks="two")))


def test_a_week_without_any_update_is_one_finding_a_week() -> None:
    facts = post(seen_all_spring(), *(f"2025-{day}T10:00" for day in ("01-06", "01-13", "02-03", "02-10")))
    assert subjects(watch_weeks(facts, window("2025-02-17T09:00"))) == ["2025-W04", "2025-W05"]


def test_a_post_at_sunday_235959_holds_its_week_and_one_at_monday_0000_does_not() -> None:
    posts = ["2025-01-06T10:00", "2025-01-20T10:00"]
    assert not subjects(watch_weeks(post(seen_all_spring(), *posts, "2025-01-19T23:59:59"), window("2025-01-27T09:00")))
    assert subjects(
        watch_weeks(post(seen_all_spring(), *posts, "2025-01-20T00:00:00"), window("2025-01-27T09:00"))
    ) == ["2025-W03"]


def test_a_week_across_new_year_is_judged_in_neither_year() -> None:
    assert weeks_of(2025)[0].name == "2025-W02"
    assert weeks_of(2025)[-1].name == "2025-W52"
    assert weeks_of(2025)[-1].last_day == date(2025, 12, 28)


def test_a_week_that_is_not_wholly_in_service_is_not_owed() -> None:
    facts = seen_all_spring(opened_on=date(2025, 3, 4))
    assert subjects(watch_weeks(facts, window("2025-03-24T09:00"))) == ["2025-W11", "2025-W12"]


def test_a_week_of_reposts_owes_an_original_unless_an_origin_is_unknown() -> None:
    facts = post(seen_all_spring(), "2025-01-07T10:00", "2025-01-14T10:00", origin="repost")
    post(facts, "2025-01-15T10:00", origin="")
    assert subjects(watch_originals(facts, window("2025-01-20T09:00"))) == ["2025-W02"]


def test_a_service_account_is_judged_by_the_month_and_owes_no_original_a_week() -> None:
    # 3 × 7 < 31: 少于1次；4 × 7 < 28 does not hold: February is enough
    facts = post(
        seen_all_spring(kind="service"), *(f"2025-01-{day}T10:00" for day in ("03", "12", "28")), origin="repost"
    )
    post(facts, *(f"2025-02-{day}T10:00" for day in ("03", "12", "20", "28")), origin="repost")
    assert subjects(watch_weeks(facts, window("2025-03-03T09:00"))) == ["2025-01"]
    assert not subjects(watch_originals(facts, window("2025-03-03T09:00")))


def test_in_january_the_old_year_is_closed() -> None:
    facts = look_daily(make_facts(), "2025-12-01", "2026-01-12")
    post(facts, "2025-12-02T10:00", "2025-12-30T10:00", "2026-01-08T10:00")
    assert subjects(watch_weeks(facts, window("2026-01-12T09:00"))) == ["2025-W50", "2025-W51", "2025-W52"]


def test_rolling_weeks_are_whole_spans_of_a_gap() -> None:
    facts = post(seen_all_spring(), "2025-01-06T10:00", "2025-01-21T09:00", "2025-01-22T09:00", "2025-01-27T09:00")
    found = subjects(watch_weeks(facts, window("2025-01-27T09:00", week="rolling")))
    spans = [
        "2025-01-06T10:00:00+08:00/2025-01-13T10:00:00+08:00",
        "2025-01-13T10:00:00+08:00/2025-01-20T10:00:00+08:00",
    ]
    assert [subject for subject in found if subject > "2025-01-06"] == spans


@given(st.lists(st.integers(0, 96 * 24 * 60), max_size=60), st.integers(0, 1))
def test_one_more_update_never_makes_a_fault(minutes: list[int], service: int) -> None:
    start = at("2025-01-01T00:00")
    kind = "service" if service else ""

    def found(moments: list[int]) -> set[tuple[str, str]]:
        facts = seen_all_spring(kind=kind)
        facts.updates = sorted(
            type(u)(start + timedelta(minutes=m), None, "original")
            for m in moments
            for u in post(make_facts(), MONDAY).updates
        )
        faults = [*watch_weeks(facts, window(MONDAY)), *watch_silence(facts, window(MONDAY))]
        return {(f.criterion, f.subject if f.criterion == "slow_update" else "") for f in faults}

    assert found(minutes) <= found(minutes[:-1])


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_months_and_weeks_fill_the_year_without_overlap(year: int) -> None:
    for spans in (weeks_of(year), months_of(year)):
        assert all(one.end == other.start for one, other in itertools.pairwise(spans))
