"""Every queryset that lists start from, compared with reach as found by walking up the tree of the cast.

What is out of reach is in no list, count or export.
"""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.cast import NOW, PEOPLE, City, act, act_as, build_city, build_people
from tests.house import matrix
from tests.house.things import make_finding, make_things
from xinmei.assessment import doors as assessment
from xinmei.assessment.models import Commendation
from xinmei.core.refusals import NotFound
from xinmei.interaction import doors as interaction
from xinmei.interaction.models import Message, Patrol, Reply
from xinmei.notices import doors as notices
from xinmei.people.doors import Refused, resolve_acting
from xinmei.people.staff import doors as people
from xinmei.publishing import doors as publishing
from xinmei.publishing.models import FunctionCheck
from xinmei.publishing.policies.queries import explainers_visible_to, policies_visible_to
from xinmei.registry import doors as registry
from xinmei.registry.models import Look
from xinmei.supervision import doors as supervision
from xinmei.supervision.models import SampleResult
from xinmei.supervision.questions.queries import askings_visible_to
from xinmei.urging.doors import orders_visible_to

pytestmark = pytest.mark.django_db
OWN, BESIDE = "DH-1", "SW-1"


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    make_things(city)
    for account in city.accounts.values():
        Look.objects.create(account=account, feed="f", window_start=NOW, window_end=NOW, outcome="complete")
        FunctionCheck.objects.create(account=account, name="菜单", checked_at=NOW, works=True)
        Patrol.objects.create(account=account, day=NOW.date(), half="am")
        SampleResult.objects.create(ordered_by="state", period="2026H1", account=account, result="pass")
        message = Message.objects.get(account=account)
        Reply.objects.create(message=message, position=0, code="r", replied_at=NOW, text="答")
    for unit in city.units.values():
        Commendation.objects.create(unit=unit, awarded_on=NOW.date(), by="own", title="表彰")
    return city


