"""§三 the register, §六 functions, §七 personal data; by hand."""

from __future__ import annotations

from datetime import date

from xinmei.registry.models import Exemption
from xinmei.supervision.tests.facts_cast import at, make_facts, window
from xinmei.supervision.watches import register
from xinmei.supervision.watches.facts import AccountFacts, Checked, Sight
from xinmei.units.models import Unit

T = "2025-05-12T09:00"


def subjects(faults: object) -> list[str]:
    return [fault.subject for fault in faults]  # type: ignore[attr-defined]


def seen(facts: AccountFacts, end: str, profile: dict[str, str], outcome: str = "complete") -> AccountFacts:
    facts.looks.append(Sight(at("2025-01-01T09:00"), at(end), "rss", outcome, "", profile))
    return facts


def test_an_internal_office_may_not_open_after_the_indicators_were_issued() -> None:
    for opened_on, found in ((date(2021, 6, 20), []), (date(2021, 6, 21), ["DH-1"])):
        facts = make_facts(opened_on=opened_on)
        facts.unit.kind = Unit.Kind.INTERNAL_OFFICE
        assert subjects(register.watch_opening(facts, window(T))) == found


def test_the_verification_must_hold_the_name_of_the_host_or_a_short_name() -> None:
    assert not list(register.watch_verification(make_facts(verification="东湖县官方微博"), window(T)))
    assert subjects(register.watch_verification(make_facts(verification="民生资讯"), window(T))) == ["DH-1"]


def test_an_empty_verification_is_seen_absent_in_a_profile_and_not_observed_in_the_register() -> None:
    assert not list(register.watch_verification(make_facts(verification=""), window(T)))
    assert list(register.watch_verification(seen(make_facts(), "2025-05-11T09:00", {"verification": ""}), window(T)))


def test_the_latest_profile_of_a_complete_look_beats_the_register() -> None:
    facts = seen(make_facts(verification="民生资讯"), "2025-05-01T09:00", {"verification": "东湖县人民政府"})
    assert not list(register.watch_verification(facts, window(T)))
    assert list(register.watch_verification(seen(facts, "2025-05-11T09:00", {"verification": "爱生活"}), window(T)))


def test_a_profile_of_a_partial_look_or_after_the_moment_says_nothing() -> None:
    facts = seen(
        seen(make_facts(), "2025-05-01T09:00", {"verification": "爱生活"}, "partial"),
        "2025-05-13T09:00",
        {"verification": "爱生活"},
    )
    assert not list(register.watch_verification(facts, window(T)))


def test_registration_on_the_third_working_day_is_in_time_and_on_the_fourth_late() -> None:
    # filed on Monday 2025-05-05 (a holiday): 6, 7, 8 May
    base = {"opened_on": date(2025, 4, 1), "filed_city_on": date(2025, 5, 5), "filed_national_on": date(2025, 5, 8)}
    assert not list(register.watch_registration(make_facts(**base, filed_provincial_on=date(2025, 5, 8)), window(T)))
    (fault,) = register.watch_registration(make_facts(**base, filed_provincial_on=date(2025, 5, 9)), window(T))
    assert fault.fault_on == date(2025, 5, 8)


def test_a_registration_whose_term_is_not_over_is_not_late() -> None:
    facts = make_facts(
        opened_on=date(2025, 4, 1), filed_city_on=date(2025, 5, 9), filed_national_on=None, filed_provincial_on=None
    )
    assert not list(register.watch_registration(facts, window(T)))


def test_closing_before_the_15_working_days_are_over_is_too_short() -> None:
    # announced Thursday 2025-04-10: the 15th working day is 2025-05-06 (27 April is a Sunday that is worked, 1–5 May
    # off), so from 7 May
    for closed_on, found in ((date(2025, 4, 30), ["DH-1"]), (date(2025, 5, 7), [])):
        facts = make_facts(status="closed", announced_on=date(2025, 4, 10), closed_on=closed_on)
        assert subjects(register.watch_announcement(facts, window(T))) == found
    assert not list(register.watch_announcement(make_facts(status="closed", closed_on=date(2025, 4, 30)), window(T)))


def test_a_function_that_failed_unannounced_is_one_fault_and_an_announced_one_none() -> None:
    facts = make_facts()
    facts.functions = [
        Checked("预约挂号", at("2025-02-01T10:00"), False, False, ()),
        Checked("预约挂号", at("2025-03-01T10:00"), False, False, ()),
        Checked("公交查询", at("2025-03-01T10:00"), False, True, ()),
    ]
    assert subjects(register.watch_functions(facts, window(T))) == ["预约挂号"]


def test_asking_for_the_address_book_is_more_than_a_service_needs() -> None:
    facts = make_facts()
    facts.functions = [Checked("公交查询", at("2025-03-01T10:00"), True, False, ("手机号", "通讯录"))]
    assert subjects(register.watch_collection(facts, window(T))) == ["公交查询"]
    facts.functions = [Checked("公交查询", at("2025-03-01T10:00"), True, False, ("手机号",))]
    assert not list(register.watch_collection(facts, window(T)))


def test_two_accounts_of_one_kind_on_one_platform_and_not_of_two_kinds() -> None:
    unit = make_facts().unit
    two = [
        make_facts(code="A", platform="wechat", kind="subscription"),
        make_facts(code="B", platform="wechat", kind="service"),
    ]
    assert not list(register.watch_platforms(unit, two, window(T)))
    assert subjects(
        register.watch_platforms(unit, [*two, make_facts(code="C", platform="wechat", kind="service")], window(T))
    ) == ["wechat"]
    apps = [make_facts(code="A", platform="app"), make_facts(code="B", platform="app")]
    assert not list(register.watch_platforms(unit, apps, window(T)))


def test_two_accounts_are_no_fault_while_an_exemption_stands() -> None:
    two = [make_facts(code="A", platform="wechat"), make_facts(code="B", platform="wechat")]
    allowed = Exemption(platform="wechat", granted_at=at("2025-01-01T10:00"), until=date(2025, 5, 12))
    for facts in two:
        facts.exemptions = [allowed]
    assert not list(register.watch_platforms(two[0].unit, two, window(T)))
    assert subjects(register.watch_platforms(two[0].unit, two, window("2025-05-13T09:00"))) == ["wechat"]
    allowed.kind = "service"
    assert subjects(register.watch_platforms(two[0].unit, two, window(T))) == ["wechat"]
    allowed.kind, allowed.ended_at = "", at("2025-05-12T08:00")
    assert subjects(register.watch_platforms(two[0].unit, two, window(T))) == ["wechat"]


def test_names_without_two_characters_in_common_are_inconsistent_and_generic_words_do_not_count() -> None:
    unit = make_facts().unit
    assert not list(
        register.watch_names(unit, [make_facts(), make_facts(platform="douyin", name="东湖政务在线")], window(T))
    )
    assert subjects(
        register.watch_names(unit, [make_facts(), make_facts(platform="douyin", name="乡音发布")], window(T))
    ) == ["DH"]


def test_an_account_in_use_without_any_filing_date_is_unfiled() -> None:
    bare = {"filed_city_on": None, "filed_national_on": None, "filed_provincial_on": None}
    assert subjects(register.watch_filing(make_facts(**bare), window(T))) == ["DH-1"]
    assert subjects(register.watch_filing(make_facts(status="unfiled"), window(T))) == ["DH-1"]
    assert not list(register.watch_filing(make_facts(**bare | {"filed_national_on": date(2025, 1, 1)}), window(T)))
