"""The pages of filings: the list, one filing, the desk, the search, the public announcements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import NOW, City, act, act_as, sign_in
from xinmei.notices.models import Notice
from xinmei.registry.duties import at_desk
from xinmei.registry.models import Account
from xinmei.registry.search import search
from xinmei.registry.tests.filing import OPEN, bring, build, shut_down, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
DAY = timedelta(days=1)


@pytest.fixture
def city() -> City:
    return build()


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at NOW."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(hours=6))


def page(city: City, login: str, address: str) -> str:
    answer = sign_in(Client(), city.people[login]).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_list_says_who_has_each_and_what_comes_next(city: City) -> None:
    filing = act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan")
    shown = page(city, "guan", "/filings/")
    for words in ("开设“东湖发布”", "市政府办公室", "同级政府办公室审核同意", f"/filings/{filing.pk}/"):
        assert words in shown
    assert "开设“东湖发布”" not in page(city, "lin", "/filings/")


def test_what_waits_for_me_is_one_filter_and_one_duty(city: City) -> None:
    act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan")
    assert "开设" not in page(city, "guan", "/filings/?waiting=mine").partition("<tbody")[2]
    assert "开设“东湖发布”" in page(city, "tou", "/filings/?waiting=mine")
    (duty,) = [one for one in at_desk(act_as(city, "tou"), NOW).duties if "备案" in one.title]
    assert (duty.title, duty.address) == ("办理备案 1 件", "/filings/?waiting=mine")


def test_the_desk_of_the_unit_has_the_term_of_registration(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    (duty,) = [one for one in at_desk(act_as(city, "guan"), NOW).duties if "备案" in one.title]
    assert (duty.due_at, duty.colour) == (filing.register_by, "amber")
    (duty,) = [one for one in at_desk(act_as(city, "guan"), NOW + 10 * DAY).duties if "备案" in one.title]
    assert duty.colour == "red"


def test_the_page_of_one_says_where_it_stands_and_how_the_days_are_counted(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    shown = page(city, "guan", f"/filings/{filing.pk}/")
    for words in ("公告期满后市政府办公室备案", "2026年6月3日", "怎么算的", "第15个工作日", "登记公告", "会议纪要.txt"):
        assert words in shown
    assert (
        b"\xe4\xbc\x9a\xe8\xae\xae"
        in sign_in(Client(), city.people["tou"]).get(f"/filings/{filing.pk}/consent/").content
    )


def test_before_it_is_sent_the_page_says_what_would_stop_it(city: City) -> None:
    filing = shut_down(consent=None, successor=None)
    shown = page(city, "bian", f"/filings/{filing.pk}/")
    assert "没有集体研究或主要领导同意的材料" in shown
    assert "不能报送" in shown
    assert "没有写明关停、注销后公众到哪里去" in shown


def test_a_change_is_written_on_the_page_with_what_stands_filled_in(city: City) -> None:
    client = sign_in(Client(), city.people["guan"])
    shown = client.get("/filings/write/?matter=CHANGE&account=DH-1").content.decode()
    assert 'name="write-changes__name" value="东湖发布"' in shown
    assert "write-profile__name" not in shown
    given = {"write-matter": "CHANGE", "write-account": "DH-1", "write-reason": "换平台账号", "write-consent__by": ""}
    account = Account.objects.get(code="DH-1")
    for item in ("name", "kind", "verification", "url"):
        given[f"write-changes__{item}"] = getattr(account, item)
    given |= {"write-changes__unit": "DH", "write-changes__handle": "newhandle", "write-version": ""}
    answer = client.post("/filings/write/", given, follow=True)
    assert "已保存，还没有报送" in answer.content.decode()
    filing = account.filings.get()
    act("filing.submit", filing.pk, by="guan", at=NOW + DAY)
    assert act("filing.approve", filing.pk, by="tou", at=NOW + DAY).state == "CARRY_OUT"  # only the handle changes


def test_whoever_has_the_next_step_is_told(city: City) -> None:
    filing = act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan")
    act("filing.return", filing.pk, by="tou", reason="缺材料")
    told = Notice.objects.filter(kind="filing").order_by("pk").values_list("audience", "unit__code", "title")
    assert list(told) == [
        ("heads", None, "开设备案“东湖发布”等审核"),
        ("editors", "DH", "开设备案“东湖发布”已退回，请修改后重新报送"),
    ]


def test_it_is_found_by_the_name_of_its_account_and_only_within_reach(city: City) -> None:
    write("bian", matter="OPEN", profile=OPEN | {"name": "东湖视界"})
    assert [hit.title for block in search(act_as(city, "guan"), "视界", NOW) for hit in block.hits] == [
        "开设“东湖视界”"
    ]
    assert not any(block.hits for block in search(act_as(city, "tou"), "视界", NOW))


def test_the_public_sees_announcements_on_their_days_and_that_one_ended(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    assert "拟关停并适时注销" in Client().get("/announcements/").content.decode()
    act("filing.withdraw", filing.pk, by="guan", at=NOW + timedelta(hours=5), reason="不关了")
    shown = Client().get("/announcements/").content.decode()
    assert "拟关停并适时注销" in shown
    assert "已撤销" in shown
