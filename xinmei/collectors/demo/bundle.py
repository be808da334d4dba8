"""Writes the made city as an exchange bundle, one account at a time, so that memory stays small for a city of any
size.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TextIO

from xinmei.collectors.demo.city import Unit, make_units, people_of
from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.looks import FunctionWriter, LookWriter, PatrolWriter
from xinmei.collectors.demo.messages import MessageWriter
from xinmei.collectors.demo.plan import Plan, make_plans
from xinmei.collectors.demo.policies import HEADER as POLICY_HEADER
from xinmei.collectors.demo.posts import PostWriter
from xinmei.collectors.demo.register import HEADER, MadeAccount, counties_for, make_accounts
from xinmei.collectors.demo.span import WEEK, Span
from xinmei.collectors.demo.texts import pick, seeded, several

UNIT_HEADER = "code,name,kind,parent,cohort,vertical_system,duties,short_names"


def write_demo_bundle(
    folder: Path, seed: int = 2021, *, until: datetime, accounts: int = 400, posts_per_account_day: float = 1.95
) -> dict[str, Any]:
    """Writes the made city's bundle (`formats.md`) into `folder`, which is created where it is missing.

    Files of the same names are replaced. The same seed, moment, size and rate give the same bytes. `until` is the
    moment of the inspection to come (aware); facts reach to it from 1 November of the year before.

    Returns the numbers of rows by file, `since`, `until`, and what an inspection at `until` should find: `in_service`
    (count), `blind` (accounts that it cannot observe), `planted` (`kind`, `account`, `unit`, `subject`, `found_by`:
    `machine` or `person`) and `traps` (`kind`, `account`, `subject`, `why`).

    Raises ValueError, in Chinese, where `until` has no time zone, or where the city would be smaller than 40 accounts
    or larger than there are names.
    """
    if until.tzinfo is None:
        raise ValueError("until 没有时区，应写成带时区的时间，如 2026-11-23T09:00:00+08:00")
    if accounts < 40:
        raise ValueError(f"演示城市至少要有 40 个账号，要的是 {accounts} 个")
    span, ledger = Span(until), Ledger(accounts)
    units = make_units(counties_for(accounts), seeded(seed, "units"))
    register = make_accounts(units, accounts, span, ledger, seeded(seed, "accounts"))
    plans = make_plans(register, span, posts_per_account_day, ledger, seeded(seed, "plans"))
    folder.mkdir(parents=True, exist_ok=True)
    rows = _write_tables(folder, units, register, plans, span, seeded(seed, "tables"))
    rows |= _write_facts(folder, seed, plans, span, ledger)
    serving = [plan for plan in plans if not plan.is_closed]
    return {
        "since": str(span.since),
        "until": span.until.isoformat(),
        "rows": rows,
        "in_service": len(serving),
        "blind": [
            plan.account.id
            for plan in serving
            if any(start <= span.seen_until - WEEK < end for start, end in plan.unseen)
        ],
        "planted": ledger.planted,
        "traps": ledger.traps,
    }


def _write_facts(folder: Path, seed: int, plans: list[Plan], span: Span, ledger: Ledger) -> dict[str, int]:
    """What happened, one account after the other; the numbers of rows by file."""
    with ExitStack() as files:

        def open_file(name: str) -> TextIO:
            return files.enter_context(open(folder / name, "w", encoding="utf-8", newline="\n", buffering=1 << 20))

        posts = PostWriter(span, ledger, open_file("posts.jsonl").write)
        messages = MessageWriter(span, ledger, open_file("messages.jsonl").write)
        looks = LookWriter(span, open_file("observations.jsonl").write)
        functions = FunctionWriter(span, ledger, open_file("functions.jsonl").write)
        patrol_file = open_file("patrols.csv")
        patrol_file.write("account,day,half,by,at\n")
        patrols = PatrolWriter(span, ledger, patrol_file.write)
        for plan in plans:
            rng = seeded(seed, plan.account.id)
            moments = posts.write_posts(plan, rng)
            messages.write_messages(plan, moments, rng)
            looks.write_looks(plan, rng)
            functions.write_functions(plan, rng)
            patrols.write_patrols(plan, rng)
    return {
        "policies": _write_csv(folder / "policies.csv", POLICY_HEADER, posts.policies.rows),
        "posts": posts.count,
        "messages": messages.count,
        "observations": looks.count,
        "functions": functions.count,
        "patrols": patrols.count,
    }


def _write_csv(path: Path, header: str, rows: Iterable[Sequence[object]]) -> int:
    written = list(rows)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split(","))
        out.writerows(written)
    return len(written)


def _write_tables(
    folder: Path, units: list[Unit], register: list[MadeAccount], plans: list[Plan], span: Span, rng: Random
) -> dict[str, int]:
    def table(name: str, header: str, rows: Iterable[Sequence[object]]) -> tuple[str, int]:
        return name, _write_csv(folder / f"{name}.csv", header, rows)

    unit_rows = [[u.code, u.name, u.kind, u.parent, u.cohort, u.vertical, u.duties, u.short_names] for u in units]
    people = people_of(units, str(span.since), str(span.judged_from + timedelta(days=20)))
    return dict(
        [
            table("units", UNIT_HEADER, unit_rows),
            table("accounts", HEADER, (account.row() for account in register)),
            table("people", "login,name,unit,post,from,to", people),
            table("commendations", "unit,awarded_on,by,title", _commendations(units, span, rng)),
            table("inspections", "ordered_by,period,account,result,indicator,note", _inspections(plans, span, rng)),
        ]
    )


def _commendations(units: list[Unit], span: Span, rng: Random) -> list[tuple[str, str, str, str]]:
    praised = several([unit for unit in units if unit.cohort], 8, rng)
    day = str(span.day(span.judged + (span.end - span.judged) // 2))
    return [
        (unit.code, day, "superior" if i < 3 else "own", "政务新媒体工作先进单位") for i, unit in enumerate(praised)
    ]


def _inspections(plans: list[Plan], span: Span, rng: Random) -> list[tuple[str, str, str, str, str, str]]:
    """Higher tiers looked at a few accounts in each half-year and quarter that is over. All passed but one."""
    year = span.judged_from.year
    periods = [
        ("state", f"{year}H1", 7),
        ("province", f"{year}Q1", 4),
        ("province", f"{year}Q2", 7),
        ("province", f"{year}Q3", 10),
    ]
    chosen = [plan for plan in plans if plan.open == 0 and not plan.is_closed and plan.account.unit.cohort]
    rows = []
    for tier, period, month in periods:
        if span.until.date() < span.judged_from.replace(month=month, day=1):
            continue
        rows += [(tier, period, plan.account.id, "pass", "", "") for plan in several(chosen, 6, rng)]
    failing = [i for i, row in enumerate(rows) if row[0] == "province"]
    if failing:
        i = pick(failing, rng)
        rows[i] = (*rows[i][:3], "fail", "内容不更新", "抽查时点前14天内没有更新")
    return rows