# The queryset, the row of the first table, and the way from a row to its unit.
SCOPES = {
    "units": (registry.units_visible_to, "posts", "code"),
    "accounts": (registry.accounts_seen_within, "posts", "unit__code"),
    "posts held": (people.positions_held_visible_to, "people", "unit__code"),
    "posts": (publishing.posts_visible_to, "posts", "account__unit__code"),
    "functions": (publishing.function_checks_visible_to, "posts", "account__unit__code"),
    "policies": (policies_visible_to, "posts", "unit__code"),
    "explainers": (explainers_visible_to, "posts", "policy__unit__code"),
    "askings": (lambda acting: askings_visible_to(acting).filter(state="OVER"), "messages", "account__unit__code"),
    "messages": (interaction.messages_visible_to, "messages", "account__unit__code"),
    "replies": (interaction.replies_visible_to, "messages", "message__account__unit__code"),
    "patrols": (interaction.patrols_visible_to, "findings_sent", "account__unit__code"),
    "samples": (supervision.samples_visible_to, "findings_sent", "account__unit__code"),
    "orders": (orders_visible_to, "findings_sent", "unit__code"),
    "deliveries": (notices.deliveries_visible_to, "people", "notice__unit__code"),
    "coverage": (supervision.coverage_visible_to, "coverage", "account__unit__code"),
    "commendations": (assessment.commendations_visible_to, "findings_sent", "unit__code"),
    "sheets of units": (assessment.units_with_provisional_sheets, "provisional_sheets", "code"),
    "sheets of accounts": (assessment.accounts_with_provisional_sheets, "provisional_sheets", "unit__code"),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_each_post_lists_what_is_in_reach_and_no_more(city, scope):
    visible, thing, way = SCOPES[scope]
    every = set(visible(act_as(city, "cha")).values_list(way, flat=True))
    assert BESIDE.removesuffix("-1") in every
    for login, (_, own, post) in PEOPLE.items():
        seen = set(visible(act_as(city, login)).values_list(way, flat=True))
        assert seen == {unit for unit in every if matrix.reaches(matrix.sees(post, thing), own, unit)}, (login, scope)


@pytest.mark.parametrize(
    ("login", "own", "beside"),
    [("bian", True, False), ("zhu", True, False), ("cha", True, True), ("wang", True, False), ("xi", False, False)],
)
def test_the_page_of_an_account_shows_more_than_the_register_only_in_reach(city, login, own, beside):
    acting = act_as(city, login)
    assert registry.is_within(acting, city.accounts[OWN]) is own
    assert registry.is_within(acting, city.accounts[BESIDE]) is beside
    assert registry.sees_contact(acting, city.accounts[OWN]) is (own and login != "wang")
    assert assessment.sees_provisional_sheet(acting, city.units["DH"].pk) is (own and login != "wang")
    assert assessment.sees_provisional_sheet(acting, city.units["SW"].pk) is beside


def test_people_without_a_post_are_seen_by_those_whose_reach_is_the_city(city):
    for login in ("cha", "tou", "xi", "an", "guan", "zhu", "bian", "ji"):
        seen = set(people.people_visible_to(act_as(city, login)).values_list("login", flat=True))
        assert login in seen
        assert ("nopost" in seen) == (login in ("cha", "tou", "xi", "an")), login


@pytest.mark.parametrize("verb", ["message.answer", "message.hand_over"])
def test_a_message_is_answered_by_the_editor_of_its_own_unit(city, verb):
    Reply.objects.all().delete()  # none of the questions is answered
    given = {"text": "已办"} if verb == "message.answer" else {"unit": "DH-TY", "note": "请答复"}
    for login in ("shen", "qian", "zhu", "cha"):
        assert interaction.message_for(act_as(city, login), f"M-{OWN}").code == f"M-{OWN}"
        if (verb, login) == ("message.hand_over", "cha"):
            continue  # 「inspectors C: any」
        with pytest.raises(Refused, match="可办理的岗位"):
            act(verb, f"M-{OWN}", by=login, **given)
    for login in ("lin", "zhen", "wang", "xi"):
        with pytest.raises(NotFound):
            act(verb, f"M-{OWN}", by=login, **given)
    assert act(verb, f"M-{OWN}", by="bian", **given).code == f"M-{OWN}"


def test_without_the_right_a_refusal_names_the_posts_that_have_it_and_not_the_reach(city):
    for code in (OWN, BESIDE):
        with pytest.raises(Refused, match=r"卞小编（.+）无权确认问题；可办理的岗位"):
            supervision.check_may(act_as(city, "bian"), "confirm", make_finding(city, code, "RECTIFIED"))


def test_a_finding_in_reach_opens_for_an_act_only_with_the_right(city):
    finding = make_finding(city, OWN, "RECTIFIED")
    assert supervision.finding_for(act_as(city, "cha"), finding.pk, to="recheck") == finding
    for login in ("bian", "zhu"):
        assert supervision.finding_for(act_as(city, login), finding.pk) == finding
        with pytest.raises(Refused, match="无权"):
            supervision.finding_for(act_as(city, login), finding.pk, to="recheck")


def test_a_phone_is_revealed_where_the_contact_is_shown_to_whoever_has_the_right(city):
    for login in ("guan", "cha"):
        assert registry.contact_for(act_as(city, login), OWN, to="reveal") == city.accounts[OWN]
    assert registry.contact_for(act_as(city, "zhu"), OWN) == city.accounts[OWN]
    with pytest.raises(Refused, match="无权"):
        registry.contact_for(act_as(city, "zhu"), OWN, to="reveal")
    for login, code in (("guan", BESIDE), ("wang", OWN), ("xi", OWN)):
        with pytest.raises(Http404):
            registry.contact_for(act_as(city, login), code)


def test_entering_a_fault_needs_the_right_and_the_reach(city, settings):
    with pytest.raises(Refused, match=r"无权.*可办理的岗位"):
        supervision.check_may_find(act_as(city, "bian"), city.units["SW"].pk)
    settings.SUPERVISORS_CONFIRM = True
    supervision.check_may_find(act_as(city, "zhu"), city.units["DH-TY"].pk)
    with pytest.raises(Refused):
        supervision.check_may_find(act_as(city, "zhu"), city.units["SW"].pk)


def test_a_post_that_is_not_held_or_has_no_right_resolves_to_nobody(city):
    with pytest.raises(Refused, match="不担任"):
        resolve_acting("bian", NOW, position="inspector")
    with pytest.raises(Refused, match="无权"):
        resolve_acting("bian", NOW, verb="confirm")
