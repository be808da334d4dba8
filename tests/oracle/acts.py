"""One act at a time: the order in which it is judged (form, right, reach, right, state, input), keys and lines.

What each verb asks stands in the rooms beside this file; here stands only what is the same for all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .days import day_of, read_day, read_moment
from .town import POSTS, Position, Town

KEYS = {"id", "key", "verb", "on", "by", "as", "at", "with"}
TEXTS = ("reason", "note", "number", "why", "title", "text", "source", "source_reason", "contact", "supplier", "name")
PUBLIC = Position("public", "")


class Refused(Exception):
    """An act refused, by one of the four words."""

    @property
    def word(self) -> str:
        return str(self.args[0])


def need(holds: object, word: str) -> None:
    if not holds:
        raise Refused(word)


@dataclass
class Doing:
    """An act on its way: who, when, to what, with what."""

    login: str
    at: datetime
    position: Position
    thing: Any
    fields: dict[str, Any]
    given: dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """A verb as its room knows it: `may` a position in a state; `stands` raises `state`, `asks` `input`."""

    kind: str
    may: Callable[[Any, Position, str, Any, str, datetime], bool]
    asks: Callable[[Any, Doing], None]
    does: Callable[[Any, Doing], Any]
    stands: Callable[[Any, Doing], None] = lambda oracle, doing: None
    states: tuple[str, ...] = ()
    makes: bool = False
    changes: bool = True
    owner: Callable[[Any, Mapping[str, Any]], str | None] = lambda oracle, fields: None
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    public: bool = False
    lacking: Callable[[Any], str] = lambda thing: "right"


@dataclass
class Answer:
    """What an act must be answered with. `guessed` names the fields that the text does not settle; `refused` may be
    two words with a bar between where it does not settle which."""

    ok: bool
    refused: str | None = None
    object: dict[str, Any] | None = None
    thing: Any = None
    guessed: set[str] = field(default_factory=set)


def clean(value: Any) -> Any:
    """「Strings are stripped at both ends; null or "" empties an optional field and is missing for a required one」."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        return {name: clean(inner) for name, inner in value.items()}
    return value


