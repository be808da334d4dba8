"""The figures of findings: by group, by kind, by what has become of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from xinmei.core.rulebook import Criterion, criteria
from xinmei.reports.figures.facts import GROUPS, Facts, Kind, Query, of_findings
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.models import Finding

Status = Finding.Status
STATES = {
    Status.CLOSED: "已办结",
    Status.RECTIFIED: "已整改待复查",
    Status.NOTIFIED: "整改中",
    Status.CONFIRMED: "系统记录在案",
}


def group_of(criterion: Criterion) -> str:
    """The part of the third section in which a kind of fault stands."""
    if criterion.set == "inspection":
        return "veto" if criterion.kind == "VETO" else "deduction"
    return "assessment" if criterion.set == "assessment" else "duty"


def add_findings(facts: Facts) -> None:
    """Counts the findings: all of them, by group, by kind and by status."""
    rows = Finding.objects.filter(**of_findings(facts)["where"]).select_related("account", "unit")
    found = describe(list(rows.order_by("unit__path", "owner", "observed_at", "pk")), texts=False)
    facts.doubted = sum(one.finding.contradicted for one in found)
    by_kind: dict[tuple[str, str], list[Said]] = {}
    for one in found:
        by_kind.setdefault((one.finding.set, one.finding.criterion), []).append(one)
    facts.kinds = [Kind(one, group_of(one), tuple(by_kind[key])) for key, one in criteria().items() if key in by_kind]
    facts.kinds.sort(key=lambda kind: list(GROUPS).index(kind.group))
    _add(facts, "findings", "发现并确认的问题", "owners", "涉及账号（单位）", found)
    for group, label in GROUPS.items():
        here = [one for kind in facts.kinds if kind.group == group for one in kind.found]
        query: Query = {
            "set": "inspection" if group in ("veto", "deduction") else group,
            "criterion__in": [one.criterion for one in criteria().values() if group_of(one) == group],
        }
        _add(facts, group, label, f"{group}.owners", f"{label}涉及账号（单位）", here, **query)
    for kind in facts.kinds:
        key, label = kind.key, kind.criterion.title
        query = {"set": kind.criterion.set, "criterion": kind.criterion.criterion}
        _add(facts, key, label, f"{key}.owners", f"{label}涉及账号（单位）", kind.found, **query)
    states = Counter(one.finding.status for one in found)
    for status, label in STATES.items():
        facts.count(f"status.{status}", label, states[status], of_findings(facts, status=str(status)))


def _add(
    facts: Facts, key: str, label: str, owners_key: str, owners_label: str, found: Sequence[Said], **query: Any
) -> None:
    """How many findings, and whom they concern."""
    facts.count(key, label, len(found), of_findings(facts, **query))
    owners = len({one.finding.owner for one in found})
    facts.count(owners_key, owners_label, owners, of_findings(facts, "owners", **query))
