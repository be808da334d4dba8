"""Word lists of `rules/wording.yaml`, and what two names have in common besides the words that everybody uses."""

from __future__ import annotations

import re
from functools import cache

from xinmei.core.rulebook import RulebookError, read_yaml

_NO_LETTERS = r"[\s·•（）()“”\-_@]"


@cache
def load_wording(name: str) -> tuple[str, ...]:
    """The words of one list. Raises RulebookError where the list is missing or holds anything but words."""
    words = read_yaml("wording.yaml").get(name, {}).get("words")
    if not words or not all(isinstance(word, str) and word for word in words):
        raise RulebookError(f"wording.yaml：没有词表 {name}，或其中 words 不是词的列表")
    return tuple(words)


def pairs_of(name: str) -> set[str]:
    """Every two characters in a row of a name, generic words apart."""
    words = sorted(load_wording("generic_name_words"), key=len, reverse=True)
    parts = re.split("|".join(map(re.escape, words)), re.sub(_NO_LETTERS, "", name))
    return {part[i : i + 2] for part in parts for i in range(len(part) - 1)}
