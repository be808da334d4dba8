"""A word or a little word that stands twice in a row (主义主义, 的的), where the text reads much better with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

LITTLE = "的了在是和与及为对将把被从由向以并而就也都有"
TWICE = re.compile(rf"([\u4e00-\u9fff]{{2,4}})\1|([{LITTLE}])\2")
# What is said twice on purpose: 一个字一个字, 越走越…, 说着说着, 很好很好.
MEANT = re.compile("[一越着很好真太最慢轻哈啊]|^(.)\\1")
# Verbs are doubled to make them lighter (再切磋切磋, 冷静冷静！): sure is only what stands inside a sentence, and not
# after these.
INSIDE = re.compile("[\u4e00-\u9fff0-9０-９]")
LIGHTER = "再要好去来多就先请吧"
AROUND = 8  # characters on each side that are weighed
# By so many bits, in 1/256, it must read better to be shown at all, and to be sure: a word of two and more, a little
# word.
LIMITS = ((26 * 256, 30 * 256), (18 * 256, 24 * 256))


class Twice(NamedTuple):
    """One place: `once` should stand there."""

    start: int
    end: int
    once: str
    better: int
    sure: bool


def doubled(text: str, gain: Callable[[str, str], int], is_word: Callable[[str], bool]) -> Iterator[Twice]:
    """The places of a text, in order."""
    for found in TWICE.finditer(text):
        start, end = found.span()
        once, little = found.group(1) or found.group(2), found.group(1) is None
        if not little and MEANT.search(once):
            continue
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        better = gain(before + found.group() + after, before + once + after)
        least, sure = LIMITS[little]
        if better < least:
            continue
        beside = INSIDE.match(before[-1:]) and INSIDE.match(after[:1]) and before[-1] not in LIGHTER
        alone = is_word(once) and not is_word(once + after[:1])  # 第一军团军团长 is right
        yield Twice(start, end, once, better, better >= sure and bool(little or (beside and alone)))
