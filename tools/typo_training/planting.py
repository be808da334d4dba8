"""Puts typing errors into correct sentences, as people make them.

An error is a sound-alike, a look-alike, a word that the input method offered instead, or two characters swapped.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np

from xinmei.core.screening.typos.symbols import SHIFT, character, class_of

# How often each kind is planted, after the public sets. `real` errors make another word that sounds alike, `word`
# errors one that shares no character, `seen` errors are those of these sets.
SHARES = {
    "same": 0.25,
    "real": 0.25,
    "near": 0.06,
    "shape": 0.10,
    "word": 0.08,
    "both": 0.04,
    "seen": 0.20,
    "swap": 0.02,
}


class Planter:
    """Makes errors from the tables by which the model looks for them."""

    def __init__(
        self, sections: dict[str, np.ndarray], unigram: np.ndarray, seen: Mapping[tuple[str, str], int], seed: int
    ) -> None:
        self.random = random.Random(seed)
        self.s = {name: value for name, value in sections.items() if isinstance(value, np.ndarray)}
        self.unigram = unigram
        self.seen: dict[str, tuple[list[str], list[int]]] = {}
        for (wrong, right), times in sorted(seen.items()):
            others, often = self.seen.setdefault(right, ([], []))
            others.append(wrong)
            often.append(times)
        self.by_sound: dict[int, list[tuple[int, int]]] = {}
        for key, pair in zip(self.s["word_key"].tolist(), self.s["words"].tolist(), strict=True):
            self.by_sound.setdefault(key, []).append((pair[0], pair[1]))
        self.words = {pair: others for others in self.by_sound.values() for pair in others}

    def alike(self, symbol: int, near: bool) -> list[int]:
        """Characters that sound like this one (its first reading)."""
        reading = int(self.s["readings"][symbol, 0])
        if not reading:
            return []
        syllable = reading >> 3
        kin = [syllable]
        if near:
            group = int(self.s["fuzzy"][syllable])
            kin = [
                int(k)
                for k in self.s["fuzzysyl"][self.s["fuzzy_at"][group] : self.s["fuzzy_at"][group + 1]]
                if k != syllable
            ]
        found: list[int] = []
        for k in kin:
            found += self.s["syl_char"][self.s["syl_at"][k] : self.s["syl_at"][k + 1]].tolist()
        return [one for one in found if one != symbol]

    def _draw(self, options: list[int]) -> int | None:
        if not options:
            return None
        return self.random.choices(options, weights=[float(self.unigram[one]) ** 0.4 + 1 for one in options])[0]

    def plant(self, text: str, errors: int) -> str:
        """The text with up to `errors` errors."""
        chars = list(text)
        places = [i for i, char in enumerate(chars) if class_of(char) >= SHIFT]
        for _ in range(errors):
            if not places:
                break
            kind = self.random.choices(list(SHARES), weights=list(SHARES.values()))[0]
            if kind == "seen":
                self._put_seen(chars, places)
            elif kind == "real":
                self._put_real(chars, places)
            else:
                self._put(chars, self.random.choice(places), kind)
        return "".join(chars)

    def _put_seen(self, chars: list[str], places: list[int]) -> None:
        known = [i for i in places if chars[i] in self.seen]
        if known:
            at = self.random.choices(known, weights=[sum(self.seen[chars[i]][1]) ** 0.5 for i in known])[0]
            chars[at] = self.random.choices(*self.seen[chars[at]])[0]

    def _put_real(self, chars: list[str], places: list[int]) -> None:
        for at in self.random.sample(places, min(6, len(places))):
            pair = (class_of(chars[at]), class_of(chars[at + 1]) if at + 1 < len(chars) else 0)
            others = [one for one in self.words.get(pair, ()) if one != pair]
            if others:
                # The list has the frequent ones first, as an input method offers them.
                weights = [1 / (2 + rank) for rank in range(len(others))]
                chars[at], chars[at + 1] = map(character, self.random.choices(others, weights)[0])
                return

    def _put(self, chars: list[str], at: int, kind: str) -> None:
        symbol = class_of(chars[at])
        after = class_of(chars[at + 1]) if at + 1 < len(chars) else 0
        if kind == "swap":
            if after >= SHIFT:
                chars[at], chars[at + 1] = chars[at + 1], chars[at]
        elif kind in ("word", "both"):
            self._put_two(chars, at, kind, symbol, after)
        else:
            if kind == "shape":
                options = self.s["shapes"][self.s["shape_at"][symbol] : self.s["shape_at"][symbol + 1]].tolist()
            else:
                options = self.alike(symbol, kind == "near")
            if drawn := self._draw(options):
                chars[at] = character(drawn)

    def _put_two(self, chars: list[str], at: int, kind: str, symbol: int, after: int) -> None:
        first = int(self.s["readings"][symbol, 0])
        second = int(self.s["readings"][after, 0]) if after >= SHIFT else 0
        if not first or not second:
            return
        key = int(self.s["fuzzy"][first >> 3]) << 16 | int(self.s["fuzzy"][second >> 3])
        others = [pair for pair in self.by_sound.get(key, []) if pair[0] != symbol and pair[1] != after]
        if kind == "word" and others:
            chars[at], chars[at + 1] = map(character, self.random.choice(others))
        elif kind == "both":
            a, b = self._draw(self.alike(symbol, False)), self._draw(self.alike(after, False))
            if a and b:
                chars[at], chars[at + 1] = character(a), character(b)
