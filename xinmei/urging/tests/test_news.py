"""Bad news comes by itself: above the desk, as a card in the messages, with the acts that help, in one go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, City, act, act_as, sign_in
from tests.house.things import make_finding
from tests.lived import finding_of, live_two_months
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotNow, NotSo
from xinmei.notices.actions import SETTLING, deliver_waiting
from xinmei.notices.doors import notices_visible_to
from xinmei.notices.models import Notice
from xinmei.notices.tests.servers import mail_server
from xinmei.pages.news import MOST, news_of
from xinmei.people.doors import Refused
from xinmei.people.models import Event, PositionHeld
from xinmei.publishing.models import Post
from xinmei.supervision.models import Finding
from xinmei.urging.briefing import brief
from xinmei.urging.models import Nudge, WorkOrder

MORNING = datetime(2026, 5, 13, 9, tzinfo=SHANGHAI)  # a Wednesday that is worked


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def make_orders(city: City, count: int, unit: str = "DH", account: str = "DH-1") -> list[WorkOrder]:
    """Orders about findings of one account that are `count`, `count` - 1 … days past their term."""
    made = []
    for n in range(count):
        finding = make_finding(city, account, "NOTIFIED", week=f"第{Finding.objects.count()}件")
        due_at = NOW - timedelta(days=count - n)
        of = {"unit": city.units[unit], "finding": finding, "what": f"整改：第{n}件"}
        made.append(WorkOrder.objects.create(**of, issued_at=due_at - timedelta(days=1), due_at=due_at))
    return made


def make_lapsing(city: City, *days: int) -> None:
    """东湖发布, 桃源之声 and 东湖教育, in this order, were last updated so many days ago."""
    for code, ago in zip(("DH-1", "TY-1", "DHJY-1"), days, strict=False):
        Post.objects.filter(account__code=code).update(published_at=NOW - timedelta(days=ago))


def titles(city: City, login: str) -> list[tuple[str, int]]:
    return [(one.title, one.count) for one in news_of(act_as(city, login), NOW)]


def told(city: City, login: str, kind: str, at: datetime = NOW) -> list[Notice]:
    return list(notices_visible_to(act_as(city, login, at)).filter(kind=kind).order_by("pk"))


def text_of(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def test_a_veto_stands_first_with_what_it_costs_and_by_when(city):
    make_finding(city, "TY-1", "NOTIFIED")
    act("finding.confirm", finding_of("TY-1").pk, by="cha", at=NOW)
    (news,) = news_of(act_as(city, "zhu"), NOW)
    first = news.cards[0]
    assert (first.mark, first.title.split()[0]) == ("单项否决", "2周内无更新")
    assert first.cost.startswith("附件1 单项否决，判定为不合格；附件2 ")
    assert first.due_at == finding_of("TY-1").rectify_by
    assert [card.mark for card in news.cards[1:]] == ["", ""]


def test_the_leader_objects_from_the_card_and_the_supervisor_only_looks(city):
    finding = finding_of("DH-1")
    ((mine,), (theirs,)) = (news_of(act_as(city, login), NOW)[0].cards for login in ("qian", "zhu"))
    assert mine.links == (("看", f"/findings/{finding.pk}/"), ("申诉", f"/findings/{finding.pk}/?do=object#act"))
    assert theirs.links == (("看", f"/findings/{finding.pk}/"),)
    act("finding.object", finding.pk, by="qian", at=NOW, why="是引文")
    ((after,),) = (news_of(act_as(city, "qian"), NOW)[0].cards,)
    assert (after.links[1:], after.note) == ((), "申诉已提交，等待答复")


def test_what_was_cured_overnight_is_still_told(city):
    act("finding.rectify", finding_of("DH-1").pk, by="bian", at=NOW, note="已更正")
    ((card,),) = (news_of(act_as(city, "qian"), NOW)[0].cards,)
    assert (card.note, card.due_at, card.act) == ("已整改", None, None)
    act("finding.recheck", finding_of("DH-1").pk, by="tan", at=NOW, cured=True)
    assert titles(city, "qian") == [("确认了的问题", 1)]
    assert news_of(act_as(city, "qian"), NOW + timedelta(days=8)) == []


def test_overdue_orders_and_accounts_about_to_lapse_stand_below_the_nearest_first(city):
    make_orders(city, 2)
    make_lapsing(city, 11, 13, 12)
    assert titles(city, "zhu") == [("确认了的问题", 3), ("逾期的督办", 2), ("将断更的账号", 3)]
    orders, lapsing = news_of(act_as(city, "zhu"), NOW)[1:]
    assert [card.title for card in orders.cards] == ["整改：第0件", "整改：第1件"]
    assert [card.number for card in lapsing.cards] == ["TY-1", "DHJY-1", "DH-1"]
    assert titles(city, "bian") == titles(city, "cha") == titles(city, "lin") == []


def test_no_desk_says_that_there_is_nothing_where_there_is_bad_news(city):
    page = text_of(city, "zhu", "/")
    assert "没有要您亲自办的事，上面列出的请过问。" in page
    assert "没有要办的事" not in page
    assert page.index("确认了的问题") < page.index("没有要您亲自办的事")


def test_the_desk_costs_the_same_however_many_there_are(city):
    make_lapsing(city, 11, 13, 12)
    counts = []
    for more in (MOST + 2, 20):
        make_orders(city, more, account="TY-1")
        client = sign_in(Client(), city.people["zhu"])
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_twenty_two_orders_are_reminded_of_in_one_go_and_the_unit_gets_one_message(city):
    orders = make_orders(city, 22)
    zhu = sign_in(Client(), city.people["zhu"])
    assert zhu.get("/orders/?waiting=overdue&chosen=all").content.decode().count(" checked") == 23
    sent = {"act": "nudge.send:order", "ids": [one.pk for one in orders], "back": "/orders/?waiting=overdue"}
    page = zhu.post("/several/", sent).content.decode()
    assert "提醒：办了 22 件" in page
    assert page.count("已提醒东湖县") == 22
    (to_editors,) = told(city, "bian", "reminder")
    (to_leader,) = told(city, "qian", "reminder")
    assert to_editors.title == to_leader.title == "朱主管提醒：22 件"
    assert len(to_editors.things) == 22
    assert Event.objects.filter(verb="nudge.send", actor="zhu").count() == 22


def test_of_several_each_gets_its_sentence_and_one_that_is_refused_holds_up_no_other(city):
    first, second = make_orders(city, 2)
    act("nudge.send", by="zhu", at=NOW, order=str(first.pk))
    sent = {"act": "nudge.send:order", "ids": [first.pk, second.pk, 999999], "back": "/"}
    page = sign_in(Client(), city.people["zhu"]).post("/several/", sent).content.decode()
    assert "提醒：办了 1 件，没有办成 2 件" in page
    assert "朱主管今天 5月12日 10:00 已提醒，一件事一天只提醒一次" in page
    assert "没有编号为 999999 的督办" in page


def test_nothing_is_done_where_nothing_was_chosen_or_the_act_is_not_for_several(city):
    zhu = sign_in(Client(), city.people["zhu"])
    page = zhu.post("/several/", {"act": "nudge.send:order", "back": "/orders/"}, follow=True).content.decode()
    assert "没有勾选" in page
    page = zhu.post("/several/", {"act": "finding.object:finding", "ids": ["1"]}, follow=True).content.decode()
    assert "没有选要办什么" in page
    away = zhu.post("/several/", {"act": "nudge.send:order", "back": "https://example.com/"})
    assert away["Location"] == "/"
    bian = sign_in(Client(), city.people["bian"])
    assert bian.post("/several/", {"act": "nudge.send:order", "ids": ["1"]}).status_code == 403


def test_who_may_remind_of_what(city):
    (order,) = make_orders(city, 1)
    other = make_finding(city, "SW-1", "NOTIFIED")
    with pytest.raises(NotSo):
        act("nudge.send", by="zhu", at=NOW, finding=str(other.pk))  # out of the county
    for login in ("bian", "guan", "wang"):
        with pytest.raises(Refused):
            act("nudge.send", by=login, at=NOW, order=str(order.pk))
    with pytest.raises(NotSo):
        act("nudge.send", by="zhu", at=NOW)
    with pytest.raises(NotSo):
        act("nudge.send", by="zhu", at=NOW, order=str(order.pk), account="DH-1")
    act("nudge.send", by="qian", at=NOW, order=str(order.pk), note="今天下班前办好")
    (to_editors,) = told(city, "bian", "reminder")
    assert "附言：今天下班前办好" in to_editors.text
    assert told(city, "qian", "reminder") == []  # who reminds their own unit is not told of it


def test_what_is_settled_is_not_reminded_of_and_a_silent_account_is(city):
    make_lapsing(city, 11)
    act("finding.rectify", finding_of("DH-1").pk, by="bian", at=NOW, note="已更正")
    with pytest.raises(NotNow):
        act("nudge.send", by="zhu", at=NOW, finding=str(finding_of("DH-1").pk))
    act("nudge.send", by="zhu", at=NOW, account="DH-1")
    assert Nudge.objects.get().account.code == "DH-1"
    (notice,) = told(city, "bian", "reminder")
    assert "更新：东湖发布（微信）系统看到的最近更新是 5月1日 10:00" in notice.title


def test_after_the_message_was_opened_or_sent_the_next_reminder_is_a_message_of_its_own(city):
    first, second = make_orders(city, 2)
    act("nudge.send", by="zhu", at=NOW, order=str(first.pk))
    (notice,) = told(city, "bian", "reminder")
    text_of(city, "bian", f"/notices/{notice.pk}/")
    act("nudge.send", by="zhu", at=NOW, order=str(second.pk))
    assert len(told(city, "bian", "reminder")) == 2
    assert len(told(city, "qian", "reminder")) == 1  # the leader has not opened it


def test_the_message_shows_its_cards_as_they_stand_now_and_the_mail_has_one_link(city, settings):
    with mail_server() as box:
        box.configure(settings)
        settings.SITE = "https://xinmei.example.cn"
        act("finding.confirm", finding_of("TY-1").pk, by="cha", at=NOW)
        deliver_waiting(NOW + SETTLING)
        (mail,) = [one for one in box.mails if one["To"] == "zhu@example.cn"]
    (notice,) = told(city, "zhu", "sent")
    assert mail["Subject"].startswith("单项否决：桃源之声（微信）：2周内无更新，请在 ")
    said = mail.get_content()
    assert "【单项否决】桃源之声（微信）：2周内无更新（附件1 单项否决，判定为不合格；附件2 " in said
    assert said.count("https://") == 1
    assert f"https://xinmei.example.cn/notices/{notice.pk}/" in said
    page = text_of(city, "zhu", f"/notices/{notice.pk}/")
    assert "提醒勾选的" in page
    act("finding.dismiss", finding_of("TY-1").pk, by="tou", at=NOW, why="引用")
    assert "提醒勾选的" not in text_of(city, "zhu", f"/notices/{notice.pk}/")


def test_leaders_and_supervisors_get_the_same_in_the_morning_and_nothing_twice(city):
    make_orders(city, 1)
    assert brief(MORNING - timedelta(hours=1)) == 0
    assert brief(MORNING) == 2
    assert brief(MORNING) == 0
    (notice,) = told(city, "zhu", "brief", MORNING)
    assert notice.title == "东湖县：确认了的问题 2 件，逾期的督办 1 件"
    assert len(notice.things) == 3
    assert len(told(city, "qian", "brief", MORNING)) == 1
    assert brief(MORNING + timedelta(days=1)) == 0  # nothing new: nobody is bothered
    make_orders(city, 1, unit="DH-TY", account="TY-1")
    assert brief(MORNING + timedelta(days=2)) == 1  # the supervisor's county; nothing new for the leader's own unit


def test_what_nobody_at_the_unit_can_read_goes_to_whoever_supervises_it_and_says_so(city):
    PositionHeld.objects.filter(person=city.people["zhen"]).update(ends_on=NOW.date() - timedelta(days=1))
    finding = finding_of("TY-1")
    cha = sign_in(Client(), city.people["cha"])
    page = cha.post(f"/findings/{finding.pk}/confirm/", follow=True).content.decode()
    assert "已确认。桃源镇没有人任岗，已发给东湖县主管。" in page
    assert "桃源镇没有人任岗，已发给东湖县主管。没有人任岗，就没有人能登记整改" in page
    (notice,) = told(city, "zhu", "sent")
    assert "桃源镇没有人任岗，已发给东湖县主管。请转告该单位，并为它设岗" in notice.text
    assert text_of(city, "zhu", f"/findings/{finding.pk}/").count("没有人任岗") >= 1
    # 「own unit」: colleagues of the county itself do not see into the town
    for login in ("bian", "qian"):
        assert sign_in(Client(), city.people[login]).get(f"/findings/{finding.pk}/").status_code == 404
        assert told(city, login, "sent")[-1].about != finding.unit


def test_where_nobody_supervises_either_the_citys_inspectors_hear_of_it(city):
    PositionHeld.objects.filter(person=city.people["lin"]).update(ends_on=NOW.date() - timedelta(days=1))
    act("finding.confirm", finding_of("SW-1").pk, by="cha", at=NOW)
    (notice,) = told(city, "tan", "sent")
    assert "市水务局没有人任岗，已发给市检查员" in notice.text


def test_an_internal_office_is_answered_for_by_the_supervisor_of_its_department(city):
    office = city.units["JY-XC"]
    finding = make_finding(city, "JY-1", "SUSPECTED")
    Finding.objects.filter(pk=finding.pk).update(unit=office)
    act("finding.confirm", finding.pk, by="cha", at=NOW)
    assert "宣传科没有人任岗，已发给市教育局主管" in told(city, "jiao", "sent")[0].text
