"""What people decided about hits: the faults they confirmed, and the rules whose hits they keep dismissing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from xinmei.supervision.evidence import read_hits
from xinmei.supervision.models import Finding
from xinmei.supervision.watches.posts import CRITERIA

LOOKED_BACK, JUDGED_AT_LEAST = timedelta(days=90), 5
# A rule of which half is dismissed costs the reviewers more than it finds.
DISMISSED_AT_LEAST = 0.5
DECIDED = 3000


def confirmed_in(codes: list[str]) -> set[tuple[str, str]]:
    """The posts, with the category, in which a person has confirmed a fault: a hit there is no false alarm."""
    categories = defaultdict(list)
    for category, (_, criterion) in CRITERIA.items():
        categories[criterion].append(category)
    rows = Finding.objects.filter(subject__in=codes, criterion__in=categories, confirmed_at__isnull=False).exclude(
        status=Finding.Status.DISMISSED
    )
    return {
        (code, category)
        for code, criterion in rows.values_list("subject", "criterion")
        for category in categories[criterion]
    }


@dataclass(frozen=True, slots=True)
class Dismissals:
    """How often reviewers dismissed what a rule found."""

    rule: str
    judged: int
    dismissed: int

    @property
    def percent(self) -> int:
        """Of those judged, rounded down."""
        return 100 * self.dismissed // self.judged


def count_dismissals(at: datetime) -> list[Dismissals]:
    """The rules of which reviewers dismissed at least half in the last 90 days, the worst first.

    A rule counts from five judged findings on. A finding is judged once for each rule that hit in it. What the system
    itself dismissed is not counted. Only the newest 3,000 decisions are read.
    """
    since = at - LOOKED_BACK
    criteria = {criterion for _, criterion in CRITERIA.values()}
    decided = Q(confirmed_at__gt=since, confirmed_at__lte=at) | (
        Q(dismissed_at__gt=since, dismissed_at__lte=at) & ~Q(dismissed_by="")
    )
    rows = (
        Finding.objects.filter(decided, criterion__in=criteria, entered_by="")
        .select_related("evidence")
        .order_by("-pk")[:DECIDED]
    )
    judged, dismissed = Counter[str](), Counter[str]()
    for finding in rows.iterator(chunk_size=500):
        rules = {str(hit["rule"]) for hit in read_hits(finding.evidence)[1]}
        judged.update(rules)
        if finding.status == Finding.Status.DISMISSED:
            dismissed.update(rules)
    rates = [Dismissals(rule, count, dismissed[rule]) for rule, count in judged.items() if count >= JUDGED_AT_LEAST]
    bad = [rate for rate in rates if rate.dismissed >= rate.judged * DISMISSED_AT_LEAST]
    return sorted(bad, key=lambda rate: (-rate.percent, -rate.judged, rate.rule))
