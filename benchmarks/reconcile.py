"""How long it takes to hold an export against the register, and that twice the rows take twice the time.

    .venv/bin/python benchmarks/reconcile.py [COUNT…]

The registers are made (`tests/upstream.py`): 5 % of the accounts with a difference of one of nine kinds. Processor time
of one process, the workbook read from disk; the database is not in it (one query).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COUNTS = (5_000, 10_000, 20_000, 40_000)


def measure(count: int, folder: Path) -> str:
    """One line of the table."""
    from tests.upstream import made, write_sheet
    from xinmei.core.spreadsheets.grids import read_grids
    from xinmei.core.upstream.comparing import reconcile
    from xinmei.core.upstream.reading import read_export
    from xinmei.core.upstream.rules import upstream

    town = made(count)
    path = folder / f"{count}.xlsx"
    write_sheet(path, town.rows)
    rules = upstream()
    began = time.process_time()
    export = read_export(read_grids(path), rules)
    read = time.process_time()
    found = list(reconcile(town.ours, export.rows, rules))
    done = time.process_time()
    told = {(one.kind, one.account, one.row, one.field, one.near) for one in found}
    wrong = f"{len(town.expected - told)} not found, {len(told - town.expected)} false"
    return (
        f"{count:>7,} accounts  {len(export.rows):>7,} rows  read {read - began:5.2f} s  matched {done - read:5.2f} s  "
        f"{(done - began) / count * 1e6:6.1f} µs an account  {len(found):>6,} differences: {wrong}"
    )


def main() -> None:
    """Prints a line a size."""
    with tempfile.TemporaryDirectory() as folder:
        for count in map(int, sys.argv[1:] or COUNTS):
            sys.stdout.write(measure(count, Path(folder)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
