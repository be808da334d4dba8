"""The repair of one published article: all that was found in it gathered into one edit, as small as it can be.

「对反馈的问题未在1个工作日整改到位的，每次扣5分」: the platform may allow one edit alone, so nothing is
corrected by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from xinmei.core.differences import Piece, compare
from xinmei.core.platforms import Correction, Editing, correct, count_changed, editing, why_not_edited
from xinmei.core.screening import mask
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.models import Draft, Post, Publication, Release, join_text
from xinmei.registry.models import Account
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.models import Finding

_OPEN = (Finding.Status.SUSPECTED, Finding.Status.NOTIFIED)


@dataclass(frozen=True)
class OnPlatform:
    """What is to be done on one account: the edit, or taking down and publishing anew, and why."""

    account: Account
    limits: Editing
    used: int
    why_not: str


@dataclass(frozen=True)
class Plan:
    """One article: what was found, the text as it shall be, what changes, and what each platform allows."""

    post: Post
    draft: Draft | None
    findings: Sequence[Finding]
    title: str
    text: str
    pieces: Sequence[Piece]
    in_title: bool
    characters: int
    # what no machine corrects: the words, and what is wrong with them
    by_hand: Sequence[tuple[str, str]]
    platforms: Sequence[OnPlatform]
    rectify_by: datetime | None

    @property
    def layout(self) -> str:
        """The looks of the article as it was signed; the draft fits them to the corrected words."""
        now = self.draft.current if self.draft else None
        return json.dumps(now.layout if now else [], ensure_ascii=False)

    @property
    def shown(self) -> list[Piece]:
        """What changes, personal data masked."""
        return [(kind, mask(words)) for kind, words in self.pieces]


def plan_repair(post: Post, acting: Acting, now: datetime) -> Plan:
    """The plan for what stands open in this article and is in reach."""
    findings = list(
        findings_visible_to(acting).filter(post=post, status__in=_OPEN).select_related("evidence").order_by("pk")
    )
    draft = draft_of(post)
    corrections, by_hand = _corrections(post, findings)
    was_changed = any(one.criterion == "changed_after_approval" for one in findings)
    released = _last_release(draft) if draft and was_changed else None
    title, text = correct(post.title, released.version.text if released else post.text, corrections)
    in_title, characters = title != post.title, count_changed(post.title, title) + count_changed(post.text, text)
    accounts = [one.account for one in draft.for_accounts.select_related("account")] if draft else [post.account]
    used = _edits_used(draft)
    platforms = []
    for account in accounts:
        limits = editing(account.platform, day_of(now))
        done = used.get(account.pk, 0)
        platforms.append(OnPlatform(account, limits, done, why_not_edited(limits, in_title, characters, done)))
    terms = [one.rectify_by for one in findings if one.rectify_by]
    pieces = compare(join_text(post.title, post.text), join_text(title, text))
    return Plan(
        post, draft, findings, title, text, pieces, in_title, characters, by_hand, platforms, min(terms, default=None)
    )


def draft_of(post: Post) -> Draft | None:
    """The published draft that names this article: the first, where later ones correct it."""
    named = Q(post=post.code) | (Q(url=post.url) if post.url else Q(pk__in=[]))
    entry = (
        Publication.objects.filter(named, account=post.account, draft__state=Draft.State.PUBLISHED)
        .select_related("draft__current")
        .order_by("draft")
        .first()
    )
    return entry.draft if entry else None


def _corrections(post: Post, findings: Iterable[Finding]) -> tuple[list[Correction], list[tuple[str, str]]]:
    """What can be corrected by its suggestion, where it stands now; and what a person must write."""
    found: dict[tuple[bool, int, int], Correction] = {}
    by_hand: dict[tuple[str, str], None] = {}
    for finding in findings:
        for hit in read_hits(finding.evidence)[1]:
            words, suggest = hit.get("text") or "", hit.get("suggest") or ""
            places = _places(post, words, hit) if suggest and suggest != words else []
            for in_title, start in places:
                end = start + len(words)
                found[in_title, start, end] = Correction(in_title, start, end, words, suggest)
            if not places and words in join_text(post.title, post.text):
                by_hand[words, finding.clause] = None
    return list(found.values()), list(by_hand)


def _places(post: Post, words: str, hit: dict[str, Any]) -> list[tuple[bool, int]]:
    """Where the words stand today: at their place as seen then, or else at the only one where they stand."""
    lead = len(post.title) + 1 if post.title else 0
    start = hit.get("start")
    if isinstance(start, int):
        in_title, at = start < len(post.title), start if start < len(post.title) else start - lead
        if (post.title if in_title else post.text)[at : at + len(words)] == words:
            return [(in_title, at)]
    parts = [(True, post.title), (False, post.text)]
    every = [(in_title, part.find(words)) for in_title, part in parts if part.count(words) == 1]
    return every if sum(part.count(words) for _, part in parts) == 1 else []


def _edits_used(draft: Draft | None) -> dict[int, int]:
    """By account: how many corrections of the article went out there. One query a link of the chain."""
    used: dict[int, int] = {}
    ids = [draft.pk] if draft else []
    while ids:
        rows = Draft.objects.filter(corrects__in=ids)
        entries = Publication.objects.filter(draft__in=rows, at__isnull=False)
        for account in entries.values_list("account", flat=True):
            used[account] = used.get(account, 0) + 1
        ids = list(rows.order_by().values_list("pk", flat=True))
    return used


def _last_release(draft: Draft) -> Release | None:
    """The last text that was signed for this article."""
    ids = {draft.pk}
    while more := set(Draft.objects.filter(corrects__in=ids).values_list("pk", flat=True)) - ids:
        ids |= more
    return Release.objects.filter(draft__in=ids).select_related("version").order_by("-at").first()
