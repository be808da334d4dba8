"""The path of a filing: who does what when, and what stands afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.people.models import Event
from xinmei.registry.models import Account, Filing, FormerValue
from xinmei.registry.tests.filing import CONSENT, HOUR, OPEN, bring, build, shut_down, write

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)
ALLOWED_FROM = date(2026, 6, 3)  # 15 working days after 12 May


@pytest.fixture
def city() -> City:
    return build()


def account(code: str) -> Account:
    return Account.objects.get(code=code)


def later(**days: Any) -> Any:
    return NOW + timedelta(**days)


def shut_down_filed(city: City) -> Filing:
    return bring(shut_down(), "CARRY_OUT")


# ── opening ──


def test_an_account_is_opened_from_the_first_word_to_both_registers(city: City) -> None:
    filing = write("bian", matter="OPEN", profile=OPEN)
    filing = act("filing.submit", filing.pk, by="guan")
    assert (filing.state, filing.supervisor.code, filing.reviewing_office.code) == ("REVIEW", "CZ", "CZ")
    filing = act("filing.approve", filing.pk, by="tou")
    assert (filing.state, filing.filed_city_on) == ("CARRY_OUT", TODAY)
    assert filing.register_by == datetime(2026, 5, 16, tzinfo=SHANGHAI)  # 24:00 of the third working day
    filing = act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2026-05-13", account="N1", handle="h")
    opened = account("N1")
    assert (opened.status, opened.opened_on, opened.filed_city_on) == ("active", TODAY + DAY, TODAY)
    assert (opened.unit.code, opened.name, opened.handle) == ("DH", "东湖发布", "h")
    for system, state in (("national", "REGISTER"), ("provincial", "DONE")):
        given = {"system": system, "on": "2026-05-14", "number": "G1"}
        filing = act("filing.register", filing.pk, by="guan", at=later(days=3), **given)
        assert filing.state == state
    assert account("N1").filed_national_on == account("N1").filed_provincial_on == date(2026, 5, 14)
    verbs = list(Event.objects.filter(object_kind="filing").order_by("pk").values_list("verb", flat=True))
    assert verbs == [f"filing.{one}" for one in ["write", "submit", "approve", "carry_out", "register", "register"]]


def test_what_was_registered_before_it_was_opened_is_written_once_the_account_is_there(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    at = later(days=1)
    act("filing.register", filing.pk, by="guan", at=at, system="national", on="2026-05-12", number="G1")
    act("filing.register", filing.pk, by="guan", at=at, system="provincial", on="2026-05-13", number="G2")
    filing = act("filing.carry_out", filing.pk, by="guan", at=at, on="2026-05-13")
    assert filing.state == "DONE"
    assert filing.account.code.startswith("DH-")
    assert filing.account.filed_national_on == TODAY


def test_the_id_of_a_new_account_is_one_that_nobody_has(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    with pytest.raises(NotSo):
        act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2026-05-13", account="DH-1")


# ── 补办备案 ──


@pytest.fixture
def unfiled(city: City) -> Account:
    days = {"filed_city_on": None, "filed_national_on": None, "filed_provincial_on": None}
    Account.objects.filter(code="DH-1").update(status="unfiled", **days)
    return account("DH-1")


def test_an_account_that_is_there_is_filed_late_and_keeps_its_opening(unfiled: Account) -> None:
    filing = bring(write("guan", matter="OPEN", account="DH-1"), "CARRY_OUT")
    given = {"system": "national", "on": TODAY.isoformat(), "number": "G1"}
    act("filing.register", filing.pk, by="guan", at=later(days=1), **given)
    assert account("DH-1").filed_national_on == TODAY
    act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2022-03-01")
    filed = account("DH-1")
    assert (filed.status, filed.opened_on, filed.filed_city_on) == ("active", unfiled.opened_on, TODAY)


def test_its_day_is_not_before_the_account_was_opened(unfiled: Account) -> None:
    filing = bring(write("guan", matter="OPEN", account="DH-1"), "CARRY_OUT")
    with pytest.raises(NotSo):
        act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2022-02-28")


def test_returned_it_takes_the_days_of_the_account_back(unfiled: Account) -> None:
    filing = bring(write("guan", matter="OPEN", account="DH-1"), "CARRY_OUT")
    act("filing.register", filing.pk, by="guan", at=later(days=1), system="national", on=TODAY.isoformat(), number="G")
    filing = act("filing.return", filing.pk, by="tou", at=later(days=1), reason="缺材料")
    assert account("DH-1").filed_national_on is None
    assert (filing.national_on, filing.filed_city_on, filing.register_by) == (None, None, None)


def test_what_is_filed_or_out_of_service_is_not_filed_late(unfiled: Account) -> None:
    filing = write("guan", matter="OPEN", account="DH-1")
    for wrong in ({"status": "active", "filed_city_on": TODAY}, {"status": "closed", "closed_on": TODAY}):
        Account.objects.filter(code="DH-1").update(**wrong)
        with pytest.raises(NotSo):
            write("guan", matter="OPEN", account="DH-1")
        with pytest.raises(NotSo):
            act("filing.submit", filing.pk, by="guan")


# ── changes ──


def change(by: str = "guan", **changes: str) -> Filing:
    return write(by, matter="CHANGE", account="DH-1", changes=changes, consent=CONSENT)


def test_a_change_keeps_the_old_values_with_their_day(city: City) -> None:
    filing = bring(change(handle="newhandle", url="https://example.com/a"), "CARRY_OUT")
    act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2026-05-13")
    assert account("DH-1").handle == "newhandle"
    former = FormerValue.objects.filter(account__code="DH-1").values_list("item", "value", "until")
    assert sorted(former) == [("handle", "", TODAY + DAY), ("url", "", TODAY + DAY)]


def test_a_value_that_stays_counts_as_not_named(city: City) -> None:
    filing = change(name="东湖发布", handle="newhandle")
    filing = bring(filing, "CARRY_OUT")  # not announced, because only the handle changes
    assert filing.announced_on is None
    unchanged = change(name="东湖发布", unit="DH")
    Filing.objects.filter(pk=filing.pk).update(state="DONE")
    with pytest.raises(NotSo, match="没有要变更的"):
        act("filing.submit", unchanged.pk, by="guan")


def test_a_change_of_unit_needs_the_agreement_of_the_receiver_and_is_theirs_afterwards(city: City) -> None:
    filing = change(unit="GX")
    filing = act("filing.submit", filing.pk, by="guan")
    with pytest.raises(NotNow, match="还没有同意接收"):
        act("filing.approve", filing.pk, by="tou", accept=filing.problems)
    act("filing.agree", filing.pk, by="gaoguan")
    filing = act("filing.approve", filing.pk, by="tou", accept=filing.problems)
    act("filing.announce", filing.pk, by="guan", on=TODAY.isoformat())
    act("filing.file", filing.pk, by="tou")
    filing = act("filing.carry_out", filing.pk, by="guan", at=later(days=30), on="2026-06-10")
    assert (account("DH-1").unit.code, filing.unit.code) == ("GX", "GX")
    with pytest.raises(NotFound):
        act("filing.register", filing.pk, by="guan", at=later(days=30), system="national", on="2026-06-10", number="1")
    act("filing.register", filing.pk, by="gaoguan", at=later(days=30), system="national", on="2026-06-10", number="1")


def test_writing_other_changes_takes_the_agreement_back(city: City) -> None:
    filing = change(unit="GX")
    act("filing.agree", filing.pk, by="gaoguan")
    filing = act("filing.write", filing.pk, by="guan", reason="另有原因", changes={"unit": "GX"})
    assert filing.agreed_by == "gaoguan"
    filing = act("filing.write", filing.pk, by="guan", changes={"unit": "GX", "name": "高新在线"})
    assert filing.agreed_by == ""


def test_a_filing_about_an_account_that_went_to_another_unit_is_not_sent(city: City) -> None:
    filing = change(name="东湖在线")
    Account.objects.filter(code="DH-1").update(unit=city.units["GX"])
    with pytest.raises(NotNow):
        act("filing.submit", filing.pk, by="guan")


def test_one_filing_about_an_account_at_a_time_and_a_returned_one_while_its_announcement_stands(city: City) -> None:
    filing = bring(shut_down(), "ANNOUNCE")
    other = change(handle="newhandle")
    with pytest.raises(NotNow):
        act("filing.submit", other.pk, by="guan", at=later(days=1))
    act("filing.return", filing.pk, by="tou", at=later(days=1), reason="缺材料")
    with pytest.raises(NotNow):
        act("filing.submit", other.pk, by="guan", at=later(days=1))
    act("filing.write", filing.pk, by="guan", at=later(days=1), reason="另有原因")
    assert act("filing.submit", other.pk, by="guan", at=later(days=1)).state == "REVIEW"


# ── incidents ──


def closed_by_platform(kind: str = "closed_by_platform") -> str:
    found = act("account.incident", "DH-1", by="guan", kind=kind, on="2026-05-04", note="平台通知")
    return str(found.incidents.get().pk)


def test_what_the_platform_closed_is_neither_announced_nor_consented_to(city: City) -> None:
    given = {"matter": "SHUT_DOWN", "account": "DH-1", "incident": closed_by_platform(), "successor": {"text": "大厅"}}
    filing = bring(write("guan", **given), "CARRY_OUT")
    assert filing.announced_on is None
    with pytest.raises(NotSo):
        act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2026-05-03")
    act("filing.carry_out", filing.pk, by="guan", at=later(days=1), on="2026-05-04")
    assert account("DH-1").closed_on == date(2026, 5, 4)


def test_what_was_stolen_needs_no_consent_but_is_announced(city: City) -> None:
    given = {"matter": "SHUT_DOWN", "account": "DH-1", "incident": closed_by_platform("stolen")}
    filing = act("filing.submit", write("guan", **given).pk, by="guan")
    assert act("filing.approve", filing.pk, by="tou", accept=["no_successor"]).state == "ANNOUNCE"


def test_an_incident_of_another_account_is_none(city: City) -> None:
    number = closed_by_platform()
    with pytest.raises(NotSo):
        write("shuiguan", matter="SHUT_DOWN", account="SW-1", incident=number)


# ── to and fro ──


def test_a_step_is_not_before_the_last(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN)
    with pytest.raises(NotNow):
        act("filing.submit", filing.pk, by="guan", at=NOW - HOUR)
    assert act("filing.submit", filing.pk, by="guan", at=NOW).state == "REVIEW"


def test_it_waits_since_the_last_change_of_state(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN)
    filing = act("filing.write", filing.pk, by="guan", at=NOW + HOUR, reason="另有原因")
    assert filing.waiting_since == NOW
    assert act("filing.submit", filing.pk, by="guan", at=NOW + 2 * HOUR).waiting_since == NOW + 2 * HOUR


def test_a_draft_is_withdrawn_without_a_reason_and_by_an_editor_what_was_sent_is_not(city: City) -> None:
    filing = write("guan", matter="OPEN", profile=OPEN)
    act("filing.submit", filing.pk, by="guan")
    with pytest.raises(NotYours):
        act("filing.withdraw", filing.pk, by="bian", reason="不办了")
    with pytest.raises(NotSo):
        act("filing.withdraw", filing.pk, by="guan")
    act("filing.withdraw", filing.pk, by="guan", reason="不办了")
    assert act("filing.withdraw", write("guan", matter="OPEN").pk, by="bian").state == "WITHDRAWN"


def test_what_is_filed_stays_written_when_it_is_withdrawn(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    filing = act("filing.withdraw", filing.pk, by="guan", at=later(days=1), reason="不办了")
    assert (filing.state, filing.filed_city_on) == ("WITHDRAWN", TODAY)


@pytest.mark.parametrize("verb", ["write", "submit", "agree", "support", "approve", "announce", "file", "carry_out"])
def test_nothing_more_is_done_to_what_was_refused(city: City, verb: str) -> None:
    filing = act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan")
    act("filing.refuse", filing.pk, by="tou", reason="不需要")
    who = {"support": "tou", "approve": "tou", "file": "tou"}.get(verb, "guan")
    with pytest.raises((NotNow, NotYours)):
        act(f"filing.{verb}", filing.pk, by=who)
