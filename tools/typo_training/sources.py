"""What each source of the corpus is worth, how much of it trains the ranker, and what of it is held out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

FOLDS = 6
BLOCK = 8000
CHUNK = 1000
DAY = re.compile("([0-9]{1,2})月[0-9]{1,2}日")


class Source(NamedTuple):
    """One source: how much a count in it weighs, which share of it trains the ranker, what is held out.

    `newest` lines at its end are held out by date, all of it where it is -1; `watched` of them measure false alarms.
    """

    weight: float = 1.0
    share: float = 0.1
    newest: int = 0
    watched: int = 0
    dated: bool = False


SOURCES = {
    "xwlb": Source(share=0.35, newest=12000, watched=12000, dated=True),
    "laws": Source(share=0.08),
    "pol": Source(share=0.4),
    "xwlb12": Source(share=0.16, newest=1700, watched=1700, dated=True),
    "hebei": Source(share=0.3),
    "govrep26": Source(share=0.5),
    "policy": Source(share=0.5),
    "reply": Source(share=0.2),
    "xispeech": Source(share=0.5),
    "news60": Source(share=0.5, newest=1000, watched=1000, dated=True),
    "weibolead": Source(share=0.2, newest=8000, watched=8000, dated=True),
    "zhihulead": Source(share=0.15, dated=True),
    "baidulead": Source(share=0.3, dated=True),
    "cls": Source(newest=-1, watched=20000, dated=True),
    "statute": Source(share=0.1),
    "lawqa": Source(weight=0.5, share=0.05),
    "court": Source(weight=0.5, share=0.1),
    "btnews": Source(share=0.1, dated=True),
    "inews": Source(weight=0.5, share=0.05, dated=True),
    "finnews": Source(share=0.1, dated=True),
    "wiki": Source(share=0.2),
    "sciabs": Source(weight=0.5, share=0.1),
    "aireport": Source(weight=0.5, newest=-1),
    "headline": Source(weight=0.5, newest=-1, watched=10000),
    "weekly": Source(weight=0.5, share=0.1),
    "toutiao": Source(weight=0.5, share=0.1, dated=True),
}
OTHER = Source()


def held_out(sources: Sequence[str]) -> list[bool]:
    """Whether each line is held out: the last ones of a source, or all."""
    left = {name: sources.count(name) if source.newest < 0 else source.newest for name, source in SOURCES.items()}
    seen: Counter[str] = Counter()
    held = []
    for source in reversed(sources):
        held.append(seen[source] < left.get(source, 0))
        seen[source] += 1
    return held[::-1]


def folds(corpus: Sequence[tuple[str, str]]) -> list[int]:
    """The fold of each line.

    Sources that tell of the same days share their stories: what is of the same two months of a year is in one fold,
    whatever the source. The month is the one that a thousand lines name most. Others are held out in blocks.
    """
    found: list[int] = []
    begin = 0
    while begin < len(corpus):
        source = corpus[begin][0]
        dated = SOURCES.get(source, OTHER).dated
        end = begin
        while end < len(corpus) and corpus[end][0] == source and end - begin < (CHUNK if dated else BLOCK):
            end += 1
        fold = (begin // BLOCK) % FOLDS
        if dated:
            months = Counter(int(month) for _, line in corpus[begin:end] for month in DAY.findall(line))
            if months:
                fold = (months.most_common(1)[0][0] - 1) // 2 % FOLDS
        found += [fold] * (end - begin)
        begin = end
    return found