class Judge:
    """Judges acts one after another. The rooms give the verbs, `seen` and `view` for each kind."""

    def __init__(self, town: Town, verbs: Mapping[str, Verb]) -> None:
        self.town = town
        self.verbs = verbs
        self.lines: dict[str, Any] = {}
        self.keys: dict[tuple[str, str], tuple[str, Answer]] = {}

    def find(self, kind: str, on: Any) -> Any:
        raise NotImplementedError

    def seen(self, kind: str, thing: Any, position: Position, moment: datetime) -> bool:
        raise NotImplementedError

    def view(self, kind: str, thing: Any) -> dict[str, Any]:
        raise NotImplementedError

    def guesses(self, kind: str, thing: Any) -> set[str]:
        return set()

    def answer(self, act: dict[str, Any]) -> Answer:
        try:
            self._form(act)
            answer = self._once(act)
        except Refused as refused:
            answer = Answer(False, refused.word)
        if "id" in act and not isinstance(act["id"], dict):
            self.lines[json.dumps(act["id"])] = answer.thing if answer.ok else None
        return answer

    def _form(self, act: dict[str, Any]) -> None:
        need(set(act) <= KEYS and isinstance(act.get("verb"), str), "input")
        verb = self.verbs.get(act["verb"])
        need(verb, "input")
        assert verb is not None
        by = act.get("by")
        need(by is None if verb.public else isinstance(by, str) and by.strip(), "input")
        need(read_moment(act.get("at")), "input")
        if act.get("as") is not None:
            found = re.fullmatch(r"([a-z_]+)@(\S+)", str(act["as"]))
            need(found and found[1] in POSTS, "input")
        need(act.get("key") is None or isinstance(act["key"], str), "input")
        on = act.get("on")
        need(not isinstance(on, bool), "input")
        need(on is None or isinstance(on, (str, int)) or (isinstance(on, dict) and set(on) == {"line"}), "input")
        need(verb.makes or on is not None, "input")
        need(verb.changes or on is None, "input")
        need(act.get("with") is None or isinstance(act["with"], dict), "input")

    def _once(self, act: dict[str, Any]) -> Answer:
        """「A `key` used before gives the first answer again and acts once」; with another act it is `input`."""
        if act.get("key") is None:
            return self._judged(act)
        place = (act.get("by") or "", str(act["key"]))
        said = json.dumps({name: value for name, value in act.items() if name != "id"}, sort_keys=True)
        if place in self.keys:
            first, answer = self.keys[place]
            need(first == said, "input")
            return answer
        try:
            answer = self._judged(act)
        except Refused as refused:
            answer = Answer(False, refused.word)
        self.keys[place] = (said, answer)
        return answer

    def would(self, act: dict[str, Any]) -> bool:
        """Whether an act would be done, without doing it."""
        try:
            self._form(act)
            self._weighed(act)
        except Refused:
            return False
        return True

    def _judged(self, act: dict[str, Any]) -> Answer:
        verb, doing = self.verbs[act["verb"]], self._weighed(act)
        made = verb.does(self, doing)
        seen = verb.public or self.seen(verb.kind, made, doing.position, doing.at)
        shown = self.view(verb.kind, made) if seen else None
        return Answer(True, None, shown, made, self.guesses(verb.kind, made))

    def _weighed(self, act: dict[str, Any]) -> Doing:
        verb, at, login = self.verbs[act["verb"]], read_moment(act["at"]), act.get("by") or ""
        assert at is not None
        given = act.get("with") or {}
        held = [PUBLIC] if verb.public else self._held(login, act.get("as"), at)
        thing = self._thing(verb, act.get("on"), held, at)
        position = self._position(verb, held, login, thing, at, clean(given))
        doing = Doing(login, at, position, thing, clean(given), given)
        if thing is not None and verb.states:
            need(thing.state in verb.states, "state")
        steps = getattr(thing, "steps", None)
        need(not steps or at >= steps[-1]["at"], "state")
        verb.stands(self, doing)
        self._fields(verb, doing)
        verb.asks(self, doing)
        return doing

    def _held(self, login: str, named: str | None, at: datetime) -> list[Position]:
        held = self.town.positions(login, at)
        if named is not None:
            held = [position for position in held if str(position) == named]
        need(held, "right")
        return held

    def _thing(self, verb: Verb, on: Any, held: list[Position], at: datetime) -> Any:
        if on is None:
            return None
        thing = self.lines.get(json.dumps(on["line"])) if isinstance(on, dict) else self.find(verb.kind, on)
        need(thing is not None, "not_found")
        need(any(self.seen(verb.kind, thing, position, at) for position in held), "not_found")
        return thing

    def _position(
        self, verb: Verb, held: list[Position], login: str, thing: Any, at: datetime, fields: Any
    ) -> Position:
        """The first position that may; a verb that makes an object takes the first whose unit owns what is named."""
        if thing is None:
            able = [position for position in held if verb.may(self, position, login, None, "", at)]
            need(able, "right")
            owner = verb.owner(self, fields)
            of_owner = (position for position in able if owner and self.acts_for(position, owner, at))
            return next(of_owner, able[0])
        held = [position for position in held if self.seen(verb.kind, thing, position, at)]
        state = getattr(thing, "state", "")
        asked = [state] if state in verb.states or not verb.states else verb.states
        able = [
            position for position in held if any(verb.may(self, position, login, thing, name, at) for name in asked)
        ]
        need(able, verb.lacking(thing))
        return able[0]

    def acts_for(self, position: Position, unit: str, moment: datetime) -> bool:
        return position.unit == unit or self.town.is_admin(position, unit, moment)

    def _fields(self, verb: Verb, doing: Doing) -> None:
        """A field unknown, or a required one missing."""
        need(set(doing.fields) <= {*verb.needs, *verb.takes}, "input")
        need(all(doing.fields.get(name) is not None for name in verb.needs), "input")
        texts = (doing.fields.get(name) for name in TEXTS)
        need(not any(isinstance(text, (list, dict)) for text in texts), "input")


def past_day(doing: Doing, text: Any) -> Any:
    """A day at which something is said to have been done: not after the day of the act."""
    day = read_day(text)
    need(day is not None and day <= day_of(doing.at), "input")
    return day


def step(doing: Doing, verb: str, note: str | None = None) -> dict[str, Any]:
    position = doing.position
    return {"verb": verb, "by": doing.login, "post": position.post, "unit": position.unit, "at": doing.at, "note": note}
