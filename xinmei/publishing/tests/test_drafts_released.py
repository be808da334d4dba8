"""三级审核: what happens to a draft after its release."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, act, build_city, build_people, make_account, make_person
from tests.drafting import TEXT, later, publish, release, shown, write
from xinmei.acts.performing import perform
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.people.doors import Refused, actings_by_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


def test_inspectors_see_a_released_draft_for_ever(city):
    draft = release()
    assert shown(draft, "cha")["text"] == TEXT
    act("draft.withdraw", draft.pk, by="qian", reason="情况有变")
    assert shown(draft, "cha")["state"] == "WITHDRAWN"
    for login in ("zhu", "wang", "jiao"):
        with pytest.raises(NotFound):
            shown(draft, login)
    with pytest.raises(Refused):
        act("draft.check", draft.pk, by="cha", version=1)


def test_it_is_published_once_every_account_has_an_entry(city):
    make_account("DH-2", city.units["DH"], platform="weibo")
    draft = release(accounts=["DH-1", "DH-2"])
    at = later(5)
    assert publish(draft, at).state == "RELEASED"
    publish(draft, at, skipped="该平台不发")  # replaced until the last has come
    assert shown(draft)["published"] == [
        {"account": "DH-1", "at": None, "post": None, "url": None, "skipped": "该平台不发", "taken_down": None}
    ]
    assert publish(draft, at, "DH-2", at=at.isoformat(), post="P-1").state == "PUBLISHED"
    with pytest.raises(NotNow):
        publish(draft, at, "DH-2", skipped="不发")


@pytest.mark.parametrize(
    "entry",
    [
        {"at": (NOW - timedelta(seconds=1)).isoformat(), "url": "https://e.cn/1"},  # before the release
        {"at": later(10).isoformat(), "url": "https://e.cn/1"},  # to come
        {"at": NOW.isoformat()},
        {"url": "https://e.cn/1"},
        {"at": NOW.isoformat(), "url": "https://e.cn/1", "skipped": "不发"},
        {"skipped": "不发", "post": "P-1"},
        {"skipped": None},
    ],
)
def test_an_entry_says_when_and_where_or_why_not(city, entry):
    draft = release()
    with pytest.raises(NotSo):
        publish(draft, later(5), **entry)
    with pytest.raises(NotSo):
        publish(draft, later(5), "GX-1", skipped="不发")


def test_what_was_published_is_taken_down_once(city):
    make_account("DH-2", city.units["DH"], platform="weibo")
    draft = release(accounts=["DH-1", "DH-2"])
    publish(draft, later(1), "DH-2", skipped="不发")
    publish(draft, later(1))
    for account, moment in (("DH-2", later(5)), ("DH-1", NOW), ("DH-1", later(10)), ("GX-1", later(5))):
        with pytest.raises(NotSo):
            _take_down(draft, account, moment)
    assert _take_down(draft, "DH-1", later(5)).state == "PUBLISHED"
    assert shown(draft)["published"][1]["taken_down"] == later(5).isoformat()
    with pytest.raises(NotNow):
        _take_down(draft, "DH-1", later(6))


def _take_down(draft, account, moment):
    given = {"account": account, "at": moment.isoformat(), "reason": "内容有误"}
    return perform("draft.taken_down", [draft.pk], by=actings_by_login("qian", later(9)), at=later(9), given=given).one


def test_a_released_draft_is_withdrawn_by_its_drafter_the_section_head_or_the_leader(city):
    make_person("hua", "华小编", city.units["DH"], "editor")
    for login in ("bian", "shen", "qian"):
        assert act("draft.withdraw", release().pk, by=login, reason="情况有变").state == "WITHDRAWN"
    draft = release()
    for login in ("hua", "guan"):
        with pytest.raises(Refused):
            act("draft.withdraw", draft.pk, by=login, reason="情况有变")
    assert act("draft.withdraw", write().pk, by="hua", reason="不写了").state == "WITHDRAWN"


def test_a_correction_names_a_published_draft_of_the_same_accounts(city):
    make_account("DH-2", city.units["DH"], platform="weibo")
    first = publish(release(), later(1))
    assert write(later(2), corrects=str(first.pk)).corrects_id == first.pk
    assert write(later(2), corrects=first.pk).corrects_id == first.pk
    for other in ({"accounts": ["DH-2"]}, {"accounts": ["DH-1", "DH-2"]}):
        with pytest.raises(NotSo):
            write(later(2), corrects=str(first.pk), **other)
    with pytest.raises(NotSo):
        write(later(2), corrects=str(release(later(2)).pk))
    draft = write(later(3), corrects=str(first.pk))
    with pytest.raises(NotSo):
        act("draft.write", draft.pk, by="bian", at=later(4), accounts=["DH-2"])
    assert act("draft.write", draft.pk, by="bian", at=later(4), corrects=None).corrects_id is None
