"""What a run of the screening is about: which rules changed since the packs that were read before, and what follows.

A change of rules reads again only what they may touch. A change of the frame (engine, typo model, fixed phrases) reads
every text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.screen import ENGINE
from xinmei.screening.models import Rescreening, ScreeningHit, ScreeningMark
from xinmei.screening.shares import Mark


def open_run(screen: Screen, now: datetime) -> Rescreening:
    """The run of this version that counts, begun or made now."""
    run = Rescreening.objects.filter(version=screen.version, superseded=False).first()
    if run is not None:
        return run
    frame, rules = _describe(screen)
    before = Rescreening.objects.filter(superseded=False, finished_at__isnull=False).first()
    known: dict[str, str] = before.rules if before else {}
    run, _ = Rescreening.objects.get_or_create(
        version=screen.version,
        superseded=False,
        defaults={
            "frame": frame,
            "rules": rules,
            "before": before.version if before and before.frame == frame else "",
            "changed": sorted(name for name in known.keys() | rules.keys() if known.get(name) != rules.get(name))
            if before
            else [],
            "started_at": now,
        },
    )
    return run


def close_run(run: Rescreening, now: datetime) -> None:
    with transaction.atomic():
        Rescreening.objects.filter(pk=run.pk).update(finished_at=now)
        Rescreening.objects.exclude(pk=run.pk).filter(superseded=False).update(superseded=True)
        ScreeningHit.objects.exclude(version=run.version).delete()
        ScreeningMark.objects.exclude(version=run.version).delete()


def _describe(screen: Screen) -> tuple[str, dict[str, str]]:
    """What forces every text to be read anew, and a digest of each rule by name.

    A phrase that is right excuses all others that lie in it, so the phrases are part of the frame.
    """
    phrases = sorted(
        (entry.find, entry.excepted) for pack in screen.packs for entry in pack.entries if entry.kind == "phrases"
    )
    frame = _digest((ENGINE, screen.model.version if screen.model else None, phrases, screen.usual_forms))
    return frame, {
        entry.name: _digest((entry, pack.at_least, pack.excuses)) for pack in screen.packs for entry in pack.entries
    }


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


@dataclass(slots=True)
class Change:
    """The change that a run is about: the whole screen, a small one of the changed rules alone, and which of them are
    listed for a person.
    """

    screen: Screen
    changed: Screen | None
    listed: frozenset[str]
    gone: tuple[str, ...]
    marks: dict[tuple[str, int], Mark]
    before: str

    @classmethod
    def of(cls, run: Rescreening, screen: Screen) -> Change:
        names = frozenset() if run.finished_at else frozenset(run.changed)
        packs = [
            replace(pack, entries=tuple(e for e in pack.entries if e.name in names))
            for pack in screen.packs
            if names & pack.names
        ]
        entries = [entry for pack in packs for entry in pack.entries]
        # Listed: what an office entered, and what holds from or to a day, such as a change of office.
        listed = frozenset(
            e.name for e in entries if e.name.startswith("own_") or e.start > date.min or e.end < date.max
        )
        predecessor = Rescreening.objects.filter(superseded=False, finished_at__isnull=False).exclude(pk=run.pk).first()
        rows = (
            ScreeningMark.objects.filter(version=predecessor.version).values_list("table", "bucket", "revision", "row")
            if predecessor
            else ()
        )
        return cls(
            screen=screen,
            changed=Screen(packs, RULES / "screening", screen.model) if entries else None,
            listed=listed,
            gone=tuple(run.changed),
            marks={(table, bucket): (revision, row) for table, bucket, revision, row in rows},
            before=run.before,
        )
