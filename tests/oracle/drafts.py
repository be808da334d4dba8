"""The verbs of drafts: three signatures, hits and settling, what was published where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .acts import Doing, Verb, need, step
from .days import day_of, read_moment
from .draft import Draft, pictures, release
from .signing import amender, editor, recaller, returner, second, settler, third, three, withdrawer

MAKES_A_VERSION = ("title", "text", "images", "accounts", "origin", "source")
WRITTEN = (*MAKES_A_VERSION, "source_reason", "form", "policy", "corrects")


def first_account(oracle: Any, fields: Mapping[str, Any]) -> str | None:
    accounts = fields.get("accounts")
    found = oracle.accounts.get(accounts[0]) if isinstance(accounts, list) and accounts else None
    return found.unit if found else None


# -- write


def current(oracle: Any, doing: Doing) -> None:
    version = doing.fields.get("version")
    need(doing.thing is None or type(version) is not int or version == doing.thing.version, "state")


def is_number(doing: Doing) -> None:
    need(doing.fields.get("version") is None or type(doing.fields["version"]) is int, "input")


def write_asks(oracle: Any, doing: Doing) -> None:
    is_number(doing)
    draft, fields = doing.thing, doing.fields
    whole = {name: fields[name] if name in fields else getattr(draft, name, None) for name in WRITTEN}
    need(whole["title"] and (whole["text"] or whole["images"]), "input")
    need(whole["origin"] in ("original", "repost"), "input")
    unit = draft.unit if draft else doing.position.unit
    if draft is None or "accounts" in fields:
        _accounts(oracle, fields.get("accounts"), unit)
    if whole["origin"] == "repost":
        need(whole["source"], "input")
        need(oracle.is_source(whole["source"], day_of(doing.at)) or whole["source_reason"], "input")
    if fields.get("corrects") is not None:
        corrected = oracle.draft(fields["corrects"])
        need(corrected and corrected.state == "PUBLISHED" and corrected.unit == unit, "input")
        need(set(corrected.accounts) == set(whole["accounts"]), "input")


def _accounts(oracle: Any, codes: Any, unit: str) -> None:
    need(isinstance(codes, list) and codes and len(set(codes)) == len(codes), "input")
    for code in codes:
        account = oracle.accounts.get(code)
        need(account and account.in_service and account.unit == unit, "input")


def write_does(oracle: Any, doing: Doing) -> Draft:
    draft, fields = doing.thing, doing.fields
    new = draft is None
    if new:
        draft = Draft(doing.position.unit, doing.at)
        oracle.drafts.append(draft)
    before = content(draft)
    for name in WRITTEN:
        if name in fields:
            setattr(draft, name, fields[name] or ([] if name in ("images", "accounts") else None))
    if not new and content(draft) != before:
        draft.version += 1
    return done(draft, doing, "draft.write")


def content(draft: Draft) -> tuple[Any, ...]:
    plain = (draft.title, draft.text, draft.origin, draft.source)
    return *plain, tuple(pictures(draft.images)), frozenset(draft.accounts)


def done(draft: Draft, doing: Doing, verb: str, state: str | None = None) -> Draft:
    if state and state != draft.state:
        draft.state, draft.waiting_since = state, doing.at
        if state in ("DRAFT", "RETURNED", "CHECKING"):
            draft.reviewer = None
    draft.steps.append(step(doing, verb))
    return draft


# -- send, amend, check, sign, return, recall


def send_stands(oracle: Any, doing: Doing) -> None:
    current(oracle, doing)
    need(doing.thing.may_be_sent(), "state")


def numbered(oracle: Any, doing: Doing) -> None:
    is_number(doing)


def send_does(oracle: Any, doing: Doing) -> Draft:
    doing.thing.drafter = doing.login
    return done(doing.thing, doing, "draft.send", "CHECKING")


def amend_asks(oracle: Any, doing: Doing) -> None:
    is_number(doing)
    draft, fields = doing.thing, doing.fields
    need("title" not in fields or fields["title"], "input")
    need("text" not in fields or fields["text"] or draft.images, "input")
    need(any(name in fields and fields[name] != getattr(draft, name) for name in ("title", "text")), "input")


def amend_does(oracle: Any, doing: Doing) -> Draft:
    draft = doing.thing
    for name in ("title", "text"):
        if name in doing.fields:
            setattr(draft, name, doing.fields[name])
    draft.version += 1
    return done(draft, doing, "draft.amend", "CHECKING")


def check_does(oracle: Any, doing: Doing) -> Draft:
    draft = done(doing.thing, doing, "draft.check", "SIGNING")
    draft.reviewer = doing.login
    return draft


def sign_stands(oracle: Any, doing: Doing) -> None:
    current(oracle, doing)
    need(doing.thing.may_be_signed(), "state")
    need(all(oracle.accounts[code].in_service for code in doing.thing.accounts), "state")


def sign_does(oracle: Any, doing: Doing) -> Draft:
    doing.thing.signatory = doing.login
    release(doing.thing, oracle.town, doing.at)
    return done(doing.thing, doing, "draft.sign", "RELEASED")


def return_asks(oracle: Any, doing: Doing) -> None:
    passages = doing.fields.get("passages")
    need(passages is None or (isinstance(passages, list) and all(isinstance(p, str) for p in passages)), "input")


def nothing(oracle: Any, doing: Doing) -> None:
    """Nothing beyond the fields that the verb takes."""


def moves(verb: str, to: str) -> Callable[[Any, Doing], Draft]:
    return lambda oracle, doing: done(doing.thing, doing, verb, to)


# -- settle


def settle_asks(oracle: Any, doing: Doing) -> None:
    need(any(str(hit["id"]) == str(doing.fields["hit"]) for hit in doing.thing.hits), "input")


def settle_does(oracle: Any, doing: Doing) -> Draft:
    draft = doing.thing
    hit = next(hit for hit in draft.hits if str(hit["id"]) == str(doing.fields["hit"]))
    draft.settled.setdefault((hit["rule"], hit["text"]), {})[doing.login] = doing.fields["why"]
    return done(draft, doing, "draft.settle")


# -- published, taken_down


def published_stands(oracle: Any, doing: Doing) -> None:
    """「An entry of `published` is replaced until PUBLISHED, then `state`」."""
    need(doing.thing.state == "RELEASED", "state")


def published_asks(oracle: Any, doing: Doing) -> None:
    draft, fields = doing.thing, doing.fields
    need(fields["account"] in draft.accounts, "input")
    if fields.get("skipped") is not None:
        need(not any(fields.get(name) is not None for name in ("at", "post", "url")), "input")
        return
    at = read_moment(fields.get("at"))
    need(at and draft.released_at <= at <= doing.at, "input")
    need(fields.get("post") is not None or fields.get("url") is not None, "input")


def published_does(oracle: Any, doing: Doing) -> Draft:
    draft, fields = doing.thing, dict(doing.fields)
    at = read_moment(fields.pop("at", None))
    entry = {"at": at.replace(microsecond=0).isoformat() if at else None, "url": None, "skipped": None} | fields
    entry["moment"] = at
    draft.published[entry.pop("account")] = entry
    whole = set(draft.published) == set(draft.accounts)
    return done(draft, doing, "draft.published", "PUBLISHED" if whole else None)


def taken_down_stands(oracle: Any, doing: Doing) -> None:
    entry = doing.thing.published.get(doing.fields.get("account"))
    need(not entry or not entry.get("taken_down"), "state")


def taken_down_asks(oracle: Any, doing: Doing) -> None:
    entry, at = doing.thing.published.get(doing.fields["account"]), read_moment(doing.fields["at"])
    need(entry and entry["moment"] and at, "input")
    assert entry is not None
    assert at is not None
    need(entry["moment"] <= at <= doing.at, "input")


def taken_down_does(oracle: Any, doing: Doing) -> Draft:
    doing.thing.published[doing.fields["account"]]["taken_down"] = doing.fields["at"]
    return done(doing.thing, doing, "draft.taken_down")


VERBS = {
    "draft.write": Verb(
        "draft",
        editor,
        write_asks,
        write_does,
        current,
        ("DRAFT", "RETURNED"),
        makes=True,
        owner=first_account,
        takes=(*WRITTEN, "version"),
    ),
    "draft.send": Verb("draft", editor, numbered, send_does, send_stands, ("DRAFT", "RETURNED"), needs=("version",)),
    "draft.amend": Verb(
        "draft",
        amender,
        amend_asks,
        amend_does,
        current,
        ("CHECKING", "SIGNING"),
        needs=("version",),
        takes=("title", "text"),
    ),
    "draft.check": Verb("draft", second, numbered, check_does, current, ("CHECKING",), needs=("version",)),
    "draft.sign": Verb("draft", third, numbered, sign_does, sign_stands, ("SIGNING",), needs=("version",)),
    "draft.return": Verb(
        "draft",
        returner,
        return_asks,
        moves("draft.return", "RETURNED"),
        states=("CHECKING", "SIGNING"),
        needs=("reason",),
        takes=("passages",),
    ),
    "draft.recall": Verb("draft", recaller, nothing, moves("draft.recall", "DRAFT"), states=("CHECKING", "SIGNING")),
    "draft.settle": Verb(
        "draft",
        settler,
        settle_asks,
        settle_does,
        states=("DRAFT", "RETURNED", "CHECKING", "SIGNING"),
        needs=("hit", "why"),
    ),
    "draft.withdraw": Verb(
        "draft",
        withdrawer,
        nothing,
        moves("draft.withdraw", "WITHDRAWN"),
        states=("DRAFT", "RETURNED", "RELEASED"),
        needs=("reason",),
    ),
    "draft.published": Verb(
        "draft",
        editor,
        published_asks,
        published_does,
        published_stands,
        ("RELEASED", "PUBLISHED"),
        needs=("account",),
        takes=("at", "post", "url", "skipped"),
    ),
    "draft.taken_down": Verb(
        "draft",
        three,
        taken_down_asks,
        taken_down_does,
        taken_down_stands,
        ("PUBLISHED",),
        needs=("account", "at", "reason"),
    ),
}
