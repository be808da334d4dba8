"""What changed from one text to another, word by word.

A word is a run of letters or digits, or one character of Chinese. The pieces, put together without those that came in,
are the old text; without those that went out, the new one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

SAME, OUT, IN = "same", "out", "in"
Piece = tuple[str, str]
_WORD = re.compile(r"[A-Za-z]+|\d+|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
# Above so many words on either side sentences are matched first, and words within those that differ.
_MANY = 2000


def compare(old: str, new: str) -> list[Piece]:
    """(same|out|in, words) in their order; empty where both are empty."""
    if old == new:
        return [(SAME, old)] if old else []
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) <= _MANY:
        return _join(_match(before, after))
    pieces: list[Piece] = []
    for kind, out, coming in _runs(_sentences(old), _sentences(new)):
        if kind == SAME:
            pieces.append((SAME, out))
        elif max(len(out), len(coming)) <= _MANY:
            pieces += _match(_WORD.findall(out), _WORD.findall(coming))
        else:
            pieces += [(OUT, out), (IN, coming)]
    return _join(pieces)


def differs(pieces: Sequence[Piece]) -> bool:
    """Whether anything changed."""
    return any(kind != SAME for kind, _ in pieces)


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE.findall(text) if one]


def _runs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str, str]]:
    """(same|out, what was there, what is there now)."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        (SAME if tag == "equal" else OUT, "".join(before[a:b]), "".join(after[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
    ]


def _match(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, out, coming in _runs(before, after):
        pieces += [(SAME, out)] if kind == SAME else [(OUT, out), (IN, coming)]
    return pieces


def _join(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind are one piece; empty ones are none."""
    joined: list[Piece] = []
    for kind, words in pieces:
        if words and joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + words)
        elif words:
            joined.append((kind, words))
    return joined
