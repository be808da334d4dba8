"""How long the first page of a year takes after a start, at 400 accounts.

    XINMEI_VAR=/tmp/year XINMEI_DATABASE=sqlite:////tmp/year.sqlite3 .venv/bin/python benchmarks/year_page.py

The database must be empty. A city is made with so many accounts, ten confirmed findings each, and its year is reckoned
once. Then fresh processes, ready as those of `xinmei serve` are when the first request comes, each open the ranking and
one unit's year; the time is that of the request alone, in seconds on the clock and of the processor.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from acts import set_up

HERE = Path(__file__).resolve().parents[1]
DEPARTMENTS = 40


def make_city(accounts: int) -> None:
    """Departments with accounts, and what was found of them."""
    from tests.cast import NOW, build_city, build_people, make_account
    from xinmei.assessment.stored import reckon
    from xinmei.supervision.evidence import make_evidence
    from xinmei.supervision.models import Finding
    from xinmei.units.models import Unit

    city = build_people(build_city())
    top = city.units["CZ"]
    evidence = make_evidence({"typo": "拔款"}, seen_at=NOW, source="测量", edition="2021")
    evidence.save()
    fields: dict[str, Any] = {"set": "assessment", "indicator": "operation", "criterion": "typo", "clause": "错别字"}
    fields |= {"evidence": evidence, "observed_at": NOW, "fault_on": NOW.date(), "status": "NOTIFIED"}
    rows = []
    for place in range(DEPARTMENTS):
        unit = Unit.objects.create(
            code=f"B{place}", name=f"市第{place}局", kind="department", parent=top, cohort="departments",
            path=f"{top.path}{900 + place:08d}/",
        )  # fmt: skip
        for number in range(accounts // DEPARTMENTS):
            account = make_account(f"B{place}-{number}", unit, name=f"{unit.name}发布{number}")
            rows += [
                Finding(account=account, unit=unit, owner=account.code, subject=f"{n}", **fields) for n in range(10)
            ]
    Finding.objects.bulk_create(rows, batch_size=500)
    begin = time.perf_counter()
    kept = reckon(NOW.year, NOW)
    print(f"{accounts} accounts reckoned in {time.perf_counter() - begin:.2f} s, {len(kept.document) >> 10} KiB stored")


def open_pages() -> None:
    """In a fresh process: prints the seconds of each page, and of each page once more."""
    import time_machine
    from django.test import Client

    from tests.cast import NOW, sign_in
    from xinmei.commands.serve import make_ready
    from xinmei.people.models import Person

    make_ready()
    client = Client(SERVER_NAME="localhost")
    with time_machine.travel(NOW, tick=True):
        sign_in(client, Person.objects.get(login="tou"))
        for address in ("/assessment/2026/", "/units/B7/2026/", "/assessment/2026/"):
            begin, used = time.perf_counter(), time.process_time()
            answer = client.get(address)
            took, used = time.perf_counter() - begin, time.process_time() - used
            assert answer.status_code == 200
            assert "核算" in answer.content.decode()
            assert "正在核算" not in answer.content.decode()
            print(f"{address} {took:.3f} {used:.3f}")


def main() -> int:
    """Prints the median of five starts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=400)
    parser.add_argument("--fresh", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    set_up(HERE)
    if options.fresh:
        open_pages()
        return 0
    make_city(options.accounts)
    seen: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for _ in range(5):
        words = [sys.executable, __file__, "--fresh"]
        done = subprocess.run(words, cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE)}, capture_output=True,
                              encoding="utf-8", check=False)  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        for place, line in enumerate(done.stdout.splitlines()):
            address, took, used = line.split()
            seen.setdefault((place, address), []).append((float(took), float(used)))
    for (place, address), times in seen.items():
        took, used = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{place + 1}. {address}: {took * 1000:.0f} ms, {used * 1000:.0f} ms of the processor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
