"""Trains the typo model on any text and writes the file that ships with the package (from what: docs/typo-model.md).

    python tools/train_typos.py --corpus a.tsv.xz b.tsv.xz --words dict.txt --lists titles.txt --alike a.json b.txt \\
        --confusions c.json --erroneous a.jsonl --clean b.jsonl …

Needs numpy, lightgbm and pypinyin beside the project, and the built C loop. The corpus has a sentence a line, after a
tab and its source if there is one (`typo_training/sources.py` says what each is worth); the word list has a word and
how often it occurs a line. What is newest, and whole sources, are kept for measuring only; the rest is counted, in
folds, so that the ranker sees each sentence through counts that do not know it. The correct sentences of --erroneous
and --clean are counted too, in thirds for the same reason. With --final everything is counted as well, after
thresholds are set. Look-alikes are a JSON of character -> characters, or groups of characters, one a line.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from typo_training import filters, lexicon, packing, ranker
from typo_training.counting import DISCOUNTS, SIZES, STEPS, Counts, alive, back_off, levels_of, to_level, to_step
from typo_training.material import (
    OWN,
    Corpus,
    Material,
    Pair,
    Texts,
    gather_material,
    plain_map,
    read_pairs,
    read_words,
    thirds_of,
)
from typo_training.measuring import Judged, false_alarms, measure
from typo_training.planting import Planter
from typo_training.sources import FOLDS, OTHER, SOURCES

from xinmei.core.screening.typos import TypoHit, _typos, is_by_place, is_masked_name

CONFUSION = 53  # which number of a finding says how well the confusion is known
# In 1/256 bits. A place is looked at below GATE and a finding is kept from MINIMUM. Then come what each kind of
# candidate must overcome, and the bonus of a known confusion.
SETUP = [-14 * 256, 4 * 256, 0, -128, -512, -640, -768, -1024, 512]
LEAST = {2: 1.0, 3: 2.0, 4: 3.0, 5: 4.0}  # windows are worth room from this count on
NEWEST = "xwlb"  # what is held out of this source sets the limits

Sections = dict[str, "np.ndarray | bytes"]


def quantise(material: Material, counts: Counts) -> Sections:
    """The sections that come from counts."""
    kept, living = material.kept, alive(material.kept, counts, LEAST)
    levels = levels_of(int(counts.unigram.sum()))
    values = np.concatenate([to_step(counts.of[size], levels) for size in SIZES]).astype(np.uint16)
    # What these counts do not have gets the print of another key.
    prints = filters.print_of(kept.all_hashes) >> 2 ^ ~np.concatenate([living[size] for size in SIZES])
    ngrams = filters.narrow(kept.layout.fill(values | prints << 4, np.uint16))
    seen = counts.unigram >= 0.5
    unigram = np.where(seen, to_level(np.maximum(counts.unigram, 1), levels), 0).astype(np.uint8)
    back = {f"back_{side}": back_off(kept, counts, living, levels, side == "f") for side in "fb"}
    steps = np.array(STEPS, dtype=np.uint8)
    return {"levels": levels, "steps": steps, **back, "unigram": unigram, "ngrams": ngrams}


def tables(material: Material, options: argparse.Namespace) -> Sections:
    """The sections that candidates come from."""
    counts = material.base
    known = {word for word, _ in read_words(options.words) if 2 <= len(word) <= 4}
    sounds, number = lexicon.sounds(counts.unigram, 40)
    both: dict[str, list[str]] = {}
    for char, other in (pair for path in options.alike for pair in read_alike(path)):
        both.setdefault(char, []).append(other)
        both.setdefault(other, []).append(char)
    hashes = lexicon.lexicon_hashes(known)
    return {
        "discount": np.array(DISCOUNTS),
        "log2": packing.log_table(),
        "plain": plain_map(),
        "flags": lexicon.flags(),
        **sounds,
        **lexicon.shapes(both, counts.unigram, 100),
        **lexicon.words(material.kept, counts, known, number, sounds["fuzzy"]),
        "lexicon": filters.Layout(hashes).fill(filters.print_of(hashes) >> 2, np.uint8),
    }


def read_alike(path: Path) -> Iterator[tuple[str, str]]:
    """Pairs of characters that look alike."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        yield from ((char, other) for char, others in json.loads(text).items() for other in others)
    else:
        yield from (pair for group in text.split() for pair in itertools.combinations(group, 2))


