"""附件2 from the oracle's ledger: sheets, means, ratios and ranks under every reading, one plain step after another."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any

from tests.exam.ledger import COUNTED, LASTING, VETOES, Finding, Ledger
from tests.exam.oracle import faults_of_account, is_late
from tests.exam.world import DAY, DEFAULTS, Row, World, midnight, moment, reply_due

STANDARD = {
    "province_one_fails_50": "unit_mean",
    "same_event": "heaviest",
    "unit_criteria": "each_account",
    "bonus_problems": "unit",
    "bonus_praise": "highest",
    "worth_is_cap": "caps",
    "originals": "pro_rata",
    "unit_mean": "simple",
}
POINTS = {"veto_found": 20, "slow_update": 5, "late_reply": 5, "typo": 2, "irregularity": 5, "late_rectification": 5}
IRREGULAR = {"irregularity", "dead_function", "over_collection", "advert"}
ZERO = Decimal(0)


def cents(value: Decimal) -> Decimal:
    """Two decimals, half up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def days_in(world: World, account: Row, year: int) -> list[date]:
    """Days of service in the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    opened = date.fromisoformat(account["opened_on"])
    closed = date.fromisoformat(account["closed_on"]) if account.get("closed_on") else last
    first, last = max(first, opened), min(last, closed)
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def has_whole_week(days: list[date]) -> bool:
    """At least one whole ISO week."""
    known = set(days)
    return any(day.weekday() == 0 and day + timedelta(6) in known for day in days)


def originals_short(world: World, account: Row, year: int, how: str) -> int:
    """每少1条扣0.5分: how many pieces are missing."""
    name, days = account["id"], days_in(world, account, year)
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    end = midnight(date(year + 50, 1, 1))
    touched = [d for d in days if any(a < midnight(d + DAY) and b > midnight(d) for a, b, _ in world.looks(name, end))]
    owed = ceil(Decimal(50 * len(touched)) / length) if how == "pro_rata" else 50
    known = set(days)
    done = [p for p in world.posts(name, end) if p["when"].date() in known and p.get("origin") in (None, "original")]
    return max(0, owed - len(done))


def gap_of(world: World, finding: Finding) -> object:
    """The gap between two updates in which a silence or an empty week or month lies; None: no such finding."""
    fault = finding.fault
    if finding.by_hand:
        return None
    end = midnight(date(fault.year + 50, 1, 1))
    updates = [p["when"] for p in world.posts(fault.account, end)]
    if "/" in fault.subject:  # a silence, or a week by `rolling`
        after = moment(fault.subject.split("/")[0])
    elif fault.place.startswith("inspection/slow_update") and "-W" in fault.subject:
        year, week = fault.subject.split("-W")
        after = midnight(date.fromisocalendar(int(year), int(week), 1))
    elif fault.place.startswith("inspection/slow_update"):
        year, month = map(int, fault.subject.split("-"))
        start = midnight(date(year, month, 1))
        stop = midnight(date(year + month // 12, month % 12 + 1, 1))
        if any(start <= u < stop for u in updates):
            return None
        after = start
    else:
        return None
    return max((u for u in updates if u <= after), default="the start of service")


def dropped(ledger: Ledger, finding: Finding, readings: dict[str, str]) -> bool:
    """Whether the readings a finding was made with would give it, and the readings in use would not."""
    fault, world = finding.fault, ledger.world
    if finding.inspection is None or not fault.account or fault.criterion in LASTING:
        return False
    found_with = DEFAULTS | ledger.inspections[finding.inspection].readings
    if all(found_with[name] == readings[name] for name in DEFAULTS):
        return False
    if fault.criterion == "late_reply":
        message: Row = world.rows["messages"][(fault.subject,)]
        end = midnight(date(fault.year + 50, 1, 1))
        made = [
            is_late(world, message, reply_due(moment(message["received_at"]), chosen), end, chosen)
            for chosen in (found_with, readings)
        ]
        return made == [True, False]
    account = world.rows["accounts"][(fault.account,)]
    return [_is_made(world, account, finding, chosen) for chosen in (found_with, readings)] == [True, False]


def _is_made(world: World, account: Row, finding: Finding, readings: dict[str, str]) -> bool:
    """Whether the account's watches find the same fault.

    Weeks counted in another way are the same where they overlap.
    """
    key = ("faults", account["id"], finding.observed_at, *(readings[name] for name in DEFAULTS))
    if key not in world.kept:
        world.kept[key] = list(faults_of_account(world, account, finding.observed_at, readings))
    same = [other for other in world.kept[key] if other.place == finding.fault.place]
    if finding.fault.criterion != "slow_update":
        return any(other.subject == finding.fault.subject for other in same)
    a, b = _span_of(finding.fault.subject)
    return any(a < d and c < b for c, d in (_span_of(other.subject) for other in same))


def _span_of(subject: str) -> tuple[datetime, datetime]:
    if "/" in subject:
        start, end = subject.split("/")
        return moment(start), moment(end)
    if "-W" in subject:
        monday = midnight(date.fromisocalendar(int(subject[:4]), int(subject[6:]), 1))
        return monday, monday + 7 * DAY
    year, month = map(int, subject.split("-"))
    return midnight(date(year, month, 1)), midnight(date(year + month // 12, month % 12 + 1, 1))


def assess(ledger: Ledger, year: int, given: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Every unit: verdict, accounts, mean, deducted, unit_points, final, rank."""
    readings = DEFAULTS | STANDARD | (given or {})
    world = ledger.world
    counted = [f for f in ledger.findings if f.status in COUNTED and f.fault.year == year]
    gone = [f for f in counted if dropped(ledger, f, readings)]
    counted = [f for f in counted if f not in gone and f.about not in gone]
    answers: dict[str, dict[str, Any]] = {}
    for unit in world.all("units"):
        answers[unit["code"]] = _unit(ledger, unit, year, readings, counted) if unit.get("cohort") else _nothing(None)
    for cohort in {u.get("cohort") for u in world.all("units")} - {None, ""}:
        mine = [a for a in answers.values() if a["cohort"] == cohort and a["verdict"] != "not_assessed"]
        rows = [a for a in mine if a["verdict"] == "assessed"]
        best = max((a["points"] for a in rows), default=ZERO)
        for row in rows:
            final = row["points"] / best * 100 if best else ZERO
            if row["fifty"] and readings["province_one_fails_50"] == "final":
                final = max(ZERO, final - 50)
            row["final"] = cents(final)
        for row in mine:
            row["rank"] = 1 + sum(other["final"] > row["final"] for other in rows) if row in rows else len(rows) + 1
    return answers


