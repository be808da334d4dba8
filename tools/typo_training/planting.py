"""Puts typing errors into correct sentences, as people make them.

An error is a sound-alike, a look-alike, or a whole word that the input method offered.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np

from xinmei.core.screening.typos.symbols import SHIFT, character, class_of

# How often each kind is planted. In the public sets one error in seven is a word of two; `seen` errors are those of
# these sets.
SHARES = {"same": 0.38, "near": 0.08, "shape": 0.10, "word": 0.13, "both": 0.06, "seen": 0.25}


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
            at = self.random.choice(places)
            kind = self.random.choices(list(SHARES), weights=list(SHARES.values()))[0]
            if kind == "seen":
                known = [i for i in places if chars[i] in self.seen]
                if known:
                    at = self.random.choices(known, weights=[sum(self.seen[chars[i]][1]) ** 0.5 for i in known])[0]
                    chars[at] = self.random.choices(*self.seen[chars[at]])[0]
                continue
            symbol = class_of(chars[at])
            after = class_of(chars[at + 1]) if at + 1 < len(chars) else 0
            if kind in ("word", "both"):
                first, second = (
                    int(self.s["readings"][symbol, 0]),
                    int(self.s["readings"][after, 0]) if after >= SHIFT else 0,
                )
                if not first or not second:
                    continue
                key = int(self.s["fuzzy"][first >> 3]) << 16 | int(self.s["fuzzy"][second >> 3])
                others = [pair for pair in self.by_sound.get(key, []) if pair[0] != symbol and pair[1] != after]
                if kind == "word" and others:
                    chars[at], chars[at + 1] = map(character, self.random.choice(others))
                elif kind == "both":
                    a, b = self._draw(self.alike(symbol, False)), self._draw(self.alike(after, False))
                    if a and b:
                        chars[at], chars[at + 1] = character(a), character(b)
                continue
            if kind == "shape":
                options = self.s["shapes"][self.s["shape_at"][symbol] : self.s["shape_at"][symbol + 1]].tolist()
            else:
                options = self.alike(symbol, kind == "near")
            drawn = self._draw(options)
            if drawn:
                chars[at] = character(drawn)
        return "".join(chars)
