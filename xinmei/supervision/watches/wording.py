"""The word lists that watches compare with, as data: `rules/wording.yaml`."""

from __future__ import annotations

from functools import cache

from xinmei.core.rulebook import RulebookError, read_yaml


@cache
def load_wording(name: str) -> tuple[str, ...]:
    """The words of one list. Raises RulebookError where the list is missing or holds anything but words."""
    words = read_yaml("wording.yaml").get(name, {}).get("words")
    if not words or not all(isinstance(word, str) and word for word in words):
        raise RulebookError(f"wording.yaml：没有词表 {name}，或其中 words 不是词的列表")
    return tuple(words)
