"""自定词条: tried by its own examples, released by a second person, part of the packs from then on, never deleted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import NOW, City, act, act_as, build_city, build_people
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.packs.actions import keep_trial
from xinmei.packs.in_use import clauses, current_screen, shipped
from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.models import Event

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 12)


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def fields(**others: Any) -> dict[str, Any]:
    usual = {
        "terms": ["澄洲市"],
        "suggest": "澄州市",
        "category": "typo",
        "severity": "medium",
        "shelf": "confident",
        "longer": [],
        "unless": [],
        "former_title": False,
        "reason": "市政府公报",
        "starts_on": None,
        "ends_on": None,
        "hit": "澄洲市召开会议",
        "miss": "澄州市召开会议",
    }
    return usual | others


def release(city: City, **others: Any) -> OwnEntry:
    entry = act("entry.draft", by="cha", **fields(**others))
    try_it(city, entry, hits=0)
    return act("entry.release", entry.pk, by="tou")


def try_it(city: City, entry: OwnEntry, hits: int, allowed: int = 20) -> None:
    since = NOW - timedelta(days=31)
    keep_trial(entry, since=since, posts=100, hits=hits, allowed=allowed, sample=[], by=act_as(city, "cha"), at=NOW)


def rules_hit(text: str, day: date = DAY) -> list[str]:
    [hits] = current_screen().scan([text], day)
    return [hit.rule for hit in hits]


def test_a_released_entry_hits_and_changes_the_version_of_the_packs(city):
    before = current_screen().version
    assert "own_typo" not in str(rules_hit("澄洲市水务局发布通知"))
    entry = release(city)
    assert entry.rule in rules_hit("澄洲市水务局发布通知")
    assert current_screen().version != before


def test_who_revised_it_meanwhile_does_not_release_it(city):
    entry = act("entry.draft", by="cha", **fields())
    act("entry.revise", entry.pk, by="tou", reason="公报第二期")
    try_it(city, OwnEntry.objects.get(), hits=0)
    with pytest.raises(NotYours, match="拟定人"):
        act("entry.release", entry.pk, by="tou")


def test_the_log_of_events_keeps_no_number_of_a_person(city):
    number = "13512345678"
    entry = release(city, terms=["澄洲市", number], reason=f"来电{number}", hit=f"澄洲市{number}")
    act("entry.end", entry.pk, by="tou", why=f"机主{number}要求")
    act("demotion.propose", by="cha", rule=next(iter(shipped().packs[0].names)), why=f"见{number}")
    kept = "".join(Event.objects.values_list("content", flat=True))
    assert number not in kept
    assert "135****5678" in kept


def test_a_draft_does_not_hit(city):
    act("entry.draft", by="cha", **fields())
    assert not any(rule.startswith("own_") for rule in rules_hit("澄洲市水务局发布通知"))


def test_an_ended_entry_hits_no_more_and_the_version_is_the_old_one(city):
    before = current_screen().version
    entry = release(city)
    act("entry.end", entry.pk, by="tou", why="已更名")
    assert entry.rule not in rules_hit("澄洲市水务局发布通知")
    assert current_screen().version == before
    assert OwnEntry.objects.get().ended_why == "已更名"


def test_the_hit_must_hit(city):
    with pytest.raises(NotSo, match="没有命中") as refused:
        act("entry.draft", by="cha", **fields(hit="澄州市召开会议"))
    assert [error.field for error in refused.value.errors] == ["hit"]


def test_the_near_miss_must_not_hit(city):
    with pytest.raises(NotSo, match="命中了“澄洲市”") as refused:
        act("entry.draft", by="cha", **fields(miss="澄洲市召开会议"))
    assert [error.field for error in refused.value.errors] == ["miss"]
    assert not OwnEntry.objects.exists()


def test_an_exception_excuses_the_term_within_it(city):
    entry = release(city, terms=["按排"], suggest="安排", longer=["按排名"], hit="按排工作", miss="按排名先后发言")
    assert entry.rule in rules_hit("请各单位按排人员")
    assert entry.rule not in rules_hit("按排名公布结果")


def test_who_drafted_it_does_not_release_it(city):
    entry = act("entry.draft", by="tou", **fields())
    try_it(city, entry, hits=0)
    with pytest.raises(NotYours, match="另一位"):
        act("entry.release", entry.pk, by="tou")


def test_the_database_itself_refuses_a_release_by_the_drafter(city):
    entry = act("entry.draft", by="tou", **fields())
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnEntry.objects.filter(pk=entry.pk).update(released_by="tou")


def test_an_inspector_releases_nothing(city):
    entry = act("entry.draft", by="tan", **fields())
    try_it(city, entry, hits=0)
    with pytest.raises(NotYours):
        act("entry.release", entry.pk, by="cha")


def test_an_entry_that_was_not_tried_is_not_released(city):
    entry = act("entry.draft", by="cha", **fields())
    with pytest.raises(NotNow, match="草稿"):
        act("entry.release", entry.pk, by="tou")


def test_an_entry_that_was_changed_after_the_trial_must_be_tried_again(city):
    entry = act("entry.draft", by="cha", **fields())
    try_it(city, entry, hits=0)
    act("entry.revise", entry.pk, by="cha", reason="另一份公报")
    with pytest.raises(NotNow, match="草稿"):
        act("entry.release", entry.pk, by="tou")


@pytest.mark.parametrize(("hits", "released"), [(20, True), (21, False)])
def test_an_entry_that_hits_more_than_is_allowed_is_not_released(city, hits, released):
    entry = act("entry.draft", by="cha", **fields())
    try_it(city, entry, hits=hits)
    if released:
        assert act("entry.release", entry.pk, by="tou").state == "released"
    else:
        with pytest.raises(NotNow, match="试跑命中 21 次，最多允许 20 次"):
            act("entry.release", entry.pk, by="tou")


def test_a_released_entry_is_not_edited(city):
    entry = release(city)
    with pytest.raises(NotNow, match="已发布"):
        act("entry.revise", entry.pk, by="cha", reason="另一份公报")


def test_a_former_title_judges_each_text_by_its_own_day(city):
    former = {
        "terms": ["市长张三"],
        "suggest": "",
        "category": "grave_misstatement",
        "former_title": True,
        "starts_on": "2026-03-01",
    }
    entry = release(city, **former, hit="市长张三主持会议", miss="时任市长张三主持会议")
    assert entry.rule not in rules_hit("市长张三主持会议", date(2026, 2, 28))
    assert entry.rule in rules_hit("市长张三主持会议", date(2026, 3, 1))
    assert entry.rule not in rules_hit("时任市长张三主持会议", date(2026, 3, 1))


def test_every_category_has_a_clause_to_quote():
    from xinmei.core.screening import CATEGORIES

    assert set(clauses()) == set(CATEGORIES)


def test_each_act_leaves_an_event(city):
    entry = release(city)
    act("entry.end", entry.pk, by="tou", why="不用了")
    verbs = Event.objects.filter(object_kind="own_entry").order_by("pk").values_list("verb", "actor")
    assert list(verbs) == [("draft_entry", "cha"), ("try_entry", "cha"), ("release_entry", "tou"), ("end_entry", "tou")]


def test_a_rule_is_demoted_by_two_persons_and_restored(city):
    sure = [
        entry
        for pack in shipped().packs
        if pack.kind == "words" and pack.at_least == 1
        for entry in pack.entries
        if entry.shelf == "confident"
    ]
    rule, text = sure[0].name, sure[0].hit
    demotion = act("demotion.propose", by="tou", rule=rule, why="误报多")
    with pytest.raises(NotYours, match="提出人"):
        act("demotion.decide", demotion.pk, by="tou", approve=True)
    Demotion.objects.update(proposed_by="cha")
    demotion.refresh_from_db()
    act("demotion.decide", demotion.pk, by="tou", approve=True)
    [hits] = current_screen().scan([text], DAY)
    assert {hit.shelf for hit in hits if hit.rule == rule} == {"possible"}
    act("demotion.restore", demotion.pk, by="tou")
    assert current_screen().version == shipped().version


def test_an_unknown_rule_and_the_model_are_not_demoted(city):
    for rule in ("nothing/at all", "model/typo", "own_typo/7"):
        with pytest.raises(NotSo):
            act("demotion.propose", by="cha", rule=rule, why="误报多")


def test_what_is_not_named_stays_as_it_is_and_null_empties_it(city):
    entry = act("entry.draft", by="cha", **fields(starts_on="2026-03-01"))
    entry = act("entry.revise", entry.pk, by="cha", reason="另一份公报")
    assert (entry.reason, entry.terms, entry.starts_on) == ("另一份公报", ["澄洲市"], date(2026, 3, 1))
    assert act("entry.revise", entry.pk, by="cha", starts_on=None).starts_on is None
    with pytest.raises(NotSo, match="没有填"):
        act("entry.revise", entry.pk, by="cha", terms=[])


def test_a_trial_of_what_was_changed_meanwhile_is_not_kept(city):
    entry = act("entry.draft", by="cha", **fields())
    act("entry.revise", entry.pk, by="cha", reason="另一份公报")
    with pytest.raises(NotNow, match="重新试跑"):
        try_it(city, entry, hits=0)
