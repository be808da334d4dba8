"""An export read and held against the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from xinmei.core.spreadsheets.grids import read_grids
from xinmei.core.upstream.comparing import Difference, reconcile
from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.reading import Export, Layouts, read_export
from xinmei.core.upstream.rules import upstream
from xinmei.registry.reconciling.models import Layout
from xinmei.registry.reconciling.register import our_accounts

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Compared:
    """What was compared, and what differs."""

    export: Export
    ours: list[Ours]
    differences: list[Difference]


def known_layouts() -> Layouts:
    """The headers of which people have told the columns."""
    return {tuple(one.header): one.columns for one in Layout.objects.all()}


def compare_file(path: Path, *, platform: str = "", tell: Tell = lambda said: None) -> Compared:
    """Reads the export and compares. `platform`: where the sheet does not say it, all of it is of this platform.

    Raises Refused, NoTable, FileNotFoundError.
    """
    rules = upstream()
    tell("正在读表")
    export = read_export(read_grids(path), rules, known_layouts())
    if platform:
        export.rows = [replace(row, platform=row.platform or platform) for row in export.rows]
    tell("正在逐行核对")
    ours = our_accounts()
    found = list(reconcile(ours, export.rows, rules))
    return Compared(export, ours, found)
