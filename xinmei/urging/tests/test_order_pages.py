"""Work orders by pages: the notice, the life of one, the lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import City, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.interaction.models import Message
from xinmei.notices.models import Notice
from xinmei.people.models import Event
from xinmei.urging import escalating
from xinmei.urging.models import WorkOrder
from xinmei.urging.tests.test_orders import LATER, OVERDUE


@pytest.fixture
def city(db: None) -> City:
    city = live_two_months()
    Message.objects.filter(code="M1").delete()
    return city


@pytest.fixture
def today(city: City) -> Iterator[City]:
    with time_machine.travel(LATER, tick=False):
        yield city


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def test_the_leader_opens_the_notice_and_it_is_noted(today: City) -> None:
    escalating.escalate(OVERDUE)
    escalating.escalate(LATER)
    leader = _as(today, "qian")
    assert "2 条未读" in leader.get("/").content.decode()  # the finding itself, and that it is late
    assert "督办逾期，请过问" in leader.get("/notices/").content.decode()
    notice = Notice.objects.get(kind="escalation")
    page = leader.get(f"/notices/{notice.pk}/").content.decode()
    assert f"/orders/{WorkOrder.objects.get().pk}/" in page
    assert "1 条未读" in leader.get("/").content.decode()
    assert Event.objects.get(verb="read_notice").actor == "qian"
    assert _as(today, "lin").get(f"/notices/{notice.pk}/").status_code == 404


def test_the_life_of_an_order_by_pages(today: City) -> None:
    inspector, editor = _as(today, "cha"), _as(today, "bian")
    finding = finding_of("DH-1")
    assert "发出督办" in inspector.get(f"/findings/{finding.pk}/").content.decode()
    assert "发出督办" not in editor.get(f"/findings/{finding.pk}/").content.decode()
    inspector.post("/orders/issue/", {"issue-finding": finding.pk})
    order = WorkOrder.objects.get()
    assert "办理督办 1 件" in editor.get("/").content.decode()
    answer = editor.post(f"/orders/{order.pk}/answer/", {"answer-text": ""})
    assert answer.status_code == 422
    assert "这一项没有填" in answer.content.decode()
    editor.post(f"/orders/{order.pk}/answer/", {"answer-text": "已电话联系平台"})
    assert "核对督办 1 件" in inspector.get("/").content.decode()
    answer = inspector.post(f"/orders/{order.pk}/return/", {"return-note": ""})
    assert answer.status_code == 422
    assert "退回督办要写明哪里没有办到" in answer.content.decode()
    assert inspector.post(f"/orders/{order.pk}/close/", {"close-note": "属实"}).status_code == 302
    order.refresh_from_db()
    assert order.status == "CLOSED"
    late = inspector.post(f"/orders/{order.pk}/close/", {"close-note": "都属实"})
    assert "现在是“已办结”，不能办结" in late.content.decode()
    assert "您写的：都属实" in late.content.decode()
    twice = inspector.post("/orders/issue/", {"issue-finding": finding.pk})
    assert (twice.status_code, "只督办一次" in twice.content.decode()) == (422, True)


def test_the_lists_answer_to_their_filters_and_export_what_they_show(
    today: City, django_assert_max_num_queries: Any
) -> None:
    for at in (OVERDUE, LATER):
        escalating.escalate(at)
    inspector = _as(today, "cha")
    for address in (
        "/orders/",
        "/orders/?waiting=overdue",
        "/orders/?q=东湖",
        "/notices/",
        "/notices/?unread=1",
        "/notices/undelivered/",
        "/reminders/",
    ):
        with django_assert_max_num_queries(20):
            assert inspector.get(address).status_code == 200
    assert "筛出 1 条" in inspector.get("/orders/?waiting=overdue").content.decode()
    assert inspector.get("/orders/?export=xlsx")["Content-Type"].endswith("sheet")
