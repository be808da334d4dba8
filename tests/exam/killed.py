"""Kills the program in the middle of its work, and runs two of it at once.

The end state is that of one clean run.

    python -m tests.exam.killed [--copies 20] [--kills 20]

Each trial has a database of its own: a first import, then an inspection, killed by SIGKILL at a random moment and
started again; then two inspections, and two imports of the same bundle, at the same time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.exam.generate import town, write
from tests.exam.world import Row

ROOT = Path(__file__).resolve().parents[2]
AT = "2025-12-15T09:00:00+08:00"
NAMED = {
    "units": ("code", "parent", "vertical_system"),
    "accounts": ("id", "unit"),
    "posts": ("id", "account"),
    "messages": ("id", "account"),
}


def write_bundle(copies: int, folder: Path) -> int:
    """Writes many towns as one county's bundle. Returns how many rows it has."""
    made = next(town(seed) for seed in range(1, 50) if town(seed).year == 2025)
    bundle: dict[str, list[Row]] = {}
    for copy in range(copies):
        for name, rows in made.bundle.items():
            columns = NAMED.get(name, ("account", "unit"))
            bundle.setdefault(name, []).extend(
                row | {c: f"{copy}-{row[c]}" for c in columns if row.get(c)} for row in rows
            )
    write(bundle, folder)
    return sum(map(len, bundle.values()))


class House:
    """One database in a folder of its own."""

    def __init__(self, base: Path, name: str, like: Path | None = None) -> None:
        self.folder = base / name
        if like:
            shutil.copytree(like, self.folder)
        else:
            self.folder.mkdir()

    def start(self, *words: object) -> subprocess.Popen[bytes]:
        """The program, running."""
        environment = os.environ | {
            "XINMEI_VAR": str(self.folder),
            "XINMEI_DATABASE": f"sqlite:///{self.folder}/xinmei.sqlite3",
        }
        argv = [sys.executable, "-m", "xinmei", *map(str, words), "--json"]
        return subprocess.Popen(argv, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, *words: object) -> tuple[int, list[Row]]:
        """Runs the program to its end. Returns status and lines."""
        process = self.start(*words)
        out, _ = process.communicate()
        return process.returncode, [json.loads(line) for line in out.decode().splitlines()]

    def run_killed(self, after: float, *words: object) -> bool:
        """Whether the program was still at work when it was killed."""
        process = self.start(*words)
        time.sleep(after)
        killed = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return killed

    def facts(self) -> str:
        """The digest of all facts, as exported."""
        target = self.folder / "export"
        shutil.rmtree(target, ignore_errors=True)
        self.start("export", target).communicate()
        files = sorted(target.rglob("*")) if target.exists() else []
        shown = hashlib.sha256()
        for file in files:
            shown.update(file.name.encode() + file.read_bytes())
        shutil.rmtree(target, ignore_errors=True)
        return shown.hexdigest()

    def findings(self) -> str:
        """The digest of the ledger without its numbers."""
        rows = self.run("findings")[1]
        kept = sorted(
            [
                r["account"] or "",
                r["unit"],
                r["criterion"],
                r["subject"],
                r["observed_at"],
                r["status"],
                r["evidence"]["sha256"],
            ]
            for r in rows
        )
        return f"{len(rows)} " + hashlib.sha256(json.dumps(kept).encode()).hexdigest()

    def chain(self) -> object:
        """Whether the event chain holds."""
        return self.run("audit", "verify")[1][-1].get("ok")


def trials(base: Path, copies: int, kills: int, chance: random.Random) -> Iterator[tuple[str, object, object]]:
    """What was compared, got and expected."""
    rows = write_bundle(copies, base / "bundle")
    clean = House(base, "clean")
    begun = time.monotonic()
    status, answer = clean.run("import", base / "bundle")
    lasted = time.monotonic() - begun
    tell(f"{rows} rows, import {lasted:.1f} s")
    yield "clean import", (status, answer[-1]["refused"]), (0, 0)
    facts, nothing = clean.facts(), House(base, "nothing").facts()
    yield "an export tells the bundle from nothing", facts != nothing, True
    imported = base / "imported"
    shutil.copytree(clean.folder, imported)
    killed = 0
    for number in range(kills):
        house = House(base, f"import{number}")
        killed += house.run_killed(chance.uniform(0.3, lasted), "import", base / "bundle")
        yield f"import killed {number}: nothing or all", house.facts() in (nothing, facts), True
        yield (
            f"import killed {number}: again",
            (house.run("import", base / "bundle")[0], house.facts(), house.chain()),
            (0, facts, True),
        )
        shutil.rmtree(house.folder)
    tell(f"{killed} of {kills} imports were killed at work")
    begun = time.monotonic()
    last = clean.run("inspect", "--at", AT)[1][-1]
    lasted = time.monotonic() - begun
    findings = clean.findings()
    tell(f"inspection {lasted:.1f} s, {last}")
    killed = 0
    for number in range(kills):
        house = House(base, f"inspect{number}", imported)
        killed += house.run_killed(chance.uniform(0.3, lasted), "inspect", "--at", AT)
        house.run("inspect", "--at", AT)
        again = house.run("inspect", "--at", AT)[1][-1]
        yield f"inspect killed {number}", (house.findings(), again["findings"], house.chain()), (findings, 0, True)
        shutil.rmtree(house.folder)
    tell(f"{killed} of {kills} inspections were killed at work")
    house = House(base, "two inspections", imported)
    both = [house.start("inspect", "--at", AT) for _ in range(2)]
    raised = sum(json.loads(process.communicate()[0].decode().splitlines()[-1])["findings"] for process in both)
    yield "two inspections at once", (house.findings(), raised, house.chain()), (findings, last["findings"], True)
    house = House(base, "two imports")
    both = [house.start("import", base / "bundle") for _ in range(2)]
    created = [
        sum(json.loads(process.communicate()[0].decode().splitlines()[-1])["created"].values()) for process in both
    ]
    yield "two imports at once", (house.facts(), sorted(created), house.chain()), (facts, [0, rows], True)


def tell(text: str) -> None:
    """Prints a line for whoever waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Kills and doubles imports and inspections.")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="killed-"))
    wrong = done = 0
    try:
        for what, got, want in trials(base, options.copies, options.kills, random.Random(options.copies)):
            done, wrong = done + 1, wrong + (got != want)
            if got != want:
                tell(f"{what}: got {got}, expected {want}")
    finally:
        shutil.rmtree(base, ignore_errors=True)
    tell(f"{done} comparisons, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
