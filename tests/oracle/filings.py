"""The verbs of filings: who may in which state, what each refuses, what each does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from . import filing as rules
from .acts import Doing, Verb, need, past_day, step
from .days import day_of
from .filing import CHANGEABLE, MATTERS, Filing
from .rights import agrees, office, own, writer
from .town import Account

WRITTEN = ("profile", "changes", "reason", "successor", "consent", "incident")
MAKES_SENSE = {
    "OPEN": {"profile", "reason", "consent", "incident"},
    "CHANGE": {"changes", "reason", "consent", "incident"},
    "SHUT_DOWN": {"successor", "reason", "consent", "incident"},
    "DEREGISTER": {"successor", "reason", "consent", "incident"},
}
PLATFORMS = (
    *("wechat", "weibo", "douyin", "kuaishou", "toutiao", "xiaohongshu", "bilibili", "wechat_channels"),
    *("app", "mini_program", "other"),
)


def named_unit(oracle: Any, fields: Mapping[str, Any]) -> str | None:
    account = oracle.accounts.get(str(fields.get("account") or ""))
    return account.unit if account else fields.get("unit")


# -- write


def write_stands(oracle: Any, doing: Doing) -> None:
    version = doing.fields.get("version")
    if doing.thing is not None and version is not None:
        need(version == doing.thing.version, "state")


def write_asks(oracle: Any, doing: Doing) -> None:
    filing, fields = doing.thing, doing.fields
    matter = filing.matter if filing else fields.get("matter")
    need(matter in MATTERS, "input")
    need(fields.get("matter") in (None, matter), "input")
    allowed = MAKES_SENSE[matter] | {"matter", "account", "version"}
    need(set(fields) <= allowed | ({"unit"} if not filing and matter == "OPEN" else set()), "input")
    if filing:
        need("account" not in fields or fields["account"] == filing.account, "input")
    else:
        _new(oracle, doing, matter)
    _parts(oracle, doing, filing.account if filing else fields.get("account"))


def _new(oracle: Any, doing: Doing, matter: str) -> None:
    code = doing.fields.get("account")
    if code is not None:
        account = oracle.accounts.get(code)
        need(account and oracle.acts_for(doing.position, account.unit, doing.at), "input")
        need(matter != "OPEN" or _may_be_filed_late(account), "input")
    else:
        need(matter == "OPEN", "input")
        unit = doing.fields.get("unit")
        need(unit is None or oracle.acts_for(doing.position, unit, doing.at), "input")


def _may_be_filed_late(account: Account) -> bool:
    return account.in_service and (account.status == "unfiled" or account.filed_city_on is None)


def _parts(oracle: Any, doing: Doing, code: str | None) -> None:
    fields = doing.fields
    if profile := fields.get("profile"):
        need(code is None and isinstance(profile, dict), "input")
        need(set(profile) <= {"platform", "name", "kind", "handle", "url", "verification"}, "input")
        need(profile.get("platform") in PLATFORMS and profile.get("name"), "input")
    if changes := fields.get("changes"):
        need(isinstance(changes, dict) and set(changes) <= set(CHANGEABLE), "input")
        need(changes.get("unit") is None or changes["unit"] in oracle.town.units, "input")
    if consent := fields.get("consent"):
        need(isinstance(consent, dict) and set(consent) <= {"by", "on", "file"}, "input")
        need(consent.get("by") in ("collective", "leader") and consent.get("file"), "input")
        past_day(doing, consent.get("on"))
    if successor := fields.get("successor"):
        _successor(oracle, successor, code)
    if fields.get("incident") is not None:
        account = oracle.accounts.get(code or "")
        need(account and any(i.id == str(fields["incident"]) for i in account.incidents), "input")


def _successor(oracle: Any, successor: Any, code: str | None) -> None:
    need(isinstance(successor, dict) and len(successor) == 1, "input")
    if "account" in successor:
        account = oracle.accounts.get(successor["account"])
        need(account and account.in_service and account.code != code, "input")
    else:
        need(isinstance(successor.get("text"), str), "input")


def write_does(oracle: Any, doing: Doing) -> Filing:
    filing, fields = doing.thing, doing.fields
    if filing is None:
        code = fields.get("account")
        unit = oracle.accounts[code].unit if code else fields.get("unit") or doing.position.unit
        filing = Filing(fields["matter"], unit, code, doing.at, late_papers=fields["matter"] == "OPEN" and bool(code))
        oracle.filings.append(filing)
    was = {name: getattr(filing, name) for name in ("changes", "reason", "successor")}
    for name in WRITTEN:
        if name in fields:
            setattr(filing, name, fields[name] or None)
    if fields.get("incident") is not None:
        account = oracle.accounts[filing.account]
        filing.incident = next(i for i in account.incidents if i.id == str(fields["incident"]))
    if filing.changes != was["changes"]:
        filing.agreed_by = None
    if filing.state == "RETURNED" and any(getattr(filing, name) != value for name, value in was.items()):
        end_announcement(oracle, filing)
        filing.announced_on = None
    filing.version += 1
    return done(filing, doing, "filing.write")


def end_announcement(oracle: Any, filing: Filing) -> None:
    """「puts back what stood before, where it still is as the act set it」."""
    account, before = oracle.accounts.get(filing.account or ""), filing.before
    if before and account:
        if account.status == before.set_status:
            account.status = before.status
        if account.announced_on == before.set_on:
            account.announced_on = before.announced_on
    filing.before = None


def done(filing: Filing, doing: Doing, verb: str, state: str | None = None) -> Filing:
    if state and state != filing.state:
        filing.state, filing.waiting_since = state, doing.at
    filing.steps.append(step(doing, verb))
    return filing


# -- submit


def place(oracle: Any, filing: Filing) -> tuple[str, str, str] | None:
    """The unit, platform and kind that a filing takes a place at, or None where it takes none."""
    account = oracle.accounts.get(filing.account or "")
    if filing.late_papers or filing.matter in ("SHUT_DOWN", "DEREGISTER"):
        return None
    if filing.matter == "CHANGE" and not set(filing.real_changes(account)) & {"unit", "kind"}:
        return None
    shape = rules.named(filing, account)
    if shape.get("platform") in rules.NO_PLATFORM or not shape.get("platform"):
        return None
    return shape["unit"], shape["platform"], shape.get("kind") or ""


def taken(oracle: Any, filing: Filing, at: datetime, rivals: list[Filing]) -> bool:
    wanted = place(oracle, filing)
    if wanted is None or oracle.exempt(*wanted, at):
        return False
    if any(
        a.in_service and a.code != filing.account and (a.unit, a.platform, a.kind) == wanted
        for a in oracle.accounts.values()
    ):
        return True
    return any(other is not filing and other.under_way and place(oracle, other) == wanted for other in rivals)


def submit_stands(oracle: Any, doing: Doing) -> None:
    filing = doing.thing
    if filing.account:
        need(not any(o is not filing and o.account == filing.account and o.under_way for o in oracle.filings), "state")
        need(oracle.accounts[filing.account].unit == filing.unit, "state")


def submit_asks(oracle: Any, doing: Doing) -> None:
    filing = doing.thing
    account = oracle.accounts.get(filing.account or "")
    need(filing.reason, "input")
    changed = filing.real_changes(account) if filing.matter == "CHANGE" else {}
    unit = filing.unit if filing.matter == "OPEN" else changed.get("unit")
    need(unit is None or oracle.town.units[unit].kind != "internal_office", "input")
    if filing.matter == "OPEN":
        need(_may_be_filed_late(account) if account else filing.profile, "input")
    elif filing.matter == "DEREGISTER":
        need(account.status != "deregistered", "input")
    else:
        need(account.in_service, "input")
    need(filing.matter != "CHANGE" or changed, "input")
    if rules.is_announced(filing, account):
        need(filing.consent or filing.incident, "input")
    need(not taken(oracle, filing, doing.at, [o for o in oracle.filings if o.matter == "OPEN"]), "input")


def submit_does(oracle: Any, doing: Doing) -> Filing:
    filing = doing.thing
    account = oracle.accounts.get(filing.account or "")
    filing.supervisor, filing.reviewing_office = rules.offices_for(oracle.town, filing, account)
    filing.problems = rules.problems(filing, oracle.town, oracle.accounts)
    filing.accepted, filing.submitted_at = [], doing.at
    closing = account and account.status == "closing" and account.announced_on
    if filing.matter == "SHUT_DOWN" and closing and filing.announced_on is None and not filing.brought:
        filing.announced_on, filing.brought = account.announced_on, True
    one = filing.supervisor == filing.reviewing_office
    return done(filing, doing, "filing.submit", "REVIEW" if one else "SUPERVISOR")


# -- agree, support, approve


def agree_does(oracle: Any, doing: Doing) -> Filing:
    doing.thing.agreed_by = doing.login
    return done(doing.thing, doing, "filing.agree")


def approve_stands(oracle: Any, doing: Doing) -> None:
    filing, accept = doing.thing, doing.fields.get("accept") or []
    account = oracle.accounts.get(filing.account or "")
    if filing.matter == "CHANGE" and filing.real_changes(account).get("unit"):
        need(filing.agreed_by, "state")
    earlier = [o for o in oracle.filings if o.submitted_at and o.submitted_at < filing.submitted_at]
    need(not taken(oracle, filing, doing.at, earlier), "state")
    if isinstance(accept, list):
        need(set(filing.problems) <= {a for a in accept if isinstance(a, str)}, "state")


def approve_asks(oracle: Any, doing: Doing) -> None:
    accept = doing.fields.get("accept") or []
    need(isinstance(accept, list) and all(isinstance(name, str) for name in accept), "input")
    need(set(accept) <= set(doing.thing.problems), "input")


def approve_does(oracle: Any, doing: Doing) -> Filing:
    filing = doing.thing
    filing.accepted = list(doing.fields.get("accept") or [])
    filing.approved_on = day_of(doing.at)
    if rules.is_announced(filing, oracle.accounts.get(filing.account or "")):
        return done(filing, doing, "filing.approve", "ANNOUNCE")
    if filing.reviewing_office != oracle.town.city:
        return done(filing, doing, "filing.approve", "CITY")
    filing.filed_city_on = day_of(doing.at)
    return done(filing, doing, "filing.approve", "CARRY_OUT")


def moves(verb: str, to: str) -> Callable[[Any, Doing], Filing]:
    return lambda oracle, doing: done(doing.thing, doing, verb, to)


def nothing(oracle: Any, doing: Doing) -> None:
    """Nothing beyond the fields that the verb takes."""


VERBS = {
    "filing.write": Verb(
        "filing",
        writer,
        write_asks,
        write_does,
        write_stands,
        ("DRAFT", "RETURNED"),
        makes=True,
        owner=named_unit,
        takes=("matter", "account", "unit", "version", *WRITTEN),
    ),
    "filing.submit": Verb("filing", own, submit_asks, submit_does, submit_stands, ("DRAFT", "RETURNED")),
    "filing.agree": Verb("filing", agrees, nothing, agree_does, states=("DRAFT", "SUPERVISOR", "REVIEW", "RETURNED")),
    "filing.support": Verb(
        "filing", office, nothing, moves("filing.support", "REVIEW"), states=("SUPERVISOR",), takes=("note",)
    ),
    "filing.approve": Verb(
        "filing", office, approve_asks, approve_does, approve_stands, ("REVIEW",), takes=("accept", "note")
    ),
}
