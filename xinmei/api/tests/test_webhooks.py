"""Webhooks against a real receiver: nothing is lost, whatever it does; and only what lies in reach is told."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from tests.cast import NOW, PEOPLE, City, act, act_as, build_city, build_people
from tests.house.things import make_finding
from xinmei.api.duties import at_desk
from xinmei.api.models import Push, Webhook
from xinmei.api.tests.receiving import SECRET, Receiver, receiver
from xinmei.api.webhooks import sending
from xinmei.api.webhooks.actions import end_forgotten
from xinmei.api.webhooks.sending import Tally, tell_webhooks, wait_after
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.people.doors import actings_of
from xinmei.people.models import Event, PositionHeld

pytestmark = pytest.mark.django_db
WEEKS = count()
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def city() -> City:
    return build_people(build_city())


@pytest.fixture
def other(settings) -> Iterator[Receiver]:
    """The receiver of another office; the operator lets the platform reach it."""
    settings.WEBHOOK_ALLOW = LOOPBACK
    with receiver() as taken:
        yield taken


def listen(address: str, *, by: str = "guan", verbs: tuple[str, ...] = ()) -> Webhook:
    return act("webhook.add", by=by, address=address, secret=SECRET, verbs=list(verbs))


def rectify(city: City, account: str = "DH-1", by: str = "bian", at: datetime = NOW) -> Any:
    """A finding of that account, rectified."""
    finding = make_finding(city, account, "NOTIFIED", week=f"2026-W{next(WEEKS):02d}")
    return act("finding.rectify", finding.pk, by=by, at=at, note="已更正")


def tell(after: timedelta = timedelta()) -> Tally:
    return tell_webhooks(lambda: NOW + after)


def test_an_act_is_told_with_its_number_signed_and_without_contents(city: City, other: Receiver) -> None:
    listen(other.address)
    finding = rectify(city)
    assert tell().sent == 2
    # The registration itself is the first act that the position sees.
    assert [one["verb"] for one in other.told] == ["webhook.add", "finding.rectify"]
    told = other.told[-1]
    assert set(told) == {"id", "verb", "kind", "on", "at", "path", "moment"}
    assert (told["kind"], told["on"], told["at"]) == ("finding", str(finding.pk), "2026-05-12T10:00:00+08:00")
    assert told["moment"] == int(NOW.timestamp())
    assert tell().sent == 0
    assert Webhook.objects.get().sent == 2


def test_only_the_verbs_that_were_asked_for_are_told(city: City, other: Receiver) -> None:
    listen(other.address, verbs=("finding.recheck",))
    finding = rectify(city)
    act("finding.recheck", finding.pk, by="cha", cured=True)
    tell()
    assert [one["verb"] for one in other.told] == ["finding.recheck"]


def test_what_lies_out_of_reach_is_not_told(city: City, other: Receiver) -> None:
    listen(other.address, verbs=("finding.rectify",))
    rectify(city, "SW-1", "lin")
    rectify(city, "TY-1", "zhen")
    own = rectify(city)
    tell()
    assert [one["on"] for one in other.told] == [str(own.pk)]
    assert not Push.objects.exists()


def test_the_head_of_inspection_hears_of_the_whole_city(city: City, other: Receiver) -> None:
    listen(other.address, by="tou", verbs=("finding.rectify",))
    done = [rectify(city, "SW-1", "lin"), rectify(city)]
    tell()
    assert [one["on"] for one in other.told] == [str(one.pk) for one in done]


def test_a_refused_act_is_not_told(city: City, other: Receiver) -> None:
    listen(other.address, verbs=("finding.rectify",))
    rectify(city)
    with transaction.atomic():
        rectify(city)
        transaction.set_rollback(True)
    tell()
    assert len(other.told) == 1


def test_a_receiver_that_is_down_gets_all_of_it_later_in_order(city: City, other: Receiver) -> None:
    listen(other.address, verbs=("finding.rectify",))
    other.status = 500
    done = [rectify(city), rectify(city), rectify(city)]
    assert tell() == Tally(postponed=1)
    webhook = Webhook.objects.get()
    assert (webhook.attempts, webhook.last_error) == (1, "对方返回状态 500")
    assert tell() == Tally(), "not before its time"
    assert other.asked == 1
    other.status = 200
    assert tell(timedelta(seconds=30)).sent == 3
    assert [one["on"] for one in other.told] == [str(one.pk) for one in done]
    webhook.refresh_from_db()
    assert (webhook.attempts, webhook.failing_since, webhook.last_error) == (0, None, "")


def test_nobody_listens(city: City, settings) -> None:
    settings.WEBHOOK_ALLOW = LOOPBACK
    with receiver() as gone:
        pass
    listen(gone.address)
    assert tell().postponed == 1
    assert Webhook.objects.get().last_error == "连接不上：对方拒绝连接"
    assert Push.objects.count() == 1


def test_a_slow_receiver_is_given_up_and_tried_again(city: City, other: Receiver, monkeypatch) -> None:
    listen(other.address)
    other.seconds = 1.0
    with monkeypatch.context() as impatient:
        impatient.setattr(sending, "SECONDS_A_PUSH", 0.3)
        assert tell().postponed == 1
    assert "秒内没有读完" in Webhook.objects.get().last_error
    other.seconds = 0.0
    assert tell(timedelta(seconds=30)).sent == 1


def test_a_redirect_is_not_followed(city: City, other: Receiver) -> None:
    with receiver() as elsewhere:
        listen(other.address)
        other.status, other.headers = 307, {"Location": elsewhere.address}
        assert tell().postponed == 1
        assert elsewhere.asked == 0
    assert Webhook.objects.get().last_error == "对方返回状态 307"


def test_an_address_inside_is_not_reached_unless_the_operator_allows_it(city: City, other: Receiver, settings) -> None:
    settings.WEBHOOK_ALLOW = ()
    listen(other.address)
    assert tell().postponed == 1
    assert other.asked == 0
    assert "不是公网地址" in Webhook.objects.get().last_error


def test_the_same_act_is_told_under_the_same_number_each_time(city: City, other: Receiver) -> None:
    listen(other.address)
    listen(other.address, by="tou", verbs=("finding.rectify",))
    rectify(city)
    numbers = set(Push.objects.filter(verb="finding.rectify").values_list("number", flat=True))
    tell()
    assert {one["id"] for one in other.told if one["verb"] == "finding.rectify"} == {str(one) for one in numbers}
    assert len(numbers) == 1


def test_after_a_day_of_failure_it_stops_and_is_shown_and_nothing_is_lost(city: City, other: Receiver) -> None:
    webhook = listen(other.address, verbs=("finding.rectify",))
    other.status = 503
    rectify(city)
    passed, tries = timedelta(), 0
    while Webhook.objects.get().state == "active":
        tell(passed)
        tries += 1
        passed += timedelta(minutes=1)
        assert passed < timedelta(hours=26)
    assert passed > timedelta(hours=24)
    assert other.asked < 40, "later each time"
    rectify(city)
    assert tell(passed + timedelta(hours=5)) == Tally()
    from xinmei.api.duties import at_desk

    (duty,) = at_desk(actings_of(city.people["guan"], NOW)[0], NOW).duties
    assert (duty.title, "503" in duty.about) == ("推送停了", True)
    other.status = 200
    act("webhook.resume", webhook.pk, by="guan", at=NOW + timedelta(days=2))
    assert tell(timedelta(days=2)).sent == 2


def test_one_that_stopped_and_nobody_resumes_ends_after_thirty_days_and_keeps_nothing(city: City) -> None:
    webhook = listen("https://example.org/told", verbs=("finding.rectify",))
    rectify(city)
    Webhook.objects.update(state="stopped", changed_at=NOW)
    (duty,) = at_desk(actings_of(city.people["guan"], NOW)[0], NOW).duties
    assert "2026年6月11日前不恢复即终止" in duty.about
    assert end_forgotten(NOW + timedelta(days=29)) == 0
    assert Push.objects.exists()
    assert end_forgotten(NOW + timedelta(days=30)) == 1
    webhook.refresh_from_db()
    assert (webhook.state, Push.objects.exists()) == ("ended", False)
    assert "30 天没有恢复" in webhook.last_error
    assert Event.objects.filter(verb="end_webhook", actor="系统", object_id=str(webhook.pk)).exists()


def test_a_webhook_ends_with_the_position(city: City, other: Receiver) -> None:
    listen(other.address)
    rectify(city)
    PositionHeld.objects.filter(person__login="guan").update(ends_on=(NOW - timedelta(days=1)).date())
    assert tell().stopped == 1
    assert (other.asked, Webhook.objects.get().state) == (0, "ended")


def test_an_ended_one_is_told_no_more(city: City, other: Receiver) -> None:
    webhook = listen(other.address)
    act("webhook.end", webhook.pk, by="an")
    rectify(city)
    assert tell() == Tally()
    assert not Push.objects.exists()


def test_two_workers_tell_it_once(city: City, other: Receiver) -> None:
    listen(other.address)
    (webhook,) = sending.due(NOW)
    Webhook.objects.filter(pk=webhook.pk).update(next_try_at=NOW + sending.LEASE)  # another worker claimed it
    assert tell() == Tally()
    assert tell(sending.LEASE + timedelta(seconds=1)).sent == 1, "and died"


def test_waits_grow_to_an_hour() -> None:
    assert [wait_after(one).total_seconds() for one in (1, 2, 3, 4, 8, 200)] == [30, 60, 120, 240, 3600, 3600]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "ftp://example.cn/"),
        ("address", "https://user:pass@example.cn/"),
        ("address", "https://"),
        ("address", "http://[x/"),
        ("secret", "short"),
        ("verbs", ["finding.paint"]),
    ],
)
def test_what_cannot_be_told_is_refused(city: City, field: str, value: object) -> None:
    given = {"address": "https://example.cn/hook", field: value}
    with pytest.raises(NotSo) as refused:
        act("webhook.add", by="guan", **given)
    assert [one.field for one in refused.value.errors] == [field]


@pytest.mark.parametrize("login", ["bian", "qian", "zhu", "cha", "wang", "xi", "an"])
def test_only_a_unit_s_administrator_and_the_head_of_inspection_have_one(city: City, login: str) -> None:
    with pytest.raises(NotYours):
        listen("https://example.cn/hook", by=login)


def test_who_stands_in_has_none(city: City) -> None:
    span = {"starts_on": "2026-05-12", "ends_on": "2026-05-12"}
    act("position.delegate", city.people["guan"].positions.get().pk, by="guan", person="shen", **span)
    standing_in = next(one for one in actings_of(city.people["shen"], NOW) if one.position == "unit_admin")
    with pytest.raises(NotYours, match="代行不能转给程序"):
        act("webhook.add", by=standing_in, address="https://example.cn/hook")


def test_security_ends_one_and_does_not_resume_it(city: City) -> None:
    webhook = listen("https://example.cn/hook")
    Webhook.objects.update(state="stopped")
    with pytest.raises(NotYours):
        act("webhook.resume", webhook.pk, by="an")
    act("webhook.end", webhook.pk, by="an")
    with pytest.raises(NotNow):
        act("webhook.end", webhook.pk, by="guan")


def test_an_address_that_stopped_waits_on_the_desk_of_who_has_it_told_and_on_no_other(city: City) -> None:
    """The security administrator sees that it is there, on the page; there is nothing to do about it."""
    of_guan, of_tou = (listen(f"https://{login}.example.cn/", by=login) for login in ("guan", "tou"))
    Webhook.objects.update(state=Webhook.State.STOPPED, last_error="连接超时")
    waiting = {login: [duty.about for duty in at_desk(act_as(city, login), NOW).duties] for login in PEOPLE}
    until = "2026年6月11日前不恢复即终止，积下的不再推送"
    assert {login: whats for login, whats in waiting.items() if whats} == {
        "guan": [f"{of_guan.address}：连接超时；{until}"],
        "tou": [f"{of_tou.address}：连接超时；{until}"],
    }
