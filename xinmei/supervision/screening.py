"""Screens the texts that no run of the present rule packs has read yet, in batches that can be interrupted at any moment (回头看 included).

A mark says how far one version of the packs has read; a new version starts at the beginning, so old posts are read again whenever a rule changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from xinmei.core.screening import Hit, Screen
from xinmei.interaction.models import Message
from xinmei.publishing.models import Post, join_text
from xinmei.supervision.loading import fetch_rows
from xinmei.supervision.models import ScreeningHit, ScreeningMark
from xinmei.supervision.watches.facts import day_of

BATCH = 10_000
Progress = Callable[[str, int, int], None]


def screen_new_texts(screen: Screen, progress: Progress | None = None) -> int:
    """Screens every post and every published message that this version has not read; how many were read. Safe beside another run of itself."""
    done = 0
    for table, query in (("post", Post.objects.all()), ("message", Message.objects.filter(published_at__isnull=False))):
        ScreeningMark.objects.get_or_create(version=screen.version, table=table, defaults={"revision": 0})
        total = query.filter(_unread(_read_mark(screen.version, table))).count()
        if not total:
            continue
        count = 0
        while batch := _screen_batch(screen, table, query):
            count += batch
            if progress:
                progress("筛查信息" if table == "post" else "筛查留言", count, total)
        done += count
    if done:
        ScreeningHit.objects.exclude(version=screen.version).delete()
        ScreeningMark.objects.exclude(version=screen.version).delete()
    return done


def _read_mark(version: str, table: str) -> tuple[int, int]:
    return ScreeningMark.objects.values_list("revision", "row").get(version=version, table=table)


def _unread(mark: tuple[int, int]) -> Q:
    revision, row = mark
    return Q(revision__gt=revision) | Q(revision=revision, pk__gt=row)


def _screen_batch(screen: Screen, table: str, query: QuerySet[Any]) -> int:
    """Reads one batch after the mark and moves the mark, unless another run moved it meanwhile; how many rows were read."""
    mark = _read_mark(screen.version, table)
    moment = "published_at"
    columns = ("pk", "revision", moment, "title", "text") if table == "post" else ("pk", "revision", moment, "text")
    unread = query.filter(_unread(mark)).order_by("revision", "pk").values_list(*columns)[:BATCH]
    rows = list(fetch_rows(unread, (2,)))
    if not rows:
        return 0
    texts = [join_text(row[3], row[4]) if table == "post" else row[3] for row in rows]
    days = [day_of(row[2]) for row in rows]
    found = [
        _make_row(screen.version, table, row[0], hit)
        for row, hits in zip(rows, screen.scan(texts, days, shelf="confident"), strict=True)
        for hit in hits
    ]
    with transaction.atomic():
        moved = ScreeningMark.objects.filter(version=screen.version, table=table, revision=mark[0], row=mark[1]).update(
            revision=rows[-1][1], row=rows[-1][0]
        )
        if moved:
            # what was imported again is read again: its hits of the earlier text go
            ScreeningHit.objects.filter(version=screen.version, **{f"{table}_id__in": [row[0] for row in rows if row[1] > 1]}).delete()
            ScreeningHit.objects.bulk_create(found, batch_size=1000)
    return len(rows)


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
