"""What the ledger must hold after each inspection and decision: findings, their states and terms, and the sheets of
附件1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.exam.oracle import STANDING, Fault, faults
from tests.exam.world import WEEK, World, looked_years, moment, rectify_by

SELF_RECORDED = {"late_rectification", "missed_patrol", "late_registration", "announcement_too_short"}
VETOES = {
    "grave_misstatement",
    "state_secret",
    "harmful_content",
    "public_outcry",
    "silent_two_weeks",
    "app_unusable",
    "no_interaction",
    "fake_followers",
}
# all others: 10, once
EACH = {
    "slow_update": 5,
    "improper_content": 2,
    "unmoderated_comment": 1,
    "improper_reply": 2,
    "dead_function": 2,
}
COUNTED = ("NOTIFIED", "RECTIFIED", "CLOSED", "CONFIRMED")


LASTING = {"late_rectification", "advert", "unmoderated_comment"}  # no facts contradict them


class Refused(Exception):
    """A step that the state does not allow."""


@dataclass(eq=False)
class Finding:
    """A row of the ledger."""

    fault: Fault
    observed_at: datetime
    status: str
    inspection: int | None = None  # the number of the inspection that raised it; None: by a person, or by a late cure
    by_hand: bool = False
    rectify_by: datetime | None = None
    rectified_at: datetime | None = None
    closed_at: datetime | None = None
    contradicted: bool = False
    by_person: bool = False  # dismissed by a person
    about: Finding | None = None  # what a late rectification is late for
    id: str = ""  # the product's

    def key(self) -> tuple[str, str, str, str, datetime]:
        """What distinguishes it from all others. A late rectification is distinguished by what it is late for."""
        subject = "late for " + repr(self.about.key()) if self.about else self.fault.subject
        return (self.fault.place, self.fault.account, self.fault.unit, subject, self.observed_at)


@dataclass
class Inspection:
    """One run."""

    at: datetime
    accounts: set[str]
    blind: set[str]
    readings: dict[str, str] = field(default_factory=dict)


@dataclass
class Ledger:
    """All findings and inspections."""

    world: World
    findings: list[Finding] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)

    def inspect(self, at: datetime, unit: str | None = None, readings: dict[str, str] | None = None) -> dict[str, int]:
        """One inspection; the last line that it prints."""
        world = self.world
        units = world.below(unit) if unit else {u["code"] for u in world.all("units")}
        accounts = {a["id"] for a in world.all("accounts") if a["unit"] in units and world.in_service(a, at)}
        closed = {a["id"] for a in world.all("accounts") if a["unit"] in units} - accounts
        blind = {a for a in accounts if not any(at - WEEK < b for _, b, _ in world.looks(a, at))}
        seen = {f for f in faults(world, at, readings) if f.unit in units}
        number = len(self.inspections)
        self.inspections.append(Inspection(at, accounts | {f"closed {a}" for a in closed}, blind, readings or {}))
        self.contradict(units, at)
        raised = []
        for fault in sorted(seen):
            if not self.is_known(fault, at):
                status = "CONFIRMED" if fault.criterion in SELF_RECORDED else "SUSPECTED"
                raised.append(Finding(fault, at, status, inspection=number))
        self.findings += raised
        for finding in list(self.findings):
            if (
                finding.fault.unit in units
                and finding.status == "NOTIFIED"
                and finding.rectify_by
                and at > finding.rectify_by
            ):
                raised += self.late(finding, at, number)
        wait = ("SUSPECTED", "NOTIFIED", "RECTIFIED")
        mine = [
            f
            for f in self.findings
            if f.status in wait
            and f not in raised
            and f.observed_at <= at
            and (f.fault.account in accounts or (not f.fault.account and f.fault.unit in units))
        ]
        return {
            "inspected": len(accounts),
            "could_not_observe": len(blind),
            "findings": len(raised),
            "standing": len(mine),
        }

    def contradict(self, units: set[str], at: datetime) -> None:
        """Facts that came later. A year that is closed is not opened again."""
        then: dict[tuple[datetime, int], set[Fault]] = {}
        for finding in self.findings:
            closed = finding.fault.year not in looked_years(at) or finding.observed_at.year not in looked_years(at)
            if (
                finding.inspection is None
                or finding.fault.criterion in LASTING
                or closed
                or finding.fault.unit not in units
                or finding.status == "DISMISSED"
            ):
                continue
            run = (finding.observed_at, finding.inspection)
            if run not in then:
                then[run] = faults(self.world, finding.observed_at, self.inspections[finding.inspection].readings)
            if finding.fault in then[run]:
                finding.contradicted = False
            elif finding.status == "SUSPECTED":
                finding.status = "DISMISSED"
            else:
                finding.contradicted = True

    def is_known(self, fault: Fault, at: datetime) -> bool:
        """Whether an inspection at T no longer raises it."""
        mine = [
            f
            for f in self.findings
            if (f.fault.place, f.fault.account, f.fault.unit) == (fault.place, fault.account, fault.unit)
        ]
        if fault.criterion == "silent_two_weeks":
            start, end = map(moment, fault.subject.split("/"))
            for other in mine:
                decided = other.status != "SUSPECTED" and (other.status != "DISMISSED" or other.by_person)
                a, b = map(moment, other.fault.subject.split("/"))
                if decided and a < end and start < b:
                    return True
        same = [f for f in mine if f.fault.subject == fault.subject and (f.status != "DISMISSED" or f.by_person)]
        same = [f for f in same if f.fault.year == fault.year or fault.criterion == "silent_two_weeks"]
        if fault.criterion not in STANDING:
            return bool(same)
        if any(f.status != "CLOSED" for f in same):
            return True
        cured = max((f.closed_at for f in same if f.closed_at), default=None)
        if cured is None:
            return False
        if fault.criterion == "dead_function":
            checks = [
                c
                for c in self.world.all("functions", fault.account)
                if c["name"] == fault.subject and not c["works"] and not c.get("announced_outage")
            ]
            return not any(
                cured < moment(c["checked_at"]) <= at and moment(c["checked_at"]).year == fault.year for c in checks
            )
        if fault.criterion == "host_not_in_verification":  # seen again: by a look after the recheck
            looks = [
                b
                for _, b, o in self.world.looks(fault.account, at)
                if (o.get("profile") or {}).get("verification") is not None
            ]
            return (looks[-1] if looks else at) <= cured
        return at <= cured

    def late(self, finding: Finding, at: datetime, number: int | None) -> list[Finding]:
        """未在1个工作日整改到位, once a finding."""
        if any(f.about is finding for f in self.findings) or not finding.rectify_by:
            return []
        year = (finding.rectify_by - timedelta(seconds=1)).year
        fault = Fault(
            "assessment/operation/late_rectification", finding.fault.account, finding.fault.unit, finding.id, year
        )
        self.findings.append(Finding(fault, at, "CONFIRMED", inspection=number, about=finding))
        return self.findings[-1:]

    # decisions
    def confirm(self, finding: Finding, at: datetime) -> None:
        """Confirms, which also sends."""
        self.needs(finding, "SUSPECTED")
        finding.status, finding.rectify_by = "NOTIFIED", rectify_by(at)

    def dismiss(self, finding: Finding) -> None:
        """Dismisses. Its late rectification falls with it."""
        if finding.status == "DISMISSED":
            raise Refused
        for one in (finding, *(f for f in self.findings if f.about is finding)):
            one.status, one.by_person = "DISMISSED", True

    def rectify(self, finding: Finding, at: datetime) -> None:
        """Rectifies; in time up to the very moment of the limit."""
        self.needs(finding, "NOTIFIED")
        finding.status, finding.rectified_at = "RECTIFIED", at
        if finding.rectify_by and at > finding.rectify_by:
            self.late(finding, at, None)

    def recheck(self, finding: Finding, at: datetime, cured: bool) -> None:
        """Rechecks: NOTIFIED again with its term unchanged, or CLOSED."""
        self.needs(finding, "RECTIFIED")
        finding.status = "CLOSED" if cured else "NOTIFIED"
        finding.closed_at = at if cured else None

    def find(self, fault: Fault, at: datetime) -> Finding:
        """A fault that a person saw."""
        if self.is_known(fault, at):
            raise Refused
        self.findings.append(Finding(fault, at, "SUSPECTED", by_hand=True))
        return self.findings[-1]

    @staticmethod
    def needs(finding: Finding, status: str) -> None:
        """Refuses a step out of order."""
        if finding.status != status:
            raise Refused

    # 附件1
    def sheet(self, account: str, at: datetime) -> dict[str, object] | None:
        """Verdict and score of an account as of T; None: no inspection looked at it."""
        looked = [i for i, one in enumerate(self.inspections) if one.at <= at and account in one.accounts]
        if not looked:
            return None
        last = max(looked, key=lambda i: (self.inspections[i].at, i))
        run = self.inspections[last]
        mine = []
        for finding in self.findings:
            if (
                finding.fault.account != account
                or not finding.fault.place.startswith("inspection/")
                or finding.status not in COUNTED
            ):
                continue
            raised = finding.inspection is not None and self.inspections[finding.inspection].at == run.at
            open_then = (
                finding.observed_at <= at
                and finding.fault.year == at.year
                and (finding.closed_at is None or finding.closed_at > at)
            )
            if raised or open_then:
                mine.append(finding)
        if account in run.blind and not mine:
            return {"verdict": "unobserved", "score": None, "points": {}, "count": 0}
        if any(f.fault.criterion in VETOES for f in mine):
            return {"verdict": "fail", "score": None, "points": {}, "count": len(mine)}
        points: dict[str, Decimal] = {}
        for finding in mine:
            name = finding.fault.place.split("/")[1]
            points[name] = min(Decimal(10), points.get(name, Decimal(0)) + EACH.get(name, 10))
        score = 100 - sum(points.values(), Decimal(0))
        return {"verdict": "fail" if score < 60 else "pass", "score": score, "points": points, "count": len(mine)}