def listed_confusions(path: Path) -> set[tuple[str, str]]:
    """(wrong, right) characters of a list of wrong words that differ in one character."""
    found = set()
    for wrong, right in json.loads(path.read_text(encoding="utf-8")).items():
        changed = [(a, b) for a, b in zip(wrong, right, strict=False) if a != b]
        if len(wrong) == len(right) and len(changed) == 1:
            found.add(changed[0])
    return found


def seen_confusions(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """How often each (wrong, right) occurs in pairs of (text, correct)."""
    return Counter((a, b) for text, correct in pairs for a, b in zip(text, correct, strict=True) if a != b)


def with_confusions(judged: Judged, seen: Counter[tuple[str, str]], own: bool) -> np.ndarray:
    """The numbers with seen confusions filled in.

    `own`: the pairs are among the seen ones, and each is graded without its own contribution.
    """
    numbers, places = judged.numbers.copy(), judged.places
    known = np.array(sorted(ord(a) << 32 | ord(b) for a, b in seen), dtype=np.int64)
    often = np.array([seen[chr(key >> 32), chr(key & 0xFFFFFFFF)] for key in known.tolist()], dtype=np.int64)
    mine = [seen_confusions([pair]) for pair in judged.pairs] if own else []
    total = np.zeros(len(places), dtype=np.int64)
    for right, wrong in ((4, 6), (5, 7)):
        keys = places[:, wrong] << 32 | places[:, right]
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        times = np.where((known[at] == keys) & (places[:, right] > 0), often[at], 0)
        if own:
            rows = zip(places[:, 0].tolist(), places[:, wrong].tolist(), places[:, right].tolist(), strict=True)
            times -= np.minimum(times, [mine[row][chr(a), chr(b)] for row, a, b in rows])
        total += np.minimum(times, lexicon.MOST_SEEN)
    numbers[:, CONFUSION] = (numbers[:, CONFUSION] & 1) + 2 * total
    return numbers


def assemble(sections: Sections, trees: np.ndarray, version: str, confident: int, possible: int) -> bytes:
    """The model file."""
    setup = np.array([*SETUP, confident, possible], dtype=np.int32)
    return packing.pack({"version": version.encode(), **sections, "setup": setup, "trees": trees})


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


class Grading:
    """Trees for each third that do not know it, and the limits that follow."""

    def __init__(self, trial: Trial, weight: float, rounds: int, alarms: Sequence[float]) -> None:
        self.trial, self.weight, self.rounds = trial, weight, rounds
        self.trees = [self.train(third) for third in range(3)]
        newest = trial.watched[NEWEST]
        news = self.mean_grades(newest)
        steps = [limit / 100 for limit in range(-100, 1200)]
        self.limits = [min(limit for limit in steps if false_alarms(newest, news, limit) <= most) for most in alarms]

    def train(self, third: int | None) -> ranker.lightgbm.Booster:
        """Trees that have seen neither this third of the sets nor the folds that go with it."""
        trial, known = self.trial, self.trial.known[third]
        numbers, right, weights = [], [], []
        for fold, one in enumerate(trial.seen):
            if fold % 3 == third:
                continue
            numbers.append(with_confusions(one, known, own=False))
            right.append(one.places[:, 3])
            weights.append(np.ones(len(one.places)))
        for name, one in trial.sets.items():
            chosen = trial.thirds_in[name][one.places[:, 0]] != (3 if third is None else third)
            numbers.append(with_confusions(one, known, own=True)[chosen])
            right.append(one.places[chosen, 3])
            weights.append(np.full(int(chosen.sum()), self.weight))
        return ranker.train(np.vstack(numbers), np.concatenate(right), np.concatenate(weights), self.rounds)

    def grade(self, judged: Judged, third: int) -> np.ndarray:
        """The grades by the trees that do not know this third."""
        known = self.trial.known[third]
        grades: np.ndarray = self.trees[third].predict(with_confusions(judged, known, own=False), raw_score=True)
        return grades

    def mean_grades(self, judged: Judged) -> np.ndarray:
        """The mean of all three, for what none of them knows."""
        return np.asarray(np.mean([self.grade(judged, third) for third in range(3)], axis=0))

    def report(self) -> None:
        """Prints precision, recall and false alarms of each set and of what was held out."""
        for name, one in self.trial.sets.items():
            own = self.trial.thirds_in[name][one.places[:, 0]]
            grades = np.choose(own, [self.grade(one, third) for third in range(3)])
            print(name, *(measure(one, grades, limit) for limit in self.limits), sep="  ", flush=True)
        for name, one in self.trial.watched.items():
            grades = self.mean_grades(one)
            print(f"held out: {name}", *(measure(one, grades, limit) for limit in self.limits), sep="  ", flush=True)
        for fold, one in enumerate(self.trial.seen):
            grades = self.grade(one, fold % 3)
            print(f"fold {fold}", *(measure(one, grades, limit) for limit in self.limits), sep="  ", flush=True)


def read_options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("words", "confusions"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("corpus", "alike"):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True)
    for name in ("lists", "erroneous", "clean"):
        parser.add_argument(f"--{name}", type=Path, nargs="*", default=[])
    parser.add_argument("--general", type=float, default=2e7, help="how many words of the word list are counted")
    parser.add_argument("--most", type=int, default=10_300_000, help="how many windows the model holds")
    parser.add_argument("--graded", type=int, default=FOLDS, help=f"of the {FOLDS} folds that the ranker is trained on")
    parser.add_argument("--weight", type=float, default=5.0, help="of a finding in the sets against one in the corpus")
    parser.add_argument("--rounds", type=int, default=220)
    parser.add_argument(
        "--alarms", type=float, nargs=2, default=(0.5, 4.0), help="of the model in 1,000 newest sentences, by shelf"
    )
    parser.add_argument("--final", action="store_true")
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def read_material(options: argparse.Namespace, corpus: Corpus, pairs_of: dict[str, list[Pair]]) -> Material:
    """Everything that is counted."""
    begun = time.monotonic()
    thirds: list[list[str]] = [[], [], []]
    for pairs in pairs_of.values():
        for (_, correct), third in zip(pairs, thirds_of(pairs).tolist(), strict=True):
            thirds[third].append(correct)
    lines = [line for path in options.lists for line in path.read_text(encoding="utf-8").splitlines()]
    titles = [line.partition("\t")[0].strip() for line in lines]
    texts = Texts(corpus, thirds, read_words(options.words), options.general, titles)
    print(f"counted: {time.monotonic() - begun:.0f} s", flush=True)
    return gather_material(texts, LEAST, options.most)


def main() -> None:
    """Trains, measures and writes the model."""
    options, begun = read_options(), time.monotonic()
    corpus = Corpus.read(options.corpus)
    pairs_of = {path.stem: read_pairs(path) for path in (*options.erroneous, *options.clean)}
    material = read_material(options, corpus, pairs_of)
    shared = tables(material, options)
    trial = Trial(material, pairs_of, shared, listed_confusions(options.confusions))
    trial.look(corpus, options.graded)
    print(f"looked through everything: {time.monotonic() - begun:.0f} s", flush=True)
    grading = Grading(trial, options.weight, options.rounds, options.alarms)
    grading.report()
    trees = ranker.as_section(grading.train(None))
    everything = material.everything.plus(material.held, 1.0) if options.final else material.everything
    sections = {**quantise(material, everything), **shared, **lexicon.confusions(trial.listed, trial.known[None])}
    limits = [round(1000 * limit) for limit in grading.limits]
    options.out.write_bytes(assemble(sections, trees, options.version, *limits))
    print(f"{options.out}: {options.out.stat().st_size:,} bytes; limits {limits}; {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
