"""Approved = live, from the draft to the finding: posts are imported, compared, imported again and compared again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cast import NOW, act, build_city, build_people
from tests.drafting import TEXT, TITLE, later, publish, release
from xinmei.people.events import SYSTEM, record
from xinmei.publishing.models import Post
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
CRITERIA = ("unreviewed_post", "changed_after_approval")


@pytest.fixture
def city():
    city = build_people(build_city())
    city.units["DH"].reviews_from = date(2026, 5, 1)
    city.units["DH"].save()
    return city


def go_live(city, code="P-1", at=None, **more):
    said = {"title": TITLE, "text": TEXT, "published_at": at or later(60), "origin": "original"}
    return Post.objects.create(code=code, account=city.accounts["DH-1"], **(said | more))


def import_again(code="P-1", **more):
    Post.objects.filter(code=code).update(**more)
    record("import", by=SYSTEM, at=NOW, kind="bundle", number=code)


def found(hours: float = 24):
    inspect(NOW + timedelta(hours=hours), by=SYSTEM, clock=timezone.now)
    rows = Finding.objects.filter(criterion__in=CRITERIA).order_by("pk")
    return [(row.criterion, row.subject, row.status) for row in rows]


def test_what_was_signed_and_stands_as_it_was_signed_is_no_finding(city):
    release()
    go_live(city)
    assert found() == []


def test_what_nobody_signed_is_suspected(city):
    go_live(city)
    assert found() == [("unreviewed_post", "P-1", "SUSPECTED")]


def test_a_unit_that_has_not_begun_is_left_alone(city):
    city.units["DH"].reviews_from = None
    city.units["DH"].save()
    go_live(city)
    assert found() == []


def test_a_draft_that_names_the_post_takes_the_suspicion_back(city):
    post = go_live(city, title="另一个标题")
    assert found() == [("unreviewed_post", "P-1", "SUSPECTED")]
    publish(release(later(1)), later(90), at=later(60).isoformat(), post=post.code)
    assert found(25) == [("unreviewed_post", "P-1", "DISMISSED")]


def test_the_same_post_imported_again_with_other_text_is_compared_again(city):
    release()
    go_live(city)
    assert found() == []
    import_again(text=TEXT.replace("村里", "镇里"))
    assert found(25) == [("changed_after_approval", "P-1", "SUSPECTED")]
    evidence = Finding.objects.get().evidence.read().decode()
    assert '"out"' in evidence
    assert "村" in evidence
    import_again(text=TEXT)
    assert found(26) == [("changed_after_approval", "P-1", "DISMISSED")]
    import_again(text=TEXT + "欢迎转发。")
    assert found(27) == [
        ("changed_after_approval", "P-1", "DISMISSED"),
        ("changed_after_approval", "P-1", "SUSPECTED"),
    ]


def test_a_change_that_was_cured_and_comes_again_is_a_new_finding(city):
    release()
    go_live(city, text=TEXT + "欢迎转发。")
    found()
    pk = Finding.objects.get().pk
    day = NOW + timedelta(hours=25)
    act("finding.confirm", pk, by="cha", at=day)
    act("finding.rectify", pk, by="bian", at=day, note="已恢复")
    import_again(text=TEXT)
    act("finding.recheck", pk, by="cha", at=day, cured=True, note="已核对")
    assert found(26) == [("changed_after_approval", "P-1", "CLOSED")]
    import_again(text=TEXT + "点赞有礼。")
    assert found(27)[-1] == ("changed_after_approval", "P-1", "SUSPECTED")


def test_a_correction_is_what_the_post_must_say_from_its_release_on(city):
    first = publish(release(), later(61), at=later(60).isoformat(), post="P-1")
    go_live(city)
    release(later(120), text=TEXT.replace("村里", "镇里"), corrects=str(first.pk))
    assert found() == [("changed_after_approval", "P-1", "SUSPECTED")]
    import_again(text=TEXT.replace("村里", "镇里"))
    assert found(25) == [("changed_after_approval", "P-1", "DISMISSED")]


def test_the_page_of_the_finding_shows_the_difference_word_by_word(city, client):
    from tests.cast import sign_in

    release()
    go_live(city, text=TEXT.replace("村里", "镇里"))
    found()
    page = sign_in(client, city.people["cha"]).get(f"/findings/{Finding.objects.get().pk}/").content.decode()
    assert "<del>村</del><ins>镇</ins>" in page
