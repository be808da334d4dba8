"""What the screening says about a version, and which of it stands unsettled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from xinmei.core.screening import Hit
from xinmei.packs.in_use import current_screen
from xinmei.publishing.allowing.queries import allowed_at
from xinmei.publishing.models import Draft, DraftHit, DraftVersion, Settlement, join_text

# 「a confident hit of `grave_misstatement`, `state_secret`, `harmful_content` or `privacy_leak`」
GRAVE = frozenset({"grave_misstatement", "state_secret", "harmful_content", "privacy_leak"})
Settled = dict[tuple[str, str], list[Settlement]]


def screen(title: str, text: str, unit_id: int | None, day: date) -> list[Hit]:
    """The hits of title and text as one text, as a post is screened; without what the office does not want to see."""
    allow = allowed_at(unit_id, day)
    return next(iter(current_screen().scan([join_text(title, text)], day, allow=allow)))


def place_hits(title: str, found: Iterable[Hit]) -> Iterator[DraftHit]:
    """Each hit in the part in which it begins, by its place there; not yet saved.

    A hit that runs from the title into the text is one of the title, as far as that goes.
    """
    start_of_text = len(title) + 1 if title else 0
    for hit in found:
        in_title = hit.start < len(title)
        part, before = (DraftHit.Part.TITLE, 0) if in_title else (DraftHit.Part.TEXT, start_of_text)
        start, end = max(hit.start, before), min(hit.end, len(title)) if in_title else hit.end
        if start < end:
            yield DraftHit(
                part=part,
                start=start - before,
                end=end - before,
                text=hit.text[start - hit.start : end - hit.start],
                rule=hit.rule,
                category=hit.category,
                severity=hit.severity,
                shelf=hit.shelf,
                suggest=hit.suggest or "",
                clause=hit.clause,
            )


def screen_version(version: DraftVersion, unit_id: int, day: date) -> None:
    """「Every version is screened when made.」"""
    hits = list(place_hits(version.title, screen(version.title, version.text, unit_id, day)))
    for hit in hits:
        hit.version = version
    DraftHit.objects.bulk_create(hits, batch_size=500)


def settled_of(draft: Draft) -> Settled:
    """「Settling is of rule and text」: what was said about each, in its order. One query."""
    said: Settled = defaultdict(list)
    for one in draft.settlements.all():
        said[one.rule, one.text].append(one)
    return dict(said)


def hits_of(draft: Draft) -> list[DraftHit]:
    """The hits of the current version, those of the title first. One query."""
    return list(draft.current.hits.all()) if draft.current else []


@dataclass(frozen=True)
class GoneHit:
    """A hit of an earlier version that stands no more: the words, and which version was written without them."""

    text: str
    suggest: str
    category: str
    without: DraftVersion


def gone_hits(draft: Draft) -> list[GoneHit]:
    """What was found in earlier versions and was corrected, the last corrected first. Two queries."""
    here = {(hit.rule, hit.text) for hit in hits_of(draft)}
    before = DraftHit.objects.filter(version__draft=draft, version__number__lt=draft.version)
    last: dict[tuple[str, str], tuple[int, DraftHit]] = {}
    for hit in before.select_related("version").order_by("version__number"):
        if (hit.rule, hit.text) not in here:
            last[hit.rule, hit.text] = hit.version.number, hit
    if not last:
        return []
    versions = {one.number: one for one in draft.versions.defer("text", "layout", "difference")}
    gone = [
        GoneHit(hit.text, hit.suggest, hit.get_category_display(), versions[number + 1])
        for number, hit in last.values()
    ]
    return sorted(gone, key=lambda one: -one.without.number)


def open_hits(draft: Draft) -> list[DraftHit]:
    """The confident hits that nobody has settled."""
    settled = settled_of(draft)
    return [hit for hit in hits_of(draft) if hit.shelf == "confident" and (hit.rule, hit.text) not in settled]


def settled_alone(draft: Draft) -> list[DraftHit]:
    """The confident hits of the four grave kinds that the drafter has settled, and nobody else."""
    settled = settled_of(draft)
    return [
        hit
        for hit in hits_of(draft)
        if hit.shelf == "confident"
        and hit.category in GRAVE
        and {one.by for one in settled.get((hit.rule, hit.text), ())} == {draft.drafter}
    ]


def say_hits(hits: Iterable[DraftHit]) -> str:
    """Hits in a sentence."""
    words = list(dict.fromkeys(f"“{hit.text}”（{hit.get_category_display()}）" for hit in hits))
    return "、".join(words[:5]) + (f" 等 {len(words)} 处" if len(words) > 5 else "")
