"""Which row is which account: by handle, then link, then platform, name and unit. Nothing is assumed beyond that.

Two of these agreeing outweigh the one that names another account. Each account answers one row, each row one account:
the pairs that agree most come first, then the earlier row. Where two accounts agree with a row alike, neither is taken.
All of it is done with tables by key, so that twice the rows take twice the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from xinmei.core.upstream.links import is_page, plain_link
from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.reading import UpstreamRow
from xinmei.core.upstream.rules import Upstream, plain

# A handle goes before a link, a link before a name; any two go before the third.
BY_HANDLE, BY_LINK, BY_NAME = 4, 3, 2
# What so many accounts share names none of them.
MOST_ALIKE = 20


@dataclass
class Pairing:
    """By place: of each paired row its account; of a row that comes again, the account that another row has; of a row
    with which several accounts agree alike, these.
    """

    pairs: dict[int, int] = field(default_factory=dict)
    again: dict[int, int] = field(default_factory=dict)
    torn: dict[int, list[int]] = field(default_factory=dict)


class Keys:
    """The accounts by what identifies them."""

    def __init__(self, ours: Sequence[Ours], rules: Upstream) -> None:
        self.rules = rules
        self.ours = ours
        self.by_handle: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self.by_link: defaultdict[str, list[int]] = defaultdict(list)
        self.by_name: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        for place, one in enumerate(ours):
            if one.handle:
                handle = plain_handle(one.handle)
                self.by_handle[one.platform, handle].append(place)
                self.by_handle["", handle].append(place)
            if is_page(link := plain_link(one.url, rules.ignored_in_links)):
                self.by_link[link].append(place)
            self.by_name[one.platform, one.name, one.unit].append(place)

    def agreeing(self, row: UpstreamRow) -> dict[int, int]:
        """The accounts that agree with a row in any key, with the weight of the keys."""
        found: defaultdict[int, int] = defaultdict(int)
        if row.handle:
            self._add(found, self.by_handle.get((row.platform, plain_handle(row.handle))), BY_HANDLE)
        if row.url and is_page(link := plain_link(row.url, self.rules.ignored_in_links)):
            self._add(found, self.by_link.get(link), BY_LINK)
        if row.name and row.platform and row.unit:
            self._add(found, self.by_name.get((row.platform, row.name, row.unit)), BY_NAME)
        return found

    @staticmethod
    def _add(found: defaultdict[int, int], places: list[int] | None, weight: int) -> None:
        for place in places or () if len(places or ()) <= MOST_ALIKE else ():
            found[place] += weight


def plain_handle(text: str) -> str:
    """A handle without differences of width, case and blanks, and without the @ before it."""
    return plain(text).lstrip("@")


def pair(ours: Sequence[Ours], rows: Sequence[UpstreamRow], rules: Upstream) -> Pairing:
    """Pairs the rows of an export with accounts."""
    keys = Keys(ours, rules)
    agreements = [
        (_rank(weight, ours[account], row), place, account)
        for place, row in enumerate(rows)
        for account, weight in keys.agreeing(row).items()
    ]
    agreements.sort()
    found, taken = Pairing(), set()
    for (_, place), alike in groupby(agreements, key=lambda one: one[:2]):
        if place in found.pairs or place in found.torn:
            continue
        accounts = [account for _, _, account in alike]
        free = [account for account in accounts if account not in taken]
        if len(free) == 1:
            found.pairs[place] = free[0]
            found.again.pop(place, None)
            taken.add(free[0])
        elif free:
            found.torn[place] = free
            found.again.pop(place, None)
        else:
            found.again.setdefault(place, accounts[0])
    return found


def _rank(weight: int, account: Ours, row: UpstreamRow) -> tuple[int, bool, bool, bool, bool]:
    """Smaller is better."""
    return (
        -weight,
        not account.in_service,
        account.platform != row.platform,
        account.name != row.name,
        account.unit != row.unit,
    )
