"""The doors of findings: reach, rights, and the separations."""

from __future__ import annotations

import pytest

from tests.cast import NOW, City, act, act_as, build_city, build_people, make_person
from tests.house.things import make_finding
from xinmei.acts.declared import verbs
from xinmei.acts.performing import check_right, first_that_may, in_order
from xinmei.people.doors import Refused, actings_by_login, resolve_acting
from xinmei.people.events import SYSTEM, Acting
from xinmei.people.models import Person, PositionHeld
from xinmei.supervision.doors import (
    check_may_find,
    findings_visible_to,
    right_to_dismiss,
)
from xinmei.supervision.models import Finding, Inspection
from xinmei.supervision.queries import suspicions
from xinmei.supervision.rounds import latest_rounds

pytestmark = pytest.mark.django_db
HOSTS = {"CZ-1", "DH-1", "GX-1", "JY-1", "SW-1", "TY-1", "DHJY-1"}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def check_may(acting: Acting, word: str, finding: Finding) -> None:
    check_right(verbs()[f"finding.{word}"], acting, finding)


def resolve(login: str, word: str, findings: list[Finding]) -> list[Acting]:
    actings = in_order(actings_by_login(login, NOW))
    return [first_that_may(verbs()[f"finding.{word}"], actings, finding) for finding in findings]


def seen(city: City, login: str) -> set[str]:
    return set(findings_visible_to(act_as(city, login)).values_list("account__code", flat=True))


@pytest.mark.parametrize(
    ("login", "accounts"),
    [
        ("bian", {"DH-1"}),
        ("guan", {"DH-1"}),
        ("zhen", {"TY-1"}),
        ("zhu", {"DH-1", "TY-1", "DHJY-1"}),
        ("jiao", {"JY-1", "DHJY-1"}),
        ("wang", {"DH-1", "TY-1", "DHJY-1"}),
        ("cha", HOSTS),
        ("tou", HOSTS),
        ("xi", set()),
        ("an", set()),
        ("ji", set()),
    ],
)
def test_findings_sent_are_seen_own_subtree_and_city(city, login, accounts):
    for code in HOSTS:
        make_finding(city, code, "NOTIFIED")
    assert seen(city, login) == accounts


@pytest.mark.parametrize("login", ["bian", "guan", "zhu", "wang", "xi"])
def test_a_suspicion_is_for_those_who_decide_it(city, login):
    make_finding(city, "DH-1", "SUSPECTED")
    assert seen(city, login) == set()
    assert seen(city, "cha") == {"DH-1"}


def test_what_was_dismissed_before_it_was_sent_stays_there(city):
    finding = make_finding(city, "DH-1", "DISMISSED")
    assert seen(city, "bian") == {"DH-1"}
    finding.confirmed_at = None
    finding.save()
    assert seen(city, "bian") == set()
    assert seen(city, "tou") == {"DH-1"}


def test_what_was_dismissed_falls_under_the_right_that_it_fell_under_before(city):
    sent = make_finding(city, "DH-1", "DISMISSED")
    unsent, recorded = make_finding(city, "SW-1", "DISMISSED"), make_finding(city, "GX-1", "DISMISSED")
    unsent.confirmed_at = recorded.confirmed_at = None
    recorded.criterion = "late_rectification"
    assert [right_to_dismiss(one) for one in (sent, unsent, recorded)] == [
        "dismiss_sent",
        "dismiss_suspected",
        "dismiss_sent",
    ]
    assert [right_to_dismiss(make_finding(city, "TY-1", state)) for state in ("SUSPECTED", "CLOSED")] == [
        "dismiss_suspected",
        "dismiss_sent",
    ]


def test_the_system_enters_what_it_records(city):
    check_may_find(SYSTEM, city.units["SW"].pk)
    check_may(SYSTEM, "confirm", make_finding(city, "SW-1", "SUSPECTED"))


def test_the_round_of_a_unit_is_there_for_those_who_reach_it(city):
    counts = {"inspected": 1, "could_not_observe": 0, "raised": 0, "edition": "2021-06-20"}
    of_unit = Inspection.objects.create(at=NOW, finished_at=NOW, unit=city.units["SW"], **counts)
    assert [latest_rounds(act_as(city, login)) for login in ("lin", "cha")] == [[of_unit], [of_unit]]
    assert [latest_rounds(act_as(city, login)) for login in ("bian", "zhu", "wang", "xi")] == [[], [], [], []]


