"""附件2: silence, empty weeks and late cures within one gap between two updates are one event.

What a reading would not have made is dropped.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.cast import act, build_city
from xinmei.assessment.assessing import assess
from xinmei.core.calendar import SHANGHAI
from xinmei.core.scoring import Sheet
from xinmei.interaction.models import Message, Reply
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

BY = "cha"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def account(db: None) -> Account:
    """东湖发布 alone, seen from December 2024 to March 2026."""
    city = build_city()
    Account.objects.exclude(code="DH-1").delete()
    account = city.accounts["DH-1"]
    Look.objects.create(
        account=account,
        feed="rss",
        window_start=at("2024-12-01T00:00"),
        window_end=at("2026-03-02T09:00"),
        outcome="complete",
    )
    return account


def post(account: Account, *moments: str) -> None:
    for moment in moments:
        Post.objects.create(
            code=f"P{Post.objects.count()}", account=account, published_at=at(moment), title="动态", text="今日天气晴。"
        )


def look_until(moment: str) -> None:
    Look.objects.update(window_end=at(moment))


def confirm_all(criterion: str, moment: str) -> list[int]:
    ids = list(Finding.objects.filter(criterion=criterion, status="SUSPECTED").values_list("pk", flat=True))
    act("finding.confirm", ids, by=BY, at=at(moment))
    return ids


def sheet(year: int, **readings: str) -> Sheet:
    (only,) = next(row for row in assess(year, readings) if row.unit == "DH").accounts
    return only


def points(year: int, criterion: str, **readings: str) -> Decimal:
    return sum(
        (line.points or Decimal(0) for line in sheet(year, **readings).lines if line.criterion.criterion == criterion),
        Decimal(0),
    )


def test_late_cures_of_weeks_of_the_old_year_within_one_gap_count_once_in_the_new_year(account: Account) -> None:
    # 2025-W50 and W51 are empty, sent on Wednesday 31 December 2025: the terms end on Sunday 4 January 2026 (a day that
    # is worked)
    post(account, "2025-12-06T10:00", "2025-12-24T10:00", "2025-12-30T10:00")
    look_until("2025-12-31T09:00")
    inspect(at("2025-12-31T09:00"), by=SYSTEM, clock=timezone.now)
    Finding.objects.exclude(subject__in=["2025-W50", "2025-W51"]).delete()
    assert len(confirm_all("slow_update", "2025-12-31T10:00")) == 2
    inspect(at("2026-01-12T09:00"), by=SYSTEM, clock=timezone.now)
    assert Finding.objects.filter(criterion="late_rectification").count() == 2
    assert points(2026, "late_rectification") == 5


def test_a_week_that_begins_at_an_update_lies_in_the_gap_after_it(account: Account) -> None:
    # 2025-W10 and W11 (3 to 16 March) are empty; the post of Monday 3 March 00:00 comes to light later: both lie
    # between it and 18 March
    post(account, "2025-02-28T10:00", "2025-03-18T10:00")
    look_until("2025-03-24T09:00")
    inspect(at("2025-03-24T09:00"), by=SYSTEM, clock=timezone.now)
    Finding.objects.exclude(subject__in=["2025-W10", "2025-W11"]).delete()
    confirm_all("slow_update", "2025-03-24T10:00")
    post(account, "2025-03-03T00:00")
    inspect(at("2025-04-07T09:00"), by=SYSTEM, clock=timezone.now)
    assert Finding.objects.filter(criterion="late_rectification").count() == 2
    assert points(2025, "late_rectification") == 5


def test_a_month_in_which_an_update_came_to_light_is_no_event_with_the_next_one(account: Account) -> None:
    # a 服务号: June and July 2025 without any update are one problem; with a post of 15 June that came later June is
    # merely thin
    Account.objects.update(kind="service")
    post(account, "2025-05-30T10:00", "2025-08-01T10:00")
    look_until("2025-08-04T09:00")
    inspect(at("2025-08-04T09:00"), by=SYSTEM, clock=timezone.now)
    Finding.objects.exclude(subject__in=["2025-06", "2025-07"]).delete()
    for pk in confirm_all("slow_update", "2025-08-04T10:00"):
        act("finding.rectify", [pk], by=BY, at=at("2025-08-09T10:00"))
    assert points(2025, "late_rectification") == 5
    post(account, "2025-06-15T10:00")
    assert points(2025, "late_rectification") == 10


def test_a_reading_drops_a_late_reply_that_it_would_not_have_made_and_no_other(account: Account) -> None:
    # Friday 7 March 2025 10:00, answered on Saturday at 12:00: late by `arrival` (24 h), in time by `any_part` (48 h);
    # Wednesday 12 March 10:00, answered on Friday: late by both
    for code, received, replied in (
        ("M1", "2025-03-07T10:00", "2025-03-08T12:00"),
        ("M2", "2025-03-12T10:00", "2025-03-14T12:00"),
    ):
        message = Message.objects.create(
            code=code, account=account, received_at=at(received), kind="enquiry", text="怎么办理？"
        )
        Reply.objects.create(
            message=message,
            code=f"{code}-r",
            position=0,
            replied_at=at(replied),
            text="请携带身份证。",
            automatic=False,
        )
    inspect(at("2025-03-17T09:00"), by=SYSTEM, clock=timezone.now)
    Finding.objects.exclude(criterion="late_reply").delete()
    assert len(confirm_all("late_reply", "2025-03-17T10:00")) == 2
    assert points(2025, "late_reply") == 10
    assert points(2025, "late_reply", reply_holiday_48h="any_part") == 5
