"""How many acts a second several writers do on PostgreSQL, before and after a change, in the same run.

    XINMEI_POSTGRES_DURABLE=1 tools/with_postgres.sh .venv/bin/python benchmarks/acts.py [--before CHECKOUT]
        [--writers 8] [--seconds 10] [--rounds 3] [--held MILLISECONDS]

Each writer is a process of its own and works through findings of its own: confirm, rectify, recheck, each one act with
its event, step and notice, in a transaction of its own. The checkouts take turns, each in a database of its own, and
the sides of a round follow one another within seconds. `--held` lets each act go on for so long after it has written
its event, as acts do that write much besides. At the end the chain must be whole and hold each act once.

Where others use the machine too, the clock says little: processor time an act, of the writers and of PostgreSQL for
them, is printed beside it. `per_core` is how many acts a second one free core would do.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

HERE = Path(__file__).resolve().parents[1]
PER_WRITER = 4000
ACTS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("finding.confirm", "cha", {}),
    ("finding.rectify", "bian", {"note": "已改"}),
    ("finding.recheck", "cha", {"cured": True, "note": "已改正"}),
)


def set_up(checkout: Path) -> None:
    """Django of this checkout, with its tables."""
    sys.path.insert(0, str(checkout))
    from xinmei.commands.database import open_database

    open_database()


def make_findings(writers: int) -> list[list[int]]:
    """A city, its people, and suspected findings: those of each writer in a list of its own."""
    from tests.cast import NOW, build_city, build_people
    from xinmei.supervision.evidence import make_evidence
    from xinmei.supervision.models import Finding

    city = build_people(build_city())
    account = city.accounts["DH-1"]
    evidence = make_evidence({"typo": "拔款"}, seen_at=NOW, source="测量", edition="2021")
    evidence.save()
    fields: dict[str, Any] = {"account": account, "unit": account.unit, "evidence": evidence, "clause": "错别字"}
    fields |= {"set": "assessment", "indicator": "operation", "criterion": "typo", "owner": account.code}
    rows = Finding.objects.bulk_create(
        (
            Finding(**fields, subject=f"{n}", observed_at=NOW, fault_on=NOW.date())
            for n in range(writers * PER_WRITER // 3)
        ),
        batch_size=1000,
    )
    return [[row.pk for row in rows[place::writers]] for place in range(writers)]


def warm_up(pk: int) -> None:
    """Reads the rules and compiles what there is to compile, once, before the writers part."""
    from tests.cast import NOW
    from xinmei.acts.performing import perform
    from xinmei.people.doors import actings_by_login

    for verb, login, given in ACTS:
        perform(verb, pk, by=actings_by_login(login, NOW), at=NOW, given=given)


def write(findings: list[int], ready: Any, until: Any, done: Any, held: float) -> None:
    """One writer: acts until the time is over, and says how many, and how many processor seconds they took."""
    from django.db import connection

    from tests.cast import NOW
    from xinmei.acts.performing import perform
    from xinmei.people.doors import actings_by_login

    connection.close()
    people = {login: actings_by_login(login, NOW) for login in ("cha", "bian")}
    count = 0
    ready.wait()
    while until.value == 0.0:
        time.sleep(0.01)
    spent = time.process_time()
    for pk in findings:
        for verb, login, given in ACTS:
            if time.time() >= until.value:
                done.put((count, time.process_time() - spent))
                return
            if held:
                from django.db import transaction

                with transaction.atomic():
                    perform(verb, pk, by=people[login], at=NOW, given=given)
                    time.sleep(held)
            else:
                perform(verb, pk, by=people[login], at=NOW, given=given)
            count += 1
    done.put((count, time.process_time() - spent))


def measure(checkout: Path, options: argparse.Namespace) -> int:
    """In a process of its own, on an empty database: prints acts, seconds, and whether the chain is whole."""
    set_up(checkout)
    from django.db import connection

    shares = make_findings(options.writers)
    warm_up(shares[0].pop())
    connection.close()
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(options.writers + 1), context.Queue()
    until = context.Value("d", 0.0)
    writers = [context.Process(target=write, args=(share, ready, until, done, options.held / 1000)) for share in shares]
    for writer in writers:
        writer.start()
    ready.wait()
    serving, begin = serving_seconds(), time.time()
    until.value = begin + options.seconds
    told = [done.get(timeout=options.seconds + 30) for _ in writers]
    seconds, serving = time.time() - begin, serving_seconds() - serving
    for writer in writers:
        writer.join()
    acts, spent = (sum(column) for column in zip(*told, strict=True))
    each = {
        "writer_ms": spent / acts * 1000,
        "postgres_ms": serving / acts * 1000,
        "per_core": acts / (spent + serving),
    }
    said = {"acts": acts, "seconds": seconds, "load": os.getloadavg()[0], **each, **look_at_chain(acts + len(ACTS))}
    print(json.dumps(said))
    return 0


def serving_seconds() -> float:
    """The processor seconds of PostgreSQL so far: of its processes that are there, and of those that have ended."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    ticks, everybody = 0, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            everybody[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
    postmaster = int(everybody[own][1])
    for number, fields in everybody.items():
        if number == postmaster or int(fields[1]) == postmaster:
            ticks += sum(int(one) for one in fields[11 : 15 if number == postmaster else 13])
    return ticks / os.sysconf("SC_CLK_TCK")


