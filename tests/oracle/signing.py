"""Who may do what to a draft, state by state: drafter, reviewer and signatory are three people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .draft import Draft
from .town import HOUSE, Position


def holds(post: str, position: Position, draft: Draft) -> bool:
    return position == Position(post, draft.unit)


def editor(oracle: Any, position: Position, login: str, draft: Draft | None, state: str, at: datetime) -> bool:
    return position.post == "editor" and (draft is None or position.unit == draft.unit)


def second(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    """section_head O, not the drafter."""
    return holds("section_head", position, draft) and login != draft.in_review


def third(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    """leader O, neither drafter nor reviewer."""
    return holds("leader", position, draft) and login not in (draft.in_review, draft.reviewer)


def amender(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    return (second if state == "CHECKING" else third)(oracle, position, login, draft, state, at)


def returner(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    return holds("section_head" if state == "CHECKING" else "leader", position, draft)


def recaller(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    return login == draft.drafter and position.post in HOUSE and position.unit == draft.unit


def settler(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    if state in ("CHECKING", "SIGNING"):
        return amender(oracle, position, login, draft, state, at)
    return editor(oracle, position, login, draft, state, at)


def withdrawer(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    if state != "RELEASED":
        return editor(oracle, position, login, draft, state, at)
    if holds("section_head", position, draft) or holds("leader", position, draft):
        return True
    return recaller(oracle, position, login, draft, state, at)


def three(oracle: Any, position: Position, login: str, draft: Draft, state: str, at: datetime) -> bool:
    return any(holds(post, position, draft) for post in ("editor", "section_head", "leader"))
