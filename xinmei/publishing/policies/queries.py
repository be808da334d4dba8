"""Which documents a person sees, how each stands on a day, and how much of them was explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from xinmei.people.doors import day_of, one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.policies.models import Explainer, Policy

STATES = {
    "explained": "已解读",
    "fresh": "刚印发",
    "absent": "没有看到解读",
    "unseen": "看不清",
    "excused": "不用解读",
}


def policies_visible_to(acting: Acting) -> QuerySet[Policy]:
    """Documents that units within reach have to explain; seen as their posts are."""
    return Policy.objects.filter(reach_q(acting, reach_to_see(acting, "posts")))


def policy_for(acting: Acting, pk: object) -> Policy:
    """One document; Http404 out of reach."""
    return one_of(policies_visible_to(acting).select_related("unit"), pk)


def explainers_visible_to(acting: Acting) -> QuerySet[Explainer]:
    """What explains these documents: both the document and the post must lie within reach."""
    letter = reach_to_see(acting, "posts")
    return Explainer.objects.filter(
        reach_q(acting, letter, "policy__unit"), reach_q(acting, letter, "post__account__unit")
    )


def owed(day: date) -> Q:
    """Documents of which an explainer is owed: the days are over, and none was seen."""
    return Q(excused="", explained_at__isnull=True, owed_from__lte=day)


def in_state(state: str, day: date) -> Q:
    """The documents that stand so on a day."""
    open_ = Q(excused="", explained_at__isnull=True)
    if state == "excused":
        return ~Q(excused="")
    if state == "explained":
        return Q(excused="", explained_at__isnull=False)
    if state == "fresh":
        return open_ & (Q(owed_from__gt=day) | Q(owed_from__isnull=True))
    return owed(day) & Q(seen=state)


def state_of(policy: Policy, day: date) -> str:
    """As `in_state`, of one that has been read."""
    if policy.excused:
        return "excused"
    if policy.explained_at is not None:
        return "explained"
    return "fresh" if policy.owed_from is None or policy.owed_from > day else policy.seen


def days_taken(policy: Policy) -> int | None:
    """How many days after its issue the first explainer came; 0 on the day or before. None: there is none."""
    if policy.explained_at is None:
        return None
    return max(0, (day_of(policy.explained_at) - policy.issued_on).days)


def quarter_of(day: date) -> str:
    """2026Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def days_of_quarter(name: str) -> tuple[date, date]:
    """Its first day, and the first day after it."""
    year, quarter = int(name[:4]), int(name[5])
    last = date(year + 1, 1, 1) if quarter == 4 else date(year, quarter * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), last


@dataclass
class Share:
    """How one unit explained what it had to in one quarter. `forms`: how many explainers of each form."""

    unit: Any
    quarter: str
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    forms: dict[str, int] = field(default_factory=dict)
    days: list[int] = field(default_factory=list)

    @property
    def all(self) -> int:
        """How many there were to explain."""
        return sum(self.states.values()) - self.states["excused"]

    @property
    def usual_days(self) -> int | None:
        """In how many days half of them were explained."""
        return sorted(self.days)[(len(self.days) - 1) // 2] if self.days else None


def coverage(policies: Iterable[Policy], now: datetime) -> list[Share]:
    """By quarter, the last first, and unit. Two queries."""
    today = day_of(now)
    found: dict[tuple[str, str], Share] = {}
    shares: dict[int, Share] = {}
    for one in policies:
        key = (quarter_of(one.issued_on), one.unit.path)
        share = found.setdefault(key, Share(one.unit, key[0]))
        share.states[state_of(one, today)] += 1
        if not one.excused and (days := days_taken(one)) is not None:
            share.days.append(days)
            shares[one.pk] = share
    counted = Explainer.objects.filter(policy__in=list(shares), state=Explainer.State.COUNTED)
    counted = counted.filter(post__account__unit=F("policy__unit"))
    for policy, form in counted.values_list("policy", "form"):
        forms = shares[policy].forms
        forms[form] = forms.get(form, 0) + 1
    return [found[key] for key in sorted(found, key=lambda key: (_backwards(key[0]), key[1]))]


def _backwards(quarter: str) -> int:
    return -int(quarter[:4] + quarter[5])
