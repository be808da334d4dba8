"""The doors of §十: findings with their evidence, inspections and coverage, samples of higher tiers.

- `findings_visible_to(acting)` and its sisters are the querysets that all lists start from.
- `finding_for(acting, pk, to="read")` is the way of a page: Http404 out of reach, Refused without the right.
- `check_may` checks one right on one finding; `stand_back` says who takes no part in judging it.
- `check_may_find(acting, unit_id)` is asked before a person enters a fault that they saw.
"""

from __future__ import annotations

from typing import NoReturn

from django.db.models import Q, QuerySet

from xinmei.core.rulebook import criteria
from xinmei.people.doors import Refused, check, one_of, reach_to_do, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q, reaches, units_within
from xinmei.people.rights import VERB_LABELS
from xinmei.supervision.models import Coverage, Evidence, Finding, Inspection, SampleResult, Step
from xinmei.units.reach import NOTHING

KIND = "finding"
# What was never sent: suspicions, and what was dismissed as one. A finding that the system itself recorded
# (CONFIRMED) is seen like one that was sent.
_BY_THE_SYSTEM = tuple(sorted(name for (_, name), criterion in criteria().items() if criterion.recorded_by == "system"))
UNSENT = Q(status=Finding.Status.SUSPECTED) | Q(
    Q(status=Finding.Status.DISMISSED, confirmed_at__isnull=True) & ~Q(criterion__in=_BY_THE_SYSTEM)
)
# Judging is for others: whoever holds a position at the host takes no part.
_NOT_BY_THE_HOST = {
    "confirm",
    "dismiss_suspected",
    "dismiss_sent",
    "decide_objection",
    "find",
    "recheck",
    "issue_order",
}
_NOT_BY_WHO_CONFIRMED = {"dismiss_sent", "decide_objection"}


def was_sent(finding: Finding) -> bool:
    """Whether a finding had left the inspectors' desk: sent to the unit, or recorded by the system itself."""
    if finding.status == Finding.Status.DISMISSED:
        return finding.confirmed_at is not None or finding.criterion in _BY_THE_SYSTEM
    return finding.status != Finding.Status.SUSPECTED


def right_to_dismiss(finding: Finding) -> str:
    """The right under which a dismissal falls: 「dismiss what is SUSPECTED」 or 「dismiss what was sent」."""
    return "dismiss_sent" if was_sent(finding) else "dismiss_suspected"


def stand_back(acting: Acting, finding: Finding, right: str) -> str:
    """Why this person must stand back although the position has the right, in Chinese; "" where they need not."""
    if right in _NOT_BY_THE_HOST and finding.unit_id in acting.held_at:
        return f"{acting}在被检查单位担任岗位，应回避"
    if right == "confirm" and finding.entered_by == acting.login:
        return f"问题 {finding.pk} 由{acting}录入，应由他人确认"
    if right in _NOT_BY_WHO_CONFIRMED and finding.confirmed_by == acting.login:
        return f"问题 {finding.pk} 由{acting}确认，应由他人处理"
    return ""


def check_may(acting: Acting, right: str, finding: Finding) -> None:
    """Raises Refused where `acting` may not use this right on this finding.

    It checks the right, the reach, and whether the person must stand back.
    """
    if not acting.judged:
        return
    check(acting, right, KIND, finding.pk)
    if not reaches(acting, reach_to_do(acting, right), finding.unit_id):
        _refuse(acting, right, finding.pk, f"问题 {finding.pk} 不在{acting.unit_name}的管辖范围内")
    if why := stand_back(acting, finding, right):
        _refuse(acting, right, finding.pk, why)


def check_may_find(acting: Acting, unit_id: int) -> None:
    """Raises Refused where `acting` may not enter a fault of this unit (or of one of its accounts)."""
    if not acting.judged:
        return
    check(acting, "find", "unit", unit_id)
    if not reaches(acting, reach_to_do(acting, "find"), unit_id):
        _refuse(acting, "find", unit_id, f"该单位不在{acting.unit_name}的管辖范围内", kind="unit")
    if unit_id in acting.held_at:
        _refuse(acting, "find", unit_id, f"{acting}在该单位担任岗位，应回避", kind="unit")


def _refuse(acting: Acting, right: str, number: object, why: str, kind: str = KIND) -> NoReturn:
    raise Refused(f"{why}，不能{VERB_LABELS[right]}", acting=acting, verb=right, kind=kind, number=number)


def findings_visible_to(acting: Acting) -> QuerySet[Finding]:
    """Findings that exist for `acting`: those sent as far as they reach, suspicions for those who decide them."""
    sent, unsent = reach_to_see(acting, "findings_sent"), reach_to_see(acting, "findings_unsent")
    if units_within(acting, sent) is None and units_within(acting, unsent) is None:
        return Finding.objects.all()
    seen = reach_q(acting, sent) & ~UNSENT
    if unsent != NOTHING:
        seen |= reach_q(acting, unsent) & UNSENT
    return Finding.objects.filter(seen)


def finding_for(acting: Acting, pk: object, to: str = "read") -> Finding:
    """The finding, to read or to act on. Raises Http404 where it is out of reach, Refused for lack of right."""
    finding = one_of(findings_visible_to(acting).select_related("account", "unit", "evidence", "inspection"), pk)
    if to != "read":
        check_may(acting, to, finding)
    return finding


def evidence_visible_to(acting: Acting) -> QuerySet[Evidence]:
    """The evidence of the findings that `acting` sees, and of their steps.

    Of a message, an observer sees only the times.
    """
    findings = findings_visible_to(acting)
    return Evidence.objects.filter(
        Q(pk__in=findings.values("evidence")) | Q(pk__in=Step.objects.filter(finding__in=findings).values("evidence"))
    )


def inspections_visible_to(acting: Acting) -> QuerySet[Inspection]:
    """Rounds of the whole city, or of a unit in reach.

    Their own totals cover the whole city. To others show the sums of `coverage_visible_to`.
    """
    letter = reach_to_see(acting, "coverage")
    if letter == NOTHING:
        return Inspection.objects.none()
    units = units_within(acting, letter)
    return (
        Inspection.objects.all()
        if units is None
        else Inspection.objects.filter(Q(unit__isnull=True) | Q(unit__in=units))
    )


def coverage_visible_to(acting: Acting) -> QuerySet[Coverage]:
    """What rounds saw of the accounts in reach, and what they could not see (看不清)."""
    return Coverage.objects.filter(reach_q(acting, reach_to_see(acting, "coverage"), "account__unit"))


def samples_visible_to(acting: Acting) -> QuerySet[SampleResult]:
    """「Samples of higher tiers, commendations and patrols are seen as findings sent are.」"""
    return SampleResult.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent"), "account__unit"))


def inspection_for(acting: Acting, pk: object) -> Inspection:
    """One round; Http404 out of reach."""
    return one_of(inspections_visible_to(acting), pk)


def evidence_for(acting: Acting, pk: object) -> Evidence:
    """One piece of evidence; Http404 out of reach."""
    return one_of(evidence_visible_to(acting), pk)
