"""What the scorer finds in everything that is measured or learned from."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from xinmei.core.screening.typos import TypoHit, _typos, is_by_place, is_masked_name

from . import lexicon
from .confusing import seen_confusions
from .counting import Counts
from .material import OWN, Corpus, Material, Pair, thirds_of
from .measuring import Judged
from .planting import Planter
from .sections import Sections, assemble, quantise
from .sources import OTHER, SOURCES


def judge(model: bytes, pairs: Sequence[Pair]) -> Judged:
    """What the scorer finds in (text, correct) pairs, and whether it touches a wrong character."""
    places, numbers = [], []
    opened = _typos.open(model)
    for row, (text, correct) in enumerate(pairs):
        for (start, end, _kind, _score, first, other), found in _typos.look_through(opened, text, True):
            touches = text[start:end] != correct[start:end]
            places.append((row, start, end, touches, first, other, ord(text[start]), ord(text[end - 1])))
            numbers.append(found)
    table = np.frombuffer(b"".join(numbers), dtype=np.int32)
    return Judged(list(pairs), np.array(places, dtype=np.int64).reshape(-1, 8), table.reshape(len(places), -1))


def unguarded(judged: Judged) -> Judged:
    """Without the findings that are never shown: beside the name of a place, on a masked name."""
    shown = []
    for row, start, end, _touches, first, other, *_ in judged.places.tolist():
        hit = TypoHit(start, end, chr(first) + (chr(other) if other else ""), 0.0, "", "")
        text = judged.pairs[row][0]
        shown.append(not is_by_place(text, hit) and not is_masked_name(text, hit))
    return judged.only(np.array(shown, dtype=bool))


def planted(
    sections: Sections, sentences: Iterable[tuple[str, str]], known: Counter[tuple[str, str]], seed: int
) -> list[Pair]:
    """A share of the sentences as they are, and some of them again with errors."""
    chance = random.Random(seed)
    planter = Planter(sections, sections["levels"][sections["unigram"]], known, seed)
    pairs = []
    for source, sentence in sentences:
        if len(sentence) < 5 or chance.random() > SOURCES.get(source, OTHER).share:
            continue
        pairs.append((sentence, sentence))
        if chance.random() < 0.55:
            pairs.append((planter.plant(sentence, chance.choice((1, 1, 2))), sentence))
    return pairs


class Trial:
    """What the scorer finds in everything that is measured or learned from, each seen through counts without it."""

    def __init__(
        self,
        material: Material,
        pairs_of: dict[str, list[Pair]],
        shared: Sections,
        listed: set[tuple[str, str]],
    ) -> None:
        self.material, self.pairs_of, self.shared, self.listed = material, pairs_of, shared, listed
        self.thirds_in = {name: thirds_of(pairs) for name, pairs in pairs_of.items()}
        # The confusions that all thirds but one have, or all of them.
        self.known: dict[int | None, Counter[tuple[str, str]]] = {
            0: self._seen_in(1, 2),
            1: self._seen_in(0, 2),
            2: self._seen_in(0, 1),
            None: self._seen_in(0, 1, 2),
        }

    def look(self, corpus: Corpus, graded: int) -> None:
        """Looks through everything."""
        texts = corpus.watched()
        judged = self._judge_by(self.material.base, None, [(one, one) for texts in texts.values() for one in texts])
        self.watched: dict[str, Judged] = {}
        begin = 0
        for source, sentences in texts.items():
            self.watched[source] = unguarded(judged.part(begin, begin + len(sentences)))
            begin += len(sentences)
        self.sets = self._look_at_sets()
        self.seen: list[Judged] = []
        for fold in range(graded):
            self.seen.append(self._look_at_fold(corpus, fold))
            print(
                f"fold {fold}: {len(self.seen[-1].pairs)} sentences, {len(self.seen[-1].places)} findings", flush=True
            )

    def _seen_in(self, *thirds: int) -> Counter[tuple[str, str]]:
        return seen_confusions(
            pair
            for name, pairs in self.pairs_of.items()
            for pair, own in zip(pairs, self.thirds_in[name].tolist(), strict=True)
            if own in thirds
        )

    def _judge_by(self, counts: Counts, third: int | None, pairs: Sequence[Pair]) -> Judged:
        sections = {
            **quantise(self.material, counts),
            **self.shared,
            **lexicon.confusions(self.listed, self.known[third]),
        }
        return judge(assemble(sections, np.array([0], dtype=np.int32), "", 0, 0), pairs)

    def _look_at_sets(self) -> dict[str, Judged]:
        """Each third of each set is judged by counts that do not know it."""
        found: dict[str, list[Judged]] = {name: [] for name in self.pairs_of}
        every = [pair for pairs in self.pairs_of.values() for pair in pairs]
        for third, own in enumerate(self.material.thirds):
            judged = self._judge_by(self.material.everything.plus(own, -OWN), third, every)
            begin = 0
            for name, pairs in self.pairs_of.items():
                part = judged.part(begin, begin + len(pairs))
                found[name].append(part.only(self.thirds_in[name][part.places[:, 0]] == third))
                begin += len(pairs)
        return {name: unguarded(Judged.joined(parts)) for name, parts in found.items()}

    def _look_at_fold(self, corpus: Corpus, fold: int) -> Judged:
        counts = self.material.everything.plus(self.material.folds[fold], -1.0)
        sections = {**quantise(self.material, counts), **self.shared}
        inside = np.flatnonzero((corpus.fold == fold) & ~corpus.held)
        known = self._seen_in(fold % 3)
        pairs = planted(sections, (corpus.lines[i] for i in inside.tolist()), known, fold)
        sections |= lexicon.confusions(self.listed, self.known[None])
        return judge(assemble(sections, np.array([0], dtype=np.int32), "", 0, 0), pairs)