def test_by_the_offices_setting_supervisors_decide_below_them(city, settings):
    below, beside = make_finding(city, "TY-1", "SUSPECTED"), make_finding(city, "GX-1", "SUSPECTED")
    with pytest.raises(Refused):
        check_may(act_as(city, "zhu"), "confirm", below)
    settings.SUPERVISORS_CONFIRM = True
    assert seen(city, "zhu") == {"TY-1"}
    assert list(suspicions(act_as(city, "zhu"))) == [below]
    check_may(act_as(city, "zhu"), "confirm", below)
    with pytest.raises(Refused):
        check_may(act_as(city, "zhu"), "confirm", beside)


@pytest.mark.parametrize("verb", ["confirm", "dismiss", "recheck"])
def test_a_person_with_a_post_at_the_host_takes_no_part(city, verb):
    PositionHeld.objects.create(
        person=city.people["cha"], unit=city.units["SW"], position="editor", starts_on=NOW.date()
    )
    own, other = make_finding(city, "SW-1", "SUSPECTED"), make_finding(city, "GX-1", "SUSPECTED")
    with pytest.raises(Refused, match="回避"):
        check_may(act_as_inspector(city), verb, own)
    check_may(act_as_inspector(city), verb, other)


def act_as_inspector(city: City):
    return resolve_acting("cha", NOW, position="inspector")


def test_nor_enters_one(city):
    PositionHeld.objects.create(
        person=city.people["cha"], unit=city.units["SW"], position="editor", starts_on=NOW.date()
    )
    with pytest.raises(Refused, match="回避"):
        check_may_find(act_as_inspector(city), city.units["SW"].pk)
    given = {"criterion": "misnamed", "note": "所见"}
    with pytest.raises(Refused, match="回避"):
        act("finding.find", by="cha", account="SW-1", **given)
    assert act("finding.find", by="cha", account="GX-1", **given).entered_by == "cha"


def test_who_entered_a_finding_does_not_confirm_it(city):
    finding = make_finding(city, "DH-1", "SUSPECTED")
    finding.entered_by = "cha"
    with pytest.raises(Refused, match="录入"):
        check_may(act_as(city, "cha"), "confirm", finding)
    check_may(act_as(city, "tan"), "confirm", finding)


@pytest.mark.parametrize("verb", ["dismiss", "answer_objection"])
def test_who_confirmed_does_not_decide_what_was_sent(city, verb):
    finding = make_finding(city, "DH-1", "NOTIFIED")
    with pytest.raises(Refused):
        check_may(act_as(city, "cha"), verb, finding)
    check_may(act_as(city, "tou"), verb, finding)
    finding.confirmed_by = "tou"
    with pytest.raises(Refused, match="确认"):
        check_may(act_as(city, "tou"), verb, finding)


def test_an_inspector_dismisses_what_is_only_suspected(city):
    check_may(act_as(city, "cha"), "dismiss", make_finding(city, "DH-1", "SUSPECTED"))


@pytest.mark.parametrize(
    ("login", "may"),
    [("bian", True), ("guan", True), ("shen", False), ("qian", False), ("zhen", False), ("zhu", False), ("cha", False)],
)
def test_the_units_editor_rectifies(city, login, may):
    finding = make_finding(city, "DH-1", "NOTIFIED")
    if may:
        check_may(act_as(city, login), "rectify", finding)
    else:
        with pytest.raises(Refused):
            check_may(act_as(city, login), "rectify", finding)


def test_on_the_command_line_the_post_that_may_is_found_for_each_finding(city):
    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["SW"], position="unit_admin", starts_on=NOW.date()
    )
    findings = [make_finding(city, "DH-1", "NOTIFIED"), make_finding(city, "SW-1", "NOTIFIED")]
    assert [acting.position for acting in resolve("bian", "rectify", findings)] == ["editor", "unit_admin"]
    with pytest.raises(Refused):
        resolve("bian", "confirm", findings)


def test_posts_are_those_held_at_that_moment(city):
    PositionHeld.objects.filter(person=city.people["cha"]).update(ends_on=NOW.date())
    end = NOW.replace(hour=23, minute=59, second=59)
    assert resolve_acting("cha", end, verb="confirm").position == "inspector"
    with pytest.raises(Refused):
        resolve_acting("cha", NOW.replace(day=13, hour=0), verb="confirm")


def test_an_unknown_or_empty_name_is_refused(city):
    for login in ("nobody", " ", ""):
        with pytest.raises(Refused):
            actings_by_login(login, NOW)
    make_person("nopost", "无岗位")
    with pytest.raises(Refused):
        actings_by_login("nopost", NOW)


def test_in_a_database_without_people_any_name_is_taken_as_given():
    city = build_city()
    assert not Person.objects.exists()
    (acting,) = resolve("张三", "dismiss", [make_finding(city, "DH-1", "NOTIFIED")])
    assert (acting.login, acting.position, acting.person_id) == ("张三", "", None)
    with pytest.raises(Refused):
        resolve("  ", "dismiss", [])
