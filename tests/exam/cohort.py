"""Random bare cohorts under any combination of readings, beside `score cohort`.

附件2 from facts alone, one plain step after another.

python -m tests.exam.cohort [--count 2000] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.exam.product import Product, load_once
from tests.exam.world import Row

CHOICES = {
    "worth_is_cap": ["caps", "none"],
    "province_one_fails_50": ["unit_mean", "each_account", "failing_account", "final"],
    "same_event": ["heaviest", "cumulate"],
    "unit_criteria": ["each_account", "unit_mean"],
    "bonus_problems": ["unit", "account"],
    "bonus_praise": ["highest", "sum"],
    "unit_mean": ["simple", "by_days"],
    "no_accounts": ["not_assessed", "full", "zero"],
}
OPERATION = {"veto_found": 20, "slow_update": 5, "late_reply": 5, "typo": 2, "irregularity": 5, "late_rectification": 5}
UNIT = ("rules_missing", "byline_not_practised", "order_not_carried_out")


def make(chance: random.Random, number: int) -> Row:
    """One line of the file."""
    names = chance.sample(list(CHOICES), chance.choice([0, 1, 3, 8]))
    units = [_unit(chance, f"U{n}") for n in range(chance.randint(1, 6))]
    return {"id": f"c{number}", "readings": {name: chance.choice(CHOICES[name]) for name in names}, "units": units}


def _unit(chance: random.Random, code: str) -> Row:
    facts = {name: chance.randint(0, 2) for name in UNIT if chance.random() < 0.2} | {
        name: chance.randint(0, 2) for name in ("praise_own", "praise_superior") if chance.random() < 0.3
    }
    accounts = [_account(chance, f"{code}-{n}") for n in range(chance.choice([0, 1, 1, 2, 3, 4]))]
    return {
        "code": code,
        "cohort": chance.choice(["counties", "counties", "departments", ""]),
        "facts": facts,
        "accounts": accounts,
    }


def _account(chance: random.Random, name: str) -> Row:
    facts = {fact: chance.randint(0, 4) for fact in OPERATION if chance.random() < 0.3}
    if chance.random() < 0.4:
        facts["originals_short"] = chance.choice([0, 1, 7, 39, 40, 41, 50])
    if chance.random() < 0.8:
        facts["problems"] = chance.choice([0, 4, 5, 9, 10])
    if chance.random() < 0.04:
        facts["state_sample_failed"] = chance.randint(0, 1)
    if chance.random() < 0.2:
        facts["province_sample_failed"] = chance.randint(0, 1)
    row: Row = {"id": name, "facts": facts, "days": chance.choice([7, 31, 100, 365])}
    if chance.random() < 0.4:
        kinds = ["veto_found", "slow_update", "slow_update", "late_rectification", "typo"]
        row["events"] = [
            {k: chance.randint(0, 6) for k in chance.sample(kinds, 3)} for _ in range(chance.randint(1, 3))
        ]
    if chance.random() < 0.15:
        row["in_mean"] = False
    return row


def sheet(account: Row, unit: Row, readings: Row, total: int | None, fifty: bool) -> Decimal:
    """One account's year."""
    facts = {name: account["facts"].get(name, 0) for name in OPERATION}
    for event in account.get("events", ()):
        others = {k: n for k, n in event.items() if k != "late_rectification" and n}
        if readings["same_event"] == "heaviest" and others:
            order = list(OPERATION)
            heaviest = max(others, key=lambda k: (OPERATION[k] * others[k], k == "veto_found", -order.index(k)))
            others = {heaviest: others[heaviest]}
        for name, count in others.items():
            facts[name] += count
        facts["late_rectification"] += bool(event.get("late_rectification"))
    own = unit["facts"] if readings["unit_criteria"] == "each_account" else {}
    institution = Decimal(5 * bool(own.get("rules_missing")) + 5 * bool(own.get("byline_not_practised")))
    operation = Decimal(sum(OPERATION[k] * n for k, n in facts.items()) + 10 * own.get("order_not_carried_out", 0))
    publication = account["facts"].get("originals_short", 0) * Decimal("0.5")
    if readings["worth_is_cap"] == "caps":
        institution, operation, publication = (
            min(institution, Decimal(10)),
            min(operation, Decimal(70)),
            min(publication, Decimal(20)),
        )
    score = 100 - institution - operation - publication - 50 * fifty
    score = max(Decimal(0), score)
    if score > 70:
        problems = total if readings["bonus_problems"] == "unit" else account["facts"].get("problems")
        score += 0 if problems is None else 10 if problems < 5 else 5 if problems < 10 else 0
        awards = [5] * unit["facts"].get("praise_own", 0) + [10] * unit["facts"].get("praise_superior", 0)
        score += min(10, sum(awards)) if readings["bonus_praise"] == "sum" else max(awards, default=0)
    return score


