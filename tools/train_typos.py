"""Trains the typo model on any text and writes the file that ships with the package (from what: docs/typo-model.md).

    python tools/train_typos.py --corpus corpus.tsv.xz --words dict.txt --lists titles.txt --alike a.json b.txt \\
        --erroneous a.jsonl --clean b.jsonl …

Needs numpy, lightgbm and pypinyin beside the project, and the built C loop. The corpus has a sentence a line, after a
tab and its source if there is one; the word list has a word and how often it occurs a line. Sentences of the newest
part (--newest START:END, line numbers) are kept for measuring only; the rest is counted, in folds, so that the ranker
sees each sentence through counts that do not know it. The correct sentences of --erroneous and --clean are counted too,
in thirds for the same reason. With --final the newest part is counted as well, after thresholds are set. Look-alikes
are a JSON of character -> characters, or groups of characters, one a line.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import lzma
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from typo_training import counting, filters, lexicon, packing, ranker
from typo_training.measuring import Judged, false_alarms, measure
from typo_training.planting import Planter

from xinmei.core.screening.typos import _typos
from xinmei.core.screening.typos.symbols import SHIFT, SIZE, class_of

BLOCK = 8000  # A month of news repeats the same stories and names, so it is held out together.
FOLDS = 6
SHARED = 14  # Sentences that share this many characters count as the same sentence and are held out together.
# how often the correct sentences of --erroneous and --clean are counted: texts of their kind will be screened
OWN = 2.0
CONFUSION = 53  # which number of a finding says how well the confusion is known
TRADITIONAL = Path(__file__).resolve().parent.parent / "rules/screening/traditional.txt"
# Older forms that the list of traditional characters leaves out because they are also characters of today.
OLDER = ("於後衞幷擧汚麽倣羣産徵銲佔砲甦", "于后卫并举污么仿群产征焊占炮苏")
# In 1/256 bits. A place is looked at below GATE and a finding is kept from MINIMUM. Then come what each kind of
# candidate must overcome, and the bonus of a known confusion.
SETUP = [-14 * 256, 4 * 256, 0, -128, -512, -640, -768, -1024, 512]


class Language(NamedTuple):
    """Counts and the sections made of them."""

    counts: counting.Counts
    sections: dict[str, np.ndarray | bytes]


def plain_map() -> np.ndarray:
    """Section `plain`: for each symbol its form of today."""
    plain = np.arange(SIZE, dtype=np.uint16)
    lines = [line.partition("\t")[::2] for line in TRADITIONAL.read_text(encoding="utf-8").splitlines()]
    for old, new in [*lines, OLDER]:
        for a, b in zip(old, new, strict=True):
            if class_of(a) >= SHIFT and class_of(b) >= SHIFT:
                plain[class_of(a)] = class_of(b)
    return plain


def quantise(all_: counting.Counts, least: dict[int, float]) -> Language:
    """The sections that come from counts."""
    found = counting.prune(all_, least)
    levels = counting.levels_of(found.total)
    hashes = np.concatenate(list(found.hashes.values()))
    values = (
        np.concatenate([counting.to_level(one, levels) for one in found.counts.values()]).astype(np.uint16)
        | filters.print_of(hashes) << 6
    )
    unigram = np.where(found.unigram >= 0.5, counting.to_level(np.maximum(found.unigram, 1), levels), 0).astype(
        np.uint8
    )
    back = {f"back_{side}": counting.back_off(found, levels, side == "f") for side in "fb"}
    return Language(
        found, {"levels": levels, **back, "unigram": unigram, "ngrams": filters.build_filter(hashes, values, np.uint16)}
    )


def tables(language: Language, plain: np.ndarray, options: argparse.Namespace) -> dict[str, np.ndarray | bytes]:
    """The sections that candidates come from."""
    known = {word for word, _ in read_words(options.words) if 2 <= len(word) <= 4}
    sounds, number = lexicon.sounds(language.counts.unigram, 20)
    both: dict[str, list[str]] = {}
    for char, other in (pair for path in options.alike for pair in read_alike(path)):
        both.setdefault(char, []).append(other)
        both.setdefault(other, []).append(char)
    hashes = lexicon.lexicon_hashes(known, language.counts)
    return {
        "discount": np.array(counting.DISCOUNTS),
        "log2": packing.log_table(),
        "plain": plain,
        "flags": lexicon.flags(),
        **sounds,
        **lexicon.shapes(both, language.counts.unigram, 50),
        **lexicon.words(language.counts, known, number, sounds["fuzzy"]),
        "lexicon": filters.build_filter(hashes, filters.print_of(hashes) >> 2, np.uint8),
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


def seen_confusions(pairs: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How often each (wrong, right) occurs in pairs of (text, correct)."""
    return Counter((a, b) for text, correct in pairs for a, b in zip(text, correct, strict=True) if a != b)


