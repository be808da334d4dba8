"""回头看: a change of the rule packs is looked for in every text, but only texts that it may touch are read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from xinmei.core.refusals import NotYours
from xinmei.packs.actions import keep_trial
from xinmei.packs.in_use import current_screen
from xinmei.packs.models import OwnEntry
from xinmei.publishing.models import Post
from xinmei.screening import runs
from xinmei.screening.models import Recall, Rescreening, ScreeningHit, ScreeningMark
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
TYPO, OLD, FORMER = "市人民攻府召开会议", "澄洲市今日停水", "市长张三主持会议"


class Killed(Exception):
    """The process is gone."""


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    texts = [TYPO, OLD, FORMER, *("今日天气晴。" for _ in range(7))]
    Post.objects.bulk_create(
        Post(
            code=f"P{n}",
            account=city.accounts["SW-1"],
            published_at=NOW - timedelta(days=100 - 10 * n),
            text=text,
            revision=1,
        )
        for n, text in enumerate(texts)
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    return city


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "BATCH", 3)


def release(city: City, **others: Any) -> OwnEntry:
    usual = {
        "terms": ["澄洲市"],
        "suggest": "澄州市",
        "category": "typo",
        "severity": "medium",
        "shelf": "confident",
        "longer": [],
        "unless": [],
    }
    usual |= {
        "former_title": False,
        "reason": "公报",
        "starts_on": None,
        "ends_on": None,
        "hit": "澄洲市停水",
        "miss": "澄州市停水",
    }
    entry = act("entry.draft", by="cha", **(usual | others))
    keep_trial(entry, since=NOW, posts=10, hits=1, allowed=20, sample=[], by=act_as(city, "cha"), at=NOW)
    released: OwnEntry = act("entry.release", entry.pk, by="tou")
    return released


def places() -> list[tuple[str, str]]:
    return sorted(ScreeningHit.objects.values_list("post__code", "text"))


def test_a_new_entry_is_found_in_old_posts_and_only_they_are_read(city):
    release(city)
    assert runs.screen_new_texts(current_screen(), timezone.now) == 10
    run = Rescreening.objects.get(superseded=False)
    assert (run.looked, run.read, run.before != "") == (10, 1, True)
    assert places() == [("P0", "攻府"), ("P1", "澄洲市")]
    assert ScreeningHit.objects.exclude(version=run.version).count() == 0


def test_the_hits_are_those_of_reading_everything_anew(city):
    release(city)
    release(
        city,
        terms=["人民攻府召开"],
        suggest="",
        category="improper_content",
        hit="人民攻府召开会议",
        miss="人民政府召开会议",
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    carried = sorted(
        ScreeningHit.objects.values_list("post__code", "start", "end", "rule", "text", "suggest", "clause", "shelf")
    )
    Rescreening.objects.all().delete()
    ScreeningMark.objects.all().delete()
    ScreeningHit.objects.all().delete()
    runs.screen_new_texts(current_screen(), timezone.now)
    assert Rescreening.objects.get().read == 10
    assert carried == sorted(
        ScreeningHit.objects.values_list("post__code", "start", "end", "rule", "text", "suggest", "clause", "shelf")
    )


def test_an_ended_entry_takes_its_hits_along(city):
    entry = release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    act("entry.end", entry.pk, by="tou", why="更名了")
    runs.screen_new_texts(current_screen(), timezone.now)
    assert places() == [("P0", "攻府")]
    assert Rescreening.objects.get(superseded=False).read == 1


def test_a_run_that_was_killed_goes_on_where_it_stopped(city, small_batches):
    release(city)
    screen = current_screen()

    def kill(_sentence: str, done: int, _total: int) -> None:
        if done >= 6:
            raise Killed

    with pytest.raises(Killed):
        runs.screen_new_texts(screen, timezone.now, kill)
    run = Rescreening.objects.get(version=screen.version)
    assert (run.finished_at, run.looked) == (None, 6)
    assert runs.screen_new_texts(screen, timezone.now) == 4
    run.refresh_from_db()
    assert (run.looked, run.finished_at is None) == (10, False)
    assert places() == [("P0", "攻府"), ("P1", "澄洲市")]


def test_packs_that_change_in_the_middle_of_a_run_lose_nothing(city, small_batches):
    release(city)

    def kill(_sentence: str, _done: int, _total: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        runs.screen_new_texts(current_screen(), timezone.now, kill)
    release(city, terms=["天气晴"], suggest="", category="style", hit="天气晴。", miss="天晴。")
    runs.screen_new_texts(current_screen(), timezone.now)
    assert len(places()) == 9
    assert Rescreening.objects.filter(superseded=False).count() == 1


def test_a_change_of_office_lists_the_posts_after_its_day_that_still_use_the_old_title(city):
    day = (NOW - timedelta(days=85)).date().isoformat()
    Post.objects.create(
        code="EARLY", account=city.accounts["SW-1"], published_at=NOW - timedelta(days=90), text=FORMER, revision=1
    )
    Post.objects.create(
        code="QUOTED",
        account=city.accounts["SW-1"],
        published_at=NOW - timedelta(days=9),
        text="时任" + FORMER,
        revision=1,
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    entry = release(
        city,
        terms=["市长张三"],
        suggest="",
        category="grave_misstatement",
        shelf="possible",
        former_title=True,
        starts_on=day,
        hit=FORMER,
        miss="时任" + FORMER,
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    recall = Recall.objects.get()
    assert (recall.post.code, recall.rule, recall.shelf, recall.text) == ("P2", entry.rule, "possible", "市长张三")
    assert places() == [("P0", "攻府")]


def test_a_changed_day_judges_the_posts_again(city):
    first = release(
        city,
        terms=["市长张三"],
        suggest="",
        category="grave_misstatement",
        starts_on="2026-05-01",
        hit=FORMER,
        miss="市长李四",
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    assert not Recall.objects.exists()
    act("entry.end", first.pk, by="tou", why="公布日写错了")
    release(
        city,
        terms=["市长张三"],
        suggest="",
        category="grave_misstatement",
        starts_on="2026-02-01",
        hit=FORMER,
        miss="市长李四",
    )
    runs.screen_new_texts(current_screen(), timezone.now)
    assert [recall.post.code for recall in Recall.objects.all()] == ["P2"]


def test_new_posts_are_read_whole_while_old_ones_are_carried_over(city):
    Post.objects.create(code="NEW", account=city.accounts["SW-1"], published_at=NOW, text=TYPO, revision=2)
    release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    assert places() == [("NEW", "攻府"), ("P0", "攻府"), ("P1", "澄洲市")]
    assert [recall.post.code for recall in Recall.objects.all()] == ["P1"]


def test_what_was_imported_again_loses_the_hits_of_its_earlier_text(city):
    Post.objects.filter(code="P0").update(text="市人民政府召开会议", revision=2)
    release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    assert places() == [("P1", "澄洲市")]


def test_nothing_changed_nothing_is_looked_at(city):
    assert runs.screen_new_texts(current_screen(), timezone.now) == 0


def test_a_listed_place_is_entered_as_a_finding_that_another_person_confirms(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    recall = Recall.objects.get()
    client = sign_in(Client(), city.people["cha"])
    page = client.get("/rescreening/").content.decode()
    assert "<mark>澄洲市</mark>今日停水" in page
    assert "自定词条：澄洲市" in page
    assert "已看过全部信息和留言" in page
    client.post(f"/recalls/{recall.pk}/decide/", {"decide-fault": "yes"})
    finding = Finding.objects.get()
    assert (finding.criterion, finding.subject, finding.status, finding.entered_by) == (
        "typo",
        "P1",
        "SUSPECTED",
        "cha",
    )
    late = client.post(f"/recalls/{recall.pk}/decide/", {"decide-fault": "no"})
    assert (late.status_code, "现在是“有问题，已录入”" in late.content.decode()) == (422, True)


def test_a_listed_place_is_no_fault(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    client = sign_in(Client(), city.people["cha"])
    client.post(f"/recalls/{Recall.objects.get().pk}/decide/", {"decide-fault": "no"})
    assert (Recall.objects.get().decision, Finding.objects.count()) == ("no_fault", 0)


def test_a_person_with_a_post_at_the_host_says_neither(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    release(city)
    runs.screen_new_texts(current_screen(), timezone.now)
    recall = Recall.objects.get()
    by = replace(act_as(city, "cha"), held_at=frozenset({recall.post.account.unit_id}))
    for is_fault in (True, False):
        with pytest.raises(NotYours, match="应回避"):
            act("recall.decide", recall.pk, by=by, fault=is_fault)
    assert Recall.objects.get().decision == "waiting"


def test_the_page_says_when_the_rules_in_use_have_not_read_the_old_texts(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    release(city)
    assert "还没有按现行的" in sign_in(Client(), city.people["cha"]).get("/rescreening/").content.decode()
