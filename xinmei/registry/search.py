"""Units, accounts and filings by name, code, handle or number; units and accounts by the first letters too."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse

from xinmei.core.initials import are_letters, goes_by
from xinmei.pages.search import MOST, MOST_SUGGESTED, Block, Hit, Suggestion, take
from xinmei.people.events import Acting
from xinmei.registry.doors import accounts_visible_to, units_visible_to
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.queries import name_of
from xinmei.registry.models import Account
from xinmei.units.models import Unit

UNIT, ACCOUNT = "unit", "account"


def is_called(q: str) -> Q:
    """Accounts that are called so, or whose host is: as the list of accounts filters."""
    return Q(name__icontains=q) | Q(handle__icontains=q) | Q(code=q) | Q(unit__name__icontains=q)


def is_about(q: str) -> Q:
    """Filings about an account or of a unit that is called so, or of this number: as the list of filings filters."""
    about = Q(account__name__icontains=q) | Q(profile__name__icontains=q) | Q(unit__name__icontains=q)
    return about | (Q(pk=int(q)) if q.isascii() and q.isdigit() and len(q) < 19 else Q())


def search(acting: Acting, q: str, _now: datetime, most: int = MOST) -> list[Block]:
    """The units and accounts that are called so, and the filings about them. Three queries."""
    return [_units(acting, q, most), _accounts(acting, q, most), _filings(acting, q, most)]


def _units(acting: Acting, q: str, most: int) -> Block:
    rows = units_visible_to(acting).filter(Q(name__icontains=q) | Q(code=q))
    found, count = take(rows, most)
    hits = [Hit(one.name, one.get_absolute_url(), one.get_kind_display()) for one in found]
    return Block("单位", hits, 10, count)


def _accounts(acting: Acting, q: str, most: int) -> Block:
    rows = accounts_visible_to(acting).filter(is_called(q)).select_related("unit").order_by(*_nearest_first(q))
    found, count = take(rows, most)
    hits = [Hit(one.name, one.get_absolute_url(), one.get_platform_display(), one.unit.name) for one in found]
    return Block("账号", hits, 20, count, f"{reverse('accounts')}?all=1&q={quote(q)}")


def _filings(acting: Acting, q: str, most: int) -> Block:
    rows = filings_visible_to(acting).filter(is_about(q)).select_related("unit", "account")
    found, count = take(rows, most)
    hits = [
        Hit(name_of(one), reverse("filing", args=[one.pk]), one.get_state_display(), one.unit.name) for one in found
    ]
    return Block("备案", hits, 25, count, f"{reverse('filings')}?q={quote(q)}")


def _nearest_first(q: str) -> tuple[Any, ...]:
    """Those that are called exactly so, then those whose name begins so, then the others in the order of the tree."""
    near = Case(When(name=q, then=Value(0)), When(name__istartswith=q, then=Value(1)), default=Value(2))
    return near, "unit__path", "platform", "code"


def suggest(acting: Acting, q: str, kind: str, _of: str) -> list[Suggestion]:
    """Units and accounts by a part of their name, by their code, or by the first letters of their name.

    Two queries each at most.
    """
    found: list[Suggestion] = []
    if kind in ("", UNIT):
        rows = units_visible_to(acting)
        called = Q(name__icontains=q) | Q(code__istartswith=q)
        near = Case(When(code=q, then=Value(0)), When(name__istartswith=q, then=Value(1)), default=Value(2))
        found += map(_suggest_unit, _some(rows, called, (near, "path"), q))
    if kind in ("", ACCOUNT):
        rows_of_accounts = accounts_visible_to(acting).select_related("unit")
        called = Q(name__icontains=q) | Q(code__istartswith=q) | Q(handle__istartswith=q)
        found += map(_suggest_account, _some(rows_of_accounts, called, _nearest_first(q), q))
    return found


def _some(rows: QuerySet[Any], called: Q, order: tuple[Any, ...], q: str) -> list[Any]:
    """The first few that are called so; where too few are, those whose names go by these letters."""
    found = list(rows.filter(called).order_by(*order)[:MOST_SUGGESTED])
    if len(found) < MOST_SUGGESTED and are_letters(q):
        known = {one.pk for one in found}
        names = rows.order_by(*order[1:]).values_list("pk", "name")
        going = [pk for pk, name in names.iterator() if pk not in known and goes_by(name, q)]
        found += rows.filter(pk__in=going[: MOST_SUGGESTED - len(found)]).order_by(*order[1:])
    return found


def _suggest_unit(one: Unit) -> Suggestion:
    return Suggestion(UNIT, one.name, f"{one.get_kind_display()} · {one.code}", one.get_absolute_url(), one.code)


def _suggest_account(one: Account) -> Suggestion:
    below = f"{one.get_platform_display()} · {one.unit.name} · {one.code}"
    return Suggestion(ACCOUNT, one.name, below, one.get_absolute_url(), one.code)