def answer(line: Row) -> dict[str, Row]:
    """What must come out, by unit."""
    readings = {name: choices[0] for name, choices in CHOICES.items()} | line["readings"]
    out: dict[str, Row] = {}
    for unit in line["units"]:
        out[unit["code"]] = {
            "verdict": "not_assessed",
            "mean": None,
            "final": None,
            "rank": None,
            "cohort": unit["cohort"],
        }
        failed = [a for a in unit["accounts"] if a["facts"].get("province_sample_failed")]
        if not unit["cohort"]:
            continue
        if len(failed) > 1 or any(a["facts"].get("state_sample_failed") for a in unit["accounts"]):
            out[unit["code"]] |= {"verdict": "fail", "final": "0.00"}
            continue
        given = [a["facts"]["problems"] for a in unit["accounts"] if "problems" in a["facts"]]
        where = readings["province_one_fails_50"]
        members = [a for a in unit["accounts"] if a.get("in_mean", True)]
        scores = [
            sheet(
                a, unit, readings, sum(given) if given else None,
                bool(failed) and (where == "each_account" or (where == "failing_account" and a in failed)),
            )
            for a in members
        ]  # fmt: skip
        if members:
            weights = [a["days"] if readings["unit_mean"] == "by_days" else 1 for a in members]
            mean = Fraction(sum(Fraction(s) * w for s, w in zip(scores, weights, strict=True)), sum(weights))
        elif readings["no_accounts"] == "not_assessed":
            continue
        else:
            mean = Fraction(100 if readings["no_accounts"] == "full" else 0)
        points = mean
        if readings["unit_criteria"] == "unit_mean":
            operation = 10 * unit["facts"].get("order_not_carried_out", 0)
            operation = min(operation, 70) if readings["worth_is_cap"] == "caps" else operation
            points -= (
                5 * bool(unit["facts"].get("rules_missing"))
                + 5 * bool(unit["facts"].get("byline_not_practised"))
                + operation
            )
        points = max(Fraction(0), points - (50 if failed and where == "unit_mean" else 0))
        out[unit["code"]] |= {
            "verdict": "assessed",
            "mean": cents(mean),
            "points": points,
            "fifty": bool(failed) and where == "final",
        }
    for cohort in ("counties", "departments"):
        rows = [r for r in out.values() if r["cohort"] == cohort and r["verdict"] == "assessed"]
        best = max((r["points"] for r in rows), default=0)
        for row in rows:
            final = row["points"] / best * 100 if best else Fraction(0)
            row["final"] = cents(max(Fraction(0), final - 50 * row["fifty"]))
        for row in out.values():
            if row["cohort"] == cohort and row["verdict"] != "not_assessed":
                better = sum(Decimal(other["final"]) > Decimal(row["final"]) for other in rows)
                row["rank"] = len(rows) + 1 if row["verdict"] == "fail" else better + 1
    return out


def cents(value: Fraction) -> str:
    """Two decimals, half up."""
    exact = Decimal(int(value * 10**9 // 1)) / 10**9
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Compares `score cohort` with an oracle.")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    lines = [make(chance, number) for number in range(options.count)]
    load_once()
    product = Product()
    (product.folder / "cohorts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    status, rows = product("score", "cohort", "cohorts.jsonl")
    got = {(r["id"], r["unit"]): r for r in rows}
    wrong, done = [f"status {status}"] if status else [], 0
    for line in lines:
        for unit, want in answer(line).items():
            row = got.get((line["id"], unit), {})
            for name in ("verdict", "mean", "final", "rank"):
                done += 1
                if row.get(name) != want[name]:
                    wrong.append(
                        f"{line['id']} {unit} {name}: got {row.get(name)}, expected {want[name]}; {json.dumps(line)}"
                    )
    product.close()
    sys.stdout.write(
        "\n".join(
            [text[:1500] for text in wrong[:5]]
            + [f"{len(lines)} cohorts, {done} comparisons, {len(wrong)} differences"]
        )
        + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
