"""Lets the product live a made town's year by its command line and compares every answer with the oracle.

    python -m tests.exam.run_exam [--seeds 1-20] [--show 40] [--brief]

The commands are the real ones; one process loads the program once and forks for each, so that a town takes seconds.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from tests.exam.generate import town, write
from tests.exam.happenings import Town, written
from tests.exam.ledger import Finding, Ledger, Refused
from tests.exam.oracle import Fault
from tests.exam.product import Product, load_once
from tests.exam.world import DAY, HOUR, Row, World, midnight, moment
from tests.exam.year import assess, cents

BY = ("--by", "考官")
IGNORED = {"over_collection", "unlisted_source", "typo", "grave_misstatement", "improper_content", "privacy_leak"}
READINGS = [
    "",
    "reply_holiday_48h=any_part",
    "holiday=public",
    "reply_counts=any",
    "province_one_fails_50=each_account",
    "province_one_fails_50=failing_account",
    "province_one_fails_50=final",
    "same_event=cumulate",
    "unit_criteria=unit_mean",
    "bonus_problems=account",
    "bonus_praise=sum",
    "worth_is_cap=none",
    "originals=full",
    "unit_mean=by_days",
    "week=rolling",
    "looks=two",
    "internal_office_since=2019-06-07",
]
INSPECTED_WITH = [
    ("holiday", "public"),
    ("reply_holiday_48h", "any_part"),
    ("reply_counts", "any"),
    ("looks", "two"),
    ("internal_office_since", "2019-06-07"),
]
UNITS = [None, None, None, "X01", "C00", "D04", "D05", "T06"]  # fmt: skip


Key, Value = TypeVar("Key"), TypeVar("Value")


def in_turn(rows: Iterable[tuple[Key, Value]]) -> dict[tuple[Key, int], Value]:
    """The rows by their key and by its how-manieth occurrence.

    An inspection of January may find a function dead in either year.
    """
    times: Counter[Key] = Counter()
    found = {}
    for key, row in rows:
        times[key] += 1
        found[key, times[key]] = row
    return found


class Exam:
    """One town's year."""

    def __init__(self, seed: int, brief: bool = False) -> None:
        self.seed, self.chance, self.made, self.brief = seed, random.Random(seed * 7 + 1), town(seed), brief
        self.product, self.ledger = Product(), Ledger(World())
        self.wrong, self.checks = list[str](), 0

    def check(self, what: str, got: object, want: object) -> bool:
        """Counts one comparison."""
        self.checks += 1
        if got != want:
            self.wrong.append(f"seed {self.seed} {what}: got {got}, expected {want}")
        return got == want

    def run(self) -> None:
        """Lives the whole year."""
        made: Town = self.made
        self.take(made.bundle, "first")
        self.sheets(made.inspect_at[0] - DAY)
        before: tuple[datetime, str | None, dict[str, str]] | None = None
        for number, at in enumerate(made.inspect_at):
            if number in made.later:
                self.take(made.later[number], f"later{number}")
                if before and self.chance.random() < 0.5:  # the same inspection again, with the facts that came since
                    self.inspect(*before)
            unit = self.chance.choice(UNITS)
            readings = {"week": "rolling"} if made.rolling else {}
            readings |= dict(self.chance.sample(INSPECTED_WITH, self.chance.choice([0, 0, 0, 1, 2])))
            self.inspect(at, unit, readings)
            if number % 4 == 1:
                self.inspect(at, unit, readings)
            before = (at, unit, readings)
            if number % 3 == 0:
                self.sheets(at)
                self.sheets(
                    self.chance.choice(
                        [
                            at - timedelta(microseconds=1),
                            at + 9 * DAY,
                            midnight(at.date()),
                            midnight(date(made.year, 12, 31)),
                            midnight(date(made.year + 1, 1, 1)),
                        ]
                    )
                )
            following = made.inspect_at[number + 1] if number + 1 < len(made.inspect_at) else at + 20 * DAY
            self.decide(at, following)
        self.sheets(made.inspect_at[-1])
        for reading in READINGS[:4] if self.brief else READINGS:
            for year in (made.year, made.year + 1) if not reading else (made.year,):
                self.assess(year, reading)
        if not self.brief:
            self.export()
        self.product.close()

    def export(self) -> None:
        """「What is exported can be imported into an empty database, and exporting that again gives the same
        bytes.」
        """
        with tempfile.TemporaryDirectory() as folder:
            shown = []
            for name in ("one", "two"):
                self.check(f"export {name}", self.product("export", f"{folder}/{name}")[0], 0)
                shown.append({file.name: file.read_bytes() for file in Path(folder, name).iterdir()})
                self.product.empty()
                self.check(f"import of export {name}", self.product("import", f"{folder}/{name}")[0], 0)
            self.check("exports: the same bytes", shown[0] == shown[1], True)

    def take(self, bundle: dict[str, list[Row]], name: str) -> None:
        """Imports a bundle."""
        status, rows = self.product("import", write(bundle, self.product.folder / name))
        self.check(f"import {name}", (status, [r for r in rows if "error" in r][:2]), (0, []))
        self.ledger.world.take(bundle)

    def inspect(self, at: datetime, unit: str | None, readings: dict[str, str]) -> None:
        """One inspection: its last line, its exit status and the whole ledger after it."""
        words = [word for name, choice in readings.items() for word in ("--reading", f"{name}={choice}")]
        status, rows = self.product(
            "inspect", "--at", written(self.chance, at), *(("--unit", unit) if unit else ()), *words
        )
        want = self.ledger.inspect(at, unit, readings)
        noise = sum(r.get("criterion") in IGNORED for r in rows[:-1])
        last = {k: rows[-1].get(k) for k in want}
        self.noise_standing = last["standing"]
        last["findings"] -= noise
        self.check(f"inspect {at} {unit or ''}: lines of findings", len(rows) - 1, rows[-1]["findings"])
        label = f"inspect {at} {unit or ''} {readings or ''}"
        ledger = self.compare(label)
        known = {f.id for f in self.ledger.findings}
        units = self.ledger.world.below(unit) if unit else None
        raised = {r["id"] for r in rows[:-1]}
        wait = [
            r
            for r in ledger
            if r["id"] not in known | raised
            and r["status"] == "SUSPECTED"
            and moment(r["observed_at"]) <= at
            and (not units or r["unit"] in units)
        ]
        accounts = self.ledger.inspections[-1].accounts
        last["standing"] -= sum(
            r["account"] is None or r["account"] in accounts for r in wait if r["criterion"] in IGNORED
        )
        self.check(label, last, want)
        self.check(f"{label} status", status, int(rows[-1]["findings"] > 0 or rows[-1]["standing"] > 0))

    def key(self, row: Row, by_id: dict[str, Row]) -> tuple[str, str, str, str, datetime]:
        """A finding of the product as the oracle's key."""
        subject = row["subject"]
        if row["criterion"] == "silent_two_weeks":
            subject = "/".join(moment(m).isoformat() for m in subject.split("/"))
        if row["criterion"] == "late_rectification":
            subject = "late for " + repr(self.key(by_id[subject], by_id))
        return (
            f"{row['set']}/{row['indicator']}/{row['criterion']}",
            row["account"] or "",
            row["unit"],
            subject,
            moment(row["observed_at"]),
        )

    def compare(self, label: str) -> list[Row]:
        """The ledger, finding by finding."""
        rows = self.product("findings")[1]
        by_id = {r["id"]: r for r in rows}
        got = in_turn((self.key(r, by_id), r) for r in rows if r["criterion"] not in IGNORED)
        want = in_turn((f.key(), f) for f in self.ledger.findings)
        for key in sorted(set(got) - set(want)):
            self.check(f"{label} raised and should not be", (key, got[key]["status"]), None)
        for key in sorted(set(want) - set(got)):
            self.check(f"{label} lost", None, (key, want[key].status))
        for key in set(want) & set(got):
            row, finding = got[key], want[key]
            finding.id = row["id"]
            if finding.status != "DISMISSED":
                self.check(f"{label} contradicted {key}", bool(row.get("contradicted")), finding.contradicted)
            self.check(f"{label} state of {key}", row["status"], finding.status)
            if finding.status == "NOTIFIED":
                self.check(
                    f"{label} term of {key}", row["rectify_by"] and moment(row["rectify_by"]), finding.rectify_by
                )
            elif finding.status in ("SUSPECTED", "CONFIRMED"):
                self.check(f"{label} no term of {key}", row["rectify_by"], None)
        return rows

    def step(self, verb: str, finding: Finding, at: datetime, *words: str) -> None:
        """One decision by the product and by the oracle."""
        status, rows = self.product(
            verb, finding.id, *BY, *(("--at", at.isoformat()) if verb != "dismiss" else ()), *words
        )
        try:
            {
                "confirm": lambda: self.ledger.confirm(finding, at),
                "dismiss": lambda: self.ledger.dismiss(finding),
                "rectify": lambda: self.ledger.rectify(finding, at),
                "recheck": lambda: self.ledger.recheck(finding, at, "yes" in words),
            }[verb]()
            want = 0
        except Refused:
            want = 1
        self.check(f"{verb} {finding.key()} at {at}", status, want)
        if want == 0 and status == 0:
            self.check(f"{verb} answers", [r["id"] for r in rows][:1], [finding.id])

    def decide(self, at: datetime, following: datetime) -> None:
        """People confirm, dismiss, cure and recheck at and around the limits."""
        chance, ledger = self.chance, self.ledger
        most = 3 if self.brief else 12
        suspected = [f for f in ledger.findings if f.status == "SUSPECTED" and f.id and f.observed_at <= at]
        for finding in chance.sample(suspected, min(len(suspected), most)):
            if chance.random() < 0.12:
                self.step("dismiss", finding, at, "--why", "不予认定")
            else:
                self.step("confirm", finding, at + chance.choice([timedelta(0), HOUR, 14 * HOUR]))
        for finding in chance.sample(ledger.findings, min(len(ledger.findings), most)):
            if not finding.id:
                continue
            if finding.status == "NOTIFIED" and finding.rectify_by and finding.rectify_by < following:
                when = (
                    finding.rectify_by + chance.choice([timedelta(0), -HOUR, timedelta(seconds=1), DAY])
                    if finding.rectify_by > at
                    else at + 2 * HOUR
                )
                self.step("rectify", finding, when)
                if chance.random() < 0.8:
                    self.step("recheck", finding, when + HOUR, "--cured", chance.choice(["yes", "yes", "no"]))
            elif chance.random() < 0.1:
                self.step(chance.choice(["confirm", "rectify"]), finding, at + 3 * HOUR)
            elif chance.random() < 0.05:
                self.step("dismiss", finding, at + 3 * HOUR, "--why", "申诉成立")
        self.step_many(at)
        if chance.random() < 0.5:
            self.find(at)
        self.filters()

    def step_many(self, at: datetime) -> None:
        """Several ids, as words or on standard input: all or nothing."""
        verb = self.chance.choice(["confirm", "dismiss"])
        known = [
            f
            for f in self.ledger.findings
            if f.id and f.observed_at <= at and (f.status == "SUSPECTED" or self.chance.random() < 0.02)
        ]
        some = self.chance.sample(known, min(3, len(known)))
        ids = [f.id for f in some] + (["999999999"] if self.chance.random() < 0.2 else [])
        if not ids:
            return
        by_hand = self.chance.random() < 0.5
        more = ["--at", at.isoformat(), *BY, *(["--why", "不予认定"] if verb == "dismiss" else [])]
        status, rows = self.product(verb, *(ids if by_hand else ["-"]), *more, lines=() if by_hand else ids)
        allowed = ids[-1] != "999999999" and all(
            f.status == "SUSPECTED" if verb == "confirm" else f.status != "DISMISSED" for f in some
        )
        self.check(f"{verb} {ids} at {at}", (status, [r["id"] for r in rows]), (0, ids) if allowed else (1, []))
        for finding in some if allowed else []:
            if verb == "confirm":
                self.ledger.confirm(finding, at)
            elif finding.status != "DISMISSED":
                self.ledger.dismiss(finding)

    def filters(self) -> None:
        """The ledger by status, account and unit (with those below)."""
        rows = self.product("findings")[1]
        status, account, unit = (
            self.chance.choice(["SUSPECTED", "NOTIFIED", "CONFIRMED", "DISMISSED"]),
            "A02",
            self.chance.choice(["X01", "D05"]),
        )
        below = self.ledger.world.below(unit)
        got = [r["id"] for r in self.product("findings", "--status", status)[1]]
        self.check(f"findings --status {status}", got, [r["id"] for r in rows if r["status"] == status])
        got = [r["id"] for r in self.product("findings", "--account", account, "--unit", unit)[1]]
        self.check(
            f"findings --account {account} --unit {unit}",
            got,
            [r["id"] for r in rows if r["account"] == account and r["unit"] in below],
        )
        got = [r["id"] for r in self.product("findings", "--unit", unit)[1]]
        self.check(f"findings --unit {unit}", got, [r["id"] for r in rows if r["unit"] in below])

    def find(self, at: datetime) -> None:
        """A person enters a fault, of an account or of a unit."""
        chance, world = self.chance, self.ledger.world
        place, criterion = chance.choice(
            [
                ("inspection/poor_interaction", "no_interaction"),
                ("inspection/improper_reply", "improper_reply"),
                ("assessment/institution", "rules_missing"),
                ("inspection/stale_content", "app_unusable"),
                ("inspection/misnamed", "misnamed"),
                ("inspection/misnamed", "misnamed"),
                ("assessment/operation", "order_not_carried_out"),
                ("assessment/institution", "byline_not_practised"),
            ]
        )
        if place.startswith("assessment"):
            unit, account = chance.choice(["X01", "Z02", "D04", "D05"]), ""
        else:
            row = chance.choice([a for a in world.all("accounts") if world.in_service(a, at)])
            unit, account = row["unit"], row["id"]
        subject = chance.choice(["第一件", "第二件"])
        fault = Fault(f"{place}/{criterion}", account, unit, subject, at.year)
        where = ("--account", account) if account else ("--unit", unit)
        status, rows = self.product(
            "find",
            criterion,
            *where,
            "--subject",
            subject,
            *BY,
            "--at",
            (at + HOUR).isoformat(),
            "--note",
            "检查时所见",
        )
        try:
            finding = self.ledger.find(fault, at + HOUR)
            if self.check(f"find {fault}", (status, len(rows)), (0, 1)):
                finding.id = rows[0]["id"]
                self.check(
                    f"find {fault} answers",
                    [rows[0][k] for k in ("set", "status", "subject", "unit")],
                    [place.split("/")[0], "SUSPECTED", subject, unit],
                )
        except Refused:
            self.check(f"find {fault} again", status, 1)

    def sheets(self, at: datetime) -> None:
        """附件1 as of T."""
        wanted = {a["id"]: s for a in self.ledger.world.all("accounts") if (s := self.ledger.sheet(a["id"], at))}
        status, rows = self.product("score", "inspection", "--at", at.isoformat())
        if not wanted:
            self.check(f"score inspection {at}: nothing", (status, rows), (1, []))
            return
        got = {r["account"]: r for r in rows}
        self.check(f"score inspection {at} accounts", (status, sorted(got)), (0, sorted(wanted)))
        for name in set(got) & set(wanted):
            row, want = got[name], wanted[name]
            points = {i["indicator"]: Decimal(i["points"]) for i in row["indicators"] if i["points"]}
            result = {
                "verdict": row["verdict"],
                "score": row["score"] and Decimal(row["score"]),
                "points": points,
                "count": sum(len(x["findings"]) for x in row["lines"]),
            }
            if want["verdict"] == "fail" and want["score"] is None:
                result |= {"points": {}, "count": want["count"]}
            self.check(f"score inspection {at} {name}", result, want)

    def assess(self, year: int, reading: str) -> None:
        """附件2 under a reading."""
        status, rows = self.product("assess", "--year", year, *(("--reading", reading) if reading else ()))
        self.check(f"assess {year} {reading} status", status, 0)
        got = {r["unit"]: r for r in rows}
        wanted = assess(self.ledger, year, dict([reading.split("=")]) if reading else {})
        self.check(f"assess {year} units", sorted(got), sorted(wanted))
        for unit, want in wanted.items():
            row = got.get(unit, {})
            for name in ("verdict", "mean", "final", "rank"):
                value = row.get(name)
                value = cents(Decimal(value)) if name in ("mean", "final") and value is not None else value
                self.check(f"assess {year} {reading} {unit} {name}", value, want[name])
            if want["verdict"] == "assessed" and row.get("accounts") is not None:
                sheets = {
                    s["account"]: cents(Decimal(s["score"]))
                    for s in row["accounts"]
                    if s.get("score") is not None and s["account"] in want["accounts"]
                }
                self.check(
                    f"assess {year} {reading} {unit} accounts",
                    sheets,
                    {k: cents(v) for k, v in want["accounts"].items()},
                )


def examine(seeds: Iterable[int], brief: bool = False) -> tuple[list[str], Counter[str]]:
    """All differences, and what was compared."""
    wrong, counts = list[str](), Counter[str]()
    load_once()
    for seed in seeds:
        exam = Exam(seed, brief)
        try:
            exam.run()
        finally:
            exam.product.close()
        wrong += exam.wrong
        counts.update(
            towns=1,
            checks=exam.checks,
            inspections=len(exam.ledger.inspections),
            findings=len(exam.ledger.findings),
            calls=exam.product.calls,
        )
    return wrong, counts


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Compares the program with an oracle written from the texts.")
    parser.add_argument("--seeds", default="1-5")
    parser.add_argument("--show", type=int, default=40)
    parser.add_argument("--brief", action="store_true", help="fewer decisions and readings")
    options = parser.parse_args()
    first, _, last = options.seeds.partition("-")
    wrong, counts = examine(range(int(first), int(last or first) + 1), options.brief)
    said = [line[:700] for line in wrong[: options.show]] + [f"{dict(counts)} {len(wrong)} differences"]
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
