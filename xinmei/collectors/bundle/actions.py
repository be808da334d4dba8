"""The import of a bundle: one act, one transaction, one event."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from xinmei.collectors.bundle.load import Load, MayWrite
from xinmei.collectors.bundle.opening import open_source
from xinmei.collectors.bundle.outcome import Counts, Refusal
from xinmei.collectors.bundle.tables import TABLES
from xinmei.core.spreadsheets.archives import Refused
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did.

    `kept` says that its good rows are in the database, `tables` that the bundle held a known table.
    """

    counts: Counts
    kept: bool

    @property
    def tables(self) -> bool:
        """Whether any file of the bundle was a known table."""
        return bool(self.counts.created)


def import_bundle(
    path: Path,
    *,
    by: Acting,
    at: datetime,
    keep_good_rows: bool = False,
    refuse: Callable[[Refusal], None],
    may_write: MayWrite | None = None,
    progress: Callable[[str, int], None] | None = None,
) -> Result:
    """Imports the bundle at `path` (folder, zip or workbook) in one transaction.

    All of it comes in, or with `keep_good_rows` its good rows, or nothing. `refuse` is called for each refused row as
    it is met. `may_write(table, lineage)`, where given, says whether rows of a unit may be written; `lineage` holds the
    codes of the unit and of all units above it. `progress(label, rows)` is called for each batch. One import runs at a
    time. Raises FileNotFoundError where nothing is at `path`.
    """
    with transaction.atomic():
        hold("revision")
        counts, broken = _load(path, keep_good_rows, refuse, may_write, progress, at)
        kept = not broken and (keep_good_rows or not counts.refused)
        if kept:
            _record(path, counts, by=by, at=at)
        else:
            counts.clear()
            transaction.set_rollback(True)
    if not kept and counts.out_of_reach:  # every refusal for lack of right leaves an event
        with transaction.atomic():
            _record(path, counts, by=by, at=at)
    return Result(counts, kept)


def _load(
    path: Path,
    keep: bool,
    refuse: Callable[[Refusal], None],
    may_write: MayWrite | None,
    progress: Callable[[str, int], None] | None,
    at: datetime,
) -> tuple[Counts, bool]:
    """Loads all tables. Returns what came of it, and whether the bundle is broken as a whole."""
    counts = Counts()
    try:
        with closing(open_source(path)) as source:
            load = Load(
                source, TABLES, at=at, keep_good_rows=keep, refuse=refuse, may_write=may_write, progress=progress
            )
            counts = load.counts
            for table in TABLES:
                if source.has(table):
                    load.take_table(table)
                    if table.settle:
                        table.settle(load.revision, at)
    except Refused as refused:  # a damaged archive is recognized only when it is read to its end
        counts.refused += 1
        refuse(Refusal(refused.entry, None, None, str(refused)))
        return counts, True
    return counts, False


def _record(path: Path, counts: Counts, *, by: Acting, at: datetime) -> None:
    content = {
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
        "out_of_reach": counts.out_of_reach,
    }
    number = hashlib.sha256(path.name.encode(errors="surrogateescape")).hexdigest()[:12]
    record("import", by=by, at=at, kind="bundle", number=number, content=content)
