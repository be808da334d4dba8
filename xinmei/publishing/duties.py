"""What is worth doing before something is published."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.duties import NextStep
from xinmei.people.events import Acting
from xinmei.people.rights import AT_A_UNIT


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the positions at a unit."""
    if acting.position not in AT_A_UNIT:
        return []
    return [NextStep("发布前查一遍稿件", "错别字、表述、个人信息", reverse("check_draft"), "检查稿件", order=20)]
