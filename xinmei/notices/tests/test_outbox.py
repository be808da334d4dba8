"""The outbox: written with the act, sent at least once under one number, to whoever may read it now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.http import Http404

from tests.cast import NOW, City, act, act_as, build_city, build_people
from xinmei.core.refusals import NotFound, NotNow
from xinmei.notices import actions
from xinmei.notices.channels.outgoing import NotSent, Outgoing
from xinmei.notices.doors import notice_for, notices_visible_to
from xinmei.notices.forwarding import receiver_of
from xinmei.notices.models import Delivery, Notice
from xinmei.notices.tests.servers import Mailbox, mail_server
from xinmei.people.doors import Refused
from xinmei.people.models import Delegation, Event, PositionHeld
from xinmei.people.rights import AT_A_UNIT

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def city(db: None) -> City:
    return build_people(build_city())


@pytest.fixture
def mailbox(settings: object) -> Iterator[Mailbox]:
    with mail_server() as box:
        box.configure(settings)
        yield box


def note(city: City, to: str = "DH", key: str = "1", audience: str = "editors", **fields: object) -> Notice:
    about = city.units[to]
    usual = {
        "kind": "sent",
        "unit": about,
        "about": about,
        "thing": "findings_sent",
        "title": "问题反馈：错别字",
        "text": "请整改",
        "address": "/findings/1/",
    }
    return Notice(key=key, audience=audience, **(usual | fields))


def tell(*notices: Notice) -> list[Notice]:
    with transaction.atomic():
        return actions.tell(notices, at=NOW)


def test_the_same_matter_is_told_to_the_same_people_once(city):
    assert len(tell(note(city), note(city), note(city, key="2"))) == 2
    assert tell(note(city)) == []
    assert len(tell(note(city, audience="leaders"))) == 1
    assert Notice.objects.count() == 3


def test_a_notice_stands_and_falls_with_the_act_that_causes_it(city):
    with pytest.raises(transaction.TransactionManagementError):
        with_no_transaction(lambda: actions.tell([note(city)], at=NOW))
    with pytest.raises(ZeroDivisionError):
        _act_that_fails(city)
    assert not Notice.objects.exists()


def _act_that_fails(city: City) -> None:
    with transaction.atomic():
        actions.tell([note(city)], at=NOW)
        raise ZeroDivisionError


def with_no_transaction(act) -> None:
    """Tests run in a transaction; the flag that says so is put down for a moment."""
    from django.db import connection

    connection.in_atomic_block = False
    try:
        act()
    finally:
        connection.in_atomic_block = True


def test_personal_data_are_masked_in_whatever_goes_out(city):
    (written,) = tell(note(city, title="来电13912345678", text="身份证110105199003071234"))
    assert "13912345678" not in written.title
    assert "110105199003071234" not in written.text


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("editors", {"bian", "guan"}),
        ("leaders", {"qian"}),
        ("unit", {"bian", "shen", "qian", "guan"}),
        ("supervisors", {"zhu"}),
    ],
)
def test_a_notice_is_seen_by_the_posts_it_is_addressed_to_and_nobody_else(city, audience, readers):
    (written,) = tell(note(city, audience=audience))
    assert {login for login in city.people if notices_visible_to(act_as(city, login)).exists()} == readers
    for login in city.people.keys() - readers:
        with pytest.raises(Http404):
            notice_for(act_as(city, login), written.pk)


def test_what_it_is_about_must_be_in_reach_too(city):
    tell(note(city, audience="supervisors", about=city.units["SW"]))
    assert not notices_visible_to(act_as(city, "zhu")).exists()
    tell(note(city, to="JY", audience="supervisors", about=city.units["DH-JY"], key="9"))
    assert notices_visible_to(act_as(city, "jiao")).exists()


def test_a_notice_for_the_city_is_seen_by_its_heads(city):
    tell(note(city, audience="heads", unit=None, about=city.units["DH"]))
    assert notices_visible_to(act_as(city, "tou")).count() == 1
    assert not notices_visible_to(act_as(city, "cha")).exists()


def test_mail_goes_to_everybody_who_holds_the_post(city, mailbox):
    tell(note(city))
    assert actions.deliver_waiting(NOW).sent == 0  # it settles for some minutes
    assert actions.deliver_waiting(LATER).sent == 2
    assert sorted(mail["To"] for mail in mailbox.mails) == ["bian@example.cn", "guan@example.cn"]
    mail = mailbox.mails[0]
    assert mail["Subject"] == "问题反馈：错别字"
    assert "http://127.0.0.1:8000/findings/1/" in mail.get_content()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert actions.deliver_waiting(LATER).sent == 0


def test_what_comes_within_minutes_goes_as_one_message(city, mailbox):
    tell(*(note(city, key=str(n), title=f"问题反馈：第{n}个") for n in range(30)))
    assert actions.deliver_waiting(LATER).sent == 2
    assert {mail["Subject"] for mail in mailbox.mails} == {"问题反馈：第0个等 30 件"}
    assert "30. 问题反馈：第29个" in mailbox.mails[0].get_content()


def test_whoever_lost_the_post_before_it_was_sent_gets_nothing(city, mailbox):
    tell(note(city))
    PositionHeld.objects.filter(person=city.people["bian"]).update(ends_on=NOW.date() - timedelta(days=1))
    tally = actions.deliver_waiting(LATER)
    assert (tally.sent, tally.dropped) == (1, 1)
    assert [mail["To"] for mail in mailbox.mails] == ["guan@example.cn"]
    dropped = Delivery.objects.get(person=city.people["bian"])
    assert (dropped.state, dropped.last_error) == ("dropped", "收件人现在不担任相应岗位，不再发送")


def test_whoever_may_not_log_in_any_more_gets_nothing(city, mailbox):
    tell(note(city))
    person = city.people["bian"]
    person.is_active = False
    person.save()
    actions.deliver_waiting(LATER)
    assert [mail["To"] for mail in mailbox.mails] == ["guan@example.cn"]


def stand_in(city: City, given_at: datetime) -> None:
    held = PositionHeld.objects.get(person=city.people["qian"])
    Delegation.objects.create(
        position_held=held,
        person=city.people["shen"],
        starts_on=date(2026, 5, 1),
        ends_on=date(2026, 5, 30),
        given_at=given_at,
    )


def test_whoever_stands_in_gets_it_as_the_holder_does(city, mailbox):
    stand_in(city, given_at=NOW - timedelta(days=9))
    tell(note(city, audience="leaders"))
    actions.deliver_waiting(LATER)
    assert sorted(mail["To"] for mail in mailbox.mails) == ["qian@example.cn", "shen@example.cn"]


def test_nothing_is_laid_ready_for_who_held_the_post_or_stood_in_before(city, mailbox):
    stand_in(city, given_at=NOW - timedelta(days=9))
    Delegation.objects.update(ends_on=NOW.date() - timedelta(days=1))
    PositionHeld.objects.filter(person=city.people["guan"]).update(ends_on=NOW.date() - timedelta(days=1))
    tell(note(city), note(city, audience="leaders"))
    assert set(Delivery.objects.values_list("person__login", flat=True)) == {"bian", "qian"}
    Delegation.objects.update(ends_on=NOW.date())
    PositionHeld.objects.filter(person=city.people["qian"]).update(ends_on=NOW.date() - timedelta(days=1))
    assert tell(note(city, audience="leaders", key="2"))
    assert set(Delivery.objects.filter(notice__key="2").values_list("person__login", flat=True)) == set()


def test_the_one_who_stands_in_is_told_once(city, mailbox):
    held = PositionHeld.objects.get(person=city.people["qian"])
    span = {"starts_on": str(NOW.date()), "ends_on": str(NOW.date() + timedelta(days=9))}
    act("position.delegate", held.pk, by="qian", person="shen", **span)
    assert notices_visible_to(act_as(city, "shen")).count() == 1
    actions.deliver_waiting(LATER)
    actions.deliver_waiting(LATER + timedelta(days=3))
    assert [(mail["To"], mail["Subject"]) for mail in mailbox.mails] == [
        ("shen@example.cn", "请您代行东湖县“审签（分管领导）”岗位")
    ]


def test_a_person_chooses_no_mail_and_that_is_all_they_choose(city, mailbox):
    actions.choose_email(False, by=act_as(city, "bian"), at=NOW)
    tell(note(city))
    actions.deliver_waiting(LATER)
    assert [mail["To"] for mail in mailbox.mails] == ["guan@example.cn"]
    assert notices_visible_to(act_as(city, "bian")).count() == 1
    actions.choose_email(True, by=act_as(city, "bian"), at=NOW)
    assert Event.objects.filter(verb="choose_email").count() == 2


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 240), (20, 240)])
def test_each_try_waits_twice_as_long_as_the_one_before(attempts, minutes):
    assert actions.next_try(attempts) == timedelta(minutes=minutes)


def test_a_server_that_is_away_is_tried_again_and_then_it_stands_as_not_delivered(city, settings):
    with mail_server() as box:
        box.configure(settings)
    tell(note(city))
    at, tries = LATER, 0
    while Delivery.objects.filter(state="waiting").exists():
        actions.deliver_waiting(at)
        tries += 1
        one = Delivery.objects.first()
        assert one.attempts == tries
        at = max(at, one.next_try_at)
    assert tries == actions.ATTEMPTS
    failed = Delivery.objects.filter(state="failed")
    assert failed.count() == 2
    assert {one.last_error for one in failed} == {"连接不上邮件服务器，或中途断开"}
    with mail_server() as box:
        box.configure(settings)
        for one in failed:
            act("notice.resend", one.pk, by="guan", at=at)
        assert actions.deliver_waiting(at).sent == 2
    assert Event.objects.filter(verb="resend_notice").count() == 2


def test_an_address_that_is_refused_for_good_is_not_tried_again(city, mailbox):
    mailbox.refuse.add("bian@example.cn")
    tell(note(city))
    tally = actions.deliver_waiting(LATER)
    assert (tally.sent, tally.failed, tally.postponed) == (1, 1, 0)
    assert Delivery.objects.get(person=city.people["bian"]).last_error == "邮件服务器不收这个地址（550）"


def test_a_channel_that_was_switched_off_says_so(city, settings):
    with mail_server() as box:
        box.configure(settings)
    tell(note(city))
    settings.SMTP_HOST = ""
    actions.deliver_waiting(LATER)
    assert Delivery.objects.first().last_error == "这个渠道没有配置"


def test_without_channels_nothing_waits_and_everybody_reads_it_here(city):
    tell(note(city))
    assert not Delivery.objects.exists()
    assert notices_visible_to(act_as(city, "bian")).count() == 1


def test_only_who_may_sends_again(city, settings):
    with mail_server() as box:
        box.configure(settings)
    tell(note(city))
    one = Delivery.objects.first()
    for login in ("bian", "qian", "an", "wang"):
        with pytest.raises((Refused, NotFound)):
            act("notice.resend", one.pk, by=login)
    with pytest.raises(NotNow, match="现在是“待发送”，不能重发"):
        act("notice.resend", one.pk, by="guan")


def test_reading_is_noted_once_with_its_time(city):
    (written,) = tell(note(city))
    assert actions.read([written], by=act_as(city, "bian"), at=NOW) == 1
    assert actions.read([written], by=act_as(city, "bian"), at=LATER) == 0
    assert written.readers.get().at == NOW
    assert Event.objects.filter(verb="read_notice").count() == 1


def test_a_message_tells_no_more_than_the_channel_may_carry():
    assert str(NotSent("长" * 400)) == "长" * 300
    assert Outgoing("n", "t", "a", "b", "c").number == "n"


def test_where_the_last_position_of_a_unit_ended_yesterday_its_supervisor_hears(city: City) -> None:
    assert receiver_of(city.units["DH"], NOW).audience == "editors"
    at_the_unit = PositionHeld.objects.filter(unit=city.units["DH"], position__in=AT_A_UNIT)
    at_the_unit.update(ends_on=NOW.date() - timedelta(days=1))
    assert receiver_of(city.units["DH"], NOW).audience == "supervisors"
