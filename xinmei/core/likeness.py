"""How alike two questions are, by the pairs of characters that they share: to answer like ones together, and to find
what was answered before. Pure counting; it suggests, people decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
# Alike enough to be offered as one question.
ALIKE = Fraction(1, 2)
# What people say around a question, and what makes no question of it.
_AROUND = re.compile(
    r"您好|你好|请问|想问一下|问一下|想问|咨询一下|咨询|麻烦|谢谢|多谢|一下|我想|我们|我的|现在|的话|"
    r"[\W_]+|[吗呢啊吧呀哦了的]"
)


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of characters of a question, apart from what is said around it."""
    bare = _AROUND.sub("", unicodedata.normalize("NFKC", text).lower())
    return frozenset(bare[place : place + 2] for place in range(len(bare) - 1)) or frozenset({bare} if bare else ())


def likeness(first: frozenset[str], second: frozenset[str]) -> Fraction:
    """From 0 (nothing in common) to 1 (the same pairs): twice what is shared by what there is."""
    whole = len(first) + len(second)
    return Fraction(2 * len(first & second), whole) if whole else Fraction(0)


def group(questions: Iterable[tuple[Key, str]], least: Fraction = ALIKE) -> list[list[Key]]:
    """The questions in groups of like ones, in the order in which they came; most are alone.

    A question joins the first group whose first question it is like.
    """
    groups: list[list[Key]] = []
    sizes: list[int] = []
    holding: dict[str, list[int]] = {}  # which groups begin with a question that has the pair
    for key, text in questions:
        pairs = pairs_of(text)
        shared = Counter(place for pair in pairs for place in holding.get(pair, ()))
        fitting = [place for place, count in shared.items() if _is_alike(count, sizes[place] + len(pairs), least)]
        if fitting:
            groups[min(fitting)].append(key)
            continue
        for pair in pairs:
            holding.setdefault(pair, []).append(len(groups))
        groups.append([key])
        sizes.append(len(pairs))
    return groups


def _is_alike(shared: int, whole: int, least: Fraction) -> bool:
    """`likeness` >= `least`, in whole numbers: this is asked often."""
    return 2 * shared * least.denominator >= least.numerator * whole


def nearest(
    question: str, others: Sequence[tuple[Key, str]], *, least: Fraction, most: int
) -> list[tuple[Key, Fraction]]:
    """The `most` of `others` that are most like the question, the likest first; none that is less than `least`."""
    pairs = pairs_of(question)
    found = [(key, likeness(pairs, pairs_of(text))) for key, text in others]
    return sorted((one for one in found if one[1] >= least), key=lambda one: -one[1])[:most]
