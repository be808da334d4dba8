"""The sections of the model file, made from counts, sounds and looks."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from . import filters, lexicon, packing
from .counting import DISCOUNTS, SIZES, STEPS, Counts, alive, back_off, levels_of, to_level, to_step
from .material import Material, plain_map, read_words

# In 1/256 bits. A place is looked at below GATE and a finding is kept from MINIMUM. Then come what each kind of
# candidate must overcome, and the bonus of a known confusion.
SETUP = [-14 * 256, 4 * 256, 0, -128, -512, -640, -768, -1024, 512]
LEAST = {2: 1.0, 3: 2.0, 4: 3.0, 5: 4.0}  # windows are worth room from this count on

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


def tables(material: Material, words: Path, alike: Sequence[Path]) -> Sections:
    """The sections that candidates come from."""
    counts = material.base
    known = {word for word, _ in read_words(words) if 2 <= len(word) <= 4}
    sounds, number = lexicon.sounds(counts.unigram, 40)
    both: dict[str, list[str]] = {}
    for char, other in (pair for path in alike for pair in read_alike(path)):
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


def assemble(sections: Sections, trees: np.ndarray, version: str, confident: int, possible: int) -> bytes:
    """The model file."""
    setup = np.array([*SETUP, confident, possible], dtype=np.int32)
    return packing.pack({"version": version.encode(), **sections, "setup": setup, "trees": trees})
