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
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from typo_training import lexicon, ranker
from typo_training.confusing import listed_confusions
from typo_training.grading import Grading
from typo_training.material import Corpus, Material, Pair, Texts, gather_material, read_pairs, read_words, thirds_of
from typo_training.sections import LEAST, assemble, quantise, tables
from typo_training.sources import FOLDS
from typo_training.trial import Trial


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
        "--alarms", type=float, nargs=2, default=(0.67, 4.0), help="of the model in 1,000 newest sentences, by shelf"
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
    shared = tables(material, options.words, options.alike)
    trial = Trial(material, pairs_of, shared, listed_confusions(options.confusions))
    trial.look(corpus, options.graded)
    print(f"looked through everything: {time.monotonic() - begun:.0f} s", flush=True)
    grading = Grading(trial, options.weight, options.rounds, options.alarms)
    everything = material.everything.plus(material.held, 1.0) if options.final else material.everything
    sections = {**quantise(material, everything), **shared, **lexicon.confusions(trial.listed, trial.known[None])}
    limits = [round(1000 * limit) for limit in grading.limits]
    options.out.write_bytes(assemble(sections, ranker.as_section(grading.final), options.version, *limits))
    print(f"{options.out}: {options.out.stat().st_size:,} bytes; limits {limits}; {time.monotonic() - begun:.0f} s")
    grading.report()


if __name__ == "__main__":
    main()
