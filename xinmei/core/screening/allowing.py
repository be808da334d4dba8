"""不再提示: words that an office has looked at and does not want to see again under a rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from xinmei.core.screening.hits import Hit

# The typo model may name a single character. Allowing that alone would allow far too much, so it is remembered with
# this many characters on either side.
SIDES = 2
MARKS = "。！？；，、：\n"


class Allowance(NamedTuple):
    """Hits of `rule` that lie within `text` are left out, wherever it stands."""

    rule: str
    text: str

    def covers(self, rule: str, start: int, end: int, source: str) -> bool:
        """Whether a hit of `rule` at `start` to `end` of `source` is one of those."""
        if rule != self.rule:
            return False
        at = source.find(self.text, max(0, end - len(self.text)))
        return 0 <= at <= start


def words_around(source: str, start: int, end: int) -> str:
    """What is remembered of a hit: its words.

    A single character is remembered with those beside it, up to the next mark.
    """
    if end - start > 1:
        return source[start:end]
    before, after = source[max(0, start - SIDES) : start], source[end : end + SIDES]
    for place, character in enumerate(after):
        if character in MARKS:
            after = after[:place]
            break
    cut = max((place for place, character in enumerate(before) if character in MARKS), default=-1)
    return before[cut + 1 :] + source[start:end] + after


def leave_out(hits: Iterable[Hit], source: str, allowed: Iterable[Allowance]) -> list[Hit]:
    """The hits that no allowance covers."""
    allowed = list(allowed)
    return [hit for hit in hits if not any(one.covers(hit.rule, hit.start, hit.end, source) for one in allowed)]
