"""What is worth doing for a unit that wants to know its score."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import NextStep
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the positions at a unit."""
    if acting.position not in AT_A_UNIT:
        return []
    address = reverse("unit_year", args=[acting.unit_code, now.astimezone(SHANGHAI).year])
    return [NextStep("看本单位的得分", "哪些指标失了分，怎样补回来", address, "去看得分", order=10)]