def with_confusions(judged: Judged, seen: Counter[tuple[str, str]], own: bool) -> np.ndarray:
    """The numbers with seen confusions filled in.

    `own`: the pairs are among the seen ones, and each is graded without its own contribution.
    """
    numbers = judged.numbers.copy()
    for i, (row, start, end, _touches, first, other) in enumerate(judged.places.tolist()):
        text = judged.pairs[row][0]
        keys = [(text[start], chr(first))] + ([(text[end - 1], chr(other))] if other else [])
        mine = seen_confusions([judged.pairs[row]]) if own else Counter()
        times = sum(min(seen[key] - mine[key], lexicon.MOST_SEEN) for key in keys)
        numbers[i, CONFUSION] = (numbers[i, CONFUSION] & 1) + 2 * times
    return numbers


def assemble(
    sections: dict[str, np.ndarray | bytes], trees: np.ndarray, version: str, confident: int, possible: int
) -> bytes:
    """The model file."""
    setup = np.array([*SETUP, confident, possible], dtype=np.int32)
    return packing.pack({"version": version.encode(), **sections, "setup": setup, "trees": trees})


def judge(model: bytes, pairs: Sequence[tuple[str, str]]) -> Judged:
    """What the scorer finds in (text, correct) pairs, and whether it touches a wrong character."""
    places, numbers = [], []
    opened = _typos.open(model)
    for row, (text, correct) in enumerate(pairs):
        for (start, end, _kind, _score, first, other), found in _typos.look_through(opened, text, True):
            places.append((row, start, end, text[start:end] != correct[start:end], first, other))
            numbers.append(found)
    table = np.frombuffer(b"".join(numbers), dtype=np.int32)
    return Judged(list(pairs), np.array(places, dtype=np.int64).reshape(-1, 6), table.reshape(len(places), -1))


def read_pairs(path: Path) -> list[tuple[str, str]]:
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


