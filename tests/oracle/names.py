"""Whether two names have anything in common, generic words cut out, as the watch of the register reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

WORDING = Path(__file__).parents[2] / "rules" / "wording.yaml"


@cache
def generic() -> re.Pattern[str]:
    words = yaml.safe_load(WORDING.read_text(encoding="utf-8"))["generic_name_words"]["words"]
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def pairs(name: str) -> set[str]:
    """Every two characters in a row."""
    parts = generic().split(re.sub(r"[\s·•（）()“”\-_@]", "", name))
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


def related(name: str, others: Iterable[str]) -> bool:
    return any(pairs(name) & pairs(other) for other in others)
