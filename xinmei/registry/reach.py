"""How far a post reaches, as accounts: for what asks an index by their numbers."""

from __future__ import annotations

from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import units_within
from xinmei.registry.models import Account


def few_accounts_within(acting: Acting, thing: str, most: int = 500) -> list[int] | None:
    """The numbers of the accounts in reach of `thing` where they are at most so many; None where they are
    more, or all.
    """
    letter = reach_to_see(acting, thing)
    units = units_within(acting, letter)
    if units is None:
        return None
    if (key := f"accounts {letter}") not in acting.cache:
        acting.cache[key] = list(Account.objects.filter(unit__in=units).values_list("pk", flat=True)[: most + 1])
    numbers: list[int] = acting.cache[key]
    return numbers if len(numbers) <= most else None
