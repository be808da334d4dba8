"""消息 and 未送达 as pages: what was told, read, not delivered and sent again, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from tests.cast import NOW, City, build_city, build_people, sign_in
from xinmei.acts.showing import kind_named, show
from xinmei.notices import actions
from xinmei.notices.models import Delivery, NoEmail, Notice
from xinmei.notices.tests.servers import mail_server
from xinmei.people.models import Event, PositionHeld


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def tell(city: City, count: int = 1, at: Any = NOW, to: str = "DH") -> list[Notice]:
    unit = city.units[to]
    fields = {
        "kind": "sent",
        "audience": "editors",
        "unit": unit,
        "about": unit,
        "thing": "findings_sent",
        "address": "/findings/",
    }
    with transaction.atomic():
        return actions.tell([Notice(key=f"{at}{n}", title=f"问题反馈第{n}件", **fields) for n in range(count)], at=at)


def test_the_bell_counts_what_was_not_opened_in_the_last_month(city: City) -> None:
    tell(city, 3)
    tell(city, 2, at=NOW - timedelta(days=31))
    editor = _as(city, "bian")
    assert "消息，3 条未读" in editor.get("/").content.decode()
    page = editor.get("/notices/").content.decode()
    assert (page.count(">未读</span>"), "共 5 条" in page) == (3, True)
    editor.post("/notices/read/")
    assert "条未读" not in editor.get("/").content.decode()
    assert Event.objects.filter(verb="read_notice").count() == 1
    # each reads for themselves
    assert "消息，3 条未读" in _as(city, "guan").get("/").content.decode()


def test_all_that_one_marks_as_read_are_ones_own(city: City) -> None:
    tell(city, 1)
    tell(city, 2, to="SW", at=NOW - timedelta(minutes=1))
    assert "1 条已标为已读" in _as(city, "bian").post("/notices/read/", follow=True).content.decode()


def test_a_button_to_send_again_is_shown_to_those_who_may(city: City, settings: Any) -> None:
    tell(city, 1)
    Delivery.objects.create(
        notice=Notice.objects.get(), channel="email", person=city.people["bian"], next_try_at=NOW, state="failed"
    )
    for login, may in (("guan", True), ("zhu", True), ("cha", True), ("xi", True), ("an", False)):
        page = _as(city, login).get("/notices/undelivered/").content.decode()
        assert "卞小编" in page
        assert ("/resend/" in page) == may, login


def test_hundreds_of_notices_are_counted_as_99_and_more(city: City) -> None:
    tell(city, 130)
    assert "99+" in _as(city, "bian").get("/").content.decode()


def test_a_person_turns_mail_off_and_on_where_there_is_mail(city: City, settings: Any) -> None:
    editor = _as(city, "bian")
    assert "没有配置邮件" in editor.get("/notices/").content.decode()
    settings.SMTP_HOST = "mail.example.cn"
    assert "不再发邮件" in editor.get("/notices/").content.decode()
    editor.post("/notices/email/", {"wanted": "0"})
    assert NoEmail.objects.get().person == city.people["bian"]
    assert "改为也发邮件" in editor.get("/notices/").content.decode()
    editor.post("/notices/email/", {"wanted": "1"})
    assert not NoEmail.objects.exists()


def test_what_was_not_delivered_says_why_and_is_sent_again(city: City, settings: Any) -> None:
    with mail_server() as box:
        box.configure(settings)
        box.refuse.add("bian@example.cn")
        tell(city)
        actions.deliver_waiting(NOW + actions.SETTLING)
        admin = _as(city, "guan")
        page = admin.get("/notices/undelivered/").content.decode()
        assert "邮件服务器不收这个地址（550）" in page
        # whom and why, not what about; and the address itself is nobody's business
        assert "问题反馈第0件" not in page
        assert "bian@example.cn" not in page
        box.refuse.clear()
        failed = Delivery.objects.get(state="failed")
        for login in ("bian", "lin", "an"):
            assert _as(city, login).post(f"/notices/undelivered/{failed.pk}/resend/").status_code in (403, 404)
        assert admin.post(f"/notices/undelivered/{failed.pk}/resend/").status_code == 302
        again = admin.post(f"/notices/undelivered/{failed.pk}/resend/")
        assert (again.status_code, "不能重发" in again.content.decode()) == (422, True)
        assert actions.deliver_waiting(NOW).sent == 1
    assert "没有未送达的消息" in admin.get("/notices/undelivered/").content.decode()
    assert "已发出" in admin.get("/notices/undelivered/?state=sent").content.decode()


def test_the_system_administrator_sees_channels_and_no_business(city: City, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    tell(city)
    page = _as(city, "xi").get("/notices/undelivered/").content.decode()
    assert page.count("未配置，不发送") == 3
    assert "消息，" not in page


def test_units_where_nobody_reads_are_named_to_those_who_reach_them(city: City) -> None:
    tell(city)
    tell(city, to="DH-TY")
    PositionHeld.objects.filter(person=city.people["zhen"]).update(ends_on=NOW.date() - timedelta(days=1))
    said = "没有编辑或单位管理员，发给它们的消息没有人看：桃源镇。"
    for login, sees in (("zhu", True), ("cha", True), ("guan", False), ("jiao", False)):
        assert (said in _as(city, login).get("/notices/undelivered/").content.decode()) is sees


def test_an_open_notice_leads_to_its_matter(city: City) -> None:
    (notice,) = tell(city)
    page = _as(city, "bian").get(f"/notices/{notice.pk}/").content.decode()
    assert 'href="/findings/"' in page
    for other in ("lin", "qian", "zhu", "cha", "xi"):
        assert _as(city, other).get(f"/notices/{notice.pk}/").status_code in (302, 404)
    assert notice.readers.get().person == city.people["bian"]


def test_a_notice_on_its_way_says_to_whom_and_what_came_of_it(city: City) -> None:
    tell(city)
    to = {"notice": Notice.objects.get(), "channel": "email", "person": city.people["bian"]}
    Delivery.objects.create(**to, next_try_at=NOW, state="failed", last_error="连接不上邮件服务器")
    (shown,) = show(kind_named("notice"), None, login="guan", position=None, at=NOW, where={"state": "failed"})
    assert (shown["unit"], shown["person"], shown["why"]) == ("DH", "bian", "连接不上邮件服务器")
    assert "问题反馈" not in str(shown)


def test_which_channels_are_open_is_told_to_those_who_look_after_them(city: City) -> None:
    for login, told in (("cha", True), ("tou", True), ("xi", True), ("guan", False), ("zhu", False)):
        shown = _as(city, login).get("/notices/undelivered/").content.decode()
        assert ("<h2>渠道</h2>" in shown) == told, login
