"""An export read and held against the register."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xinmei.core.spreadsheets.grids import read_grids
from xinmei.core.upstream.comparing import Difference, reconcile
from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.reading import Export, read_export
from xinmei.core.upstream.rules import upstream
from xinmei.registry.reconciling.register import our_accounts


@dataclass(frozen=True)
class Comparison:
    """What was compared, and what differs."""

    export: Export
    ours: list[Ours]
    differences: list[Difference]


def compare_file(path: Path, system: str) -> Comparison:
    """Reads the export and compares. Raises Refused, NoTable, FileNotFoundError."""
    rules = upstream()
    export = read_export(read_grids(path), rules, {})
    ours = our_accounts()
    return Comparison(export, ours, list(reconcile(ours, export.rows, rules)))
