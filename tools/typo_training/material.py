"""What the model is made of: texts counted once, in parts that can be left out again."""

from __future__ import annotations

import functools
import json
import lzma
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xinmei.core.screening.typos.symbols import SHIFT, SIZE, class_of

from .counting import SIZES, Alphabet, Counts, Kept, Tally, expect, fold_all, gather, tally
from .pruning import choose, worth
from .sources import FOLDS, OTHER, SOURCES, folds, held_out

TRADITIONAL = Path(__file__).resolve().parent.parent.parent / "rules/screening/traditional.txt"
# Older forms that the list of traditional characters leaves out because they are also characters of today.
OLDER = ("於後衞幷擧汚麽倣羣産徵銲佔砲甦", "于后卫并举污么仿群产征焊占炮苏")
SHARED = 14  # Sentences that share this many characters count as the same sentence and are held out together.
# How often the correct sentences of --erroneous and --clean are counted: texts of their kind will be screened.
OWN = 2.0
LISTED = 2.0  # how often titles and terms are counted
POWER = 1.0

Pair = tuple[str, str]


def plain_map() -> np.ndarray:
    """Section `plain`: for each symbol its form of today."""
    plain = np.arange(SIZE, dtype=np.uint16)
    lines = [line.partition("\t")[::2] for line in TRADITIONAL.read_text(encoding="utf-8").splitlines()]
    for old, new in [*lines, OLDER]:
        for a, b in zip(old, new, strict=True):
            if class_of(a) >= SHIFT and class_of(b) >= SHIFT:
                plain[class_of(a)] = class_of(b)
    return plain


def read_pairs(path: Path) -> list[Pair]:
    """Rows {"text", "correct"} of equal length."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(row["text"], row["correct"]) for row in rows if len(row["text"]) == len(row["correct"])]


def read_corpus(path: Path) -> list[tuple[str, str]]:
    """(source, sentence) of each line; the source is empty where there is none."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        parts = [line.rstrip("\n").rpartition("\t") for line in file]
    return [(source, sentence) for source, _, sentence in parts]


def read_words(path: Path) -> list[tuple[str, float]]:
    """(word, how often) of a list of words."""
    rows = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row[0], float(row[1])) for row in rows]


def thirds_of(pairs: Sequence[Pair]) -> np.ndarray:
    """Which third each pair is held out with. Pairs whose correct sentences share much are in the same third."""
    up = list(range(len(pairs)))

    def top(i: int) -> int:
        while up[i] != i:
            up[i] = up[up[i]]
            i = up[i]
        return i

    first: dict[str, int] = {}
    for i, (_, correct) in enumerate(pairs):
        for j in range(max(1, len(correct) - SHARED + 1)):
            other = first.setdefault(correct[j : j + SHARED], i)
            up[top(i)] = top(other)
    roots: dict[int, int] = {}
    return np.array([roots.setdefault(top(i), len(roots)) % 3 for i in range(len(pairs))])


@dataclass
class Corpus:
    """All lines, which fold each is in, and which are held out by date or source."""

    lines: list[tuple[str, str]]
    fold: np.ndarray
    held: np.ndarray

    @classmethod
    def read(cls, paths: Sequence[Path]) -> Corpus:
        """The lines of all files."""
        lines = [line for path in paths for line in read_corpus(path)]
        return cls(lines, np.array(folds(lines)), np.array(held_out([source for source, _ in lines])))

    def parts(self) -> list[list[tuple[float, list[str]]]]:
        """For each fold, and last for what is held out, the sentences by the weight of their source."""
        found: list[dict[float, list[str]]] = [{} for _ in range(FOLDS + 1)]
        for (source, sentence), fold, held in zip(self.lines, self.fold.tolist(), self.held.tolist(), strict=True):
            weight = SOURCES.get(source, OTHER).weight
            found[FOLDS if held else fold].setdefault(weight, []).append(sentence)
        return [sorted(one.items()) for one in found]

    def watched(self) -> dict[str, list[str]]:
        """The sentences held out that false alarms are measured on, by source."""
        found: dict[str, list[str]] = {}
        for i in np.flatnonzero(self.held)[::-1].tolist():
            source, sentence = self.lines[i]
            if len(found.setdefault(source, [])) < SOURCES.get(source, OTHER).watched:
                found[source].append(sentence)
        return {source: sentences[::-1] for source, sentences in found.items() if sentences}