def thirds_of(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
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


def split(
    judged: Sequence[Judged], pairs_of: dict[str, list[tuple[str, str]]], thirds_in: dict[str, np.ndarray]
) -> dict[str, Judged]:
    """Each set with its thirds. Each third is taken from what the counts without it found in all sets together."""
    sets, begin = {}, 0
    for name, pairs in pairs_of.items():
        places, numbers = [], []
        for third, one in enumerate(judged):
            rows = one.places[:, 0] - begin
            inside = (rows >= 0) & (rows < len(pairs))
            inside[inside] = thirds_in[name][rows[inside]] == third
            places.append(np.column_stack([rows[inside], one.places[inside, 1:]]))
            numbers.append(one.numbers[inside])
        sets[name] = Judged(pairs, np.concatenate(places), np.concatenate(numbers))
        begin += len(pairs)
    return sets


def planted(
    sections: dict[str, np.ndarray | bytes],
    sentences: list[tuple[str, str]],
    known: Counter[tuple[str, str]],
    seed: int,
    shares: dict[str, float],
) -> list[tuple[str, str]]:
    """A share of the sentences as they are, and some of them again with errors."""
    chance = random.Random(seed)
    planter = Planter(sections, sections["levels"][sections["unigram"]], known, seed)
    pairs = []
    for source, sentence in sentences:
        if len(sentence) < 5 or chance.random() > shares.get(source, shares[""]):
            continue
        pairs.append((sentence, sentence))
        if chance.random() < 0.55:
            pairs.append((planter.plant(sentence, chance.choice((1, 1, 2))), sentence))
    return pairs


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("corpus", "words", "confusions"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--alike", type=Path, nargs="+", required=True)
    parser.add_argument(
        "--general", type=float, default=2e7, help="how many words of the word list are counted beside the corpus"
    )
    parser.add_argument(
        "--lists",
        type=Path,
        nargs="*",
        default=[],
        help="titles and terms, one a line (up to a tab), each counted twice",
    )
    parser.add_argument("--erroneous", type=Path, nargs="*", default=[])
    parser.add_argument("--clean", type=Path, nargs="*", default=[])
    parser.add_argument("--newest", default="0:0")
    parser.add_argument("--least", default="1,1,2,3", help="windows of 2, 3, 4, 5 symbols are kept from this count on")
    parser.add_argument(
        "--shares", default="=0.7", help="of the corpus that the ranker is trained on, by source: laws=0.1,=0.7"
    )
    parser.add_argument("--graded", type=int, default=FOLDS, help=f"of the {FOLDS} folds that the ranker is trained on")
    parser.add_argument(
        "--weight", type=float, default=5.0, help="of a finding in --erroneous and --clean against one in the corpus"
    )
    parser.add_argument("--rounds", type=int, default=220)
    parser.add_argument(
        "--alarms",
        type=float,
        nargs=2,
        default=(0.85, 5.0),
        help="per 1,000 newest sentences, rules aside: confident, possible",
    )
    parser.add_argument("--final", action="store_true")
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    corpus, plain = read_corpus(options.corpus), plain_map()
    begin, end = map(int, options.newest.split(":"))
    older = [i for i in range(len(corpus)) if not begin <= i < end]
    least = dict(zip((2, 3, 4, 5), map(float, options.least.split(",")), strict=True))
    shares = {source: float(share) for source, _, share in (one.partition("=") for one in options.shares.split(","))}

    def tally(sentences: Iterable[str]) -> counting.Counts:
        return counting.tally(counting.fold_all(list(sentences), plain))

    words = read_words(options.words)
    base = counting.join(
        tally(corpus[i][1] for i in older),
        counting.expect(words, plain),
        options.general / sum(times for _, times in words),
    )
    lists = [
        line.partition("\t")[0].strip()
        for path in options.lists
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    base = counting.join(base, tally(lists), 2.0)
    language = quantise(base, least)
    shared = tables(language, plain, options)
    none = np.array([0], dtype=np.int32)

    pairs_of = {path.stem: read_pairs(path) for path in (*options.erroneous, *options.clean)}
    thirds_in = {name: thirds_of(pairs) for name, pairs in pairs_of.items()}
    held = [
        tally(
            pair[1]
            for name, pairs in pairs_of.items()
            for pair, own in zip(pairs, thirds_in[name], strict=True)
            if own == third
        )
        for third in range(3)
    ]
    everything = functools.reduce(lambda one, other: counting.join(one, other, OWN), held, base)
    listed = listed_confusions(options.confusions)

    def seen_in(*thirds: int) -> Counter[tuple[str, str]]:
        return seen_confusions(
            pair
            for name, pairs in pairs_of.items()
            for pair, own in zip(pairs, thirds_in[name], strict=True)
            if own in thirds
        )

    # The confusions that all thirds but one have, or all of them.
    known_by: dict[int | None, Counter[tuple[str, str]]] = {
        0: seen_in(1, 2),
        1: seen_in(0, 2),
        2: seen_in(0, 1),
        None: seen_in(0, 1, 2),
    }

    def judge_by(counts: counting.Counts, third: int | None, pairs: Sequence[tuple[str, str]]) -> Judged:
        sections = {**quantise(counts, least).sections, **shared, **lexicon.confusions(listed, known_by[third])}
        return judge(assemble(sections, none, options.version, 0, 0), pairs)

    newest = judge_by(base, None, [(one, one) for _, one in corpus[begin:end]])
    # Each third of each set is judged by counts that do not know it.
    every = [pair for pairs in pairs_of.values() for pair in pairs]
    sets = split(
        [judge_by(counting.join(everything, held[third], -OWN), third, every) for third in range(3)],
        pairs_of,
        thirds_in,
    )
    seen = []
    for fold in range(options.graded):
        inside = [i for i in older if i // BLOCK % FOLDS == fold]
        counts = counting.join(everything, tally(corpus[i][1] for i in inside), -1.0)
        pairs = planted(
            {**quantise(counts, least).sections, **shared}, [corpus[i] for i in inside], seen_in(fold % 3), fold, shares
        )
        seen.append(judge_by(counts, None, pairs))
        print(f"fold {fold}: {len(pairs)} sentences, {len(seen[-1].places)} findings", flush=True)

    def train(third: int | None) -> ranker.lightgbm.Booster:
        known = known_by[third]
        numbers, right, weights = [], [], []
        for fold, one in enumerate(seen):
            if fold % 3 == third:
                continue
            numbers.append(with_confusions(one, known, own=False))
            right.append(one.places[:, 3])
            weights.append(np.ones(len(one.places)))
        for name, one in sets.items():
            chosen = thirds_in[name][one.places[:, 0]] != (3 if third is None else third)
            numbers.append(with_confusions(one, known, own=True)[chosen])
            right.append(one.places[chosen, 3])
            weights.append(np.full(int(chosen.sum()), options.weight))
        return ranker.train(np.vstack(numbers), np.concatenate(right), np.concatenate(weights), options.rounds)

    def grade(trees: ranker.lightgbm.Booster, judged: Judged, third: int) -> np.ndarray:
        grades: np.ndarray = trees.predict(with_confusions(judged, known_by[third], own=False), raw_score=True)
        return grades

    # Cross-validation: each third of each set, and two folds, are graded by trees and confusions that do not know them.
    thirds = [train(third) for third in range(3)]
    news = np.mean([grade(trees, newest, third) for third, trees in enumerate(thirds)], axis=0)
    limits = [
        1000 * min(limit / 100 for limit in range(-100, 1200) if false_alarms(newest, news, limit / 100) <= most)
        for most in options.alarms
    ]
    for name, one in sets.items():
        grades = np.choose(
            thirds_in[name][one.places[:, 0]], [grade(trees, one, third) for third, trees in enumerate(thirds)]
        )
        print(name, *(measure(one, grades, limit / 1000) for limit in limits), sep="  ", flush=True)
    for fold, one in enumerate(seen):
        grades = grade(thirds[fold % 3], one, fold % 3)
        print(
            f"fold {fold}",
            *(f"FPR {false_alarms(one, grades, limit / 1000):.2f}" for limit in limits),
            sep="  ",
            flush=True,
        )
    trees = ranker.as_section(train(None))
    if options.final:
        everything = counting.join(everything, tally(one for _, one in corpus[begin:end]), 1.0)
    language = quantise(everything, least)
    shared |= lexicon.confusions(listed, known_by[None])
    options.out.write_bytes(
        assemble({**language.sections, **shared}, trees, options.version, round(limits[0]), round(limits[1]))
    )
    print(f"{options.out}: {options.out.stat().st_size:,} bytes; limits {limits}")


if __name__ == "__main__":
    main()
