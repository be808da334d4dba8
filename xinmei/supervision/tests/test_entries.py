"""自定词条 from the page: drafted, tried on the posts of last month, released by another person, and then hitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import INSPECTED_AT, live_two_months
from xinmei.core.screening import Screen, read_pack
from xinmei.jobs.handlers import Run
from xinmei.jobs.models import Job
from xinmei.packs.models import OwnEntry
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.screening.jobs import try_own_entry
from xinmei.screening.trying import try_entry
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
FORM = {
    "draft-terms": "澄洲市\n澄 洲市",
    "draft-suggest": "澄州市",
    "draft-category": "typo",
    "draft-severity": "medium",
    "draft-shelf": "confident",
    "draft-reason": "市政府公报",
    "draft-hit": "澄洲市召开会议",
    "draft-miss": "澄州市召开会议",
}


@pytest.fixture
def city(time_machine) -> City:
    city = live_two_months()
    time_machine.move_to(NOW, tick=False)
    return city


@pytest.fixture
def head(city: City) -> Client:
    return sign_in(Client(), city.people["tou"])


def write(city: City, text: str, days_ago: int) -> Post:
    return Post.objects.create(
        code=f"W-{days_ago}",
        account=city.accounts["SW-1"],
        published_at=NOW - timedelta(days=days_ago),
        title="通知",
        text=text,
        revision=9,
    )


def draft(city: City, by: str = "cha") -> OwnEntry:
    page = sign_in(Client(), city.people[by]).post("/entries/draft/", FORM)
    assert page.status_code == 302, page.content.decode()
    return OwnEntry.objects.get()


def test_an_entry_is_drafted_from_the_page(city):
    entry = draft(city)
    assert (entry.terms, entry.state, entry.drafted_by) == (["澄洲市", "澄 洲市"], "draft", "cha")


def test_a_form_at_fault_keeps_what_was_typed_and_says_where(head):
    page = head.post("/entries/draft/", FORM | {"draft-miss": "澄洲市停水", "draft-terms": "洲"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "“洲”有 1 个字，应为 2 至 50 个字" in text
    assert "澄洲市停水" in text
    text = head.post("/entries/draft/", FORM | {"draft-miss": "澄洲市停水"}).content.decode()
    assert "例句“澄洲市停水”命中了“澄洲市”" in text


def test_a_trial_counts_the_hits_of_the_last_month_and_shows_them(city, head):
    entry = draft(city)
    write(city, "澄洲市今日停水", 3)
    write(city, "澄洲市去年停水，联系人手机13912345678", 20)
    write(city, "澄洲市前年停水", 40)
    trial = try_entry(entry, by=act_as(city, "cha"), at=NOW)
    assert (trial.hits, trial.allowed) == (2, 20)
    assert [one["text"] for one in trial.sample] == ["澄洲市", "澄洲市"]
    page = head.get(f"/entries/{entry.pk}/").content.decode()
    assert "今日停水" in page
    assert "13912345678" not in page


def test_a_trial_runs_as_a_job_that_leads_to_its_hits(city, head):
    entry = draft(city)
    write(city, "澄洲市今日停水", 3)
    assert head.post(f"/entries/{entry.pk}/try/")["Location"] == f"/jobs/{Job.objects.get().pk}/"
    run = Run({"entry": entry.pk}, NOW, NOW, by=act_as(city, "tou"))
    assert try_own_entry(run) == f"近一个月 {run.total} 条信息，会命中 1 次（最多允许 20 次）。"
    assert run.result["address"] == f"/entries/{entry.pk}/"


def test_an_absurd_entry_cannot_be_released(city, head):
    entry = draft(city)
    Post.objects.bulk_create(
        Post(
            code=f"B-{n}", account=city.accounts["SW-1"], published_at=NOW - timedelta(days=2, minutes=n), text="澄洲市"
        )
        for n in range(40)
    )
    posts = Post.objects.filter(published_at__gt=NOW - timedelta(days=31), published_at__lte=NOW).count()
    trial = try_entry(entry, by=act_as(city, "cha"), at=NOW)
    assert (trial.hits, trial.allowed) == (40, max(20, posts // 20))
    page = head.get(f"/entries/{entry.pk}/").content.decode()
    assert f"会命中 40 次，最多允许 {trial.allowed} 次" in page
    head.post(f"/entries/{entry.pk}/release/")
    entry.refresh_from_db()
    assert entry.state == "tried"


def test_a_released_entry_is_used_by_the_next_inspection_and_by_the_check_of_drafts(city, head):
    write(city, "澄洲市今日停水", 3)
    entry = draft(city)
    try_entry(entry, by=act_as(city, "cha"), at=NOW)
    assert head.post(f"/entries/{entry.pk}/release/").status_code == 422  # not looked at twice
    assert head.post(f"/entries/{entry.pk}/release/", {"sure": "1"}).status_code == 302
    inspect(INSPECTED_AT, by=SYSTEM, clock=timezone.now)
    assert Finding.objects.filter(criterion="typo", subject="W-3").exists()
    assert "澄州市" in head.post("/draft-check/", {"text": "澄洲市今日停水"}).content.decode()


def test_what_was_tried_waits_on_the_desk_of_the_head_but_not_of_its_drafter(city, head):
    entry = draft(city)
    try_entry(entry, by=act_as(city, "cha"), at=NOW)
    assert "发布词条 1 条" in head.get("/").content.decode()
    OwnEntry.objects.update(drafted_by="tou")
    assert "发布词条" not in head.get("/").content.decode()


def test_the_drafter_is_refused_as_releaser(city, head):
    entry = draft(city, by="tou")
    try_entry(entry, by=act_as(city, "tou"), at=NOW)
    assert head.post(f"/entries/{entry.pk}/release/").status_code == 403
    assert "不能自己发布" in head.get(f"/entries/{entry.pk}/").content.decode()


def test_an_entry_is_ended_with_a_reason_and_stays_on_the_list(city, head):
    entry = draft(city)
    assert head.post(f"/entries/{entry.pk}/end/", {"end-why": ""}).status_code == 422
    head.post(f"/entries/{entry.pk}/end/", {"end-why": "写错了"})
    assert "已停用" in head.get("/entries/").content.decode()


def test_the_exported_packs_hit_elsewhere(city, head):
    entry = draft(city)
    try_entry(entry, by=act_as(city, "cha"), at=NOW)
    act("entry.release", entry.pk, by="tou")
    packs = list(yaml.safe_load_all(head.get("/entries/export/").content.decode()))
    [hits] = Screen.load(map(read_pack, packs)).scan(["澄洲市今日停水"], NOW.date())
    assert "own_typo/1" in {hit.rule.replace(str(entry.pk), "1") for hit in hits}


def test_the_pages_take_few_queries(city, head, django_assert_max_num_queries):
    entry = draft(city)
    try_entry(entry, by=act_as(city, "cha"), at=NOW)
    for address in ("/entries/", "/entries/new/", f"/entries/{entry.pk}/"):
        with django_assert_max_num_queries(20):
            assert head.get(address).status_code == 200


def test_an_entry_is_revised_on_its_page_where_it_stands_as_it_is(city, head):
    entry = draft(city)
    page = head.get(f"/entries/{entry.pk}/").content.decode()
    assert 'name="revise-reason"' in page
    assert "澄洲市\n澄 洲市</textarea>" in page
    form = {name.replace("draft-", "revise-"): value for name, value in FORM.items()}
    assert head.post(f"/entries/{entry.pk}/revise/", form | {"revise-hit": "澄州市召开会议"}).status_code == 422
    assert head.post(f"/entries/{entry.pk}/revise/", form | {"revise-reason": "另一份"}).status_code == 302
    assert OwnEntry.objects.get().reason == "另一份"


def test_a_new_entry_begins_as_another_one(city, head):
    entry = draft(city)
    page = head.get(f"/entries/new/?from={entry.pk}").content.decode()
    assert "市政府公报</textarea>" in page
