"""A round of inspection on several machines under one ledger (docs/decisions/0299).

PostgreSQL, Redis and four worker hosts, each in a network namespace of its own. The city is that of the demo, scaled.

  python benchmarks/cluster.py                 everything: as on one machine, with a host killed and Redis restarted,
                                               and two workers against one
  python benchmarks/cluster.py --only killed   one of: killed, two

Each worker is pinned to one core. Printed are seconds by the clock and of the processor, and whether the findings are
byte for byte as on one machine. As root; about 4,000 accounts take ten minutes on a quiet machine.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psycopg
from laboratory import Host, Laboratory, seconds_of, wait_for

from xinmei.collectors.demo import write_demo_bundle
from xinmei.core.calendar import SHANGHAI

AT = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
ROOT = Path(__file__).parent.parent
XINMEI = [sys.executable, "-m", "xinmei"]
# Everything that a round writes, in the order in which it wrote it.
FINDINGS = """
SELECT f.id, f.owner, f.set, f.indicator, f.criterion, f.subject, f.occurrence, f.status, f.observed_at, f.fault_on,
       f.clause, f.reasoning, f.detail, e.id, e.sha256, e.sm3, encode(e.data, 'hex'), e.seen_at, e.source, e.edition
FROM supervision_finding f JOIN supervision_evidence e ON e.id = f.evidence_id ORDER BY f.id"""
COVERAGE = "SELECT account_id, observed, reason FROM supervision_coverage ORDER BY id"
ROUND = "SELECT at, inspected, could_not_observe, raised, edition, readings, screening FROM supervision_inspection"
HITS = """
SELECT post_id, message_id, start, "end", rule, category, severity, shelf, text, suggest, clause
FROM screening_screeninghit ORDER BY post_id, message_id, start, "end", rule, category"""
ASK = """
from datetime import datetime
from django.utils import timezone
from xinmei.jobs import actions
actions.enqueue("inspection", "benchmark", at=timezone.now(), due_at=datetime.fromisoformat("{at}"))
"""
STAGES = """
SELECT coalesce(max(p.kind), ''), count(*) FILTER (WHERE p.state = 'done'), count(p.id), max(j.state), max(j.failure)
FROM jobs_job j LEFT JOIN jobs_job p ON p.parent_id = j.id WHERE j.kind = 'inspection' AND j.parent_id IS NULL"""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=4000)
    parser.add_argument("--posts-a-day", type=float, default=0.3)
    parser.add_argument("--hosts", type=int, default=4)
    parser.add_argument("--only", choices=("killed", "two"))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with Laboratory(options.hosts) as lab:
        make_city(lab, options.accounts, options.posts_a_day)
        started, before = time.monotonic(), children_seconds()
        lab.make_database("alone", "city")
        run(lab, "alone", "inspect", "--at", AT.isoformat(), "--quiet")
        alone = picture(lab, "alone")
        spent = (
            f"{time.monotonic() - started:.1f} s, processor {children_seconds() - before:.1f} s (without PostgreSQL)"
        )
        print(f"on one machine, `xinmei inspect`: {alone[1]} findings, {spent}; digest {alone[0][:16]}", flush=True)
        if options.only != "two":
            print(f"{options.hosts} hosts, one killed, Redis killed and started anew:", flush=True)
            hold(lab, "killed", options.hosts, alone, disaster=True)
        if options.only != "killed":
            one = hold(lab, "one", 1, alone)
            two = hold(lab, "two", 2, alone)
            print(f"two workers against one: by the clock {one[0] / two[0]:.2f} times", end="; ")
            print(f"by the processor time of the busier of the two {one[1] / two[1]:.2f} times")


def make_city(lab: Laboratory, accounts: int, posts_a_day: float) -> None:
    """The database `city`, from which each run has its copy."""
    bundle = lab.folder / "bundle"
    summary = write_demo_bundle(bundle, until=AT, accounts=accounts, posts_per_account_day=posts_a_day)
    lab.make_database("city")
    run(lab, "city", "import", str(bundle))
    with connect(lab, "city", autocommit=True) as database:
        database.execute("VACUUM ANALYZE")
    rows = summary["rows"]
    print(f"{accounts:,} accounts, {rows['posts']:,} posts, {rows['messages']:,} messages", flush=True)


def run(lab: Laboratory, database: str, *words: str) -> None:
    """One command on this machine, by the socket."""
    done = subprocess.run(
        [*XINMEI, *words], env=environment(lab, database), capture_output=True, text=True, check=False
    )
    if done.returncode > 1 or "Traceback" in done.stderr:
        sys.exit(done.stderr[-3000:])


def environment(lab: Laboratory, database: str, **more: str) -> dict[str, str]:
    """Of a command by the socket."""
    own = {"XINMEI_VAR": str(lab.folder / "var"), "XINMEI_DATABASE": lab.address_of(database, host=False)}
    return {**os.environ, "PYTHONPATH": str(ROOT), **own, **more}


def connect(lab: Laboratory, database: str, *, autocommit: bool = True) -> psycopg.Connection[tuple[object, ...]]:
    """By the socket."""
    return psycopg.connect(f"host={lab.folder} user=xinmei dbname={database}", autocommit=autocommit)


def picture(lab: Laboratory, database: str) -> tuple[str, int]:
    """A digest of all that the round made, and how many findings."""
    digest, count = hashlib.sha256(), 0
    with connect(lab, database) as asked:
        for question in (FINDINGS, COVERAGE, ROUND, HITS):
            with asked.cursor().copy(f"COPY ({question}) TO STDOUT") as rows:
                for block in rows:
                    digest.update(block)
        count = int(str(asked.execute("SELECT count(*) FROM supervision_finding").fetchone()[0]))  # type: ignore[index]
    return digest.hexdigest(), count


def hold(
    lab: Laboratory, name: str, count: int, alone: tuple[str, int], *, disaster: bool = False
) -> tuple[float, float]:
    """A round by so many hosts. Returns seconds by the clock, and of the processor for the busiest host."""
    lab.make_database(name, "city")
    lab.ask_redis("FLUSHALL")
    hosts = start_hosts(lab, name, count, lease="15" if disaster else "120")
    before = {host.name: host.seconds() for host in hosts}
    run(lab, name, "manage", "shell", "--verbosity", "0", "-c", ASK.format(at=AT.isoformat()))
    started = time.monotonic()
    with connect(lab, name) as asked:
        stages = watch(asked, Disaster(lab, hosts[0]) if disaster else None)
        spent = {host.name: host.seconds() - before[host.name] for host in hosts}
        served = serving(asked, hosts)
    clock = time.monotonic() - started
    for host in hosts:
        host.stop()
    made = picture(lab, name)
    same = "byte for byte as on one machine" if made == alone else f"NOT AS ON ONE MACHINE: {made}"
    busy = {host.name: spent[host.name] + served.get(host.address, 0.0) for host in hosts}
    parts = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages)
    each = ", ".join(f"{spent[h.name]:.1f} + {served[h.address]:.1f}" if spent[h.name] > 0 else "killed" for h in hosts)
    print(f"  {count} worker(s): {clock:.1f} s ({parts}); processor, worker + PostgreSQL for it: {each}", flush=True)
    print(f"  {made[1]} findings, {same}", flush=True)
    if made != alone:
        sys.exit(1)
    return clock, max(busy.values())


def start_hosts(lab: Laboratory, database: str, count: int, *, lease: str) -> list[Host]:
    """Hosts that are ready to take numbers, each on one core."""
    more = {"XINMEI_DATABASE": lab.address_of(database, host=True), "XINMEI_BROKER": lab.broker}
    outside = environment(lab, database, **more, XINMEI_JOB_LEASE=lease, XINMEI_SCREENING_THREADS="1")
    words = [*XINMEI, "manage", "work", "--no-schedule", "--processes", "1"]
    cores = os.cpu_count() or 1
    hosts = [lab.start_host(place, words, outside, place % cores) for place in range(count)]

    def ready() -> bool:
        clients = lab.ask_redis("INFO", "clients")
        return f"blocked_clients:{2 * count}" in clients  # each host waits for short and for long jobs

    wait_for(ready, 120, f"hosts ready; {lab.ask_redis('INFO', 'clients')}")
    return hosts


class Disaster:
    """What befalls a round: a host killed a quarter through the judging, Redis half through; it comes back empty."""

    def __init__(self, lab: Laboratory, victim: Host) -> None:
        self.lab, self.victim = lab, victim
        self.host_died = self.redis_died = False
        self.redis_back_at = 0.0

    def strike(self, kind: str, done: int, total: int) -> None:
        """As far as it is time for it."""
        share = done / max(1, total) if kind == "inspection_part" else 0.0
        if not self.host_died and share >= 0.25:
            self.host_died = True
            self.victim.kill()
            print(f"    a host killed after {done} of {total} parts", flush=True)
        if not self.redis_died and share >= 0.5:
            self.redis_died, self.redis_back_at = True, time.monotonic() + 5
            self.lab.kill_redis()
            print(f"    Redis killed after {done} of {total} parts", flush=True)
        if self.redis_back_at and time.monotonic() > self.redis_back_at:
            self.redis_back_at = 0.0
            self.lab.start_redis()
            print(f"    Redis started again, empty, after {done} of {total} parts", flush=True)

    def end(self) -> None:
        """Both have struck; Redis is there for the next round."""
        if not self.redis_died:
            sys.exit("the round was over before the disaster: take more accounts")
        if self.redis_back_at:
            self.lab.start_redis()


def watch(asked: psycopg.Connection[tuple[object, ...]], disaster: Disaster | None) -> list[tuple[str, float]]:
    """Until the round is done: how long each step took."""
    steps = [("opening", time.monotonic())]
    while True:
        kind, done, total, state, failure = asked.execute(STAGES).fetchone() or ("", 0, 0, "", "")
        step = str(kind) if state == "split" else f"after {kind}" if kind else "opening"
        if step != steps[-1][0] and state not in ("done", "failed"):
            steps.append((step, time.monotonic()))
        if disaster:
            disaster.strike(str(kind), int(str(done)), int(str(total)))
        if state in ("done", "failed"):
            break
        time.sleep(0.1)
    if state == "failed":
        sys.exit(str(failure))
    if disaster:
        disaster.end()
    ends = [since for _, since in steps[1:]] + [time.monotonic()]
    return [(step, end - since) for (step, since), end in zip(steps, ends, strict=True)]


def serving(asked: psycopg.Connection[tuple[object, ...]], hosts: list[Host]) -> dict[str, float]:
    """The processor time of the database's processes, by the address for which they work."""
    spent: dict[str, float] = dict.fromkeys((host.address for host in hosts), 0.0)
    rows = asked.execute("SELECT host(client_addr), pid FROM pg_stat_activity WHERE client_addr IS NOT NULL")
    for address, pid in rows:
        spent[str(address)] = spent.get(str(address), 0.0) + seconds_of(int(str(pid)))
    return spent


def children_seconds() -> float:
    """Processor time of the commands that have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


if __name__ == "__main__":
    main()
