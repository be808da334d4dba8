"""纠错: what the public reports of an account, and the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .acts import Doing, Verb, need, step
from .town import HOUSE, INSPECTORS, Account, Position, Town


@dataclass(eq=False)
class Report:
    account: Account | None
    steps: list[dict[str, Any]] = field(default_factory=list)
    answered: bool = False


def sees(town: Town, report: Report, position: Position) -> bool:
    """「Reports of the public (纠错): the unit they are about O, S, C」."""
    if position.post in INSPECTORS:
        return True
    if report.account is None:
        return False
    unit = report.account.unit
    if position.post in HOUSE:
        return position.unit == unit
    return position.post == "supervisor" and town.supervised(unit, position.unit)


def answers(oracle: Any, position: Position, login: str, report: Report, state: str, at: datetime) -> bool:
    if position.post in INSPECTORS:
        return True
    own = report.account and position.unit == report.account.unit
    return bool(own and position.post in ("editor", "unit_admin"))


def anybody(oracle: Any, position: Position, login: str, report: Report, state: str, at: datetime) -> bool:
    return True


def make_asks(oracle: Any, doing: Doing) -> None:
    account, about = doing.fields.get("account"), doing.fields.get("about")
    need(account is not None or about is not None, "input")
    need(account is None or account in oracle.accounts, "input")


def make_does(oracle: Any, doing: Doing) -> Report:
    report = Report(oracle.accounts.get(doing.fields.get("account") or ""))
    report.steps.append(step(doing, "report.make"))
    return report


def answer_does(oracle: Any, doing: Doing) -> Report:
    doing.thing.answered = True
    doing.thing.steps.append(step(doing, "report.answer"))
    return doing.thing


def nothing(oracle: Any, doing: Doing) -> None:
    """Nothing beyond the fields that the verb takes."""


VERBS = {
    "report.make": Verb(
        "report",
        anybody,
        make_asks,
        make_does,
        makes=True,
        changes=False,
        public=True,
        needs=("text",),
        takes=("account", "about", "contact"),
    ),
    "report.answer": Verb("report", answers, nothing, answer_does, needs=("text",)),
}
