"""Personal data are masked everywhere.

Each role opens all pages and exports that it can reach, and finds none of the data that were planted there.
"""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from collections import deque
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, PEOPLE, City, act, act_as, keep_file, sign_in
from tests.lived import INSPECTED_AT, live_two_months
from xinmei.interaction.models import Message
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.publishing.models import Image, Post
from xinmei.screening.links.following import note_links
from xinmei.screening.models import PictureRead
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

MOBILE, IDENTITY, CARD, EMAIL = "13512345678", "11010519491231002X", "6222021234567890128", "wangmou1990@163.com"
CONTACT, OF_A_PERSON = "13900001234", "13800005678"
TEXT = f"名单：王某，手机号{MOBILE}，身份证号{IDENTITY}，银行卡号{CARD}，个人邮箱{EMAIL}。"
MOST_PAGES = 120


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        at = INSPECTED_AT - timedelta(hours=5)
        account = city.accounts["DH-1"]
        common = {"account": account, "text": TEXT, "revision": 9}
        Post.objects.create(
            code="P1", published_at=at, title=f"公示 {MOBILE}", origin="repost", source=f"王某{MOBILE}", **common
        )
        Message.objects.create(
            code="M9",
            received_at=at - timedelta(days=4),
            published_at=at,
            kind="enquiry",
            author=f"王某{MOBILE}",
            **common,
        )
        post = Post.objects.get(code="P1")
        note_links({f"https://shop.example.com/call?tel={MOBILE}": [post.pk]})
        image = Image.objects.create(file=keep_file(b""))
        PictureRead.objects.create(
            image=image, post=post, read_at=at, outcome="read", text=TEXT, codes=[f"tel:{MOBILE}"]
        )
        inspect(INSPECTED_AT + timedelta(hours=1), by=SYSTEM, clock=timezone.now)
        leak = Finding.objects.get(criterion="privacy_leak")
        act("finding.confirm", [leak.pk], by=act_as(city, "cha"), at=NOW)
        late = Finding.objects.get(criterion="late_reply", subject="M9")
        act("finding.confirm", [late.pk], by=act_as(city, "cha"), at=NOW)
        act("finding.rectify", [leak.pk], by=act_as(city, "bian"), at=NOW, note=f"已致电{MOBILE}并遮盖")
        act("finding.object", late.pk, by=act_as(city, "qian"), at=NOW, why=f"留言人{MOBILE}已答复")
        seen = act(
            "finding.find",
            criterion="inspection/unmoderated_comment",
            by=act_as(city, "cha"),
            at=NOW,
            note=f"评论里有{MOBILE}",
            account=account.code,
            subject="M9x",
        )
        act("finding.confirm", [seen.pk], by=act_as(city, "tan"), at=NOW)
        yield city


def _read(answer) -> str:
    """Everything that an answer says, the parts of a workbook included."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return content.decode("utf-8", "replace")


def _walk(client: Client) -> Iterator[tuple[str, str]]:
    """Each address that links lead to, from the desk on, with what it says; of pages of one kind only some."""
    waiting, known, kinds = deque(["/", f"/search/?q={MOBILE[:7]}", "/search/?q=名单"]), set(), {}
    while waiting and len(known) < MOST_PAGES:
        address = waiting.popleft()
        kind = re.sub(r"\d+|[A-Z]{2}-\w+", "#", address.partition("?")[0]) + re.sub(
            r"=[^&]*", "", address.partition("?")[2]
        )
        if address in known or kinds.setdefault(kind, 0) >= 6:
            continue
        known.add(address)
        kinds[kind] += 1
        answer = client.get(address)
        if answer.status_code == 302:
            waiting.append(answer["Location"])
            continue
        text = _read(answer)
        yield address, text
        for link in re.findall(r'(?:href|src)="(/[^"#]*)', text.replace("&amp;", "&")):
            if not link.startswith("/static/"):
                waiting.append(link)
        waiting.extend(
            f"{address.partition('?')[0]}{link}" for link in re.findall(r'href="(\?[^"#]*)', text.replace("&amp;", "&"))
        )


def test_no_page_export_or_file_shows_personal_data(city: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said = []
    for login in PEOPLE:
        seen = 0
        for address, text in _walk(sign_in(Client(), city.people[login])):
            seen += 1
            # one's own number stands on one's own page, and `unit_admin` sees those of the own unit
            hidden = [MOBILE, IDENTITY, CARD, EMAIL, CONTACT] + (
                [] if address.startswith(("/account/", "/staff/")) else [OF_A_PERSON]
            )
            assert not [value for value in hidden if value in text], (login, address)
            said.append(text)
        assert seen > 3, login
    logged = caplog.text + "".join(Event.objects.values_list("content", flat=True))
    assert not [value for value in (IDENTITY, CARD, EMAIL, CONTACT) if value in logged]
    # the walk did come by them
    for masked in ("135****5678", "11*************02X", "6222***********0128", "w**********@163.com", "139****1234"):
        assert any(masked in text for text in said), masked


ADDRESSES = {"account": "/accounts/DH-1/reveal/", "post": "/posts/P1/reveal/", "message": "/messages/M9/reveal/"}


def test_one_value_is_revealed_with_a_reason_and_leaves_an_event_without_it(city: City) -> None:
    for login in ("bian", "shen", "qian", "guan", "cha", "tou"):
        _reveal_as(city, login)


def _reveal_as(city: City, login: str) -> None:
    client = sign_in(Client(), city.people[login])
    assert client.post(ADDRESSES["post"], {"what": "text.0", "reason": "看"}).status_code == 422
    assert not Event.objects.filter(verb="reveal", actor=login).exists()
    assert client.post(ADDRESSES["post"], {"what": "text.0", "reason": f"核实公示内容{MOBILE}"}).json() == {
        "value": MOBILE
    }
    assert client.post(ADDRESSES["account"], {"what": "phone", "reason": "联系整改"}).json() == {"value": CONTACT}
    events = Event.objects.filter(verb="reveal", actor=login)
    assert [json.loads(one.content)["what"] for one in events] == ["text.0", "phone"]
    assert not [one for one in events if MOBILE in one.content or CONTACT in one.content]


def test_who_sees_personal_data_masked_only_reveals_nothing(city: City) -> None:
    for login, status in (("zhu", 403), ("wang", 404), ("lin", 404), ("xi", 404)):
        client = sign_in(Client(), city.people[login])
        assert client.post(ADDRESSES["account"], {"what": "phone", "reason": "想看一看"}).status_code == status
        assert "data-reveal=" not in client.get("/accounts/DH-1/").content.decode()


def test_the_original_evidence_needs_a_reason(city: City) -> None:
    leak = Finding.objects.get(criterion="privacy_leak")
    client = sign_in(Client(), city.people["cha"])
    masked = client.get(f"/findings/{leak.pk}/evidence/{leak.evidence_id}/").content.decode()
    assert MOBILE not in masked
    assert "135****5678" in masked
    original = f"/findings/{leak.pk}/evidence/{leak.evidence_id}/original/"
    assert client.post(original, {"reason": ""}).status_code == 302
    assert client.post(original, {"reason": "核对摘要"}).content == leak.evidence.read()
    assert sign_in(Client(), city.people["zhu"]).post(original, {"reason": "核对摘要"}).status_code == 403
