"""What each step checks is said while it is typed, beside the field, with the clause; nothing is written by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from xinmei.people.models import Event
from xinmei.registry.models import Filing
from xinmei.registry.tests.filing import OPEN, bring, build, shut_down, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> City:
    """The cast; the pages' clock stands at NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=6))
    return build()


def typed(city: City, login: str, address: str, **fields: Any) -> str:
    """What the page says of it. Nothing has changed by being asked."""
    prefix = address.strip("/").rpartition("/")[2]
    before = (Filing.objects.count(), Event.objects.count())
    sent = {f"{prefix}-{name}": value for name, value in fields.items()}
    answer = sign_in(Client(), city.people[login]).post(f"{address}?typed=1", sent)
    assert answer.status_code == 200, answer.content.decode()
    assert (Filing.objects.count(), Event.objects.count()) == before
    return answer.content.decode()


def beside(said: str, field: str) -> str:
    """What stands beside one field."""
    return said.partition(f'id="id_{field}_said"')[2].partition('id="id_')[0]


def opening(city: City, login: str, **fields: str) -> str:
    asked = {f"profile__{name}": value for name, value in {**OPEN, **fields}.items()}
    return typed(city, login, "/filings/write/", matter="OPEN", **asked)


def test_a_second_account_on_a_platform_is_said_beside_the_platform(city: City) -> None:
    said = beside(opening(city, "guan", platform="wechat", kind="订阅号"), "write-profile__platform")
    for words in ("不能办", "同一平台已有账号“东湖发布”", "原则上在同一平台只开设一个", "宿政办发〔2021〕22号"):
        assert words in said
    act("exemption.grant", by="tou", unit="DH", platform="wechat", reason="两类人群", until="2026-12-31")
    said = opening(city, "guan", platform="wechat", kind="订阅号")
    assert "不能办" not in said
    assert "报送后由" in said


def test_the_name_and_the_host_are_said_beside_what_is_typed(city: City) -> None:
    said = opening(city, "guan", name="乐享生活圈", verification="乐享公司")
    assert "名称简洁规范" in beside(said, "write-profile__name")
    assert "在公开认证信息中注明主办单位名称" in beside(said, "write-profile__verification")
    said = opening(city, "guan")
    assert beside(said, "write-profile__name").count("<p>") == 0


def test_an_internal_office_hears_that_it_may_not(city: City) -> None:
    said = typed(city, "lin", "/filings/write/", matter="CHANGE", account="SW-1", changes__unit="JY-XC")
    assert "不得以单位内设机构名义开设" in beside(said, "write-changes__unit")


def test_a_closure_shows_its_announcement_and_the_day_before_the_paper_is_there(city: City) -> None:
    asked = {"matter": "SHUT_DOWN", "account": "DH-1", "reason": "无力维护", "consent__by": ""}
    said = typed(city, "guan", "/filings/write/", **asked)
    for words in ("如果今天公告", "关于关停“东湖发布”", "怎么算的"):
        assert words in said
    assert "集体研究或主要领导同意" in beside(said, "write-consent__by")


def test_a_wrong_day_is_said_and_what_is_not_filled_in_yet_is_no_fault(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    said = typed(city, "guan", f"/filings/{filing.pk}/announce/", on="2026-05-01")
    assert "早于审核同意之日" in beside(said, "announce-on")
    said = typed(city, "guan", f"/filings/{filing.pk}/announce/", on="")
    assert "foreseen" not in said


def test_of_a_draft_that_stands_only_what_the_page_shows_is_answered(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN)
    said = typed(city, "guan", f"/filings/{filing.pk}/write/", reason="再写", version="1")
    assert 'id="id_write-reason_said"' in said
    assert "id_write-matter_said" not in said


def test_who_may_not_act_is_refused_as_the_act_refuses(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN)
    client = sign_in(Client(), city.people["lin"])
    assert client.post(f"/filings/{filing.pk}/write/?typed=1", {}).status_code == 404
    assert sign_in(Client(), city.people["cha"]).post("/filings/write/?typed=1", {}).status_code == 403
