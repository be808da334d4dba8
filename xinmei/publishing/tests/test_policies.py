"""政策解读: what was seen to explain a document counts; what is only alike waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from tests.drafting import publish, release
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.people.doors import actings_by_login, day_of
from xinmei.publishing.duties import at_desk
from xinmei.publishing.models import Policy, Post
from xinmei.publishing.policies.queries import coverage, policies_visible_to, state_of
from xinmei.publishing.policies.reckoning import reckon
from xinmei.registry.models import Look

pytestmark = pytest.mark.django_db
NUMBER = "东政办发〔2026〕8号"
HOUSING = {
    "number": NUMBER,
    "title": "关于印发《东湖县居住证办理办法》的通知",
    "issued_on": "2026-05-06",
    "why": "涉及面广",
}
LATER = NOW + timedelta(days=3)


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def post(city: City, code: str, title: str, at: datetime = NOW - timedelta(days=3), **said: Any) -> Post:
    """What 东湖发布 was seen to publish."""
    return Post.objects.create(code=code, account=city.accounts["DH-1"], published_at=at, title=title, **said)


def looked(city: City, account: str = "DH-1") -> None:
    """Complete looks cover the weeks about it."""
    span = {"window_start": NOW - timedelta(days=30), "window_end": NOW + timedelta(days=2)}
    Look.objects.create(account=city.accounts[account], feed="api", outcome="complete", **span)


def stands(policy: Policy, at: datetime = LATER) -> str:
    """How it stands once it was reckoned at that moment."""
    reckon(Policy.objects.filter(pk=policy.pk), at)
    policy.refresh_from_db()
    return state_of(policy, day_of(at))


def test_a_post_that_names_the_number_explains_the_document_whatever_the_brackets(city: City) -> None:
    post(city, "P1", "一图看懂", policy="东政办发[2026] 8号", form="graphic")

    policy = act("policy.add", by="bian", **HOUSING)

    assert stands(policy) == "explained"
    (one,) = policy.explainers.all()
    assert (one.state, one.how, one.form, one.by) == ("COUNTED", "number", "graphic", "")


def test_what_is_only_alike_is_offered_and_counts_when_a_person_says_so(city: City) -> None:
    looked(city)
    post(city, "P1", "居住证办理有新规", text="依据东政办发〔2026〕8号")
    policy = act("policy.add", by="bian", **HOUSING)
    (one,) = policy.explainers.all()
    assert (one.state, one.why) == ("OFFERED", "文中写了文号")
    assert (stands(policy), policy.unseen_why) == ("unseen", "有相近的信息，还没有认定")

    act("explainer.count", one.pk, by="bian", form="text", at=LATER)

    assert stands(policy) == "explained"
    assert policy.explainers.get().form == "text"


def test_what_a_person_rejected_is_not_offered_again_even_with_the_number(city: City) -> None:
    looked(city)
    post(city, "P1", "居住证办理办法征求意见", policy=NUMBER)
    policy = act("policy.add", by="bian", **HOUSING)
    assert stands(policy) == "explained"

    act("explainer.reject", policy.explainers.get().pk, by="cha", note="是征求意见", at=LATER)

    assert stands(policy) == "absent"
    assert policy.explainers.get().state == "REJECTED"


def test_none_was_seen_only_where_complete_looks_cover_the_days_of_every_account(city: City) -> None:
    policy = act("policy.add", by="bian", **HOUSING)
    assert stands(policy, NOW - timedelta(days=3)) == "fresh"
    assert (stands(policy), policy.unseen_why) == ("unseen", "采集没有覆盖")

    looked(city)

    assert stands(policy) == "absent"


def test_a_unit_without_an_account_is_not_said_to_have_explained_nothing(city: City) -> None:
    city.accounts["DH-1"].status = "closed"
    city.accounts["DH-1"].closed_on = NOW.date()
    city.accounts["DH-1"].save()

    policy = act("policy.add", by="cha", unit="DH", **HOUSING)

    assert (stands(policy), policy.unseen_why) == ("unseen", "没有在用的账号")


def test_a_post_deleted_within_a_day_explains_nothing(city: City) -> None:
    at = NOW - timedelta(days=3)
    post(city, "P1", "一图看懂", at, policy=NUMBER, deleted_at=at + timedelta(hours=24))

    assert not act("policy.add", by="bian", **HOUSING).explainers.exists()


def test_another_units_post_is_no_explainer_of_this_unit(city: City) -> None:
    Post.objects.create(code="P9", account=city.accounts["SW-1"], published_at=NOW, title="解读", policy=NUMBER)
    policy = act("policy.add", by="bian", **HOUSING)

    assert not policy.explainers.exists()
    with pytest.raises(NotSo, match="解读单位的账号没有编号为 P9 的信息"):
        act("policy.point", policy.pk, by="cha", post="P9")


def test_a_draft_that_says_which_document_it_explains_counts_when_its_post_was_seen(city: City) -> None:
    policy = act("policy.add", by="bian", **HOUSING)
    publish(release(policy=NUMBER, form="video"), at=NOW.isoformat(), post="P7")
    assert not policy.explainers.exists()

    post(city, "P7", "三分钟看懂居住证", NOW)

    assert stands(policy) == "explained"
    assert [(one.how, one.form) for one in policy.explainers.all()] == [("draft", "video")]


def test_a_person_points_to_a_post_that_nobody_offered_and_no_more_than_once(city: City) -> None:
    post(city, "P5", "新规问答")
    policy = act("policy.add", by="bian", **HOUSING)

    act("policy.point", policy.pk, by="bian", post="P5", form="data")

    assert stands(policy) == "explained"
    with pytest.raises(NotNow, match="已经算作"):
        act("policy.point", policy.pk, by="bian", post="P5")


def test_the_editor_finds_what_is_owed_on_the_desk_until_it_is_explained_or_excused(city: City) -> None:
    policy = act("policy.add", by="bian", **HOUSING)
    title = "要解读的文件 1 份"
    assert title in [duty.title for duty in at_desk(actings_by_login("bian", LATER)[0], LATER).duties]
    assert title not in [duty.title for duty in at_desk(actings_by_login("shen", LATER)[0], LATER).duties]

    act("policy.excuse", policy.pk, by="zhu", reason="与 9 号一并解读", at=LATER)

    assert title not in [duty.title for duty in at_desk(actings_by_login("bian", LATER)[0], LATER).duties]


def test_a_document_is_listed_for_units_within_reach_and_excused_by_the_supervisor_alone(city: City) -> None:
    with pytest.raises(NotSo, match="没有代码为 SW 的单位"):
        act("policy.add", by="bian", **HOUSING | {"unit": "SW"})
    policy = act("policy.add", by="zhu", **HOUSING | {"unit": "DH"})
    with pytest.raises(NotNow, match="已经登记"):
        act("policy.add", by="cha", **HOUSING | {"unit": "SW"})
    with pytest.raises(NotYours):
        act("policy.excuse", policy.pk, by="bian", reason="不想解读")
    with pytest.raises(NotFound):
        act("policy.point", policy.pk, by="lin", post="P1")


def test_coverage_counts_by_quarter_and_unit_with_forms_and_days(city: City) -> None:
    post(city, "P1", "一图看懂", policy=NUMBER, form="graphic")
    post(city, "P2", "数说居住证", policy=NUMBER, form="data")
    act("policy.add", by="bian", **HOUSING)
    act("policy.add", by="cha", **HOUSING | {"number": "东政办发〔2026〕2号", "issued_on": "2026-01-20", "unit": "DH"})

    rows = policies_visible_to(actings_by_login("cha", NOW)[0]).select_related("unit")
    second, first = coverage(rows, LATER)

    assert (second.quarter, second.all, second.states["explained"], second.usual_days) == ("2026Q2", 1, 1, 3)
    assert second.forms == {"graphic": 1, "data": 1}
    assert (first.quarter, first.states["explained"], first.states["unseen"]) == ("2026Q1", 0, 1)
