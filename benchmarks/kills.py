"""Kills writers with SIGKILL at random moments; then the chain is whole, nothing acknowledged is lost, nothing doubled.

    tools/with_postgres.sh .venv/bin/python benchmarks/kills.py [--kills 200] [--writers 3]
    XINMEI_VAR=/tmp/kills XINMEI_DATABASE=sqlite:////tmp/kills.sqlite3 .venv/bin/python benchmarks/kills.py

The database must be empty. Each writer does acts on findings and writes down, outside of the database, each one that
was acknowledged to it. One of them is killed every few milliseconds, wherever it is: in the act, between the commit and
the sealing, or in the sealing; another takes its place.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from acts import ACTS, make_findings, set_up, warm_up

NEXT = {"SUSPECTED": 0, "NOTIFIED": 1, "RECTIFIED": 2}
VERBS = {"finding.confirm": "confirm", "finding.rectify": "rectify", "finding.recheck": "recheck_cured"}


def write(findings: list[int], acknowledged: Path) -> None:
    """Works until it is killed; a finding goes on from where the writer before left it."""
    from django.db import connection

    from tests.cast import NOW
    from xinmei.acts.performing import perform
    from xinmei.people.doors import actings_by_login
    from xinmei.supervision.models import Finding

    connection.close()
    file = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    people = {login: actings_by_login(login, NOW) for _, login, _ in ACTS}
    for pk in findings:
        while (status := Finding.objects.values_list("status", flat=True).get(pk=pk)) in NEXT:
            verb, login, given = ACTS[NEXT[status]]
            perform(verb, pk, by=people[login], at=NOW, given=given)
            os.write(file, f"{VERBS[verb]} {pk}\n".encode())


def fork(findings: list[int], acknowledged: Path) -> int:
    """Starts a writer; its process number."""
    if child := os.fork():
        return child
    try:
        write(findings, acknowledged)
    finally:
        os._exit(0)


def main() -> int:
    """Prints what was done and what came of it. Returns 1 where anything was lost, doubled or broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20261128)
    options = parser.parse_args()
    set_up(Path(__file__).resolve().parents[1])
    from django.db import connection, connections

    shares = make_findings(options.writers)
    warmed = shares[0].pop()
    warm_up(warmed)
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        acknowledged = Path(folder) / "acknowledged"
        connections.close_all()
        writers = [fork(share, acknowledged) for share in shares]
        for _ in range(options.kills):
            time.sleep(chance.uniform(0.01, 0.3))
            place = chance.randrange(len(writers))
            os.kill(writers[place], signal.SIGKILL)
            os.waitpid(writers[place], 0)
            writers[place] = fork(shares[place], acknowledged)
        time.sleep(1)
        for writer in writers:
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
        lines = acknowledged.read_text().split("\n")
    told = {tuple(line.split()) for line in lines if line}
    return look(told, len(lines) - 1, options.kills, warmed, connection.vendor)


def look(told: set[tuple[str, ...]], lines: int, kills: int, warmed: int, vendor: str) -> int:
    """Compares what was acknowledged with the events, the steps and the chain."""
    from xinmei.people.checkpoints import verify_chain
    from xinmei.people.models import Event
    from xinmei.people.sealing import seal
    from xinmei.supervision.models import Step

    rest = seal()
    events, _, flaws = verify_chain(None)
    there = Counter(Event.objects.exclude(object_id=str(warmed)).values_list("verb", "object_id"))
    steps = Counter(
        (verb, str(pk)) for verb, pk in Step.objects.exclude(finding=warmed).values_list("verb", "finding_id")
    )
    lost, doubled = told - set(there), [one for one, count in there.items() if count > 1]
    print(f"{vendor}: {kills} kills, {lines} acts acknowledged, {events} events, {rest} sealed at the end")
    print(f"chain flaws {len(flaws)}, lost {len(lost)}, doubled {len(doubled)}, acts without their event "
          f"{sum((steps - there).values())}, events without their act {sum((there - steps).values())}")  # fmt: skip
    return 1 if flaws or lost or doubled or steps != there or lines != len(told) else 0


if __name__ == "__main__":
    sys.exit(main())
