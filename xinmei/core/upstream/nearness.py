"""What looks alike without being the same: offered to people, never assumed.

Near is an account that no row answers, on the row's platform, whose name differs from the row's by width and blanks
alone (of whatever unit), or by one or two characters (of the same unit, also where that is called by a short name).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.reading import UpstreamRow
from xinmei.core.upstream.rules import plain

MOST_NEAR = 10
MOST_UNITS = 50
SHORTEST_UNIT = 3
# From this length on a name may differ by two characters, from the other by one.
TWO_OFF, ONE_OFF = 5, 3


def distance(one: str, other: str, most: int) -> int:
    """How many characters must be changed, added or left out; `most` + 1 where it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != against)))
        if min(now) > most:
            return most + 1
        before = now
    return before[-1]


def allowed_distance(name: str) -> int:
    """By how many characters a name of this length may differ."""
    return 2 if len(name) >= TWO_OFF else 1 if len(name) >= ONE_OFF else 0


class Neighbours:
    """The accounts that no row answers, by what a near row has in common with them."""

    def __init__(self, ours: Sequence[Ours], places: Iterable[int]) -> None:
        self.ours = ours
        self.names: dict[int, str] = {}
        self.by_name: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_unit: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_piece: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.units: defaultdict[str, set[str]] = defaultdict(set)
        for place in places:
            one = ours[place]
            name = self.names[place] = plain(one.name)
            for platform in (one.platform, ""):
                self.by_name[platform, name].append(place)
                self.by_unit[platform, one.unit].append(place)
                for piece in _pieces(name):
                    self.by_piece[platform, piece].append(place)
            if one.unit not in self.units.get(unit := plain(one.unit), ()):
                for word in (unit, *map(plain, one.unit_names), *_endings(unit)):
                    self.units[word].add(one.unit)

    def near(self, row: UpstreamRow) -> list[int]:
        """The accounts near to a row, the nearest first."""
        name, platform = plain(row.name), "" if row.platform == "other" else row.platform
        if not name:
            return []
        found = dict.fromkeys(self.by_name.get((platform, name), ())[: MOST_NEAR + 1], 0)
        for place in self._of_unit(platform, row) if row.unit else self._alike(platform, name):
            most = min(allowed_distance(name), allowed_distance(self.names[place]))
            if place not in found and (far := distance(name, self.names[place], most)) <= most:
                found[place] = far
        return sorted(found, key=lambda place: (found[place], self.ours[place].id))[:MOST_NEAR]

    def _of_unit(self, platform: str, row: UpstreamRow) -> Iterable[int]:
        """The accounts on the platform of the units that the row may mean."""
        said = plain(row.unit)
        units = self.units.get(said, set()) | set().union(*(self._named(ending) for ending in _endings(said)))
        for unit in sorted(units)[:MOST_UNITS]:
            yield from self.by_unit.get((platform, unit), ())

    def _named(self, name: str) -> set[str]:
        """The units that are called just so: what the row says is their name with more before it."""
        return {unit for unit in self.units.get(name, ()) if plain(unit) == name}

    def _alike(self, platform: str, name: str) -> Iterable[int]:
        """Where the row names no unit: names that become the same when either loses one character."""
        found = dict.fromkeys(place for piece in _pieces(name) for place in self.by_piece.get((platform, piece), ()))
        return list(found)[: MOST_NEAR * MOST_UNITS]


def _pieces(name: str) -> set[str]:
    """The name, and the name without each of its characters."""
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _endings(unit: str) -> list[str]:
    """「市教育局」 of 「宿迁市教育局」."""
    return [unit[place:] for place in range(1, len(unit) - SHORTEST_UNIT + 1)]
