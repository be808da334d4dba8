"""Two editors on one draft: nothing is lost, each is told."""

from __future__ import annotations

import os
import random

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, act, build_city, build_people, make_person, sign_in
from tests.drafting import TEXT, TITLE, send, write
from xinmei.core.differences import IN, SAME
from xinmei.core.refusals import NotNow
from xinmei.publishing.drafts.keeping import keep, kept_for, look_around
from xinmei.publishing.models import Draft, DraftVersion, Unsaved

pytestmark = pytest.mark.django_db
# XINMEI_TEST_SAVES=500 is the figure of decision 0571
SAVES = int(os.environ.get("XINMEI_TEST_SAVES", "40"))


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR = False
    city = build_people(build_city())
    city.people["bo"] = make_person("bo", "薄小编", city.units["DH"], "editor")
    return city


def save_late(draft: Draft, login: str, own: dict[str, object]) -> Draft:
    """What was refused is kept, and shown beside what was saved meanwhile. Saves it again; the draft before that."""
    with pytest.raises(NotNow, match="别人改过了"):
        act("draft.write", draft.pk, by=login, version=own["version"], text=own["text"])
    found = Draft.objects.select_related("current").get(pk=draft.pk)
    assert kept_for(found, login).text == own["text"]
    writing = look_around(found, login, own, is_kept=True, now=NOW)
    assert writing.newer.number == found.version
    mine = "".join(said for kind, said in writing.mine if kind in (SAME, IN))
    assert mine == f"{TITLE}\n{own['text']}"
    return found


def test_of_many_interleaved_saves_nothing_is_lost_and_each_is_told(city):
    """Each has read some version and saves on it. Whoever is late keeps what they wrote, sees it beside what was saved,
    word by word, and saves again on what they saw.
    """
    chosen = random.Random(1)
    draft, sees, saved, told = write(), {"bian": 1, "bo": 1}, [TEXT], 0
    for number in range(1, SAVES + 1):
        login, other = chosen.sample(["bian", "bo"], 2)
        own = {"title": TITLE, "text": f"{login}写的第{number}句。", "layout": [], "version": sees[login]}
        assert keep(draft, login, own, number, NOW)
        if sees[login] != draft.version:
            draft, told = save_late(draft, login, own), told + 1
        act("draft.write", draft.pk, by=login, version=draft.version, text=own["text"])
        saved.append(own["text"])
        draft = Draft.objects.select_related("current").get(pk=draft.pk)
        sees[login] = draft.version
        if chosen.random() < 0.3:
            sees[other] = draft.version  # the other has reloaded the page
        assert kept_for(draft, login) is None
    assert list(DraftVersion.objects.order_by("number").values_list("text", flat=True)) == saved
    assert told > SAVES // 5
    assert not Unsaved.objects.exists()


def test_one_who_writes_sees_who_else_does_and_gets_back_what_was_not_saved(city):
    draft = write()
    pages = {login: sign_in(Client(), city.people[login]) for login in ("bian", "bo")}
    said = {"title": TITLE, "text": "卞小编在写", "layout": "[]", "version": "1", "number": "5"}
    with time_machine.travel(NOW, tick=False):
        address = f"/drafts/{draft.pk}/keep/"
        assert "已自动留存" in pages["bian"].post(address, said).content.decode()
        answer = pages["bo"].post(address, said | {"text": "薄小编也在写"}).content.decode()
        assert "卞小编也在写这一稿" in answer
        # an older window of the same person takes nothing back
        older = pages["bian"].post(address, said | {"text": "早一些", "number": "3"}).content.decode()
        assert "另一个窗口" in older
        assert Unsaved.objects.get(by="bian").text == "卞小编在写"
        assert "卞小编在写" in pages["bian"].get(f"/drafts/{draft.pk}/").content.decode()
        assert "卞小编在写" not in pages["bo"].get(f"/drafts/{draft.pk}/").content.decode()
        send(draft)
        assert "不能保存" in pages["bo"].post(address, said).content.decode()
        assert pages["bo"].post(address, {"drop": "1"}).status_code == 204
        assert not Unsaved.objects.filter(by="bo").exists()
        for login in ("cha", "zhen"):
            assert sign_in(Client(), city.people[login]).post(address, said).status_code == 404


def test_a_save_that_came_late_shows_both_and_is_saved_the_next_time(city):
    draft = write()
    act("draft.write", draft.pk, by="bo", version=1, text="薄小编先存。")
    client = sign_in(Client(), city.people["bian"])
    fields = {"accounts": "DH-1", "origin": "original", "title": TITLE, "text": "卞小编后存。", "version": "1"}
    with time_machine.travel(NOW, tick=False):
        answer = client.post(f"/drafts/{draft.pk}/write/", {f"write-{k}": v for k, v in fields.items()})
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "第 2 稿已经存下" in shown
        assert "<del>薄</del><ins>卞</ins>小编<del>先</del><ins>后</ins>存。" in shown
        assert 'name="write-version" value="2"' in shown
    assert Draft.objects.get().current.text == "薄小编先存。"


def test_what_a_version_looks_like_is_sealed_and_makes_a_version(city):
    layout = [{"kind": "h2", "runs": [{"text": "申领办法", "bold": True}]}, {"kind": "p", "runs": [{"text": "到村里"}]}]
    draft = write(layout=layout, text="申领办法\n到村里")
    assert draft.current.layout == layout
    act("draft.write", draft.pk, by="bian", text="申领的办法\n到村里")
    looks = Draft.objects.get().current.layout
    assert [one["kind"] for one in looks] == ["h2", "p"]
    act("draft.write", draft.pk, by="bian", layout=[])
    now = Draft.objects.get().current
    assert (now.number, now.layout, now.difference["layout"]) == (3, [], ["排版", "排版改过"])
