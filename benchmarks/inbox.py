"""The inbox over 2,000,000 old and 100,000 open messages, its terms reckoned again, and the late list by another hand.

    tools/with_postgres.sh .venv/bin/python benchmarks/inbox.py [--old 2000000] [--open 100000]

Writes the messages straight into the tables of an empty database, reckons all their terms as the background job does,
then asks for the inbox as an editor, a supervisor and an inspector on a real server: milliseconds, queries, processor.
Under each reading of the term the late list is compared, message for message and second for second, with
`tests/exam/world.py`, which shares no code with the product. One changed reading is reckoned over all messages.
1 where a page is over 150 ms or 20 queries, a list differs, or the reckoning takes over 5 minutes.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.drafts import ask, count_queries, prepare, say
from benchmarks.served import cpu_seconds, serve, sign_in_all

PAGE, QUERIES, RECKONED = 0.150, 20, 300
ACCOUNTS = 400
OPEN_FOR = timedelta(days=29)
PAGES = ("/inbox/", "/inbox/?with=own", "/inbox/?kind=complaint", "/inbox/moderating/")
READINGS = {"holiday": ("non_working", "public"), "reply_holiday_48h": ("arrival", "any_part")}
MESSAGES = """
    INSERT INTO interaction_message (code, account_id, received_at, kind, text, author, post, revision)
    SELECT %s || n, (%s::bigint[])[1 + n %% %s], %s::timestamptz + n * %s::interval,
           (ARRAY['enquiry', 'comment', 'complaint', 'enquiry'])[1 + n %% 4],
           '第' || n || '号路灯不亮，什么时候能修好？', '王某', '', 1
    FROM generate_series(1, %s) AS n
"""
REPLIES = """
    INSERT INTO interaction_reply (message_id, position, code, replied_at, text, automatic)
    SELECT id, 0, 'r', received_at + interval '20 hours', '已派人维修，请放心。', false
    FROM interaction_message WHERE code LIKE 'old%%'
"""


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", type=int, default=2_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    return parser.parse_args()


def fill(old: int, waiting: int, now: datetime) -> None:
    """The messages of 400 accounts: the old ones over two years before, each answered; the open ones until now."""
    from django.db import connection

    from tests.cast import build_city, build_people, make_account
    from xinmei.registry.models import Account

    city = build_people(build_city())
    units = list(city.units.values())
    while (count := Account.objects.count()) < ACCOUNTS:
        make_account(f"A{count}", units[count % len(units)], platform="app", kind="")
    numbers = list(Account.objects.values_list("pk", flat=True))
    begun, span = datetime(2025, 1, 1, tzinfo=now.tzinfo), now - OPEN_FOR - timedelta(days=2)
    with connection.cursor() as cursor:
        for code, count, since, until in (("old", old, begun, span), ("open", waiting, now - OPEN_FOR, now)):
            cursor.execute(MESSAGES, [code, numbers, len(numbers), since, (until - since) / count, count])
        cursor.execute(REPLIES)
        for table in ("interaction_message", "interaction_reply"):
            cursor.execute(f"ANALYZE {table}")


def read_as(reading: str, choice: str) -> None:
    """The office reads it so from long ago on."""
    from xinmei.registry.models import ReadingChange

    at = datetime.fromisoformat("2021-07-01T00:00:00+08:00")
    ReadingChange.objects.create(
        name=reading,
        choice=choice,
        starts_on=date(2021, 7, 1),
        reason="",
        state=ReadingChange.State.APPROVED,
        proposed_by="cha",
        proposed_name="查检查",
        proposed_at=at,
        decided_by="tou",
        decided_at=at,
    )


def reckon(now: datetime) -> float:
    """Reckons what is outdated; seconds."""
    from xinmei.interaction.reckoning import reckon_outdated

    begun, cpu = time.perf_counter(), time.process_time()
    count = reckon_outdated(now)
    took = time.perf_counter() - begun
    print(
        f"reckoned {count} terms: {took:.0f} s, {time.process_time() - cpu:.0f} s of this process; "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    return took


def differing(chosen: dict[str, str], now: datetime) -> int:
    """How many messages are late here and not there, or due at another second."""
    from tests.exam.world import moment, reply_due
    from xinmei.interaction.models import Message
    from xinmei.interaction.owed import late

    told = dict(late(Message.objects.all(), now).values_list("code", "reply_due_at"))
    expected = {}
    rows = Message.objects.filter(code__startswith="open", kind="enquiry").values_list("code", "received_at")
    for code, received_at in rows.iterator():
        due_at = reply_due(moment(received_at.isoformat()), chosen)
        if due_at < now:
            expected[code] = due_at
    differ = sum(told.get(code) != expected.get(code) for code in told.keys() | expected.keys())
    print(f"late by {' '.join(chosen.values())}: {len(told)}, differing {differ}", flush=True)
    return differ


def compare_lists(now: datetime) -> int:
    """Under each reading; the terms of the open messages are reckoned for it. How many differ in all."""
    from xinmei.interaction.models import Message
    from xinmei.interaction.reckoning import _store
    from xinmei.people.doors import day_of
    from xinmei.registry.models import ReadingChange

    columns = ("pk", "kind", "concrete_policy_question", "received_at")
    rows = list(Message.objects.filter(code__startswith="open").values_list(*columns))
    differ = 0
    for choices in itertools.product(*READINGS.values()):
        ReadingChange.objects.all().delete()
        chosen = dict(zip(READINGS, choices, strict=True))
        for reading, choice in chosen.items():
            read_as(reading, choice)
        for at in range(0, len(rows), 2000):
            _store(rows[at : at + 2000], day_of(now))
        differ += differing(chosen, now)
    ReadingChange.objects.all().delete()
    return differ


def measure_pages(folder: str) -> bool:
    """Whether a page is too slow. On a busy machine the processor counts."""
    slow = []
    pages = [(login, address) for login in ("bian", "zhu", "cha") for address in PAGES]
    queries = {page: count_queries(*page) for page in pages}
    with serve(Path(folder) / "log") as (port, pid):
        keys = sign_in_all(["bian", "zhu", "cha"])
        for (login, address), count in queries.items():
            ask(port, keys[login], address)
            before = cpu_seconds(pid)
            times = [ask(port, keys[login], address)[0] for _ in range(20)]
            p95 = say(f"{login} {address} ({count} queries)", times, cpu_seconds(pid) - before)
            slow.append(count > QUERIES or p95 > PAGE)
    return any(slow)


def main() -> int:
    """Runs all of it."""
    given = asked()
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from django.utils import timezone

        now = timezone.now()
        begun = time.perf_counter()
        fill(given.old, given.open, now)
        print(
            f"{given.old} old and {given.open} open messages written: {time.perf_counter() - begun:.0f} s", flush=True
        )
        slow = reckon(now) > RECKONED
        slow |= measure_pages(folder)
        slow |= bool(compare_lists(now))
        read_as("holiday", "public")
        slow |= reckon(now) > RECKONED
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
