"""An import by page: at once where the file is small, else as a job. Both report the result in the same words."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction

from xinmei.collectors.bundle.actions import Result, import_bundle
from xinmei.collectors.bundle.load import MayWrite
from xinmei.collectors.bundle.outcome import Refusal
from xinmei.collectors.bundle.tables import TABLES
from xinmei.collectors.models import Upload
from xinmei.core.screening import mask
from xinmei.files.keeping import keep
from xinmei.jobs.actions import start
from xinmei.jobs.handlers import Run
from xinmei.jobs.models import Job
from xinmei.people.doors import reach_to_do
from xinmei.people.events import Acting
from xinmei.people.reach import units_within
from xinmei.units.models import Unit
from xinmei.units.reach import CITY, OWN

# Larger files are imported as a job.
LARGE, LARGEST, PART = 1 << 20, 500 << 20, 1 << 20
MOST_SHOWN = 200
ON_PAGE = {table.name for table in TABLES if table.on_page}


def may_write(acting: Acting) -> MayWrite:
    """「supervisor S, unit_admin O: rows out of reach are refused one by one」

    People and their posts do not come in by this page.
    """
    letter = reach_to_do(acting, "import_facts")
    numbers = units_within(acting, letter)
    codes = (
        None
        if letter == CITY or numbers is None
        else set(Unit.objects.filter(pk__in=numbers).values_list("code", flat=True))
    )

    def allowed(table: str, lineage: tuple[str, ...]) -> bool:
        if table not in ON_PAGE:
            return False
        if codes is None:
            return True
        return lineage[:1] == (acting.unit_code,) if letter == OWN else any(code in codes for code in lineage)

    return allowed


def keep_for_later(file: File[bytes], *, keep_good_rows: bool, by: Acting, at: datetime) -> Job:
    """Stores the file and the job that imports it: both, or neither. Raises Refused."""
    with transaction.atomic():
        upload = Upload.objects.create(name=str(file.name)[-200:], at=at, file=keep(file.chunks(PART), at))
        return start("import", by=by, at=at, arguments={"upload": upload.pk, "keep": keep_good_rows})


@dataclass
class Refusals:
    """The refusals of an upload: how many there are, and the first ones as the page shows them."""

    name: str
    path: Path
    count: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)

    def add(self, refusal: Refusal) -> None:
        """Adds one."""
        self.count += 1
        if len(self.first) < MOST_SHOWN:
            # the file as a whole, by the name with which it came
            file = self.name if refusal.file == self.path.name else refusal.file
            self.first.append(
                {"file": file, "line": refusal.line, "column": refusal.column, "error": mask(refusal.error)}
            )


def import_parts(
    name: str, parts: Iterable[bytes], *, keep_good_rows: bool, by: Acting, at: datetime, run: Run | None = None
) -> dict[str, Any]:
    """Imports the file and returns what the page shows: counts by table, and the first refusals.

    A refusal has line, column and reason.
    """
    rows = 0

    def show_progress(label: str, count: int) -> None:
        nonlocal rows
        rows += count
        if run:
            run.progress(rows, 0, f"正在导入{label}，已读行数")

    with tempfile.TemporaryDirectory(prefix="xinmei-import-") as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()}"
        with path.open("wb") as target:
            target.writelines(parts)
        refusals = Refusals(name, path)
        result = import_bundle(
            path,
            by=by,
            at=at,
            keep_good_rows=keep_good_rows,
            refuse=refusals.add,
            may_write=may_write(by),
            progress=show_progress,
        )
    return _summarise(result, refusals)


def _summarise(result: Result, refusals: Refusals) -> dict[str, Any]:
    counts = result.counts
    tables = [
        [table.label, counts.created[table.name], counts.updated[table.name], counts.unchanged[table.name]]
        for table in TABLES
        if table.name in counts.created
    ]
    return {
        "name": refusals.name,
        "kept": result.kept,
        "rows": tables,
        "refused": refusals.count,
        "refusals": refusals.first,
        "nothing": not tables and not refusals.count,
    }


def say(result: dict[str, Any]) -> str:
    """The result of an import, in a sentence."""
    name, refused = result["name"], result["refused"]
    if result["nothing"]:
        return f"“{name}”里没有认得出的表，什么也没有导入。可以先下载导入模板，照着填。"
    if refused and not (result["kept"] and result["rows"]) and not any(row["line"] for row in result["refusals"]):
        return f"“{name}”没有导入，原因见下表。"
    if refused and not result["kept"]:
        return f"“{name}”有 {refused} 行被拒收，整个文件都没有导入。按下表改好后再来，或改选“先收下没有错的行”。"
    if refused:
        return f"“{name}”已导入，{refused} 行被拒收，见下表。"
    return f"“{name}”已全部导入。"
