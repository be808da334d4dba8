"""Which characters sound alike, tones and the commonest confusions of initials and finals aside."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path


class Sounds:
    """Read from a file of lines `pinyin⇥characters`, when first asked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def alike(self, one: str, other: str) -> bool:
        """Whether two characters can sound alike: 权力/权利, 狠刹/狠杀, zh as z, ng as n, l as n."""
        return not self._sounds.get(one, frozenset()).isdisjoint(self._sounds.get(other, frozenset()))

    @cached_property
    def _sounds(self) -> dict[str, set[str]]:
        sounds: dict[str, set[str]] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            pinyin, _, characters = line.partition("\t")
            plain = re.sub(r"^l", "n", re.sub(r"^([zcs])h", r"\1", re.sub(r"ng$", "n", pinyin)))
            for character in characters:
                sounds.setdefault(character, set()).add(plain)
        return sounds
