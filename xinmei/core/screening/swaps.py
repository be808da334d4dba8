"""Fixed phrases in which two neighbours changed places, or a word of two characters stands twice: 中华人民和共国,
中国特色社会主义主义.

Such texts are more than one character away from the phrase, so the scan looks for the four characters around the place,
which hardly any other text has; the rest of the phrase is compared here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

SWAPPED, TWICE = 4, 5  # beside those of the matcher: how a text differs from a phrase
WINDOW = 4


class Swap(NamedTuple):
    """A phrase's number and how it differs: at `at` two neighbours changed places, or the second of two equal words
    begins two characters further on."""

    phrase: int
    how: int
    at: int
    before: int  # characters of the phrase before the window


class Swaps:
    """What to look for, and which wrong phrases may stand where it is found."""

    def __init__(self, phrases: Sequence[str], right: Collection[str]) -> None:
        self._phrases = phrases
        found: dict[str, list[Swap]] = {}
        for number, phrase in enumerate(phrases):
            for window, swap in _windows(number, phrase):
                found.setdefault(window, []).append(swap)
        usual = {form[at : at + WINDOW] for form in right for at in range(len(form) - WINDOW + 1)}
        self.windows = [window for window in found if window not in usual]
        self._meant = [sorted(found[window], key=lambda swap: -len(phrases[swap.phrase])) for window in self.windows]

    def find(self, folded: str, start: int, window: int) -> Iterator[tuple[Swap, int, int]]:
        """(swap, start, end) of the wrong phrases around a window that stands at `folded[start:]`, longest first."""
        for swap in self._meant[window]:
            begin = start - swap.before
            wrong = _spoil(self._phrases[swap.phrase], swap)
            if begin >= 0 and folded.startswith(wrong, begin):
                yield swap, begin, begin + len(wrong)


def _spoil(phrase: str, swap: Swap) -> str:
    at = swap.at
    if swap.how == SWAPPED:
        return phrase[:at] + phrase[at + 1] + phrase[at] + phrase[at + 2 :]
    return phrase[: at + 2] + phrase[at:]


def _windows(number: int, phrase: str) -> Iterator[tuple[str, Swap]]:
    for at in range(len(phrase) - 1):
        if phrase[at] == phrase[at + 1]:
            continue
        first = min(max(0, at - 1), len(phrase) - WINDOW)
        swap = Swap(number, SWAPPED, at, first)
        yield _spoil(phrase, swap)[first : first + WINDOW], swap
        yield phrase[at : at + 2] * 2, Swap(number, TWICE, at, at)