def _nothing(cohort: str | None) -> dict[str, Any]:
    return {"verdict": "not_assessed", "cohort": cohort, "accounts": {}, "mean": None, "final": None, "rank": None}


def _unit(ledger: Ledger, unit: Row, year: int, readings: dict[str, str], counted: list[Finding]) -> dict[str, Any]:
    world, code = ledger.world, unit["code"]
    units = _answers_for(world, code)
    accounts = [a for a in world.all("accounts") if a["unit"] in units and days_in(world, a, year)]
    everyone = [a["id"] for a in world.all("accounts") if a["unit"] in units]
    in_mean = [a for a in accounts if has_whole_week(days_in(world, a, year))]
    failed = [
        i
        for i in world.all("inspections")
        if i["result"] == "fail" and i["period"].startswith(str(year)) and i["account"] in everyone
    ]
    state, province = ({i["account"] for i in failed if i["ordered_by"] == tier} for tier in ("state", "province"))
    result = _nothing(unit["cohort"])
    if state or len(province) > 1:
        return result | {"verdict": "fail", "final": ZERO}
    if not in_mean:
        return result
    mine = [f for f in counted if f.fault.unit in units]
    of_unit = [f for f in mine if not f.fault.account]
    per_unit = {
        c: sum(f.fault.criterion == c for f in of_unit)
        for c in ("rules_missing", "byline_not_practised", "order_not_carried_out", "late_rectification")
    }
    problems = {a: _problems(world, [f for f in mine if f.fault.account == a]) for a in everyone}
    total = sum(problems.values()) + sum(
        f.fault.place.startswith(("inspection/", "assessment/")) and f.fault.criterion != "late_rectification"
        for f in of_unit
    )
    observed = any(run.at.year == year and (set(everyone) & run.accounts) - run.blind for run in ledger.inspections)
    praise = [
        c["by"] for c in world.all("commendations") if c["unit"] == code and c["awarded_on"].startswith(str(year))
    ]
    worth = [{"own": 5, "superior": 10}[p] for p in praise]
    medal = min(10, sum(worth) if readings["bonus_praise"] == "sum" else max(worth, default=0))
    each = per_unit if readings["unit_criteria"] == "each_account" else dict.fromkeys(per_unit, 0)
    sheets: dict[str, Decimal] = {}
    for account in in_mean:
        name = account["id"]
        facts = _facts(world, [f for f in mine if f.fault.account == name], readings)
        facts["late_rectification"] += each["late_rectification"]
        institution = Decimal(5 * bool(each["rules_missing"]) + 5 * bool(each["byline_not_practised"]))
        operation = Decimal(sum(POINTS[k] * n for k, n in facts.items()) + 10 * each["order_not_carried_out"])
        publication = originals_short(world, account, year, readings["originals"]) * Decimal("0.5")
        if readings["worth_is_cap"] == "caps":
            institution, operation, publication = (
                min(institution, Decimal(10)),
                min(operation, Decimal(70)),
                min(publication, Decimal(20)),
            )
        score = max(ZERO, 100 - institution - operation - publication)
        if province and (
            readings["province_one_fails_50"] == "each_account"
            or (readings["province_one_fails_50"] == "failing_account" and name in province)
        ):
            score = max(ZERO, score - 50)
        if score > 70:
            found = total if readings["bonus_problems"] == "unit" else problems[name]
            score += (10 if found < 5 else 5 if found < 10 else 0) * observed + medal
        sheets[name] = score
    days = {a["id"]: len(days_in(world, a, year)) for a in in_mean}
    if readings["unit_mean"] == "by_days":
        mean = sum((sheets[a] * days[a] for a in sheets), ZERO) / sum(days.values())
    else:
        mean = sum(sheets.values(), ZERO) / len(sheets)
    points = mean
    if readings["unit_criteria"] == "unit_mean":
        institution = 5 * bool(per_unit["rules_missing"]) + 5 * bool(per_unit["byline_not_practised"])
        operation = 10 * per_unit["order_not_carried_out"] + 5 * per_unit["late_rectification"]
        points = max(
            ZERO, points - institution - (operation if readings["worth_is_cap"] == "none" else min(operation, 70))
        )
    if province and readings["province_one_fails_50"] == "unit_mean":
        points = max(ZERO, points - 50)
    return result | {
        "verdict": "assessed",
        "accounts": sheets,
        "mean": cents(mean),
        "points": points,
        "fifty": bool(province),
    }


