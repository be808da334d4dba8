"""The sentences of the made city, read once from `texts.yaml` and made ready to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

Item = TypeVar("Item")


def seeded(seed: int, part: str) -> Random:
    """The random numbers of one part of a city, independent of all other parts."""
    return Random(f"{seed} {part}")  # noqa: S311  made texts are no secret


def pick(items: Sequence[Item], rng: Random) -> Item:
    """One of the items. It needs only `rng.random()`, whose sequence Python promises to keep."""
    return items[int(rng.random() * len(items))]


def whole(low: int, high: int, rng: Random) -> int:
    """A whole number, both ends included."""
    return low + int(rng.random() * (high - low + 1))


def several(items: Sequence[Item], count: int, rng: Random) -> list[Item]:
    """`count` different items (all of them where there are fewer), in random order."""
    left = list(items)
    return [left.pop(int(rng.random() * len(left))) for _ in range(min(count, len(left)))]


@cache
def texts() -> dict[str, Any]:
    """The whole of `texts.yaml`."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def repost_texts() -> list[tuple[str, list[str]]]:
    """(title, texts of three to five sentences) for each title of the reposts."""
    stock = []
    for group in texts()["reposts"]:
        orders = ["".join(order) for count in (3, 4, 5) for order in permutations(group["sentences"], count)]
        stock += [(title, orders) for title in group["titles"]]
    return stock


def _second_number(sentence: str) -> str:
    # Two counts in one sentence should not be the same number.
    head, mark, tail = sentence.partition("{a}")
    return head + mark + tail.replace("{a}", "{c}")


class Phrases:
    """Templates of one unit, with its name and topics filled in. Place, day and numbers are still to be filled.

    `pieces[i]` belongs to topic i: titles, openings, first facts, second facts, measures, closings.
    """

    def __init__(self, name: str, field: str) -> None:
        stock, own = texts(), texts()["fields"][field]
        first = [_second_number(sentence) for sentence in own["facts"]]
        # The second fact of a text differs from its first: it stands at another index and has other numbers.
        second = [
            s.replace("{a}", "{x}").replace("{c}", "{z}").replace("{b}", "{y}").replace("{r}", "{s}")
            for s in first + stock["facts"]
        ]
        self.topics: list[str] = own["topics"]
        self.pieces = []
        for topic in self.topics:
            lists = [stock["titles"], stock["openings"], first, second, stock["measures"], stock["closings"]]
            self.pieces.append(
                [[t.replace("{u}", name).replace("{t}", topic) for t in templates] for templates in lists]
            )
        self.questions: list[str] = own["questions"]
