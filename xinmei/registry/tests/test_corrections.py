"""纠错: the public reports, keeps a receipt, and reads the answer; a unit answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people
from tests.house.both_ways import by_api
from xinmei.acts.declared import kinds, verbs
from xinmei.acts.lines import Answering
from xinmei.core.refusals import NotFound, NotNow, NotYours
from xinmei.notices.models import Notice
from xinmei.registry.corrections.duties import report_duties
from xinmei.registry.models import Report

pytestmark = pytest.mark.django_db
ABOUT_DH = {"account": "DH-1", "text": "名称与登记的不一样", "contact": "王某 13512345678"}
ABOUT_NOBODY = {"about": "东湖官方福利（微信）", "text": "仿冒"}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def make(given: dict[str, Any], **sent: Any) -> dict[str, Any]:
    line = {"verb": "report.make", "at": NOW.isoformat(), "with": given, **sent}
    return Answering(lambda: NOW).answer(line)


def shown(city: City, login: str, number: str) -> dict[str, Any] | None:
    kind, acting = kinds()["report"], act_as(city, login)
    found = kind.rows(acting).filter(pk=number).first()
    return None if found is None else dict(kind.show(found, acting))


def test_nobody_is_named_and_a_number_and_a_code_come_back(city: City) -> None:
    answer = make(ABOUT_DH)
    assert answer["ok"], answer
    made = answer["object"]
    assert (made["number"], made["state"], made["answer"]) == (answer["on"], "OPEN", None)
    page = Client().get("/verify/correct/", {"number": made["number"], "code": made["code"].lower()}).content.decode()
    assert "待答复" in page
    assert (
        "没有这样的回执" in Client().get("/verify/correct/", {"number": made["number"], "code": "X"}).content.decode()
    )


@pytest.mark.parametrize("sent", [{"by": "bian"}, {"as": "editor@DH"}, {"on": "1"}])
def test_the_public_has_no_name_and_no_position(city: City, sent: dict[str, Any]) -> None:
    assert make(ABOUT_DH, **sent)["refused"] == "input"


@pytest.mark.parametrize(
    "wrong", [{"text": "错"}, {"account": "XX", "text": "错"}, {"account": "DH-1"}, {**ABOUT_DH, "about": "另一个"}]
)
def test_what_is_about_nothing_or_says_nothing_is_refused(city: City, wrong: dict[str, Any]) -> None:
    assert make(wrong)["refused"] == "input"
    assert not Report.objects.exists()


def test_the_unit_reads_it_without_the_name_and_answers(city: City) -> None:
    made = make(ABOUT_DH)["object"]
    seen = shown(city, "bian", made["number"])
    assert seen is not None
    assert (seen["contact"], seen["code"]) == ("王*******", None)
    act("report.answer", made["number"], by="bian", text="已更正登记")
    page = Client().get("/verify/correct/", {"number": made["number"], "code": made["code"]}).content.decode()
    assert "已更正登记" in page
    assert "卞小编" not in page
    with pytest.raises(NotNow):
        act("report.answer", made["number"], by="guan", text="又答一次")


def test_it_is_seen_as_custody_is_and_what_is_about_no_unit_by_the_city(city: City) -> None:
    of_dh, of_nobody = make(ABOUT_DH)["on"], make(ABOUT_NOBODY)["on"]
    assert all(shown(city, login, of_dh) for login in ("qian", "zhu", "cha"))
    assert not any(shown(city, login, of_dh) for login in ("lin", "wang", "xi"))
    assert shown(city, "cha", of_nobody)
    assert not shown(city, "bian", of_nobody)
    with pytest.raises(NotYours):
        act("report.answer", of_dh, by="qian", text="已更正")
    with pytest.raises(NotFound):
        act("report.answer", of_nobody, by="bian", text="已更正")
    act("report.answer", of_nobody, by="cha", text="已查处")


def test_it_stands_on_the_desk_of_whoever_answers_and_is_told_to_them(city: City) -> None:
    make(ABOUT_DH)
    make(ABOUT_NOBODY)
    assert [one.title for one in report_duties(act_as(city, "bian"), NOW)] == ["答复公众纠错：东湖发布"]
    assert [one.title for one in report_duties(act_as(city, "cha"), NOW)] == ["答复公众纠错：东湖官方福利（微信）"]
    assert not report_duties(act_as(city, "qian"), NOW)
    told = set(Notice.objects.filter(kind="report").values_list("audience", "unit__code"))
    assert told == {("editors", "DH"), ("inspectors", None)}


def test_one_address_sends_only_so_many_a_day(city: City, settings) -> None:
    settings.REPORTS_PER_DAY = 2
    with time_machine.travel(NOW, tick=False):
        for _ in range(2):
            page = Client().post("/reports/make/", {"make-account": "DH-1", "make-text": "错了"})
            assert page.status_code == 200
            assert "查询码" in page.content.decode()
        page = Client().post("/reports/make/", {"make-account": "DH-1", "make-text": "错了"})
        assert page.status_code == 422
        assert "最多提交 2 件" in page.content.decode()
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(
            "/reports/make/", {"make-account": "DH-1", "make-text": "错了"}
        )
        assert elsewhere.status_code == 200
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert Client().post("/reports/make/", {"make-account": "DH-1", "make-text": "错了"}).status_code == 200
    assert Report.objects.count() == 4


def test_a_program_hands_one_in_as_the_public(city: City) -> None:
    with time_machine.travel(NOW, tick=False):
        made = by_api(verbs()["report.make"], "", "bian", ABOUT_DH).json()
    assert len(made["code"]) == 10
    assert Report.objects.get().state == "OPEN"


def test_the_same_key_gives_the_same_receipt(city: City) -> None:
    first, second = make(ABOUT_DH, key="k1"), make(ABOUT_DH, key="k1")
    assert first["object"] == second["object"]
    assert Report.objects.count() == 1
