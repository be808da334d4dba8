"""One act as a line of JSON, and its answer: `xinmei do` and `xinmei do --jsonl`.

    {"id"?: any, "key"?: text, "verb": "finding.rectify", "on"?: "12", "by": "login", "as"?: "editor@D03",
     "at"?: moment, "with"?: {…}}
    {"id", "ok": true, "kind": "finding", "on": "12", "object": {…}, "once"?: a secret that is shown this once}
    {"id", "ok": false, "refused": "not_found|right|state|input", "why": "中文",
     "errors"?: [{"field", "found", "allowed"}]}

What comes twice under one key acts once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from xinmei.acts.declared import verbs
from xinmei.acts.models import Answer
from xinmei.acts.performing import Outcome, perform
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotFound, NotSo, Refusal, Wrong
from xinmei.core.verbs import Kind, Verb
from xinmei.people.doors import Refused, actings_by_login, record_refusal
from xinmei.people.events import PUBLIC, Acting

_KEYS = {"id", "key", "verb", "on", "by", "as", "at", "with"}
_LONGEST_KEY = 200
# What a line made: its kind, its number.
Made = tuple[str, str]


class Line:
    """One act as it was sent. Raises NotSo for an unknown key or verb, and for a wrong form of `at`, `as`, `on`."""

    def __init__(self, sent: Any, now: datetime, made: Mapping[str, Made | None]) -> None:
        if not isinstance(sent, dict):
            raise NotSo("这一行不是一个 JSON 对象", (Wrong("", "应为一个 JSON 对象"),))
        if unknown := [name for name in sent if name not in _KEYS]:
            raise _wrong(
                unknown[0], f"没有名为“{unknown[0]}”的一项；可写：{'、'.join(sorted(_KEYS))}", sent[unknown[0]]
            )
        self.verb = _verb_of(sent.get("verb"))
        self.by, self.position = _who_of(self.verb, sent)
        self.at = _moment_of(sent.get("at"), now)
        self.key = _key_of(sent.get("key"))
        self.given = _given_of(sent.get("with"))
        self.on = _object_of(self.verb, sent.get("on"), made)
        self.is_lost = self.on is None and (not self.verb.makes or sent.get("on") is not None)
        # The act without what names the line: the same key with the same act gives the first answer again.
        same = {name: value for name, value in sent.items() if name not in ("id", "key")}
        self.digest = hashlib.sha256(json.dumps(same, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _wrong(field: str, allowed: str, found: object = None) -> NotSo:
    return NotSo(allowed, (Wrong(field, allowed, found),))


def _verb_of(name: Any) -> Verb:
    if isinstance(name, str) and name in verbs():
        return verbs()[name]
    raise _wrong("verb", f"没有名为“{name}”的动作；可用：{'、'.join(verbs())}", name)


def _who_of(verb: Verb, sent: Mapping[str, Any]) -> tuple[str, tuple[str, str] | None]:
    """Log-in name and position; nobody for what the public does."""
    if not verb.public:
        return _person_of(sent.get("by")), read_position(sent.get("as"))
    for name in ("by", "as"):
        if sent.get(name) is not None:
            raise _wrong(name, f"“{verb.label}”由公众办理，不写 {name}", sent[name])
    return "", None


def _person_of(login: Any) -> str:
    if isinstance(login, str) and login.strip():
        return login.strip()
    raise _wrong("by", "办理人应写登录名", login)


def read_position(text: Any) -> tuple[str, str] | None:
    """`POSITION@UNIT` as position and unit code. Raises NotSo for another form."""
    if text is None:
        return None
    position, at_sign, unit = text.partition("@") if isinstance(text, str) else ("", "", "")
    if not (position and at_sign and unit):
        raise _wrong("as", "岗位应写成 岗位@单位代码，如 unit_admin@D03", text)
    return position, unit


def _moment_of(text: Any, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _wrong("at", "时间应写成 2026-03-02T10:00:00 这样", text) from None


def _key_of(key: Any) -> str | None:
    if key is None or (isinstance(key, str) and 0 < len(key) <= _LONGEST_KEY):
        return key
    raise _wrong("key", f"幂等键应为不超过 {_LONGEST_KEY} 字的文字", key)


def _given_of(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _wrong("with", "with 应为一个 JSON 对象", given)
    return given


def _object_of(verb: Verb, on: Any, made: Mapping[str, Made | None]) -> str | None:
    """The id of the object; None for a verb that makes one, and where that line made nothing of the kind."""
    if verb.makes and on is None:
        return None
    if verb.makes and not verb.also:
        raise _wrong("on", f"“{verb.label}”新建一件，不写 on", on)
    if isinstance(on, dict) and on.keys() == {"line"}:
        kind, number = made.get(json.dumps(on["line"], sort_keys=True)) or ("", None)
        return number if kind == verb.of.name else None
    if isinstance(on, bool) or not isinstance(on, str | int) or not str(on).strip():
        raise _wrong("on", f"应写{verb.of.label}的编号", on)
    return str(on).strip()


def actings_for(login: str, position: tuple[str, str] | None, at: datetime) -> list[Acting]:
    """The positions in question: the one that was named, or all that the person holds at `at`.

    Raises NotYours where there is none.
    """
    actings = actings_by_login(login, at)
    if position is None or not actings[0].judged:
        return actings
    named = [one for one in actings if (one.position, one.unit_code) == position]
    if not named:
        raise Refused(f"{actings[0].name}（{login}）此时不担任岗位 {position[0]}@{position[1]}", acting=actings[0])
    return named


class Answering:
    """A run of acts: remembers what its lines made, answers each, and never lets a fault of one line touch another."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.made: dict[str, Made | None] = {}

    def answer(self, sent: Any) -> dict[str, Any]:
        """The answer to one act; it leaves an event where a known person lacked the right."""
        number = sent.get("id") if isinstance(sent, dict) else None
        now = self.clock()
        try:
            answer = self._once(Line(sent, now, self.made))
        except Refusal as refusal:
            answer = say_refused(refusal)
        said = {"id": number, **answer}
        if number is not None:
            made = (said["kind"], said["on"]) if said["ok"] else None
            self.made[json.dumps(number, sort_keys=True)] = made
        return said

    def _once(self, line: Line) -> dict[str, Any]:
        """The first answer where the key was used before; else the act, and its answer kept with the key."""
        if line.key is None:
            return answer_to(line)
        if (before := self._before(line)) is not None:
            return before
        try:
            with transaction.atomic():
                kept = Answer.objects.create(person=line.by, key=line.key, act=line.digest, answer={}, at=line.at)
                answer = answer_to(line)
                # What is shown once is not kept: who asks again is told that it was shown.
                kept.answer = {**answer, "once": None} if "once" in answer else answer
                kept.save(update_fields=["answer"])
                return answer
        except IntegrityError:
            before = self._before(line)
            if before is None:
                raise
            return before

    def _before(self, line: Line) -> dict[str, Any] | None:
        kept = Answer.objects.filter(person=line.by, key=line.key).first()
        if kept is None:
            return None
        if kept.act != line.digest:
            raise _wrong("key", "这个幂等键已用于另一件事，请换一个", line.key)
        first: dict[str, Any] = kept.answer
        return first


