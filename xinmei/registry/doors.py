"""The doors of §二、三: units, accounts, looks.

- `accounts_visible_to(acting)`: the register, public part, is for all; `accounts_seen_within(acting)`: whose posts,
  clock and page `acting` sees.
- `sees_contact(acting, account)`: contact and (masked) phone.
- `account_for(acting, code)`: every account has a page; `is_within(acting, account)` tells whether it shows more than
  the public register.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from xinmei.people.doors import check, one_by_code, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q, reaches
from xinmei.registry.models import Account
from xinmei.units.models import Unit


def units_visible_to(acting: Acting) -> QuerySet[Unit]:
    """Units in reach: their pages and search.

    Names of hosts stand in the public register, the page of a unit out of reach does not exist.
    """
    return Unit.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "pk"))


def accounts_visible_to(acting: Acting) -> QuerySet[Account]:
    """The register: name, platform, host, status, since when, announcements are public."""
    return Account.objects.all()


def accounts_seen_within(acting: Acting, thing: str = "posts") -> QuerySet[Account]:
    """The accounts of which `acting` sees more than the public register."""
    return Account.objects.filter(reach_q(acting, reach_to_see(acting, thing)))


def is_within(acting: Acting, account: Account, thing: str = "posts") -> bool:
    """Whether the page of this account shows that part; out of reach it shows the public register and no more."""
    return reaches(acting, reach_to_see(acting, thing), account.unit_id)


def sees_contact(acting: Acting, account: Account) -> bool:
    """Whether contact, phone, custody and filings under way are shown.

    The name of a contact is not masked, the phone is.
    """
    return is_within(acting, account, "register_contact")


def account_for(acting: Acting, code: str) -> Account:
    """An account by its code; Http404 where there is none."""
    rows = accounts_visible_to(acting).select_related("unit", "custody__holder", "custody__offered_to")
    return one_by_code(rows, code)


def contact_for(acting: Acting, code: str, to: str = "read") -> Account:
    """An account whose contact is shown, to read or to "reveal" its phone.

    Raises Http404 where it is not shown, Refused for lack of right.
    """
    account = account_for(acting, code)
    if not sees_contact(acting, account):
        raise Http404
    if to != "read":
        check(acting, to, "account", code)
    return account


def unit_for(acting: Acting, code: str) -> Unit:
    """A unit by its code; Http404 out of reach."""
    return one_by_code(units_visible_to(acting), code)


def host_named(given: Mapping[str, Any]) -> int | None:
    """The number of the unit that hosts the account which `given` names; None where it names none. One query."""
    code = _code_in(given, "account")
    return Account.objects.filter(code=code).values_list("unit", flat=True).first() if code else None


def unit_named(given: Mapping[str, Any]) -> int | None:
    """The number of the unit that `given` names; None where it names none. One query."""
    code = _code_in(given, "unit")
    return Unit.objects.filter(code=code).values_list("pk", flat=True).first() if code else None


def _code_in(given: Mapping[str, Any], name: str) -> str:
    code = given.get(name)
    return code.strip() if isinstance(code, str) and "\0" not in code else ""
