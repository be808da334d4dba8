"""What a page offers can be opened.

Each position reads all its pages; every link and every button there leads to where this position may go and act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import Resolver404, resolve

from tests.cast import NOW, PEOPLE, City, sign_in
from tests.house.standing import Standing
from tests.house.things import make_finding
from xinmei.interaction.models import Message, Reply
from xinmei.packs.models import Demotion, OwnEntry, Trial
from xinmei.registry.models import ReadingChange
from xinmei.supervision.evidence import make_evidence
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
# Of each address of the URL configuration, as it stands in one page, so many are followed.
EACH = 3
LOGINS = ("bian", "shen", "qian", "guan", "zhu", "cha", "tou", "wang", "xi", "an", "ji")  # one of each post
FIRST = (
    "/",
    "/search/?q=题",
    "/search/?q=问",
    "/findings/?waiting=suspected",
    "/findings/?status=SUSPECTED",
    "/allow-list/?state=all",
    "/search/?q=路灯",
    "/search/?q=Q-DH",
    "/findings/?criterion=late_reply",
    "/accounts/DH-1/",
)
# Ends the session that reads on.
LEFT_OUT = {"/logout/", "/account/post/"}


class Walk(NamedTuple):
    """What was read, by address, and what was offered but refused."""

    seen: dict[str, str]
    refused: list[str]


class Offers(HTMLParser):
    """The links of a page, and its forms and buttons that send something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.sends: list[str] = []
        self._form = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        elif tag == "form":
            self._form = told.get("method", "get").lower()
            if self._form == "post":
                self.sends.append(told.get("action", ""))
        elif "formaction" in told and told.get("formmethod", self._form).lower() == "post":
            self.sends.append(told["formaction"])
        for name in ("data-decide", "data-reveal"):
            if name in told:
                self.sends.append(told[name])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""


@pytest.fixture
def city(standing) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        city = standing.city
        said = {"proposed_by": "cha", "proposed_name": "查检查", "proposed_at": NOW}
        ReadingChange.objects.create(name="week", choice="rolling", starts_on=NOW.date(), reason="统一", **said)
        yield city


@pytest.fixture(scope="module")
def walks() -> dict[str, Walk]:
    """What each person read in this module: one walk answers all that is asked of it."""
    return {}


