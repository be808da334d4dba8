"""Several inspections of 东湖发布, one after another, with the database: one fault is one finding, whoever sees it."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import City, act, build_city
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotNow
from xinmei.core.rulebook import UnknownSet
from xinmei.people.events import SYSTEM, record
from xinmei.people.models import Event
from xinmei.publishing.models import FunctionCheck, Post
from xinmei.registry.models import Account, Look
from xinmei.rows import fetch_rows
from xinmei.supervision.inspecting import Result, inspect
from xinmei.supervision.models import Finding, Inspection
from xinmei.supervision.sheets import score_accounts

BY = "cha"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def account(db: None) -> Account:
    """东湖发布 alone, a 订阅号."""
    city: City = build_city()
    Account.objects.exclude(code="DH-1").delete()
    return city.accounts["DH-1"]


def look(account: Account, first: str, last: str, feed: str = "rss", **profile: str) -> None:
    Look.objects.create(
        account=account,
        feed=feed,
        window_start=at(first),
        window_end=at(last),
        outcome="complete",
        profile=profile or None,
    )


def post(account: Account, *moments: str, **more: object) -> None:
    for moment in moments:
        Post.objects.create(
            code=f"P{Post.objects.count()}",
            account=account,
            published_at=at(moment),
            title="动态",
            text="今日天气晴。",
            **more,
        )


def run(moment: str, **readings: str) -> Result:
    """Inspects, after an event such as every way in leaves behind: the facts of these tests came without one."""
    with transaction.atomic():
        record("import", by=SYSTEM, at=at(moment), kind="bundle", number="")
    return inspect(at(moment), by=SYSTEM, clock=timezone.now, readings=readings)


def found(criterion: str) -> list[tuple[str, str]]:
    return list(Finding.objects.filter(criterion=criterion).order_by("pk").values_list("subject", "status"))


def test_a_silence_over_half_a_year_and_new_year_is_one_finding(account: Account) -> None:
    # 「one finding a gap between two updates, however many inspections see it」
    post(account, "2024-06-01T10:00")
    moments = ["2024-05-01T00:00", "2024-07-01T09:00", "2024-12-30T09:00", "2025-01-27T09:00", "2025-03-10T09:00"]
    for before, moment in pairwise(moments):
        look(account, before, moment)
        run(moment)
        assert found("silent_two_weeks") == [("2024-06-01T10:00:00+08:00/2024-06-15T10:00:00+08:00", "SUSPECTED")]


def test_a_silence_that_a_person_worded_freely_stops_no_inspection(account: Account) -> None:
    act(
        "finding.find",
        criterion="silent_two_weeks",
        by=BY,
        at=at("2025-01-05T09:00"),
        note="检查时所见",
        account=account.code,
        subject="年初停更",
    )
    look(account, "2024-12-01T00:00", "2025-02-10T09:00")
    post(account, "2024-12-02T10:00", "2025-01-10T10:00")
    run("2025-02-10T09:00")
    assert found("silent_two_weeks") == [
        ("年初停更", "SUSPECTED"),
        ("2025-01-10T10:00:00+08:00/2025-01-24T10:00:00+08:00", "SUSPECTED"),
    ]


def test_with_two_feeds_the_span_ends_where_the_last_look_of_any_feed_ended(account: Account) -> None:
    # E is 9:00 by 「rss」; the other feed covers up to 8:00 only, so that E − 14×24 h to E is not covered
    # twice
    look(account, "2025-01-01T00:00", "2025-02-10T09:00")
    look(account, "2025-01-01T00:00", "2025-02-10T08:00", "official_api")
    run("2025-02-10T09:00", looks="two")
    assert found("silent_two_weeks") == []
    Look.objects.filter(feed="official_api").update(window_end=at("2025-02-10T09:00"))
    run("2025-02-10T09:00", looks="two")
    assert len(found("silent_two_weeks")) == 1


def test_the_same_inspection_again_takes_back_what_facts_that_came_meanwhile_contradict(account: Account) -> None:
    look(account, "2024-12-28T00:00", "2025-01-27T09:00")
    post(account, "2024-12-30T10:00", "2025-01-02T10:00", "2025-01-20T10:00")
    run("2025-01-27T09:00")
    assert found("slow_update") == [("2025-W02", "SUSPECTED"), ("2025-W03", "SUSPECTED")]
    post(account, "2025-01-08T10:00")
    run("2025-01-27T09:00")
    assert found("slow_update") == [("2025-W02", "DISMISSED"), ("2025-W03", "SUSPECTED")]


def test_a_profile_seen_long_ago_still_beats_the_register(account: Account) -> None:
    look(account, "2024-03-01T00:00", "2024-03-08T09:00", verification="民生资讯平台")
    look(account, "2025-02-01T00:00", "2025-02-10T09:00")
    run("2025-02-10T09:00")
    assert found("host_not_in_verification") == [("DH-1", "SUSPECTED")]


def test_an_account_misnamed_again_after_a_recheck_is_a_new_finding(account: Account) -> None:
    # 「one finding a year until cured; seen again after a recheck said cured: a new one」
    def enter(moment: str) -> Finding:
        return act(
            "finding.find", criterion="misnamed", by=BY, at=at(moment), note="名称与职责无关", account=account.code
        )

    first = enter("2025-03-03T09:00")
    with pytest.raises(NotNow, match="同一问题已有记录"):
        enter("2025-03-04T09:00")
    act("finding.confirm", [first.pk], by=BY, at=at("2025-03-04T10:00"))
    act("finding.rectify", [first.pk], by=BY, at=at("2025-03-05T10:00"))
    act("finding.recheck", [first.pk], by=BY, at=at("2025-03-05T11:00"), cured=True)
    assert enter("2025-06-03T09:00").pk != first.pk


def test_the_sheet_of_february_holds_what_the_last_inspection_of_january_raised_for_the_old_year(
    account: Account,
) -> None:
    # 「the confirmed findings of `inspection` that it raised」: a function that failed on 30 December 2024,
    # seen on 6 January
    look(account, "2024-12-01T00:00", "2025-01-06T09:00")
    post(account, "2025-01-02T10:00")
    FunctionCheck.objects.create(account=account, name="预约", checked_at=at("2024-12-30T10:00"), works=False)
    run("2025-01-06T09:00")
    Finding.objects.exclude(criterion="dead_function").delete()
    act("finding.confirm", [Finding.objects.get().pk], by=BY, at=at("2025-01-06T10:00"))
    for moment in ("2025-02-03T09:00", "2026-01-12T09:00"):
        ((_, sheet),) = score_accounts(at(moment))
        assert (sheet.verdict, str(sheet.score)) == ("pass", "98")


def test_a_late_cure_is_recorded_although_the_account_closed_and_the_year_ended(account: Account) -> None:
    # sent on Tuesday 30 December 2025, term: 24:00 of the 31st; closed on the 31st; the next inspection is
    # in March
    finding = act(
        "finding.find",
        criterion="improper_reply",
        by=BY,
        at=at("2025-12-30T09:00"),
        note="回怼网民",
        account=account.code,
        subject="M1",
    )
    act("finding.confirm", [finding.pk], by=BY, at=at("2025-12-30T10:00"))
    Account.objects.update(closed_on=date(2025, 12, 31), status="closed")
    run("2026-03-02T09:00")
    assert found("late_rectification") == [(str(finding.pk), "CONFIRMED")]
    assert Finding.objects.get(criterion="late_rectification").fault_on == date(2025, 12, 31)


def test_before_the_notice_was_in_force_nothing_is_inspected(account: Account) -> None:
    with pytest.raises(UnknownSet, match="自 2021-06-20 起施行"):
        run("2021-06-19T23:59:59")
    assert not Inspection.objects.exists()
    assert run("2021-06-20T00:00:00").inspection.inspected == 0


@pytest.mark.django_db
def test_a_query_that_can_match_nothing_gives_no_rows():
    assert list(fetch_rows(Look.objects.filter(account_id__in=[]).values_list("pk"))) == []


def test_the_same_moment_is_not_judged_again_until_something_was_recorded(account: Account) -> None:
    look(account, "2025-01-01T00:00", "2025-02-10T09:00")
    run("2025-02-10T09:00")
    with CaptureQueriesContext(connection) as queries:
        again = inspect(at("2025-02-10T09:00"), by=SYSTEM, clock=timezone.now, readings={})
    assert (again.raised, again.standing) == ([], Finding.objects.filter(status="SUSPECTED").count()), "the same answer"
    assert len(queries) < 12
    assert Event.objects.filter(verb="inspect").count() == 1, "nothing was done, so nothing is on record"
    with transaction.atomic():
        record("sign_in", by=SYSTEM, at=at("2025-02-10T09:00"), kind="person", number="x")
    inspect(at("2025-02-10T09:00"), by=SYSTEM, clock=timezone.now, readings={})
    assert Event.objects.filter(verb="inspect").count() == 1, "who logs in changes no fact"
    inspect(at("2025-02-10T09:00"), by=SYSTEM, clock=timezone.now, readings={"looks": "two"})
    assert Event.objects.filter(verb="inspect").count() == 2, "under another reading it is another inspection"