def answer_to(line: Line) -> dict[str, Any]:
    """Performs the act of one line, in a transaction of its own, and says what came of it."""
    try:
        actings = [PUBLIC] if line.verb.public else actings_for(line.by, line.position, line.at)
        if line.is_lost:
            raise NotFound("所指的那一行没有办成，或者没有那一行")
        done = perform(line.verb, [] if line.on is None else [line.on], by=actings, at=line.at, given=line.given)
    except Refusal as refusal:
        leave_event(refusal, line.verb, line.on or "", line.at)
        return say_refused(refusal)
    return say_done(line.verb, done)


def leave_event(refusal: Refusal, verb: Verb, on: str, at: datetime) -> None:
    """「every refusal for lack of right leaves an event」, where the person is known."""
    if isinstance(refusal, Refused) and refusal.acting.person_id is not None:
        refusal.kind, refusal.number = refusal.kind or verb.of.name, refusal.number or on
        refusal.verb = refusal.verb or verb.name
        record_refusal(refusal, at)


def say_done(verb: Verb, done: Outcome) -> dict[str, Any]:
    """「the object after the act, as the acting position sees it (null where it no longer does)」"""
    kind = verb.answers
    said = {"ok": True, "kind": kind.name, "on": kind.number_of(done.one), "object": seen_after(verb, done)}
    return {**said, "once": done.one.once} if verb.once else said


def seen_after(verb: Verb, done: Outcome) -> Mapping[str, Any] | None:
    """The object after the act. What the public made is shown to whoever made it, this once."""
    kind = verb.answers
    return kind.show(done.one, done.by) if verb.public else seen(kind, kind.number_of(done.one), done.by)


def seen(kind: Kind, number: str, acting: Acting) -> Mapping[str, Any] | None:
    """The object as this position sees it; None where it does not exist for it."""
    rows = kind.rows(acting).filter(**{kind.key: number})
    found = (rows.select_related(*kind.related) if kind.related else rows).first()
    return None if found is None else kind.show(found, acting)


def say_refused(refusal: Refusal) -> dict[str, Any]:
    """A refusal as programs read it."""
    errors = refusal.errors if isinstance(refusal, NotSo) else ()
    said: dict[str, Any] = {"ok": False, "refused": refusal.word, "why": str(refusal)}
    if errors:
        said["errors"] = [{"field": one.field, "found": one.found, "allowed": one.allowed} for one in errors]
    return said


def read_line(text: str) -> Any:
    """A line as JSON. Raises NotSo where it is none."""
    try:
        return json.loads(text, parse_constant=lambda word: _not_json(word))
    except ValueError:
        raise _wrong("", "这一行不是 JSON", text[:80]) from None


def _not_json(word: str) -> None:
    raise ValueError(word)