@dataclass
class Material:
    """Counts of everything in parts: folds of the corpus, what is held out, thirds of the sets, words and titles."""

    kept: Kept
    folds: list[Counts]
    held: Counts
    thirds: list[Counts]
    words: Counts

    def only(self, chosen: dict[int, np.ndarray]) -> Material:
        """Some of the windows."""

        def part(counts: Counts) -> Counts:
            return Counts(counts.unigram, {size: counts.of[size][mask] for size, mask in chosen.items()})

        kept = Kept(self.kept.alphabet, {size: self.kept.keys[size][mask] for size, mask in chosen.items()})
        folds, thirds = [part(one) for one in self.folds], [part(one) for one in self.thirds]
        return Material(kept, folds, part(self.held), thirds, part(self.words))

    @functools.cached_property
    def base(self) -> Counts:
        """The corpus without what is held out, and the words."""
        return functools.reduce(lambda one, other: one.plus(other, 1.0), self.folds, self.words)

    @functools.cached_property
    def everything(self) -> Counts:
        """All but what is held out."""
        return functools.reduce(lambda one, other: one.plus(other, OWN), self.thirds, self.base)


Weighted = tuple[Tally, float]


class Texts:
    """All texts, counted in parts.

    The folds of the corpus, what is held out, the thirds of the sets; words and titles.
    """

    def __init__(
        self,
        corpus: Corpus,
        thirds: Sequence[Iterable[str]],
        words: list[tuple[str, float]],
        general: float,
        titles: list[str],
    ) -> None:
        plain = plain_map()
        texts = [[(weight, fold_all(sentences, plain)) for weight, sentences in part] for part in corpus.parts()]
        texts += [[(OWN, fold_all(list(third), plain))] for third in thirds]
        titled = fold_all(titles, plain)
        unigram = np.sum([np.bincount(text, minlength=SIZE) for part in texts for _, text in part], axis=0)
        self.alphabet = Alphabet(unigram + np.bincount(titled, minlength=SIZE))
        self.parts = [[(tally(text, self.alphabet), weight) for weight, text in part] for part in texts]
        times = sum(often for _, often in words)
        self.extra = [
            (expect(words, plain, self.alphabet), general / times),
            (tally(titled, self.alphabet), LISTED),
        ]

    def gather(self, least: dict[int, float]) -> Kept:
        """The windows that all texts together hold often enough."""
        every: list[Weighted] = [*(one for part in self.parts for one in part), *self.extra]
        return Kept(self.alphabet, {size: gather(every, size, least[size]) for size in SIZES})


def together(kept: Kept, part: Iterable[Weighted]) -> Counts:
    """The counts of several texts."""
    none = Counts(np.zeros(SIZE), {size: np.zeros(len(keys), np.float32) for size, keys in kept.keys.items()})
    return functools.reduce(lambda total, one: total.plus(kept.counts(one[0]), one[1]), part, none)


def gather_material(texts: Texts, least: dict[int, float], most: int) -> Material:
    """The counts of all parts, as far as their windows are worth their room."""
    begun, kept = time.monotonic(), texts.gather(least)
    counts = [together(kept, part) for part in texts.parts[: FOLDS + 1]]
    own = [together(kept, [(one, 1.0) for one, _ in part]) for part in texts.parts[FOLDS + 1 :]]
    whole = Material(kept, counts[:FOLDS], counts[FOLDS], own, together(kept, texts.extra))
    values = worth(kept, whole.everything.plus(whole.held, 1.0), least, POWER)
    chosen = whole.only(choose(kept, values, most))
    sizes = {size: (len(kept.keys[size]), len(chosen.kept.keys[size])) for size in SIZES}
    print(f"windows seen, kept: {sizes}; {time.monotonic() - begun:.0f} s", flush=True)
    return chosen
