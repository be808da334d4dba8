"""自测: faults planted into copies of last week's posts, every week; and the rules whose hits reviewers keep dismissing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Q

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.drill import KINDS, Planted, Planter
from xinmei.publishing.models import Post, join_text
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.models import Drill, Finding
from xinmei.supervision.trying import show_hit
from xinmei.supervision.watches.posts import CRITERIA

WEEK = timedelta(days=7)
# So many posts at most, so that a drill takes seconds; so many misses are shown.
SAMPLE, MISSES = 900, 200
LOOKED_BACK, JUDGED_AT_LEAST = timedelta(days=90), 5
# A rule of which half is dismissed costs the reviewers more than it finds.
DISMISSED_AT_LEAST = 0.5
DECIDED = 3000


def monday_of(at: datetime) -> date:
    """The Monday of the last whole week before `at`, in Shanghai."""
    today = at.astimezone(SHANGHAI).date()
    return today - timedelta(days=today.weekday() + 7)


def drill(monday: date, screen: Screen, at: datetime) -> Drill | None:
    """Plants one fault into a copy of each post of a sample of the week and counts what the screen finds; None where the week has no posts.

    Seeded by the week: the same posts and rules give the same drill, which replaces the one that stands.
    """
    week = "{}-W{:02d}".format(*monday.isocalendar()[:2])
    random = Random(week)  # noqa: S311 - the same copies each time are wanted
    start = datetime.combine(monday, datetime.min.time(), SHANGHAI)
    numbers = list(
        Post.objects.filter(published_at__gte=start, published_at__lt=start + WEEK)
        .exclude(text="")
        .order_by("code")
        .values_list("pk", flat=True)
    )
    if not numbers:
        return None
    chosen = random.sample(numbers, min(SAMPLE, len(numbers)))
    posts = list(Post.objects.filter(pk__in=chosen).order_by("code").values_list("code", "title", "text"))
    planter = Planter(screen.packs, RULES / "screening", monday)
    kinds = list(KINDS)
    copies: list[tuple[str, Planted]] = []
    for place, (code, title, text) in enumerate(posts):
        planted = planter.plant(kinds[place % len(kinds)], join_text(title, text), random)
        if planted:
            copies.append((code, planted))
    row, _ = Drill.objects.update_or_create(
        week=week,
        defaults={"ran_at": at, "version": screen.version, "posts": len(copies), **_count(copies, screen, monday)},
    )
    return row


def _count(copies: list[tuple[str, Planted]], screen: Screen, day: date) -> dict[str, Any]:
    planted, found, seen = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    alarms = Counter[str]()
    misses: list[dict[str, str]] = []
    confirmed = _confirmed([code for code, _ in copies])
    for (code, copy), hits in zip(copies, screen.scan((copy.text for _, copy in copies), day), strict=True):
        key = (copy.kind, copy.category)
        here = [hit for hit in hits if hit.start < copy.end and copy.start < hit.end]
        shelves = {hit.shelf for hit in here if hit.category == copy.category}
        planted[key] += 1
        found[key] += "confident" in shelves
        seen[key] += bool(shelves)
        if "confident" not in shelves and len(misses) < MISSES:
            misses.append(
                {
                    "kind": copy.kind,
                    "post": code,
                    "shelf": "possible" if shelves else "",
                    **show_hit(copy.text, copy.start, copy.end),
                }
            )
        elsewhere = {
            hit.category
            for hit in hits
            if hit.shelf == "confident" and hit not in here and (code, hit.category) not in confirmed
        }
        alarms.update(elsewhere)
    lines = [
        {
            "kind": kind,
            "category": category,
            "planted": planted[kind, category],
            "found": found[kind, category],
            "seen": seen[kind, category],
        }
        for kind, category in sorted(planted, key=lambda key: (list(KINDS).index(key[0]), key[1]))
    ]
    return {"lines": lines, "alarms": dict(alarms), "misses": misses}


def _confirmed(codes: list[str]) -> set[tuple[str, str]]:
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
    """The rules of which reviewers dismissed at least half in the last 90 days, of at least five judged; the worst first.

    A finding is judged once for each rule that hit in it; what the system itself dismissed is not counted. The newest 3,000 decisions are read.
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
