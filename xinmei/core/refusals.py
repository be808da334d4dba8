"""The four ways in which an act is refused, the same for pages, the command line and the API.

Each text is Chinese and says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """An act was refused; nothing has changed. `word` is the kind of refusal as programs read it."""

    word = ""


class NotFound(Refusal):
    """There is no such object, or it is out of reach: the two are never told apart."""

    word = "not_found"


class NotYours(Refusal):
    """This person may not do it, as the holder of this position, in this state."""

    word = "right"


class NotNow(Refusal):
    """The object is in another state, it is too early, or something stands open."""

    word = "state"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One field that was refused: what was found, and what is allowed. `found` is None where the field was missing."""

    field: str
    allowed: str
    found: object = None


class NotSo(Refusal):
    """What was given is incomplete, of a wrong form, or breaks a rule of the notice."""

    word = "input"

    def __init__(self, text: str = "", errors: tuple[Wrong, ...] = ()) -> None:
        super().__init__(text or "；".join(error.allowed for error in errors))
        self.errors = errors
