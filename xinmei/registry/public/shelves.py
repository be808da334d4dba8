"""The whole register as lists that everybody can leaf through: by area, by platform. A shelf is one list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from xinmei.people.events import PUBLIC
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.models import Account
from xinmei.registry.public.queries import GONE
from xinmei.units.models import Unit

# So many lines are some 15 KB compressed.
ON_A_PAGE = 300
CITY, AREA, PLATFORM, OWN = "city", "area", "platform", "own"


@dataclass(frozen=True)
class Shelf:
    """One list: the accounts of the city's own units, of an area, or on a platform."""

    by: str
    key: str
    name: str
    count: int
    living: int

    @property
    def address(self) -> str:
        """Where its first page stands."""
        return self.page_at(1)

    @property
    def pages(self) -> int:
        """How many pages it has, one at least."""
        return max(1, -(-self.count // ON_A_PAGE))

    def page_at(self, number: int) -> str:
        """The address of one of its pages."""
        whole = reverse("public_shelf", args=[self.by, self.key])
        return whole if number == 1 else f"{whole}{number}/"

    @property
    def addresses(self) -> list[str]:
        """Those of all its pages."""
        return [self.page_at(number) for number in range(1, self.pages + 1)]


def shelves() -> tuple[list[Shelf], list[Shelf]]:
    """The lists by area, the city's own first, and those by platform; none that is empty. Two queries."""
    areas = list(_areas())
    all_of: Counter[tuple[str, str]] = Counter()
    living: Counter[tuple[str, str]] = Counter()
    for platform, status, path in accounts_visible_to(PUBLIC).values_list("platform", "status", "unit__path"):
        of_area = [(AREA, one.code) for one in areas if path.startswith(one.path)] or [(CITY, OWN)]
        for key in (*of_area, (PLATFORM, platform)):
            all_of[key] += 1
            living[key] += status not in GONE
    named = [(CITY, OWN, "市级"), *((AREA, one.code, one.name) for one in areas)]
    platforms = [(PLATFORM, value, label) for value, label in Account.Platform.choices]
    made = [
        [Shelf(*one, all_of[one[:2]], living[one[:2]]) for one in several if all_of[one[:2]]]
        for several in (named, platforms)
    ]
    return made[0], made[1]


def shelf_for(by: str, key: str) -> tuple[Shelf, QuerySet[Account]] | None:
    """One list with its accounts; None where there is none. Three queries at most."""
    rows = accounts_visible_to(PUBLIC).select_related("unit").order_by("unit__path", "unit__code", "platform", "code")
    if by == PLATFORM and key in Account.Platform.values:
        name, rows = str(Account.Platform(key).label), rows.filter(platform=key)
    elif by == AREA and (area := _areas().filter(code=key).first()):
        name, rows = area.name, rows.filter(unit__path__startswith=area.path)
    elif (by, key) == (CITY, OWN):
        in_areas = reduce(or_, (Q(unit__path__startswith=one.path) for one in _areas()), Q(pk__in=()))
        name, rows = "市级", rows.exclude(in_areas)
    else:
        return None
    counted = rows.aggregate(all_of=Count("pk"), gone=Count("pk", filter=Q(status__in=GONE)))
    return Shelf(by, key, name, counted["all_of"], counted["all_of"] - counted["gone"]), rows


def _areas() -> QuerySet[Unit]:
    kinds = (Unit.Kind.COUNTY, Unit.Kind.ZONE)
    return Unit.objects.filter(kind__in=kinds, merged_into__isnull=True).order_by("path", "code")
