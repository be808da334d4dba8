"""The pages of drafts: what waits for whom, what a draft says with its hits, and the check as one types."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from tests.cast import NOW, act, build_city, build_people, sign_in
from tests.drafting import GRAVE, TEXT, TITLE, TYPO, check, publish, release, send, write
from xinmei.publishing.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


@pytest.fixture
def at_now(settings):
    import time_machine

    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def city():
    return build_people(build_city())


def page(city, login, address, **more):
    answer = sign_in(Client(), city.people[login]).get(address, **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(text: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text))


def test_the_board_says_what_waits_for_whom_since_when(city):
    write(title="在写的")
    send(write(title="在审的"))
    check(send(write(title="待签的")))
    release(title="待发的")
    board = words(page(city, "bian", "/drafts/"))
    for title, whom in (("在审的", "申科长"), ("待签的", "钱局长"), ("待发的", "卞小编")):
        assert re.search(rf"{title}.{{0,30}}{whom}", board), board


@pytest.mark.parametrize(
    ("login", "duty", "title"),
    [
        ("shen", "等您审核的稿件 1 篇", "在审的"),
        ("qian", "等您审签的稿件 1 篇", "待签的"),
        ("bian", "签发了等发布的稿件 1 篇", "待发的"),
    ],
)
def test_each_finds_on_the_desk_what_waits_for_them(city, login, duty, title):
    send(write(title="在审的"))
    check(send(write(title="待签的")))
    release(title="待发的")
    desk = page(city, login, "/")
    assert duty in desk
    (address,) = set(re.findall(r'href="(/drafts/\?waiting=\w+)"', desk))
    listed = page(city, login, address)
    assert title in listed
    assert listed.count('<a class="main"') == 1


def test_a_draft_shows_its_hits_marked_with_reason_suggestion_and_fate(city):
    draft = write(title="关于财政拔款的通知", text=f"{GRAVE}\n{TYPO}")
    hit = draft.current.hits.get(part="title")
    act("draft.settle", draft.pk, by="bian", hit=str(hit.pk), why="引用来文标题")
    shown = page(city, "bian", f"/drafts/{draft.pk}/")
    assert '<mark class="is-confident" title="错别字，建议“拨款”">拔款</mark>' in shown
    assert "中华人名共和国</mark>" in shown
    assert "保留，因为：引用来文标题（卞小编，5月12日周二10:00）" in words(shown)
    act("draft.write", draft.pk, by="bian", text=TYPO)
    shown = words(page(city, "bian", f"/drafts/{draft.pk}/"))
    assert "“中华人名共和国”（严重表述错误）：卞小编5月12日周二10:00写第2稿时改掉" in shown


def test_who_signs_sees_word_by_word_what_changed_since_the_last_signature(city):
    draft = check(send(write()))
    act("draft.amend", draft.pk, by="qian", version=1, text=TEXT.replace("村里", "镇里"))
    shown = page(city, "shen", f"/drafts/{draft.pk}/")
    assert "<del>村</del><ins>镇</ins>" in shown
    assert "与第1稿比" in words(shown)


def test_the_buttons_are_those_of_the_position(city):
    draft = send(write())
    assert "审核通过" in page(city, "shen", f"/drafts/{draft.pk}/")
    assert "签发</button>" not in page(city, "qian", f"/drafts/{draft.pk}/")
    assert "撤回送审" in page(city, "bian", f"/drafts/{draft.pk}/")


def test_a_whole_draft_goes_through_the_pages(city):
    def do(login, address, **fields):
        answer = sign_in(Client(), city.people[login]).post(address, fields)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    said = {"accounts": ["DH-1"], "origin": "original", "title": TITLE, "text": TEXT}
    do("bian", "/drafts/write/", **{f"write-{name}": value for name, value in said.items()})
    draft = Draft.objects.get()
    do("bian", f"/drafts/{draft.pk}/write/", **{f"write-{k}": v for k, v in said.items()} | {"write-version": 1})
    shown = page(city, "bian", f"/drafts/{draft.pk}/")
    assert re.search(r'<input type="hidden" name="send-version" value="1"', shown)
    do("bian", f"/drafts/{draft.pk}/send/", **{"send-version": 1})
    do("shen", f"/drafts/{draft.pk}/check/", **{"check-version": 1})
    do("qian", f"/drafts/{draft.pk}/sign/", **{"sign-version": 1})
    entry = {"published-account": "DH-1", "published-at": "2026-05-12T10:00", "published-url": "https://e.cn/1"}
    do("bian", f"/drafts/{draft.pk}/published/", **entry)
    assert Draft.objects.get().state == "PUBLISHED"
    assert "与签发时一致" in page(city, "cha", f"/drafts/{draft.pk}/")


def test_a_form_that_was_refused_comes_again_with_what_was_typed(city):
    client = sign_in(Client(), city.people["bian"])
    answer = client.post("/drafts/write/", {"write-title": "只有标题", "write-origin": "original"})
    assert answer.status_code == 422
    assert "只有标题" in answer.content.decode()
    draft = write()
    act("draft.write", draft.pk, by="bian", title="别人先改了")
    answer = client.post(f"/drafts/{draft.pk}/send/", {"send-version": 1})
    assert answer.status_code == 422
    assert "别人改过了" in answer.content.decode()


def test_the_check_as_one_types_marks_and_keeps_nothing(city):
    client = sign_in(Client(), city.people["bian"])
    answer = client.post("/drafts/marks/", {"title": "财政拔款", "text": TEXT}).content.decode()
    assert 'title="错别字，建议“拨款”">拔款</mark>' in answer
    assert "没有发现问题" in client.post("/drafts/marks/", {"title": TITLE, "text": TEXT}).content.decode()
    assert "显示在这里" in client.post("/drafts/marks/", {}).content.decode()
    assert not Draft.objects.exists()


def test_pictures_are_shown_and_other_files_given_out(city):
    draft = write(images=[{"name": "图.png", "base64": PNG}, {"name": "纪要.txt", "base64": "5paH"}])
    client = sign_in(Client(), city.people["bian"])
    assert client.get(f"/drafts/{draft.pk}/images/0/")["Content-Type"] == "image/png"
    assert "attachment" in client.get(f"/drafts/{draft.pk}/images/1/")["Content-Disposition"]
    for place in ("2", "x", "-1"):
        assert client.get(f"/drafts/{draft.pk}/images/{place}/").status_code == 404
    assert sign_in(Client(), city.people["cha"]).get(f"/drafts/{draft.pk}/images/0/").status_code == 404


def test_a_draft_is_found_by_its_title(city):
    release()
    for login, found in (("bian", True), ("cha", True), ("zhen", False)):
        assert (
            "稿件" in words(page(city, login, "/search/?q=春耕补贴"))
            and TITLE in page(city, login, "/search/?q=春耕补贴")
        ) == found


@pytest.mark.parametrize("address", ["/drafts/", "/drafts/new/", "/drafts/{pk}/"])
def test_no_page_asks_more_than_twenty_queries(city, django_assert_max_num_queries, address):
    for place in range(5):
        draft = release(title=f"第{place}篇", text=TEXT)
        publish(draft)
        send(write())
    client = sign_in(Client(), city.people["bian"])
    with django_assert_max_num_queries(20):
        assert client.get(address.format(pk=draft.pk)).status_code == 200
