"""提醒: what waits at a unit comes to its editors in one message a day, is counted, and names nothing of a citizen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.at_once import at_once
from tests.cast import City, act, act_as, make_person, sign_in
from tests.lived import INSPECTED_AT, SENT_AT, live_two_months
from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Reply
from xinmei.notices.doors import notices_visible_to
from xinmei.notices.models import Notice
from xinmei.people.models import Event
from xinmei.publishing.models import Post
from xinmei.urging.models import Reminder
from xinmei.urging.reminders import gather, send_reminders

pytestmark = pytest.mark.usefixtures("keeps_contexts")

TUESDAY = datetime(2026, 5, 12, 9, tzinfo=SHANGHAI)


@pytest.fixture
def city(db: None) -> City:
    return live_two_months()


def test_a_finding_and_a_message_of_one_unit_are_one_reminder(city):
    (reminder,) = send_reminders(TUESDAY)
    assert (reminder.unit.code, reminder.merged) == ("DH", 2)
    notice = Notice.objects.get(kind="reminder")
    # the message of Monday 15:00 is due on Tuesday 15:00, before the finding
    assert notice.title == "今日提醒：2 件，最早 5月12日 周二 15:00 前"
    assert notice.text.splitlines() == [
        "5月12日 周二 15:00 前答复：东湖发布 5月11日 15:00 收到的咨询",
        "5月12日 周二 24:00 前整改：东湖发布（微信）：错别字",
    ]
    assert notice.urgent
    readers = [
        login for login in city.people if notices_visible_to(act_as(city, login)).filter(kind="reminder").exists()
    ]
    assert readers == ["bian", "guan"]
    assert Event.objects.filter(verb="remind").count() == 1


def test_it_is_said_once_a_day_and_each_thing_once(city):
    assert len(send_reminders(TUESDAY)) == 1
    for hours in range(1, 24 * 10):
        assert [
            one.unit.code
            for one in send_reminders(TUESDAY + timedelta(hours=hours))
            if one.unit.code == "DH" and hours < 24 * 4
        ] == []
    assert (
        Reminder.objects.filter(unit__code="DH").values("day").distinct().count()
        == Reminder.objects.filter(unit__code="DH").count()
    )


def test_a_filing_to_register_is_spoken_of_until_its_term(city):
    given = {"matter": "CHANGE", "account": "GX-1", "changes": {"handle": "h"}, "reason": "换平台账号"}
    make_person("gaoguan", "高管", city.units["GX"], "unit_admin")
    filing = act("filing.write", by="gaoguan", at=TUESDAY, **given)
    act("filing.submit", filing.pk, by="gaoguan", at=TUESDAY)
    act("filing.approve", filing.pk, by="tou", at=TUESDAY)
    said = "5月15日 周五 24:00 前登录国家、省系统登记：变更“高新发布”备案"
    days = [TUESDAY + timedelta(days=number) for number in range(5)]
    assert [said in [one.what for one in gather(day)] for day in days] == [True, True, True, True, False]


def test_the_table_of_months_counts_all_reminders_however_many_there_are(city):
    days = [date(2026, 4, 1) + timedelta(days=place) for place in range(30)]
    Reminder.objects.bulk_create(
        Reminder(unit=unit, day=day, at=TUESDAY, merged=2) for unit in city.units.values() for day in days
    )
    with time_machine.travel(TUESDAY, tick=False):
        listing = sign_in(Client(), city.people["cha"]).get("/reminders/").context["listing"]
    assert [(row["sent"], row["items"]) for row, _ in listing.drawn] == [(30, 60)] * len(city.units)


def test_nothing_is_said_before_the_hour_or_on_a_day_off(city):
    assert send_reminders(TUESDAY - timedelta(minutes=1)) == []
    assert send_reminders(datetime(2026, 5, 10, 12, tzinfo=SHANGHAI)) == []


def test_what_was_done_meanwhile_is_not_said(city):
    message = city.accounts["DH-1"].messages.get(code="M1")
    Reply.objects.create(message=message, position=0, code="R", replied_at=SENT_AT, text="请到窗口", automatic=True)
    assert len(gather(TUESDAY)) == 2
    Reply.objects.create(message=message, position=1, code="R2", replied_at=SENT_AT, text="请到窗口", automatic=False)
    (waiting,) = gather(TUESDAY)
    assert waiting.item.key.startswith("rectify-")


@pytest.mark.parametrize(
    ("days", "said"),
    [(4.9, []), (5, ["5"]), (9.9, ["5"]), (10, ["10"]), (12, ["12"]), (13.9, ["12"]), (14, [])],
)
def test_an_account_is_spoken_of_on_day_5_10_and_12_of_14(city, days, said):
    now = INSPECTED_AT + timedelta(days=days)
    found = [one.item.key for one in gather(now) if one.item.key.startswith(f"lapse-{city.accounts['JY-1'].pk}-")]
    last = Post.objects.filter(account=city.accounts["JY-1"]).latest("published_at").published_at
    shift = (INSPECTED_AT - last) / timedelta(days=1)
    assert 0 <= shift < 1 / 12
    assert [key.rsplit("-", 1)[1] for key in found] == said


def test_a_mark_on_a_day_off_is_made_up_on_the_next_working_day_once(city):
    # last update of 澄州教育 on Monday 11 May: day 5 is Saturday 16 May, spoken of on Monday 18 May
    for day in range(12, 22):
        send_reminders(datetime(2026, 5, day, 9, 30, tzinfo=SHANGHAI))
    assert [one.day.day for one in Reminder.objects.filter(unit__code="JY")] == [21, 18]


def test_an_account_that_has_been_silent_for_two_weeks_is_beyond_reminding(city):
    assert not any("桃源之声" in one.what for one in gather(TUESDAY))


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_two_runs_at_once_send_one_reminder() -> None:
    live_two_months()
    at_once(2, lambda: send_reminders(TUESDAY))
    assert Reminder.objects.count() == Notice.objects.filter(kind="reminder").count() == 1


def test_the_table_counts_what_was_merged(city):
    send_reminders(TUESDAY)
    with time_machine.travel(TUESDAY, tick=False):
        page = sign_in(Client(), city.people["zhu"]).get("/reminders/").content.decode()
        assert "2026年5月" in page
        assert "<b>2 件</b>，合并成 <b>1 次</b>" in page
        assert "还没有发过提醒" in sign_in(Client(), city.people["lin"]).get("/reminders/").content.decode()