def _answers_for(world: World, code: str) -> set[str]:
    """Its own accounts and those of units below that have no cohort of their own."""
    found = {code}
    while more := {u["code"] for u in world.all("units") if u.get("parent") in found and not u.get("cohort")} - found:
        found |= more
    return found


def _events(world: World, findings: list[Finding]) -> dict[object, list[Finding]]:
    """Findings by their event; one that belongs to none is an event of its own."""
    groups: dict[object, list[Finding]] = defaultdict(list)
    for finding in findings:
        gap = gap_of(world, finding)
        groups[id(finding) if gap is None else ("gap", gap)].append(finding)
    return groups


def _problems(world: World, findings: list[Finding]) -> int:
    """Every confirmed finding once, events merged, without late rectifications and duty."""
    return len(
        _events(
            world,
            [
                f
                for f in findings
                if not f.fault.place.startswith("duty/") and f.fault.criterion != "late_rectification"
            ],
        )
    )


def _facts(world: World, findings: list[Finding], readings: dict[str, str]) -> dict[str, int]:
    """An account's counts for 附件2."""
    facts = dict.fromkeys(POINTS, 0)
    for group in _events(world, [f for f in findings if f.about is None]).values():
        vetoes = sum(f.fault.place.startswith("inspection/") and f.fault.criterion in VETOES for f in group)
        slow = sum(f.fault.place.startswith("inspection/slow_update") for f in group)
        if len(group) > 1 and vetoes and slow and readings["same_event"] == "heaviest":
            vetoes, slow = (vetoes, 0) if vetoes * 20 >= slow * 5 else (0, slow)
        facts["veto_found"] += vetoes
        facts["slow_update"] += slow
        facts["irregularity"] += sum(f.fault.criterion in IRREGULAR for f in group)
        for name in ("late_reply", "typo"):
            facts[name] += sum(f.fault.criterion == name for f in group)
    late = {f.about: f for f in findings if f.about}
    gaps = set()
    for about in late:
        gap = gap_of(world, about)
        gaps.add(id(about) if gap is None else ("gap", gap))
    facts["late_rectification"] = len(gaps)
    return facts
