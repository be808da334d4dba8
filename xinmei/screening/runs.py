"""Screens the texts that no run of the present rule packs has read yet, in batches that can be interrupted at any
moment (回头看 included).

Marks say how far one version of the packs has read, one for each bucket of accounts (`shares`). A new version looks at
every text again, but reads only those that the change may touch: texts in which a changed rule hits or hit, and texts
that are new. The hits of all others are carried over. Where the engine, the typo model or the fixed phrases changed,
every text is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from xinmei.core.screening import Hit, Screen
from xinmei.people.doors import day_of
from xinmei.publishing.models import join_text
from xinmei.rows import fetch_rows
from xinmei.screening.changes import Change, close_run, open_run
from xinmei.screening.models import Recall, Rescreening, ScreeningHit, ScreeningMark
from xinmei.screening.shares import NOTHING, Mark, Share, find_shares

BATCH = 10_000
Progress = Callable[[str, int, int], None]
Clock = Callable[[], datetime]


def screen_new_texts(screen: Screen, clock: Clock, progress: Progress | None = None) -> int:
    """Screens every post and every published message that this version has not looked at; how many were.

    Safe beside another run of itself. `clock` tells when the run begins and ends: a run may take minutes.
    """
    done = 0
    while shares := plan_screening(screen, clock()):
        done += screen_shares(screen, shares, progress)
    close_screening(screen, clock())
    return done


def plan_screening(screen: Screen, now: datetime) -> list[Share]:
    """Opens the run of this version and says what is still to be read, by buckets of accounts."""
    run = open_run(screen, now)
    shares = find_shares(screen.version)
    unread = sum(share.unread for share in shares)
    Rescreening.objects.filter(pk=run.pk, finished_at__isnull=True).update(total=F("looked") + unread)
    return shares


def screen_shares(screen: Screen, shares: Sequence[Share], progress: Progress | None = None) -> int:
    """Reads these shares; how many texts. The hits are the same in any order, by any worker, in one go or several."""
    run = Rescreening.objects.filter(version=screen.version, superseded=False).first()
    if run is None:
        return 0  # other packs have been put in force meanwhile, and read by
    change = Change.of(run, screen)
    totals, counts = Counter[str](), Counter[str]()
    for share in shares:
        totals[share.table] += share.unread
    for share in shares:
        while batch := _screen_batch(run, change, share):
            counts[share.table] += batch
            if progress:
                name = "筛查信息" if share.table == "post" else "筛查留言"
                progress(name, counts[share.table], totals[share.table])
    return counts.total()


def close_screening(screen: Screen, now: datetime) -> None:
    """Everything is read: from now on the hits of this version count, and those of earlier ones go."""
    run = Rescreening.objects.filter(version=screen.version, superseded=False, finished_at__isnull=True).first()
    if run is not None:
        close_run(run, now)


def _read_mark(version: str, share: Share) -> Mark:
    marks = ScreeningMark.objects.filter(version=version, table=share.table, bucket=share.bucket)
    return marks.values_list("revision", "row").get()


def _read_next(query: QuerySet[Any], mark: Mark) -> list[Any]:
    """The next batch after the mark: first of its own revision, then of later ones.

    Each part is a stretch of an index; asked for as one, with OR, a batch passes over all that was read of the revision
    before.
    """
    revision, row = mark
    rows = list(fetch_rows(query.filter(revision=revision, pk__gt=row).order_by("pk")[:BATCH]))
    if (missing := BATCH - len(rows)) > 0:
        rows += fetch_rows(query.filter(revision__gt=revision).order_by("revision", "pk")[:missing])
    return rows


COLUMNS = {
    "post": ("pk", "revision", "published_at", "title", "text"),
    "message": ("pk", "revision", "published_at", "text"),
}


def _screen_batch(run: Rescreening, change: Change, share: Share) -> int:
    """Looks at one batch after the mark and moves the mark; how many rows were looked at.

    Where another run moved the mark meanwhile, it wrote the same hits, and nothing is written here.
    """
    version, table = run.version, share.table
    mark = _read_mark(version, share)
    rows = _read_next(share.texts.values_list(*COLUMNS[table]), mark)
    if not rows:
        return 0
    texts = {row[0]: join_text(row[3], row[4]) if table == "post" else row[3] for row in rows}
    days = {row[0]: day_of(row[2]) for row in rows}
    known = {row[0] for row in rows if (row[1], row[0]) <= change.marks.get((table, share.bucket), NOTHING)}
    read = _choose(change, table, texts, days, known)
    scanned = _scan(change.screen, [texts[pk] for pk in read], [days[pk] for pk in read])
    found = [_make_row(version, table, pk, hit) for pk, hits in zip(read, scanned, strict=True) for hit in hits]
    recalls = list(_list_recalls(run, change, texts, days, known)) if table == "post" else []
    with transaction.atomic():
        if _move_mark(version, share, mark, rows):
            # what was imported again is read again: its hits of the earlier text go
            again = [row[0] for row in rows if row[1] > 1]
            ScreeningHit.objects.filter(version=version, **{f"{table}_id__in": again}).delete()
            carried = _carry(change.before, version, table, known.difference(read))
            ScreeningHit.objects.bulk_create([*found, *carried], batch_size=1000)
            Recall.objects.bulk_create(recalls, batch_size=1000, ignore_conflicts=True)
            unfinished = Rescreening.objects.filter(pk=run.pk, finished_at__isnull=True)
            unfinished.update(looked=F("looked") + len(rows), read=F("read") + len(read))
    return len(rows)


def _move_mark(version: str, share: Share, mark: Mark, rows: Sequence[Any]) -> bool:
    """Moves the mark of the bucket from where it was past these rows; False where it has moved already."""
    read_to = (rows[-1][1], rows[-1][0])
    if len(rows) < BATCH:
        read_to = max(read_to, share.end)  # nothing else of the bucket lies before the end
    here = ScreeningMark.objects.filter(version=version, table=share.table, bucket=share.bucket)
    return bool(here.filter(revision=mark[0], row=mark[1]).update(revision=read_to[0], row=read_to[1]))


def _scan(screen: Screen, texts: Sequence[str], days: Sequence[date]) -> Iterator[list[Hit]]:
    """The hits of each text.

    In threads: the engines in C, which take most of the time, run without the interpreter's lock. A machine with a
    process for each of its cores needs only one (`jobs.hosts`).
    """
    size = -(-len(texts) // settings.SCREENING_THREADS) or 1
    parts = [slice(start, start + size) for start in range(0, len(texts), size)]
    with ThreadPoolExecutor(len(parts) or 1) as threads:
        yield from chain(
            *threads.map(lambda part: list(screen.scan(texts[part], days[part], shelf="confident")), parts)
        )


def _list_recalls(
    run: Rescreening, change: Change, texts: dict[int, str], days: dict[int, date], known: set[int]
) -> Iterator[Recall]:
    """The places in old posts that the listed rules name, on either shelf.

    The few posts in which they may are judged with all rules, since a fixed phrase may be right as a part of another
    one.
    """
    if not change.listed or change.changed is None:
        return
    old = [pk for pk in texts if pk in known]
    first = change.changed.scan((texts[pk] for pk in old), (days[pk] for pk in old), typos=False)
    named = [pk for pk, hits in zip(old, first, strict=True) if any(hit.rule in change.listed for hit in hits)]
    judged = change.screen.scan((texts[pk] for pk in named), (days[pk] for pk in named), typos=False)
    for pk, hits in zip(named, judged, strict=True):
        yield from (_make_recall(run, pk, hit) for hit in hits if hit.rule in change.listed)


def _choose(change: Change, table: str, texts: dict[int, str], days: dict[int, date], known: set[int]) -> list[int]:
    """The texts that must be read: without a version to carry over from all; else the new ones, and those where a
    changed rule hits or hit.
    """
    if not change.before:
        return list(texts)
    touched: set[int] = set()
    if change.gone:
        had = _hits_within(change.before, table, known).filter(rule__in=change.gone)
        touched.update(known.intersection(had.values_list(f"{table}_id", flat=True)))
    if change.changed:
        old = [pk for pk in texts if pk in known]
        scanned = change.changed.scan((texts[pk] for pk in old), (days[pk] for pk in old), typos=False)
        touched.update(pk for pk, hits in zip(old, scanned, strict=True) if hits)
    return [pk for pk in texts if pk in touched or pk not in known]


def _hits_within(version: str, table: str, keys: set[int]) -> QuerySet[ScreeningHit]:
    """The hits of a version between the first and the last of these texts: thousands of numbers in a query cost more
    than the hits between.
    """
    if not keys:
        return ScreeningHit.objects.none()
    return ScreeningHit.objects.filter(
        version=version, **{f"{table}_id__gte": min(keys), f"{table}_id__lte": max(keys)}
    )


def _carry(before: str, version: str, table: str, keys: set[int]) -> list[ScreeningHit]:
    """The hits of the earlier version in texts that the change does not touch, for this one."""
    if not before:
        return []
    within = _hits_within(before, table, keys).order_by("pk")
    rows = [row for row in within if getattr(row, f"{table}_id") in keys]
    for row in rows:
        row.pk, row.version = None, version
    return rows


def _make_recall(run: Rescreening, pk: int, hit: Hit) -> Recall:
    return Recall(
        rescreening=run,
        post_id=pk,
        rule=hit.rule,
        category=hit.category,
        shelf=hit.shelf,
        start=hit.start,
        end=hit.end,
        text=hit.text,
    )


def _make_row(version: str, table: str, pk: int, hit: Hit) -> ScreeningHit:
    return ScreeningHit(
        version=version,
        **{f"{table}_id": pk},
        start=hit.start,
        end=hit.end,
        text=hit.text,
        rule=hit.rule,
        category=hit.category,
        severity=str(hit.severity),
        shelf=hit.shelf,
        suggest=hit.suggest or "",
        clause=hit.clause or "",
    )
