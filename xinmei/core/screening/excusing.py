"""Words that excuse others: a warning of fraud quotes an advert, a campaign against gossip names it.

An excuse holds for its own sentence and the one beside it, and only where they speak of what they excuse: an advert
borrows such words too (惠民购房季, 整治高价). So one word alone is not enough. It takes

- one, where what is excused stands in quotation marks; or
- two different ones, of which at least one stands in the same sentence; or
- one with a word that says who does it (`with`: 商务局 beside 消费券), for what offices themselves advertise.

See docs/decisions/0253.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SENTENCE_END = re.compile(r"[。！？!?；;\n]")
QUOTED = (("“", "”"), ("「", "」"), ("‘", "’"), ("『", "』"))


class Excuse(NamedTuple):
    """One word, with examples: of what it is for, of where it excuses, of where it is borrowed."""

    word: str
    beside: tuple[str, ...]  # it counts only where one of these is near; alone then, but not for two
    hit: str
    miss: str
    borrowed: str


def is_excused(text: str, start: int, end: int, excuses: Iterable[Excuse]) -> bool:
    """Whether the sentences around `text[start:end]` speak of it in order to warn, to report or to forbid."""
    before, own_start = _sentence_before(text, start)
    own_end, after = _sentence_after(text, end)
    own, at = text[own_start:own_end], start - own_start
    outside = own[:at] + "\n" + own[at + end - start :]
    near = text[before:own_start] + "\n" + text[own_end:after]
    here: set[str] = set()
    beside: set[str] = set()
    for excuse in excuses:
        if excuse.word not in outside and excuse.word not in near:
            continue
        if excuse.beside:
            if excuse.word in outside and any(word in outside or word in near for word in excuse.beside):
                return True
            continue
        (here if excuse.word in outside else beside).add(excuse.word)
    here, beside = _different(here), _different(beside)
    if (here or beside) and _is_quoted(own, at, at + end - start):
        return True
    return len(here) > 1 or bool(here and _different(here | beside) - here)


def _different(words: set[str]) -> set[str]:
    """Without those that are part of another: 诈骗 in 反诈骗."""
    return {word for word in words if not any(word != other and word in other for other in words)}


def _sentence_before(text: str, start: int) -> tuple[int, int]:
    """Where the sentence before that of `start` begins, and where that of `start` begins."""
    ends: Sequence[int] = [found.end() for found in SENTENCE_END.finditer(text, 0, start)]
    own = ends[-1] if ends else 0
    earlier = [end for end in ends if text[end:own].strip()]
    return (earlier[-1] if earlier else 0), own


def _sentence_after(text: str, end: int) -> tuple[int, int]:
    """Where the sentence of `end` ends, and where the next one ends."""
    found = SENTENCE_END.search(text, end)
    if not found:
        return len(text), len(text)
    own = found.end()
    while own < len(text) and SENTENCE_END.match(text, own):
        own += 1
    following = SENTENCE_END.search(text, own)
    return own, following.end() if following else len(text)


def _is_quoted(own: str, start: int, end: int) -> bool:
    return any(
        own.rfind(opening, 0, start) > own.rfind(closing, 0, start) and closing in own[end:]
        for opening, closing in QUOTED
    )
