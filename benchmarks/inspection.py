"""How the cost of an inspection grows with the city.

It makes cities of several sizes, imports them, inspects twice, assesses, and prints seconds and peak memory.

python benchmarks/inspection.py [--accounts 400 4000] [--posts-a-day 1.95]

Seconds are those of the processor (user), which a busy machine stretches less than the clock.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from datetime import datetime
from itertools import count
from pathlib import Path

from xinmei.collectors.demo import write_demo_bundle
from xinmei.core.calendar import SHANGHAI

AT = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
ROOT = Path(__file__).parent.parent
# Characters. A file of a bundle has at most 2 GiB, so the posts of a large city come in several bundles.
LARGEST = 1 << 28


def run(folder: Path, *words: str) -> tuple[float, float]:
    """Runs one command in its own process. Returns seconds of the processor and peak memory in MB."""
    argv = ["/usr/bin/time", "-f", "user %U peak %M", sys.executable, "-m", "xinmei", *words]
    # the code that lies beside this script
    environment = {
        **os.environ,
        "XINMEI_VAR": str(folder / "var"),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(argv, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    used = re.search(r"user ([\d.]+) peak (\d+)", done.stderr)
    # 1 also means refused rows or hits; a crash shows by its traceback
    if done.returncode > 1 or used is None or "Traceback" in done.stderr:
        sys.exit(done.stderr[-2000:])
    return float(used[1]), int(used[2]) / 1024


def import_city(folder: Path) -> tuple[float, float]:
    """Imports the bundle: the register first, then the posts in parts. Returns seconds in all and peak memory in MB."""
    bundle = folder / "bundle"
    spent = []
    with open(bundle / "posts.jsonl", encoding="utf-8") as posts:
        for number in count(1):
            if not (lines := posts.readlines(LARGEST)):
                break
            part = folder / f"part{number}"
            part.mkdir()
            for name in ("units", "accounts", "people") if number == 1 else ():
                (bundle / f"{name}.csv").rename(part / f"{name}.csv")
            (part / "posts.jsonl").write_text("".join(lines), encoding="utf-8")
            del lines
            spent.append(run(folder, "import", str(part)))
    (bundle / "posts.jsonl").unlink()
    spent.append(run(folder, "import", "bundle"))
    return sum(seconds for seconds, _ in spent), max(peak for _, peak in spent)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[400, 4000])
    parser.add_argument("--posts-a-day", type=float, default=1.95)
    options = parser.parse_args()
    print(
        "| accounts | posts | import s | MB | inspect, cold s | MB | again s | assess s |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    for accounts in options.accounts:
        with tempfile.TemporaryDirectory(prefix="xinmei-bench-") as name:
            folder = Path(name)
            summary = write_demo_bundle(
                folder / "bundle", until=AT, accounts=accounts, posts_per_account_day=options.posts_a_day
            )
            imported, import_peak = import_city(folder)
            cold, peak = run(folder, "inspect", "--at", AT.isoformat(), "--quiet")
            again, _ = run(folder, "inspect", "--at", AT.isoformat(), "--quiet")
            assessed, _ = run(folder, "assess", "--year", str(AT.year))
            figures = f"{imported:.1f} | {import_peak:.0f} | {cold:.1f} | {peak:.0f} | {again:.1f} | {assessed:.1f}"
            print(f"| {accounts:,} | {summary['rows']['posts']:,} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