@cache
def view_of(address: str) -> str:
    """The address as the URL configuration writes it; empty for one of another site, or of a file."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("/static/"):
        return ""
    try:
        return resolve(parts.path).route
    except Resolver404:
        return f"nowhere: {parts.path}"


def follow(standing: Standing, login: str) -> Walk:
    """Follows links from the first pages on, some for each address."""
    seen: dict[str, str] = {}
    tried: dict[tuple[str, str, str], int] = {}
    refused: list[str] = []
    waiting = [("", one) for one in FIRST]
    client = standing.client(login)
    while waiting:
        page, address = waiting.pop(0)
        answer = client.get(address)
        seen[address] = ""
        if page and answer.status_code in (403, 404, 405, 500):
            refused.append(f"{page} → {address}：{answer.status_code}")
            continue
        if answer.streaming or "html" not in answer.headers.get("Content-Type", "") or answer.status_code != 200:
            continue
        seen[address] = text = answer.content.decode()
        offers = Offers(text)
        for method, found in [("GET", offers.links), ("POST", offers.sends)]:
            for link in dict.fromkeys(urljoin(address, one).partition("#")[0] for one in found):
                key = (method, re.sub(r"\d+", "", urlsplit(address).path), view_of(link))
                if not key[2] or urlsplit(link).path in LEFT_OUT or tried.get(key, 0) >= EACH:
                    continue
                if method == "GET" and link not in seen and all(link != one for _, one in waiting):
                    tried[key] = tried.get(key, 0) + 1
                    waiting.append((address, link))
                elif method == "POST":
                    tried[key] = tried.get(key, 0) + 1
                    if (status := standing.ask(login, "POST", link).status_code) in (403, 404, 405, 500):
                        refused.append(f"{address} ⇒ {link}：{status}")
    return Walk(seen, refused)


@pytest.fixture
def walk(standing: Standing, city: City, walks: dict[str, Walk], login: str) -> Walk:
    """The walk of this person, through a city in which questions were answered late too."""
    if login not in walks:
        ask_and_answer_late(city)
        walks[login] = follow(standing, login)
    return walks[login]


@pytest.mark.parametrize("login", LOGINS)
def test_every_link_and_button_that_is_shown_opens_to_who_is_shown_it(walk, login):
    seen, refused = walk
    assert not refused, f"{PEOPLE[login][0]}：" + "\n".join(refused)
    assert len(seen) > len(FIRST)


WORDS = {"text": "雨天路灯何时能修好", "answer": "路灯明天派人维修"}


def ask_and_answer_late(city: City) -> None:
    """Makes two findings of questions answered late, one of them closed. Both quote the words of the question."""
    for code, status in (("DH-1", "NOTIFIED"), ("TY-1", "CLOSED")):
        finding = make_finding(city, code, status, week="2026-W08")
        message = Message.objects.create(
            code=f"Q-{code}",
            account=city.accounts[code],
            received_at=NOW - timedelta(days=9),
            kind="enquiry",
            text=WORDS["text"],
        )
        Reply.objects.create(
            message=message, position=0, code="r", replied_at=NOW - timedelta(days=2), text=WORDS["answer"]
        )
        replies = [{"replied_at": NOW.isoformat(), "text": WORDS["answer"], "automatic": False}]
        quoted = {
            "code": message.code,
            "text": message.text,
            "received_at": NOW.isoformat(),
            "published_at": None,
            "replies": replies,
        }
        evidence = make_evidence(
            {"seen": {"due_at": NOW.isoformat()}, "quoted": quoted},
            seen_at=NOW,
            source="留言及答复记录",
            edition="2021-06-20",
        )
        evidence.save()
        late = {
            "set": "assessment",
            "indicator": "interaction",
            "criterion": "late_reply",
            "subject": message.code,
            "message": message,
            "evidence": evidence,
        }
        Finding.objects.filter(pk=finding.pk).update(**late)


@pytest.mark.parametrize(
    ("login", "reads"), [("bian", True), ("zhu", True), ("cha", True), ("wang", False), ("an", False)]
)
def test_the_words_of_a_message_are_read_by_those_who_see_messages_and_by_no_others(walk, login, reads):
    seen, _ = walk
    for words in WORDS.values():
        assert any(words in text for text in seen.values()) == reads, [
            address for address, text in seen.items() if words in text
        ]


def test_what_two_persons_release_is_offered_to_the_head_alone(city):
    OwnEntry.objects.update(state=OwnEntry.State.TRIED, drafted_by="tan")
    Trial.objects.create(entry=OwnEntry.objects.get(), at=NOW, by="tan", since=NOW, posts=9, hits=0, allowed=20)
    Demotion.objects.update(proposed_by="tan")
    entry, demotion = OwnEntry.objects.get().pk, Demotion.objects.get().pk
    for login, releases in (("cha", False), ("tou", True)):
        client = sign_in(Client(), city.people[login])
        assert (f"/entries/{entry}/release/" in client.get(f"/entries/{entry}/").content.decode()) == releases
        assert (f"/demotions/{demotion}/decide/" in client.get("/drills/").content.decode()) == releases


def test_an_observer_gets_no_file_of_what_was_written(city):
    ask_and_answer_late(city)
    finding = Finding.objects.get(subject="Q-DH-1")
    for login, status in (("bian", 200), ("zhu", 200), ("cha", 200), ("wang", 404)):
        client = sign_in(Client(), city.people[login])
        assert client.get(f"/findings/{finding.pk}/evidence/{finding.evidence_id}/").status_code == status, login
