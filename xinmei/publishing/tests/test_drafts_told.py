"""三级审核: whoever must act next hears of it."""

from __future__ import annotations

import pytest

from tests.cast import NOW, act, build_city, build_people
from tests.drafting import TITLE, check, later, send, sign, write
from xinmei.notices.doors import notices_visible_to
from xinmei.people.doors import actings_by_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


def test_whoever_must_act_next_is_told(city):
    def told(login):
        (acting,) = actings_by_login(login, NOW)
        return [notice.title for notice in notices_visible_to(acting).filter(kind="draft").order_by("pk")]

    draft = send(write())
    assert told("shen") == [f"等您审核的稿件：{TITLE}"]
    act("draft.return", draft.pk, by="shen", reason="数据要核实")
    assert told("bian") == [f"退回修改的稿件：{TITLE}"]
    sign(check(send(draft, later(1)), later(2)), later(3))
    assert told("qian") == [f"等您审签的稿件：{TITLE}"]
    assert told("bian")[0] == f"退回修改的稿件：{TITLE}"
    assert len(told("bian")) == 2
    assert (told("guan"), told("zhen"), told("cha")) == ([], [], [])
