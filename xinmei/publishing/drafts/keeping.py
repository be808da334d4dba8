"""What is being written and is not saved yet: kept for each person by themselves, and told to the others.

A save is a version, by compare-and-set on the version that one started from (`draft.write`). What is kept here is no
version: it comes back to whoever wrote it, whatever happened to the draft meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from xinmei.core.differences import Piece, compare, differs
from xinmei.publishing.models import Draft, DraftVersion, Unsaved

# Who has not been heard of for so long has left the page; a page is heard of every 15 seconds.
HERE = timedelta(seconds=45)


@dataclass(frozen=True)
class Writing:
    """What a person is told while writing: what others do, and what was saved since they began."""

    is_kept: bool
    others: Sequence[Unsaved]
    newer: DraftVersion | None
    theirs: Sequence[Piece]
    mine: Sequence[Piece]


def keep(draft: Draft, login: str, given: dict[str, Any], number: int, now: datetime) -> bool:
    """Keeps what this person typed, unless their other window kept something later. Whether it did."""
    said = given | {"number": number, "written_at": now, "seen_at": now}
    rows = Unsaved.objects.filter(draft=draft, by=login)
    if rows.filter(number__lt=number).update(**said):
        return True
    try:
        with transaction.atomic():
            Unsaved.objects.create(draft=draft, by=login, **said)
    except IntegrityError:  # there is one, and it is not older
        return rows.filter(number=number).update(seen_at=now) > 0
    return True


def forget(draft: Draft, login: str) -> None:
    """It was saved, or dropped by whoever wrote it."""
    Unsaved.objects.filter(draft=draft, by=login).delete()


def kept_for(draft: Draft, login: str) -> Unsaved | None:
    """What this person wrote and did not save, where it says something else than the draft."""
    own = Unsaved.objects.filter(draft=draft, by=login).first()
    now = draft.current
    if own is None or now is None or (own.title, own.text, own.layout) == (now.title, now.text, now.layout):
        return None
    return own


def others_on(draft: Draft, login: str, now: datetime) -> list[Unsaved]:
    """Who else is writing on this draft now."""
    return list(Unsaved.objects.filter(draft=draft, seen_at__gt=now - HERE).exclude(by=login))


def look_around(draft: Draft, login: str, own: dict[str, Any], *, is_kept: bool, now: datetime) -> Writing:
    """What to tell somebody who writes `own` since the version that it names."""
    newer, started = draft.current, own["version"]
    if newer is None or newer.number == started:
        return Writing(is_kept, others_on(draft, login, now), None, [], [])
    before = draft.versions.filter(number=started).first()
    theirs = compare(_words(before), _words(newer)) if before else []
    mine = compare(_words(newer), f"{own['title']}\n{own['text']}")
    return Writing(is_kept, others_on(draft, login, now), newer, theirs, mine if differs(mine) else [])


def saved_too_late(attempt: Any, draft: Draft) -> Writing | None:
    """What stands between a version that was refused and the one that was saved meanwhile.

    The form then names the version that is shown now: saved once more, it becomes the next one, knowingly.
    """
    form = getattr(attempt, "form", None)
    fields = ("title", "text", "version")
    if form is None or not all(name in form.fields for name in fields):
        return None
    title, text, started = (str(form.raw(name) or "") for name in fields)
    if not started.isdigit() or int(started) == draft.version:
        return None
    own = {"title": title, "text": text.replace("\r\n", "\n").strip(), "version": int(started)}
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = str(draft.version)
    return look_around(draft, "", own, is_kept=True, now=draft.acted_at)


def _words(version: DraftVersion) -> str:
    return f"{version.title}\n{version.text}"
