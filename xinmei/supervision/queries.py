"""The questions of §十, each starting from what the person may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from xinmei.core.looks import DELETED_AT_ONCE
from xinmei.core.rulebook import silence, silence_warning
from xinmei.people.doors import day_of, reach_to_see, sees
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.screening.models import ScreeningHit
from xinmei.supervision import doors
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import Said, describe, veto_q_values
from xinmei.supervision.models import Finding, Inspection, Objection
from xinmei.supervision.watches.posts import CRITERIA

Status = Finding.Status
VETOES = reduce(or_, (Q(set=set_, criterion=criterion) for set_, criterion in veto_q_values()))
OPEN = (Status.SUSPECTED, Status.NOTIFIED, Status.RECTIFIED)
# An objection to it waits for its answer. A condition of its own, so that nothing is counted once an objection.
OBJECTED = Q(Exists(Objection.objects.filter(finding=OuterRef("pk"), decided_at__isnull=True)))
CONTRADICTED = Q(contradicted=True) & ~Q(status=Status.DISMISSED)
# What became of findings in the last day, by the moment that says so.
LAST_DAY = {"newly_sent": "confirmed_at", "newly_cured": "rectified_at", "newly_closed": "closed_at"}
RECENT = timedelta(days=7)


def with_last_update(accounts: QuerySet[Account], now: datetime) -> QuerySet[Any, Any]:
    """The accounts with `last_update`: the newest post up to `now` that counts as an update.

    A post that was deleted within 24 hours does not count.
    """
    counted = Q(deleted_at__isnull=True) | Q(deleted_at__gt=F("published_at") + DELETED_AT_ONCE)
    newest = (
        Post.objects.filter(counted, account=OuterRef("pk"), published_at__lte=now)
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    return accounts.annotate(last_update=Subquery(newest, output_field=DateTimeField()))


def lapsing(acting: Acting, now: datetime) -> QuerySet[Any, Any]:
    """Accounts in service that are about to be silent for two weeks, of those whose clock the person sees.

    A warning on day 10 is worth more than a report on day 15.
    """
    seen = Account.objects.filter(reach_q(acting, reach_to_see(acting, "posts")), status__in=Account.SERVING)
    return about_to_lapse(with_last_update(seen.select_related("unit"), now), now).order_by("last_update")


def about_to_lapse(accounts: QuerySet[Any, Any], now: datetime) -> QuerySet[Any, Any]:
    """Of accounts `with_last_update` those whose silence is long enough for a warning, and not yet too long."""
    day = day_of(now)
    return accounts.filter(last_update__gt=now - silence(day), last_update__lte=now - silence_warning(day))


def open_findings(acting: Acting) -> QuerySet[Finding]:
    """Findings that wait for someone."""
    return doors.findings_visible_to(acting).filter(status__in=OPEN)


def overdue(findings: QuerySet[Finding], now: datetime) -> QuerySet[Finding]:
    """Findings that were sent and not rectified in their term."""
    return findings.filter(status=Status.NOTIFIED, rectify_by__lt=now)


def of_the_last_day(findings: QuerySet[Finding], what: str, now: datetime) -> QuerySet[Finding]:
    """Findings that were sent, cured or closed in the last day (`LAST_DAY`)."""
    return findings.filter(**{f"{LAST_DAY[what]}__gt": now - timedelta(days=1)})


def in_the_news(findings: QuerySet[Finding], now: datetime) -> QuerySet[Finding]:
    """What those who answer for a unit must know of: what was sent and is not settled, and what stood firm in the last
    week: confirmed by a person and closed since, or recorded by the system.
    """
    since = now - RECENT
    settled = Q(status=Status.CLOSED, confirmed_at__gt=since) | Q(status=Status.CONFIRMED, observed_at__gt=since)
    return findings.filter(Q(status__in=(Status.NOTIFIED, Status.RECTIFIED)) | settled)


def order_of_worst() -> Case:
    """Vetoes first, then what costs points, then the rest: the order in which suspicions are decided."""
    return Case(
        When(VETOES, then=Value(0)), When(set="duty", then=Value(2)), default=Value(1), output_field=IntegerField()
    )


def suspicions(acting: Acting) -> QuerySet[Finding]:
    """What waits for a decision, the worst first. Whoever holds a position at the host does not decide about it."""
    rows = doors.findings_visible_to(acting).filter(status=Status.SUSPECTED)
    return (
        rows.exclude(unit__in=acting.held_at)
        .annotate(worst=order_of_worst())
        .order_by("worst", "set", "criterion", "id")
    )


MOST_IN_ONE_GO = 200


def of_the_same_rule(acting: Acting, finding: Finding) -> list[tuple[int, int]]:
    """The other suspicions that can be decided together with this one, as (number, unit).

    After a screening they are those with nothing but the same words under the same rules. All others are of the same
    criterion and the same account.
    """
    rows = suspicions(acting).filter(set=finding.set, criterion=finding.criterion).exclude(pk=finding.pk)
    hits = {(hit["rule"], hit["text"]) for hit in read_hits(finding.evidence)[1]}
    if not hits:
        rows = rows.filter(account=finding.account_id, unit=finding.unit_id)
        return list(rows.values_list("pk", "unit")[:MOST_IN_ONE_GO])
    of = "message" if "message" in finding.detail else "post"
    words = reduce(or_, (Q(rule=rule, text=text) for rule, text in hits))
    confident = ScreeningHit.objects.filter(shelf="confident", **{f"{of}__isnull": False})
    alike = set(confident.filter(words).values_list(f"{of}__code", flat=True)[: 5 * MOST_IN_ONE_GO])
    others = confident.filter(**{f"{of}__code__in": alike}).exclude(words)
    if categories := [category for category, (_, criterion) in CRITERIA.items() if criterion == finding.criterion]:
        others = others.filter(category__in=categories)
    alike -= set(others.values_list(f"{of}__code", flat=True))
    return list(rows.filter(subject__in=alike).values_list("pk", "unit")[:MOST_IN_ONE_GO])


def alike(acting: Acting, finding: Finding) -> list[Said]:
    """The newest five findings of the same criterion, decided or dismissed: how such cases were seen before."""
    rows = (
        doors.findings_visible_to(acting)
        .filter(set=finding.set, criterion=finding.criterion)
        .exclude(pk=finding.pk)
        .exclude(status=Status.SUSPECTED)
    )
    return describe(list(rows.select_related("account", "unit").order_by("-id")[:5]), texts=sees(acting, "messages"))


def unseen_accounts(acting: Acting, inspection: Inspection) -> QuerySet[Account]:
    """Accounts that a round could not see.

    `last_seen` is the end of their newest complete look before it; `feeds_read` counts the addresses that are read by
    machine.
    """
    unseen = doors.coverage_visible_to(acting).filter(inspection=inspection, observed=False)
    newest = Max("looks__window_end", filter=Q(looks__outcome="complete", looks__window_end__lte=inspection.at))
    reason = unseen.filter(account=OuterRef("pk")).values("reason")[:1]
    read = Count("feeds", distinct=True)
    rows = Account.objects.filter(pk__in=unseen.values("account")).select_related("unit")
    return rows.annotate(last_seen=newest, reason=Subquery(reason), feeds_read=read)
