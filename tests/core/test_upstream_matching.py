"""What an export of another system is found to say about the register."""

from __future__ import annotations

import time
from pathlib import Path

from tests.upstream import KINDS, made, write_sheet
from xinmei.core.spreadsheets.grids import read_grids
from xinmei.core.upstream.comparing import reconcile
from xinmei.core.upstream.reading import read_export
from xinmei.core.upstream.rules import upstream


def test_five_thousand_rows_with_differences_of_nine_kinds_are_all_found_and_nothing_else(tmp_path: Path):
    town = made(5000)
    assert sorted(town.planted) == sorted(KINDS) and sum(town.planted.values()) == 250
    write_sheet(tmp_path / "导出.xlsx", town.rows)
    export = read_export(read_grids(tmp_path / "导出.xlsx"), upstream())
    told = {
        (one.kind, one.account, one.row, one.field, one.near) for one in reconcile(town.ours, export.rows, upstream())
    }
    assert told == town.expected
