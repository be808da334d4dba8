"""录入问题 from where the fault is seen: the thing that it is about is filled in, and exists."""

from __future__ import annotations

import html
import re

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, sign_in
from tests.lived import live_two_months
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
SEEN = {"find-criterion": "inspection/grave_misstatement", "find-note": "与事实不符"}


def test_from_a_post_or_a_message_it_is_filled_in_already():
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        inspector = sign_in(Client(), city.people["cha"])
        for page, subject in (("/posts/SW-1-3/", "SW-1-3"), ("/messages/M1/", "M1")):
            way = re.search(r'href="(/findings/enter/[^"]+)"', inspector.get(page).content.decode())
            assert way, page
            form = inspector.get(html.unescape(way[1])).content.decode()
            assert "说的是：" in form
            assert f'value="{subject}"' in form
        assert "录入问题" not in sign_in(Client(), city.people["lin"]).get("/posts/SW-1-3/").content.decode()


def test_a_number_that_does_not_exist_is_refused():
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        inspector = sign_in(Client(), city.people["cha"])
        about = {"find-account": "SW-1", "find-subject": "SW-1-999999"}
        answer = inspector.post("/findings/find/", SEEN | about)
        assert answer.status_code == 422
        assert "这个账号没有这条信息、留言或功能" in answer.content.decode()
        assert not Finding.objects.filter(subject="SW-1-999999").exists()
