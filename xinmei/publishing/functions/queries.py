"""Which functions a person sees, and which are to be looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from xinmei.people.doors import day_of, in_force, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.functions.models import Function, Outage
from xinmei.registry.models import Account

# A function is looked at once a day; one that failed, again after an hour; what works is written down once a week.
# Names that never exist (RFC 6761), as those of a made city: to look tells nothing.
MADE = ".invalid/"
DAILY, AGAIN, WEEKLY = timedelta(hours=24), timedelta(hours=1), timedelta(days=7)


def functions_visible_to(acting: Acting) -> QuerySet[Function]:
    """Functions of the accounts in reach."""
    return Function.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "account__unit"))


def with_outage(functions: QuerySet[Function], at: datetime) -> QuerySet[Function]:
    """Each with `announced_outage`: whether an outage that was announced covers the day."""
    return functions.annotate(announced_outage=_is_announced(at))


def _is_announced(at: datetime) -> Exists:
    today = day_of(at)
    return Exists(Outage.objects.filter(function=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today))


def to_look_at(at: datetime) -> QuerySet[Function]:
    """Those in force, of accounts in service, whose turn it is, the longest waiting first."""
    suspected = Q(failed_at__isnull=False, outcome__in=("", "works", "unseen"))
    due = Q(looked_at__isnull=True) | Q(looked_at__lte=at - DAILY) | suspected & Q(looked_at__lte=at - AGAIN)
    serving = Function.objects.filter(in_force(day_of(at)), account__status__in=Account.SERVING)
    serving = serving.exclude(url="").exclude(url__contains=MADE)
    return with_outage(serving.filter(due), at).order_by(F("looked_at").asc(nulls_first=True), "pk")


def to_mend(acting: Acting, at: datetime) -> QuerySet[Function]:
    """Those of one's own unit that do not work, and of which the public was not told. Newest failures first."""
    own = Function.objects.filter(in_force(day_of(at)), account__unit=acting.unit_id, outcome="fails")
    return own.exclude(_is_announced(at)).order_by("-failed_at", "pk")
