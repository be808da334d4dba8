"""Tries to read sentences of the corpora back out of the typo model: how far does it go on rightly by itself?

    python benchmarks/screening/read_back.py --counted CORPUS.tsv.xz … --unseen FILE.jsonl … [--sentences 200]
        [--begin 8] [--seed 20261129]

The first characters of a sentence are given. The model's most expected next character follows, again and again, until
one is wrong: the longest window that was seen decides, the one most often seen among those. What is read back of
sentences that were counted is only of the corpora if it is longer than what is "read back" of sentences that never
were: what both have in common is how the language goes. Prints both, and every counted sentence that came out whole.

CORPUS: lines of source, tab, sentence. FILE: objects with `text`, or a list of them. Sentences of 20 to 60 Chinese
characters, drawn by SEED.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import statistics
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from xinmei.core.screening.typos.model import SHIPPED
from xinmei.core.screening.typos.symbols import SHIFT, class_of
from xinmei.core.screening.typos.table import ORDER, Table

SENTENCE = re.compile(r"[\u4e00-\u9fff，、“”《》]{20,60}")
EVERY = 2000  # of the corpora every so many lines: they hold some million


class Reader:
    """Goes on with a text as the model most expects."""

    def __init__(self, table: Table) -> None:
        self._table = table
        # What stands in the corpora so seldom is no guess.
        self._known = [one for one in range(SHIFT, len(table.unigram)) if table.unigram[one]]
        self._after = lru_cache(maxsize=1 << 14)(self._list_after)

    def go_on(self, symbols: tuple[int, ...]) -> int:
        """The most expected next symbol; 0 where nothing was seen to follow."""
        best, rank = 0, (0, 0)
        for one in self._after(symbols[-1]):
            size = level = 0
            for wide in range(2, min(ORDER, len(symbols) + 1) + 1):
                got = self._table.level_of((*symbols[1 - wide :], one))
                if not got:
                    break
                size, level = wide, got
            if (size, level) > rank:
                best, rank = one, (size, level)
        return best

    def _list_after(self, symbol: int) -> list[int]:
        return [one for one in self._known if self._table.level_of((symbol, one))]


def read_back(reader: Reader, sentence: str, begin: int) -> tuple[int, int, int]:
    """(characters that came out rightly one after the other, that many were asked for, rightly told one by one)."""
    symbols = [one for one in map(class_of, sentence) if one >= SHIFT]
    told = [reader.go_on(tuple(symbols[:at])) == symbols[at] for at in range(begin, len(symbols))]
    run = told.index(False) if False in told else len(told)
    return run, len(told), sum(told)


def counted(paths: Iterable[Path]) -> Iterator[str]:
    """Some of the sentences that were counted."""
    for path in paths:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if number % EVERY == 0:
                    yield from SENTENCE.findall(line.partition("\t")[2])


def unseen(paths: Iterable[Path]) -> Iterator[str]:
    """Sentences that were never counted."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from SENTENCE.findall(json.loads(line)["text"])


def main() -> None:
    """Prints how far the model goes on rightly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counted", type=Path, nargs="+", required=True)
    parser.add_argument("--unseen", type=Path, nargs="+", required=True)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--begin", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20261129)
    options = parser.parse_args()
    reader = Reader(Table(SHIPPED.read_bytes()))
    chance = random.Random(options.seed)
    for name, found in (("counted", counted(options.counted)), ("unseen", unseen(options.unseen))):
        pool = sorted(set(found))
        drawn = chance.sample(pool, min(options.sentences, len(pool)))
        results = [(read_back(reader, one, options.begin), one) for one in drawn]
        runs = sorted(run for (run, _, _), _ in results)
        told, asked = sum(told for (_, _, told), _ in results), sum(asked for (_, asked, _), _ in results)
        print(
            f"{name}: {len(drawn)} of {len(pool)} sentences, {options.begin} characters given; went on rightly for "
            f"{statistics.fmean(runs):.2f} characters on average, median {statistics.median(runs)}, "
            f"95 in 100 at most {runs[len(runs) * 95 // 100]}, longest {runs[-1]}; "
            f"next character right {told / asked:.1%}"
        )
        for (run, asked_of_it, _), sentence in results:
            if run == asked_of_it:
                print(f"whole ({name}): {sentence}")


if __name__ == "__main__":
    main()
