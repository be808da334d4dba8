"""Filings: what cannot be sent, which problems are found, which days and numbers are taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act, make_account, make_person
from xinmei.core.refusals import NotNow, NotSo
from xinmei.registry.models import Account, Filing
from xinmei.registry.tests.filing import CONSENT, HOUR, OPEN, bring, build, shut_down, write

pytestmark = pytest.mark.django_db
SENT = {"matter": "CHANGE", "account": "DH-1", "reason": "工作需要"}


@pytest.fixture
def city() -> City:
    return build()


# ── what cannot be sent ──


def not_sent(filing: Filing, match: str, by: str = "guan", at: Any = NOW) -> None:
    with pytest.raises(NotSo, match=match):
        act("filing.submit", filing.pk, by=by, at=at)


def test_an_internal_office_opens_none_and_receives_none(city: City) -> None:
    make_person("xuan", "宣", city.units["JY-XC"], "unit_admin")
    not_sent(write("xuan", matter="OPEN", profile=OPEN), "不得以单位内设机构名义开设政务新媒体", by="xuan")
    changes = {"unit": "JY-XC"}
    not_sent(write("guan", matter="CHANGE", account="DH-1", changes=changes, consent=CONSENT), "内设机构")


def test_without_a_reason_a_profile_or_a_consent_it_is_not_sent(city: City) -> None:
    not_sent(write("guan", matter="OPEN"), "没有写要开设的账号")
    not_sent(write("guan", matter="OPEN", profile=OPEN, reason=None), "没有写理由")
    not_sent(shut_down(consent=None), "集体研究")
    assert act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan").state == "REVIEW"


def test_what_is_out_of_service_is_neither_changed_nor_shut_down(city: City) -> None:
    filings = [shut_down(), write("guan", matter="CHANGE", account="DH-1", changes={"handle": "h"})]
    Account.objects.filter(code="DH-1").update(status="closed", closed_on="2026-01-01")
    for filing in filings:
        not_sent(filing, "不在用")
    filing = shut_down(matter="DEREGISTER")
    Account.objects.filter(code="DH-1").update(status="deregistered")
    not_sent(filing, "已经注销")


# ── one account on a platform ──


@pytest.fixture
def wechat(city: City) -> Filing:
    """An OPEN of the county on a platform where it has one of this kind."""
    profile = OPEN | {"platform": "wechat", "kind": "subscription"}
    return write("guan", matter="OPEN", profile=profile)


def exempt(until: str = "2026-06-01", **given: Any) -> str:
    usual = {"unit": "DH", "platform": "wechat", "reason": "面向不同人群", "until": until}
    return str(act("exemption.grant", by="tou", **(usual | given)).pk)


def test_a_second_account_of_a_kind_on_a_platform_needs_an_exemption(city: City, wechat: Filing) -> None:
    not_sent(wechat, "一个单位原则上在同一平台只开设一个政务新媒体账号")
    exempt(kind="service")
    not_sent(wechat, "同一平台")
    exempt(kind="subscription")
    assert act("filing.submit", wechat.pk, by="guan").state == "REVIEW"


def test_another_kind_is_no_second_and_an_app_is_no_platform(city: City) -> None:
    for profile in ({"platform": "wechat", "kind": "service"}, {"platform": "app"}, {"platform": "app"}):
        filing = write("guan", matter="OPEN", profile={"name": "东湖在线", "verification": "东湖县"} | profile)
        assert act("filing.submit", filing.pk, by="guan").state == "REVIEW"


def test_none_given_is_a_kind_of_its_own_and_another_open_under_way_counts(city: City) -> None:
    first, second = (write("guan", matter="OPEN", profile=OPEN) for _ in range(2))
    act("filing.submit", first.pk, by="guan")
    not_sent(second, "正在办理")
    act("filing.withdraw", first.pk, by="guan", reason="不办了")
    assert act("filing.submit", second.pk, by="guan").state == "REVIEW"


def test_the_exemption_is_looked_at_again_when_it_is_approved(city: City, wechat: Filing) -> None:
    number = exempt()
    filing = act("filing.submit", wechat.pk, by="guan")
    act("exemption.end", number, by="tou", reason="情况变化")
    with pytest.raises(NotNow, match="例外"):
        act("filing.approve", filing.pk, by="tou", accept=filing.problems)
    exempt()
    assert act("filing.approve", filing.pk, by="tou", accept=filing.problems).state == "CARRY_OUT"


def test_of_two_for_one_place_the_one_sent_later_is_refused(city: City) -> None:
    number = exempt(platform="weibo")
    first, second = (write("guan", matter="OPEN", profile=OPEN) for _ in range(2))
    act("filing.submit", second.pk, by="guan")
    act("filing.submit", first.pk, by="guan", at=NOW + HOUR)
    act("exemption.end", number, by="tou", at=NOW + HOUR, reason="情况变化")
    at = NOW + 2 * HOUR
    with pytest.raises(NotNow):
        act("filing.approve", first.pk, by="tou", at=at)
    assert act("filing.approve", second.pk, by="tou", at=at).state == "CARRY_OUT"


def test_a_change_of_kind_or_unit_into_a_taken_place_is_refused(city: City) -> None:
    make_account("DH-2", city.units["DH"], kind="service", name="东湖服务")
    consent = {"consent": CONSENT}
    not_sent(write("guan", matter="CHANGE", account="DH-2", changes={"kind": "subscription"}, **consent), "同一平台")
    not_sent(write("guan", matter="CHANGE", account="DH-1", changes={"unit": "SW"}, **consent), "同一平台")
    assert act("filing.submit", write("guan", **SENT, changes={"unit": "GX"}, **consent).pk, by="guan")


def test_two_changes_into_one_place_are_both_sent_and_the_later_is_not_approved(city: City) -> None:
    first = write("guan", matter="CHANGE", account="DH-1", changes={"unit": "GX"}, consent=CONSENT)
    second = write("shuiguan", matter="CHANGE", account="SW-1", changes={"unit": "GX"}, consent=CONSENT)
    act("filing.submit", first.pk, by="guan")
    act("filing.submit", second.pk, by="shuiguan", at=NOW + HOUR)
    for filing in (first, second):
        act("filing.agree", filing.pk, by="gaoguan", at=NOW + HOUR)
    second.refresh_from_db()
    with pytest.raises(NotNow, match="同一平台"):
        act("filing.approve", second.pk, by="tou", at=NOW + 2 * HOUR, accept=second.problems)


def test_what_is_filed_late_is_no_second_account(city: City) -> None:
    make_account("DH-2", city.units["DH"], status="unfiled", filed_city_on=None)
    assert act("filing.submit", write("guan", matter="OPEN", account="DH-2").pk, by="guan").state == "REVIEW"


# ── problems ──


@pytest.mark.parametrize(
    ("profile", "problems"),
    [
        ({}, []),
        ({"name": "阳光驿站"}, ["name_unrelated", "name_differs"]),
        ({"name": "发布"}, ["name_unrelated", "name_differs"]),
        ({"verification": ""}, ["host_not_in_verification"]),
        ({"verification": "某某公司"}, ["host_not_in_verification"]),
    ],
)
def test_problems_of_an_opening(city: City, profile: dict[str, str], problems: list[str]) -> None:
    filing = act("filing.submit", write("guan", matter="OPEN", profile=OPEN | profile).pk, by="guan")
    assert filing.problems == problems


def test_a_duty_or_a_short_name_relates_a_name_to_its_unit(city: City) -> None:
    city.units["SW"].duties, city.units["SW"].short_names = ["节约用水"], ["市水利局"]
    city.units["SW"].save()
    for name, related in (("用水之声", True), ("水利在线", True), ("城管之声", False)):
        filing = write("shuiguan", matter="OPEN", profile=OPEN | {"name": name, "verification": "市水利局"})
        filing = act("filing.submit", filing.pk, by="shuiguan")
        assert ("name_unrelated" in filing.problems) is not related
        act("filing.withdraw", filing.pk, by="shuiguan", reason="试")


def test_all_problems_are_accepted_by_name_to_approve(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN | {"name": "阳光驿站"})
    filing = act("filing.submit", filing.pk, by="guan")
    for given in ({}, {"accept": ["name_differs"]}, {"accept": ["name_differs"], "colour": "红"}, {"accept": "x"}):
        with pytest.raises(NotNow):
            act("filing.approve", filing.pk, by="tou", **given)
    both = ["name_differs", "name_unrelated"]
    with pytest.raises(NotSo):
        act("filing.approve", filing.pk, by="tou", accept=[*both, "no_successor"])
    filing = act("filing.approve", filing.pk, by="tou", accept=both)
    assert (filing.state, filing.accepted) == ("CARRY_OUT", ["name_unrelated", "name_differs"])


def test_no_successor_is_a_problem_of_closing(city: City) -> None:
    assert act("filing.submit", shut_down(successor=None).pk, by="guan").problems == ["no_successor"]


# ── days and numbers ──


def test_days_lie_between_the_filing_and_the_act(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    at, day = NOW + timedelta(days=2), {"number": "G1", "system": "national"}
    for wrong in ({"on": "2026-05-11"}, {"on": "2026-05-15"}, {"on": "2026-05-12", "number": " "}, {"system": "x"}):
        with pytest.raises(NotSo):
            act("filing.register", filing.pk, by="guan", at=at, **({"on": "2026-05-13"} | day | wrong))
    for number in ("G1", "G2"):
        filing = act("filing.register", filing.pk, by="guan", at=at, on="2026-05-13", **(day | {"number": number}))
    assert filing.national_number == "G2"
    assert filing.state == "CARRY_OUT"


def test_only_what_is_newly_opened_has_an_id_to_be_given(city: City) -> None:
    filing = bring(write("guan", **SENT, changes={"handle": "h"}), "CARRY_OUT")
    for name in ("account", "handle", "url"):
        with pytest.raises(NotSo):
            act("filing.carry_out", filing.pk, by="guan", at=NOW + timedelta(days=1), on="2026-05-12", **{name: "x"})
