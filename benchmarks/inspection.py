"""How the cost of an inspection grows: makes cities of several sizes, imports them, inspects twice, prints seconds and peak memory.

python benchmarks/inspection.py [--accounts 400 4000] [--posts-a-day 1.95]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from xinmei.collectors.demo import write_demo_bundle
from xinmei.core.calendar import SHANGHAI

AT = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)


def run(folder: Path, *words: str) -> tuple[float, float]:
    """One command of its own process: wall seconds, peak memory in MB."""
    start = time.monotonic()
    argv = ["/usr/bin/time", "-f", "peak %M", sys.executable, "-m", "xinmei", *words]
    done = subprocess.run(argv, cwd=folder, env={**os.environ, "XINMEI_VAR": str(folder / "var")}, capture_output=True, text=True, check=False)
    peak = re.search(r"peak (\d+)", done.stderr)
    if done.returncode > 1 or peak is None:
        sys.exit(done.stderr[-2000:])
    return time.monotonic() - start, int(peak[1]) / 1024


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[400, 4000])
    parser.add_argument("--posts-a-day", type=float, default=1.95)
    options = parser.parse_args()
    print("| accounts | posts | import s | inspect, cold s | MB | again s |\n|---|---|---|---|---|---|")
    for accounts in options.accounts:
        with tempfile.TemporaryDirectory(prefix="xinmei-bench-") as name:
            folder = Path(name)
            summary = write_demo_bundle(folder / "bundle", until=AT, accounts=accounts, posts_per_account_day=options.posts_a_day)
            imported, _ = run(folder, "import", "bundle")
            cold, peak = run(folder, "inspect", "--at", AT.isoformat(), "--quiet")
            again, _ = run(folder, "inspect", "--at", AT.isoformat(), "--quiet")
            print(f"| {accounts:,} | {summary['rows']['posts']:,} | {imported:.1f} | {cold:.1f} | {peak:.0f} | {again:.1f} |", flush=True)


if __name__ == "__main__":
    main()
