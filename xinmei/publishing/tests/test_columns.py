"""栏目模板: a new draft begins with the words of its column."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, sign_in
from xinmei.core.refusals import NotSo
from xinmei.publishing.models import Draft

WEATHER = {
    "account": "DH-1",
    "column": "天气提示",
    "title": "天气提示｜{年}年{月}月{日}日 星期{星期}",
    "opening": "县气象台今天发布：",
    "fixed": "咨询电话：12345。",
    "signed": "供稿：应急科",
    "cover": "用蓝底标识",
}


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


def test_a_new_draft_begins_with_the_template_that_was_chosen(city):
    template = act("template.keep", by="bian", at=NOW, **WEATHER)

    with time_machine.travel(NOW, tick=False):
        page = sign_in(Client(), city.people["bian"]).get(f"/drafts/new/?template={template.pk}").content.decode()

    assert "天气提示｜2026年5月12日 星期二" in page
    assert "县气象台今天发布：\n咨询电话：12345。\n供稿：应急科" in page
    assert "封面提示：用蓝底标识" in page
    assert re.search(r'value="DH-1"[^>]*checked', page)
    assert not Draft.objects.exists()


def test_others_do_not_see_it_and_one_that_is_done_with_starts_nothing(city):
    template = act("template.keep", by="bian", at=NOW, **WEATHER)

    assert "天气提示" not in sign_in(Client(), city.people["tan"]).get("/drafts/").content.decode()
    assert sign_in(Client(), city.people["shen"]).get("/templates/").status_code == 403
    act("template.keep", template.pk, by="bian", at=NOW, title="天气｜{日}日")
    act("template.end", template.pk, by="bian", at=NOW)
    assert (
        "天气"
        not in sign_in(Client(), city.people["bian"]).get(f"/drafts/new/?template={template.pk}").content.decode()
    )


def test_a_sign_that_nobody_knows_is_refused(city):
    with pytest.raises(NotSo, match=r"不认得“\{期\}”"):
        act("template.keep", by="bian", at=NOW, **WEATHER | {"title": "第{期}期"})
