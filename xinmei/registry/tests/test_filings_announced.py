"""Filings that are announced: how long, again, brought along, and how an announcement ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.registry.models import Account, Announcement, Filing
from xinmei.registry.tests.filing import CONSENT, bring, build, shut_down, write

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)
ALLOWED_FROM = date(2026, 6, 3)  # 15 working days after 12 May


@pytest.fixture
def city() -> City:
    return build()


def account(code: str) -> Account:
    return Account.objects.get(code=code)


def later(**days: Any) -> Any:
    return NOW + timedelta(**days)


def shut_down_filed(city: City) -> Filing:
    return bring(shut_down(), "CARRY_OUT")


# ── shutting down ──


def test_an_account_is_closed_after_its_announcement_and_deregistered_on_the_same(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    assert (filing.announced_on, filing.allowed_from) == (TODAY, ALLOWED_FROM)
    assert (account("DH-1").status, account("DH-1").announced_on) == ("closing", TODAY)
    filing = act("filing.file", filing.pk, by="tou", at=later(days=1))
    assert filing.filed_city_on == ALLOWED_FROM
    with pytest.raises(NotSo):
        act("filing.carry_out", filing.pk, by="guan", at=later(days=21), on="2026-06-02")
    filing = act("filing.carry_out", filing.pk, by="guan", at=later(days=23), on="2026-06-04")
    assert (account("DH-1").status, account("DH-1").closed_on) == ("closed", date(2026, 6, 4))
    given = {"on": "2026-06-04", "number": "G1"}
    for system in ("national", "provincial"):
        act("filing.register", filing.pk, by="guan", at=later(days=23), system=system, **given)
    at = later(days=24)
    again = write("guan", at, matter="DEREGISTER", account="DH-1")
    act("filing.submit", again.pk, by="guan", at=at)
    again = act("filing.approve", again.pk, by="tou", at=at, accept=["no_successor"])
    assert again.state == "CARRY_OUT"
    act("filing.carry_out", again.pk, by="guan", at=at, on="2026-06-05")
    assert (account("DH-1").status, account("DH-1").closed_on) == ("deregistered", date(2026, 6, 4))


def test_a_deregistration_of_what_was_closed_elsewhere_is_announced_and_leaves_it_closed(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="closed", closed_on="2026-01-05")
    filing = bring(shut_down(matter="DEREGISTER"), "ANNOUNCE")
    assert (filing.allowed_from, account("DH-1").status, account("DH-1").announced_on) == (
        ALLOWED_FROM,
        "closed",
        TODAY,
    )


def test_over_a_holiday_the_announcement_lasts_longer(city: City) -> None:
    at = NOW.replace(month=9, day=25)
    filing = bring(shut_down(), "ANNOUNCE", at)
    assert filing.allowed_from == date(2026, 10, 23)


def test_the_city_files_nothing_that_is_not_announced(city: City) -> None:
    filing = act("filing.submit", shut_down().pk, by="guan")
    filing = act("filing.approve", filing.pk, by="tou")
    assert filing.state == "ANNOUNCE"
    with pytest.raises(NotNow):
        act("filing.file", filing.pk, by="tou")


def test_the_text_of_the_announcement_says_what_will_be(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    text = Announcement.objects.get(filing=filing).text
    assert "东湖发布" in text
    assert "拟关停并适时注销" in text
    assert "此后请关注“澄州发布”" in text


def test_announced_again_it_begins_later_and_says_why(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    again = {"on": "2026-05-14", "note": "公告有误"}
    for wrong in ({"on": "2026-05-14"}, again | {"on": TODAY.isoformat()}, again | {"on": "2026-05-16"}):
        with pytest.raises(NotSo):
            act("filing.announce", filing.pk, by="guan", at=later(days=3), **wrong)
    filing = act("filing.announce", filing.pk, by="guan", at=later(days=3), **again)
    assert (filing.announced_on, account("DH-1").announced_on) == (date(2026, 5, 14), date(2026, 5, 14))
    assert [one.ended_on for one in filing.announcements.order_by("pk")] == [date(2026, 5, 15), None]
    # the city may say an earlier day too, though none before the approval; but never the first one
    filing = act("filing.announce", filing.pk, by="tou", at=later(days=3), on=TODAY.isoformat(), note="核实")
    assert filing.announced_on == TODAY
    with pytest.raises(NotSo):
        act("filing.announce", filing.pk, by="tou", at=later(days=3), on="2026-05-11", note="核实")


def test_the_city_does_not_announce_first(city: City) -> None:
    filing = act("filing.submit", shut_down().pk, by="guan")
    act("filing.approve", filing.pk, by="tou")
    with pytest.raises(NotYours):
        act("filing.announce", filing.pk, by="tou", on=TODAY.isoformat())


# ── ending an announcement ──


def closing_before(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="closing", announced_on="2026-04-01")


@pytest.mark.parametrize(("verb", "by"), [("withdraw", "guan"), ("refuse", "tou")])
def test_withdrawn_or_refused_puts_back_what_stood_before(city: City, verb: str, by: str) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    filing = act(f"filing.{verb}", filing.pk, by=by, at=later(days=1), reason="不关了")
    assert (account("DH-1").status, account("DH-1").announced_on) == ("active", None)
    assert filing.announcements.get().ended_on == TODAY + DAY


def test_what_changed_meanwhile_is_left_as_it_is(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    Account.objects.filter(code="DH-1").update(announced_on="2026-05-20")
    act("filing.withdraw", filing.pk, by="guan", at=later(days=1), reason="不关了")
    assert (account("DH-1").status, account("DH-1").announced_on) == ("active", date(2026, 5, 20))


def test_returned_it_keeps_its_announcement_until_the_text_changes(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    act("filing.return", filing.pk, by="tou", at=later(days=1), reason="缺材料")
    same = {"reason": "工作需要", "consent": CONSENT | {"by": "leader"}}
    filing = act("filing.write", filing.pk, by="guan", at=later(days=2), **same)
    assert (filing.state, filing.announced_on) == ("RETURNED", TODAY)
    filing = act("filing.write", filing.pk, by="guan", at=later(days=2), successor={"text": "请到政务大厅"})
    assert (filing.announced_on, filing.allowed_from) == (None, None)
    assert (account("DH-1").status, account("DH-1").announced_on) == ("active", None)


def test_returned_and_sent_again_unchanged_it_is_filed_on_the_same_announcement(city: City) -> None:
    filing = shut_down_filed(city)
    act("filing.return", filing.pk, by="tou", at=later(days=1), reason="缺材料")
    filing.refresh_from_db()
    assert (filing.filed_city_on, filing.register_by, filing.announced_on) == (None, None, TODAY)
    act("filing.submit", filing.pk, by="guan", at=later(days=2))
    act("filing.approve", filing.pk, by="tou", at=later(days=2))
    filing = act("filing.file", filing.pk, by="tou", at=later(days=30))
    assert (filing.state, filing.filed_city_on) == ("CARRY_OUT", date(2026, 6, 11))


def test_an_account_announced_in_the_register_brings_its_day_along(city: City) -> None:
    closing_before(city)
    filing = act("filing.submit", shut_down().pk, by="guan")
    assert (filing.announced_on, filing.allowed_from) == (date(2026, 4, 1), date(2026, 4, 24))
    act("filing.approve", filing.pk, by="tou")
    assert act("filing.file", filing.pk, by="tou").filed_city_on == TODAY


def test_once_its_text_has_changed_it_does_not_come_again_and_the_register_stays(city: City) -> None:
    closing_before(city)
    filing = act("filing.submit", shut_down().pk, by="guan")
    act("filing.return", filing.pk, by="tou", reason="缺材料")
    act("filing.write", filing.pk, by="guan", reason="另有原因")
    filing = act("filing.submit", filing.pk, by="guan")
    assert filing.announced_on is None
    assert (account("DH-1").status, account("DH-1").announced_on) == ("closing", date(2026, 4, 1))


def test_announced_again_after_one_brought_along_withdrawal_puts_the_register_back(city: City) -> None:
    closing_before(city)
    filing = act("filing.submit", shut_down().pk, by="guan")
    act("filing.approve", filing.pk, by="tou")
    act("filing.announce", filing.pk, by="guan", at=later(days=1), on="2026-05-13", note="重新公告")
    act("filing.withdraw", filing.pk, by="guan", at=later(days=1), reason="不关了")
    assert (account("DH-1").status, account("DH-1").announced_on) == ("closing", date(2026, 4, 1))
