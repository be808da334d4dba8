"""What holds of every draft after every act: three people signed exactly what was released, and it never changes.

Looked up in the tables, apart from what was answered and from the code that signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from xinmei.people.models import Delegation, PositionHeld
from xinmei.publishing.models import (
    Draft,
    DraftAccount,
    DraftHit,
    DraftImage,
    DraftStep,
    DraftVersion,
    Publication,
    Release,
    Settlement,
)

from .days import day_of

TABLES = (
    Draft,
    DraftAccount,
    DraftHit,
    DraftImage,
    DraftStep,
    DraftVersion,
    Publication,
    Release,
    Settlement,
)
# The three signatures with the position that gives each.
SIGNED = (("send", "editor"), ("check", "section_head"), ("sign", "leader"))
# After these all three sign anew; after an amendment, whose words are kept, the second and the third do.
BEGINS_ANEW = {"write", "return", "recall"}


class Sealed:
    """Remembers what was released; `look` says what does not hold, of all drafts or of `only` one."""

    def __init__(self, only: int | None = None) -> None:
        self.drafts = Q() if only is None else Q(pk=only)
        self.released: dict[int, tuple[Any, ...]] = {}

    def look(self) -> Iterator[str]:
        """What does not hold now."""
        rows = Release.objects.filter(draft__in=Draft.objects.filter(self.drafts))
        rows = rows.select_related("draft", "version").order_by("pk")
        now = {one.pk: one for one in rows}
        for number in self.released.keys() - now.keys():
            yield f"release {number} is gone"
        for number, one in now.items():
            words = _words(one)
            if self.released.setdefault(number, words) != words:
                yield f"draft {one.draft_id}: what was released has changed"
            yield from _look_at(one)
        for draft in Draft.objects.filter(self.drafts, state__in=("RELEASED", "PUBLISHED"), release=None):
            yield f"draft {draft.pk} is {draft.state} and was not released"


def _words(release: Release) -> tuple[Any, ...]:
    """All that was sealed."""
    version = release.version
    images = list(version.images.order_by("place").values_list("name", "file_id"))
    said = (version.title, version.text, version.origin, version.source, version.layout, version.accounts)
    return (*said, images, release.byline, release.at, release.sha256, release.sm3)


def _look_at(release: Release) -> Iterator[str]:
    draft, name = release.draft, f"draft {release.draft_id}"
    signed, amended = _signatures(list(DraftStep.objects.filter(draft=draft).order_by("pk")))
    if [step.verb for step in signed] != [verb for verb, _ in SIGNED]:
        yield f"{name} was released by {[step.verb for step in signed]}"
        return
    people = [step.by for step in signed]
    if len(set(people)) != 3 or people != [draft.drafter, draft.reviewer, draft.signatory]:
        yield f"{name} was signed by {people}, and says {[draft.drafter, draft.reviewer, draft.signatory]}"
    number = release.version.number
    on = [step.version for step in signed]
    if on != [number - amended, number, number] or draft.current_id != release.version_id:
        yield f"{name}: {on} were signed, {amended} times amended, {number} was released"
    for step, (_, position) in zip(signed, SIGNED, strict=True):
        if step.position != position or not _held(step):
            yield f"{name}: {step.by} did not hold {position} when they did {step.verb}"
    images = release.version.images.order_by("place").values_list("file_id", flat=True)
    whole = "\n".join([release.version.title, release.version.text, release.byline, *images]).encode()
    if hashlib.sha256(whole).hexdigest() != release.sha256:
        yield f"{name}: the seal does not fit what was sealed"


def _signatures(steps: Sequence[DraftStep]) -> tuple[list[DraftStep], int]:
    """The signatures that stand at the release, and how many amendments came after the first of them."""
    until = _last(steps, {"sign"})
    round_ = steps[_last(steps[:until], BEGINS_ANEW) + 1 : until + 1]
    amended = [place for place, step in enumerate(round_) if step.verb == "amend"]
    after = amended[-1] if amended else -1
    standing = [step for place, step in enumerate(round_) if step.verb == "send" or place > after]
    return [step for step in standing if step.verb in ("send", "check", "sign")], len(amended)


def _last(steps: Sequence[DraftStep], verbs: set[str]) -> int:
    return max((place for place, step in enumerate(steps) if step.verb in verbs), default=-1)


def _held(step: DraftStep) -> bool:
    """Whether this person held the position on that day, or stood in for who does."""
    day = day_of(step.at)
    days = {"starts_on__lte": day}
    held = PositionHeld.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), position=step.position, **days)
    held = held.filter(unit__code=step.unit_code)
    standing = Delegation.objects.filter(position_held__in=held, person__login=step.by, ends_on__gte=day, **days)
    return held.filter(person__login=step.by).exists() or standing.exists()
