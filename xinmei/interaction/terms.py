"""By when a message must be answered, as it is stored with the message.

The term depends on the message, on two readings, on the calendar and on the rule. The last three together are the
*basis* of a stored term: where the basis of today is another one, the term is reckoned again (`reckoning`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from xinmei.core import rulebook
from xinmei.core.calendar import DayOutOfRange
from xinmei.core.deadlines import reply_moment
from xinmei.registry.readings.queries import readings_on

READINGS = ("holiday", "reply_holiday_48h")


class Term(NamedTuple):
    """What is stored: whether the clock applies, until when, whether a calendar to come may move it, the basis."""

    applies: bool
    reply_due_at: datetime | None
    provisional: bool
    term_basis: str


@cache
def _rules_digest() -> str:
    """The calendar and the rule, as they lie in `rules/`."""
    files = sorted((rulebook.RULES / "calendar").glob("*.yaml"))
    content = b"\0".join(file.read_bytes() for file in [*files, rulebook.RULES / "deadlines/reply.yaml"])
    return hashlib.sha256(content).hexdigest()


def basis_of(readings: Mapping[str, str]) -> str:
    """The basis of a term, as a short word."""
    said = json.dumps([_rules_digest(), *(readings[name] for name in READINGS)])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def basis_on(day: date) -> str:
    """The basis in force on a day. One query."""
    return basis_of(readings_on(day))


def is_asked(kind: str, concrete: bool | None) -> bool:
    """「提出具体明确的政策方面咨询留言」: marked as such, or an enquiry that nobody marked (reading: reply_applies)."""
    return bool(concrete) or (concrete is None and kind == "enquiry")


def term_of(kind: str, concrete: bool | None, received_at: datetime, readings: Mapping[str, str], basis: str) -> Term:
    """The term of one message. No moment where no clock applies."""
    if not is_asked(kind, concrete):
        return Term(False, None, False, basis)
    try:
        due_at, provisional = reply_moment(received_at, readings)
    except DayOutOfRange:
        return Term(True, None, False, basis)
    return Term(True, due_at, provisional, basis)
