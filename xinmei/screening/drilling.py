"""自测: faults planted into copies of last week's posts, every week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.drill import KINDS, Planted, Planter
from xinmei.publishing.models import Post, join_text
from xinmei.screening.models import Drill
from xinmei.screening.trying import show_hit

WEEK = timedelta(days=7)
# So many posts at most, so that a drill takes seconds; so many misses are shown.
SAMPLE, MISSES = 900, 200
# Of the posts of these codes, those in which a person has confirmed a fault, each with the category: a hit there is no
# false alarm. A room above answers it.
Confirmed = Callable[[list[str]], set[tuple[str, str]]]


def monday_of(at: datetime) -> date:
    """The Monday of the last whole week before `at`, in Shanghai."""
    today = at.astimezone(SHANGHAI).date()
    return today - timedelta(days=today.weekday() + 7)


def drill(monday: date, screen: Screen, at: datetime, confirmed: Confirmed) -> Drill | None:
    """Plants one fault into a copy of each post of a sample of the week and counts what the screen finds; None where
    the week has no posts.

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
        defaults={
            "ran_at": at,
            "version": screen.version,
            "posts": len(copies),
            **_count(copies, screen, monday, confirmed),
        },
    )
    return row


def _count(copies: list[tuple[str, Planted]], screen: Screen, day: date, confirmed: Confirmed) -> dict[str, Any]:
    planted, found, seen = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    alarms = Counter[str]()
    misses: list[dict[str, str]] = []
    faults = confirmed([code for code, _ in copies])
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
            if hit.shelf == "confident" and hit not in here and (code, hit.category) not in faults
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
