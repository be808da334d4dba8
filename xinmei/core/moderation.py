"""Why something that the public wrote may be held back: grounds from the law, as data in `rules/moderation/`.

Criticism is none. What no law names is let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xinmei.core.rulebook import read_yaml
from xinmei.core.rulebook.files import Row

KEYS = ("id", "label", "law", "clause", "quote", "hit", "miss")


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: what it says on the page, the law behind it, an example, and what looks like it and is none."""

    id: str
    label: str
    law: str
    clause: str
    quote: str
    hit: str
    miss: str

    @property
    def source(self) -> str:
        """The law and its clause, as a reason quotes them."""
        return f"《{self.law}》{self.clause}"


@cache
def grounds() -> Mapping[str, Ground]:
    """All grounds, by id, in the order of the file. Raises RulebookError where the file is broken."""
    found = {}
    for row in _table().rows("grounds"):
        row.check_keys(KEYS)
        ground = Ground(**{key: row.text(key) for key in KEYS})
        if not all(row.text(key) for key in KEYS) or ground.id in found:
            raise row.fault("每条理由都要写全，编号不能重复")
        found[ground.id] = ground
    return found


@cache
def never() -> Row:
    """What is no ground, with the law that says so: `says`, `law`, `clause`, `quote`."""
    return _table().row("never").check_keys(("law", "clause", "quote", "says"))


def _table() -> Row:
    table = read_yaml("moderation/grounds.yaml")
    if not isinstance(table, Row):
        raise Row().fault("rules/moderation/grounds.yaml 应是 never 和 grounds 两项")
    return table.check_keys(("never", "grounds"))
