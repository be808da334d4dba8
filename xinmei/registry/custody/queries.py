"""Who holds which account."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, QuerySet

from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.custody.models import Custody
from xinmei.registry.models import Account, AccountInCustody

SOON = timedelta(days=60)


def in_custody_visible_to(acting: Acting) -> QuerySet[AccountInCustody]:
    """「Custody: O, S, C」: the accounts in reach, whether anything is recorded or not."""
    return AccountInCustody.objects.filter(reach_q(acting, reach_to_see(acting, "register_contact")))


def custody_of(account: Account) -> Custody | None:
    """What is recorded for the unit that hosts the account now; 「a change of `unit` ends it」."""
    try:
        custody: Custody = account.custody
    except ObjectDoesNotExist:
        return None
    return custody if custody.unit_id == account.unit_id else None


def as_in_custody(account: Account) -> AccountInCustody:
    """The account that is at hand, as something that somebody holds. No query."""
    held = AccountInCustody(**{one.attname: getattr(account, one.attname) for one in Account._meta.concrete_fields})
    held._state = account._state
    return held


def standing() -> QuerySet[Custody]:
    """The custodies of accounts in service, each for the unit that hosts it."""
    return Custody.objects.filter(unit=F("account__unit"), account__status__in=Account.SERVING)


def running_out(today: date) -> QuerySet[Custody]:
    """Those whose certification runs out soon, or has run out."""
    return standing().filter(certified_until__lte=today + SOON)
