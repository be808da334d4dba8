"""Which characters are mistaken for each other: those that sound alike and those that look alike.

Tones and the commonest confusions of sounds are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path


class Alike:
    """Reads two files when first asked: lines `pinyin⇥characters`, and lines of characters that look alike."""

    def __init__(self, sounds: Path, looks: Path) -> None:
        self._files = sounds, looks

    def alike(self, one: str, other: str) -> bool:
        """Whether two characters are easily mistaken for each other: 权力/权利, 狠刹/狠杀, 已/己; zh as z, ng as n, l
        as n.
        """
        return not self._groups.get(one, frozenset()).isdisjoint(self._groups.get(other, frozenset()))

    def others(self, one: str) -> list[str]:
        """The characters for which a character is easily mistaken, sorted."""
        return sorted(set().union(*(self._members[group] for group in self._groups.get(one, ()))) - {one})

    def miswrite(self, word: str) -> Iterator[str]:
        """The word with one character wrong, in each way that is easily made."""
        for at, character in enumerate(word):
            for other in self.others(character):
                yield word[:at] + other + word[at + 1 :]

    def miswrite_name(self, name: str) -> Iterator[str]:
        """A name with one character wrong, with two that changed places, or with one inside twice.

        Its last one may well begin the next word: 李克强强调.
        """
        yield from self.miswrite(name)
        for at in range(len(name) - 1):
            if name[at] != name[at + 1]:
                yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        for at in range(1, len(name) - 1):
            yield name[:at] + name[at] + name[at:]

    @cached_property
    def _members(self) -> dict[str, set[str]]:
        members: dict[str, set[str]] = {}
        for character, groups in self._groups.items():
            for group in groups:
                members.setdefault(group, set()).add(character)
        return members

    @cached_property
    def _groups(self) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = {}
        sounds, looks = (path.read_text(encoding="utf-8").splitlines() for path in self._files)
        for line in sounds:
            pinyin, _, characters = line.partition("\t")
            plain = re.sub(r"^l", "n", re.sub(r"^([zcs])h", r"\1", re.sub(r"ng$", "n", pinyin)))
            for character in characters:
                groups.setdefault(character, set()).add(plain)
        for line in looks:
            for character in line:
                groups.setdefault(character, set()).add(line)
        return groups
