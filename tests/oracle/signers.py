"""Random walks through one draft by several at once: in each round two or three act in the same moment.

By `do` and by the API; one person holds all three positions, one two; one stands in for the leader for a day; one's
position has ended, one's ends on the way. Versions are now and then old, acts are now and then sent twice. Nothing is
foretold here: it is looked up after each round what holds (`sealed.py`).
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import time_machine
from django.db import connection
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, make_person
from xinmei.acts.lines import Answering
from xinmei.people.actions.tokens import PREFIX, digest_of
from xinmei.people.models import PositionHeld, Token
from xinmei.publishing.models import Draft, DraftHit

from .editing import NEXT, TRIGGERS
from .sealed import Sealed

AT_ONCE = 3
STEP = timedelta(hours=4)
TODAY = NOW.date()
# Who beside the cast of 东湖县: (login, positions with their last day).
MORE: dict[str, dict[str, date | None]] = {
    "xiao": {"editor": None},
    "duo": {"editor": None, "section_head": None, "leader": None},
    "er": {"section_head": None, "leader": None},
    "li": {"leader": TODAY - timedelta(days=1)},
    "ou": {"leader": TODAY},
}
RIGHT = {"write": "editor", "send": "editor", "published": "editor", "check": "section_head", "sign": "leader"}
WORDS = ("东湖县发布春耕补贴办法。", "符合条件的农户可到村里申领。", "咨询电话见公告。")


@dataclass
class Walked:
    """What came of the walks: by verb and answer, and what did not hold."""

    answers: Counter[str] = field(default_factory=Counter)
    released: int = 0
    broken: list[str] = field(default_factory=list)


def gather() -> City:
    """The cast, those beside it, and 申科长 standing in for 钱局长 today."""
    city = build_people(build_city())
    for login, posts in MORE.items():
        person = city.people[login] = make_person(login, f"名{login}")
        for position, until in posts.items():
            held = {"unit": city.units["DH"], "position": position, "starts_on": date(2024, 1, 1), "ends_on": until}
            PositionHeld.objects.create(person=person, **held)
    span = {"starts_on": TODAY.isoformat(), "ends_on": TODAY.isoformat()}
    act("position.delegate", city.people["qian"].positions.get().pk, by="qian", person="shen", **span)
    for held in PositionHeld.objects.filter(unit=city.units["DH"]):
        made = {"made_at": NOW - timedelta(days=900), "ends_at": NOW + timedelta(days=900), "name": "走"}
        Token.objects.create(digest=digest_of(_secret(held)), person=held.person, position_held=held, **made)
    return city


def _secret(held: PositionHeld) -> str:
    return f"{PREFIX}{held.pk}"


def walk(seed: str, rounds: int, into: Walked) -> None:
    """One draft, from its first word on."""
    chance = random.Random(seed)
    given = {"accounts": ["DH-1"], "origin": "original", "title": "春耕补贴", "text": chance.choice(WORDS)}
    draft = act("draft.write", (), by=chance.choice(("bian", "xiao", "duo")), at=NOW, **given)
    seals = Sealed(draft.pk)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(1, rounds + 1):
            at = NOW + number * STEP
            acts = [_some_act(draft.pk, at, chance) for _ in range(chance.choice((2, AT_ONCE)))]
            if chance.random() < 0.3:
                acts[1] = acts[0]  # a double click
            answers = _at_once(pool, acts, at, chance)
            for one, answer in zip(acts, answers, strict=True):
                into.answers[f"{one['verb']} {answer}"] += 1
                if answer in ("500", "no answer"):
                    into.broken.append(f"{seed}: {one} was answered {answer}")
            into.broken += [f"{seed} after {acts}: {line}" for line in seals.look()]
        _leave(pool)
    into.released += len(seals.released)


def _at_once(pool: ThreadPoolExecutor, acts: list[dict[str, Any]], at: datetime, chance: random.Random) -> list[str]:
    """The answers, in order: ok, or what was refused."""
    ready = Barrier(len(acts))
    ways = [chance.choice((_by_line, _by_api)) for _ in acts]

    def do(way: Callable[[dict[str, Any]], str], one: dict[str, Any]) -> str:
        ready.wait()
        return way(one)

    with time_machine.travel(at, tick=False):
        return [done.result() for done in [pool.submit(do, *pair) for pair in zip(ways, acts, strict=True)]]


def _leave(pool: ThreadPoolExecutor) -> None:
    """Each thread closes its own connection: they wait for each other, so that none takes two turns."""
    together = Barrier(AT_ONCE)

    def close() -> None:
        together.wait()
        connection.close()

    for done in [pool.submit(close) for _ in range(AT_ONCE)]:
        done.result()


def _by_line(one: dict[str, Any]) -> str:
    answer = Answering(lambda: NOW).answer(one)
    return "ok" if answer.get("ok") else str(answer.get("refused") or "no answer")


def _by_api(one: dict[str, Any]) -> str:
    held = PositionHeld.objects.filter(person__login=one["by"], unit__code="DH")
    if post := one.get("as", "").partition("@")[0]:
        held = held.filter(position=post)
    if (first := held.order_by("pk").first()) is None:  # who only stands in has no token
        return _by_line(one)
    address = f"/api/v1/drafts/{one['on']}/{one['verb'].partition('.')[2]}"
    headers = {"Authorization": f"Bearer {_secret(first)}"}
    body = json.dumps(one["with"], ensure_ascii=False)
    reply = Client(raise_request_exception=False).post(address, body, content_type="application/json", headers=headers)
    refused = {401: "right", 403: "right", 404: "not_found", 409: "state", 422: "input"}
    return "ok" if reply.status_code == 200 else refused.get(reply.status_code, str(reply.status_code))


def _some_act(pk: int, at: datetime, chance: random.Random) -> dict[str, Any]:
    """An act that may come next, mostly by somebody of the position that it asks for."""
    draft = Draft.objects.select_related("current").get(pk=pk)
    likely = NEXT[draft.state] if chance.random() < 0.8 else chance.choice(list(NEXT.values()))
    verb = chance.choice(likely)
    people = ["bian", "xiao", "shen", "qian", *MORE]
    if (post := RIGHT.get(verb)) and chance.random() < 0.7:
        held = PositionHeld.objects.filter(position=post, unit__code="DH", person__login__in=people)
        people = sorted(held.values_list("person__login", flat=True))
    by = chance.choice(people)
    said = {"verb": f"draft.{verb}", "on": str(pk), "by": by, "at": at.isoformat(), "with": _given(verb, draft, chance)}
    if by in ("duo", "er") and post and chance.random() < 0.8:
        said["as"] = f"{post}@DH"
    return said


def _given(verb: str, draft: Draft, chance: random.Random) -> dict[str, Any]:
    assert draft.current is not None
    version = draft.version - (chance.random() < 0.1)
    text = "".join(chance.sample(WORDS, 2)) + (chance.choice(TRIGGERS) if chance.random() < 0.2 else "")
    hits = [str(pk) for pk in DraftHit.objects.filter(version=draft.current).values_list("pk", flat=True)]
    given: dict[str, dict[str, Any]] = {
        "write": {"text": text, "version": version},
        "amend": {"text": text, "version": version},
        "settle": {"hit": chance.choice(hits or ["1"]), "why": "系引文"},
        "return": {"reason": "补充数据"},
        "withdraw": {"reason": "不发了"},
        "published": {"account": "DH-1", "skipped": "不发"},
        "taken_down": {"account": "DH-1", "at": NOW.isoformat(), "reason": "有误"},
        "recall": {},
    }
    return given.get(verb, {"version": version})
