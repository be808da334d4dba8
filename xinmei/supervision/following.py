"""What rooms above do when a finding moves, and what they show on its page.

This room knows none of them. Each brings a module `on_findings.py`, found by its name as `jobs.py` is, and
registers there what it does:

    @after_step
    def follow(verb, findings, actings, at, note): ...

    part_of_page("urging/order_of_finding.html")

A follower runs in the transaction of the step; what it raises undoes the step. A part is drawn with the context of
the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from xinmei.people.events import Acting
from xinmei.supervision.models import Finding

Follower = Callable[[str, Sequence[Finding], Sequence[Acting], datetime, str], None]
FOLLOWERS: list[Follower] = []
PARTS: list[str] = []


def after_step(follower: Follower) -> Follower:
    """Registers what is to be done after each step."""
    FOLLOWERS.append(follower)
    return follower


def part_of_page(template: str) -> None:
    """Registers a template that the page of a finding includes."""
    PARTS.append(template)


def follow_step(verb: str, findings: Sequence[Finding], actings: Sequence[Acting], at: datetime, note: str) -> None:
    """Lets every room above follow a step. Part of its transaction."""
    for follower in FOLLOWERS:
        follower(verb, findings, actings, at, note)
