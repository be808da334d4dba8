"""How fast a bundle comes in, and how much memory that takes: `python benchmarks/import_speed.py [posts]` (1,000,000 by
default).

Makes a bundle of 400 accounts with that many posts and a fifth as many looks in a temporary folder, imports it into a
fresh database (SQLite, or what XINMEI_DATABASE names), imports it again, exports it, and prints a line for each:
seconds, posts a second, peak memory of the process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

ACCOUNTS = 400
BODY = "记者从市政府获悉，不动产登记工作取得新进展。截至目前，项目已完成总工程量的39%，预计年内全部建成。" * 2


def make_bundle(folder: Path, posts: int) -> None:
    """Writes the bundle."""
    folder.mkdir()
    (folder / "units.csv").write_text("code,name,kind,parent,cohort\nC00,云澜市人民政府,city,,\n", encoding="utf-8")
    accounts = "".join(f"A{n:05},C00,wechat,账号{n},2020-01-01,active\n" for n in range(ACCOUNTS))
    (folder / "accounts.csv").write_text("id,unit,platform,name,opened_on,status\n" + accounts, encoding="utf-8")
    start = datetime.fromisoformat("2025-01-01T00:00:00+08:00")
    byline = {"drafter": "王静", "reviewer": "孙立", "signatory": "吴昊"}
    with (folder / "posts.jsonl").open("w", encoding="utf-8") as file:
        for n in range(posts):
            row = {
                "id": f"A{n % ACCOUNTS:05}-{n:07}",
                "account": f"A{n % ACCOUNTS:05}",
                "published_at": (start + timedelta(seconds=n * 30)).isoformat(),
                "title": f"云澜市扎实推进不动产登记（{n}）",
                "text": BODY,
                "url": f"https://example.invalid/{n}",
                "origin": "original",
                "byline": byline,
                "comments_enabled": True,
                "reads": n % 5000,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (folder / "observations.jsonl").open("w", encoding="utf-8") as file:
        for n in range(posts // 5):
            at = start + timedelta(hours=n // ACCOUNTS)
            row = {
                "account": f"A{n % ACCOUNTS:05}",
                "feed": "rss",
                "window_start": at.isoformat(),
                "window_end": (at + timedelta(hours=1)).isoformat(),
            }
            file.write(json.dumps({**row, "outcome": "complete"}) + "\n")


def measure(label: str, posts: int, *words: str) -> None:
    """Runs one command and prints what it took."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "xinmei", *words], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    print(f"{label}: {seconds:.1f} s (CPU {cpu:.1f} s), {posts / seconds:,.0f} posts/s, peak {peak:.0f} MB", flush=True)
    assert os.waitstatus_to_exitcode(status) == 0


def main() -> None:
    """Command line."""
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="import-speed-") as temporary:
        folder = Path(temporary)
        os.environ.setdefault("XINMEI_VAR", str(folder / "var"))
        os.environ.setdefault("XINMEI_DATABASE", f"sqlite:///{folder / 'db.sqlite3'}")
        make_bundle(folder / "bundle", posts)
        measure("import", posts, "import", str(folder / "bundle"))
        measure("import again", posts, "import", str(folder / "bundle"))
        measure("export", posts, "export", str(folder / "out.zip"))


if __name__ == "__main__":
    main()