def look_at_chain(acts: int) -> dict[str, object]:
    """Whether each act stands in the chain once, and how long the rest took to seal."""
    from xinmei.people.checkpoints import verify_chain

    begin = time.perf_counter()
    try:
        from xinmei.people.sealing import seal
    except ImportError:
        tail = 0
    else:
        tail = seal()
    took = time.perf_counter() - begin
    events, _, flaws = verify_chain(None)
    return {"tail": tail, "tail_seconds": took, "whole": not flaws and events == acts}


def run(checkout: Path, url: str, name: str, options: argparse.Namespace) -> dict[str, Any]:
    """One side once."""
    parts = urlsplit(url)
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    own = urlunsplit(parts._replace(path=f"/{name}"))
    own = own if parts.netloc else own.replace(":/", "://", 1) if "://" not in own else own
    words = [sys.executable, __file__, "--side", str(checkout), "--writers", str(options.writers)]
    words += ["--seconds", str(options.seconds), "--held", str(options.held)]
    var = Path("/tmp") / f"acts-var-{os.getpid()}-{name}"
    environment = {**os.environ, "XINMEI_DATABASE": own, "XINMEI_VAR": str(var), "PYTHONPATH": str(checkout)}
    done = subprocess.run(words, cwd=checkout, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def main() -> int:
    """Prints acts a second of each side, the median of the rounds, and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--before", type=Path, help="a checkout of the release to compare with")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--held", type=float, default=0, help="milliseconds that an act goes on after its event")
    parser.add_argument("--side", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        return measure(options.side, options)
    url = os.environ.get("XINMEI_DATABASE", "")
    if not url.startswith("postgresql"):
        parser.error("run it under tools/with_postgres.sh")
    sides = {"before": options.before.resolve()} if options.before else {}
    sides["after"] = HERE
    rates: dict[str, list[float]] = {name: [] for name in sides}
    whole = True
    for number in range(1, options.rounds + 1):
        for name, checkout in sides.items():
            said = run(checkout, url, f"acts_{name}", options)
            rates[name].append(said["acts"] / said["seconds"])
            whole = whole and bool(said["whole"])
            print(f"round {number} {name}: {rates[name][-1]:.0f} acts/s, {said}", flush=True)
    middle = {name: statistics.median(one) for name, one in rates.items()}
    print({name: round(rate, 1) for name, rate in middle.items()}, f"{options.writers} writers, chain whole: {whole}")
    if "before" in middle:
        print(f"ratio {middle['after'] / middle['before']:.2f}")
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
