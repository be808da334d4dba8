"""The verbs that end a filing one way or another: carry_out, register, return, refuse, withdraw."""

from __future__ import annotations

from typing import Any

from .acts import Doing, Verb, need, past_day
from .filing import Filing
from .filings import done, end_announcement
from .rights import office, own, withdraws
from .town import Account

SYSTEMS = ("national", "provincial")


def carry_out_asks(oracle: Any, doing: Doing) -> None:
    filing, fields, on = doing.thing, doing.fields, past_day(doing, doing.fields["on"])
    account = oracle.accounts.get(filing.account or "")
    opens = filing.matter == "OPEN" and not filing.late_papers
    need(opens or not set(fields) & {"account", "handle", "url"}, "input")
    if filing.late_papers:
        need(on >= account.opened_on, "input")
    else:
        need(on >= (filing.incident.on if filing.incident else filing.filed_city_on), "input")
    if fields.get("account") is not None:
        need(isinstance(fields["account"], str) and fields["account"] not in oracle.accounts, "input")


def carry_out_does(oracle: Any, doing: Doing) -> Filing:
    filing, fields, on = doing.thing, doing.fields, past_day(doing, doing.fields["on"])
    filing.carried_out_on = on
    if filing.matter == "OPEN":
        account = oracle.accounts[filing.account] if filing.late_papers else _opened(oracle, filing, fields, on)
        if account.status == "unfiled":
            account.status = "active"
        account.filed_city_on = filing.filed_city_on
        for system, entry in filing.numbers.items():
            setattr(account, f"filed_{system}_on", past_day(doing, entry["on"]))
    else:
        account = oracle.accounts[filing.account]
        _changed(filing, account, on)
        if filing.matter == "CHANGE" and "unit" in (filing.changes or {}):
            oracle.keepers.pop(account.code, None)
    return done(filing, doing, "filing.carry_out", "DONE" if len(filing.numbers) == 2 else "REGISTER")


def _opened(oracle: Any, filing: Filing, fields: dict[str, Any], on: Any) -> Account:
    profile = filing.profile or {}
    code = fields.get("account") or oracle.new_code()
    account = Account(
        code=code,
        unit=filing.unit,
        platform=profile["platform"],
        name=profile["name"],
        kind=profile.get("kind") or "",
        handle=fields.get("handle") or profile.get("handle") or "",
        url=fields.get("url") or profile.get("url") or "",
        verification=profile.get("verification") or "",
        status="active",
        opened_on=on,
    )
    oracle.accounts[code] = account
    filing.account = code
    return account


def _changed(filing: Filing, account: Account, on: Any) -> None:
    if filing.matter == "CHANGE":
        for name, value in filing.real_changes(account).items():
            setattr(account, name, value or "")
        filing.unit = account.unit
    elif filing.matter == "SHUT_DOWN":
        account.status, account.closed_on, account.closed_by_filing = "closed", on, True
    else:
        account.status, account.closed_on = "deregistered", account.closed_on or on


def register_asks(oracle: Any, doing: Doing) -> None:
    fields = doing.fields
    need(fields["system"] in SYSTEMS and isinstance(fields["number"], str), "input")
    need(past_day(doing, fields["on"]) >= doing.thing.filed_city_on, "input")


def register_does(oracle: Any, doing: Doing) -> Filing:
    filing, fields = doing.thing, doing.fields
    filing.numbers[fields["system"]] = {"on": fields["on"], "number": fields["number"]}
    if filing.matter == "OPEN" and filing.account and (filing.late_papers or filing.carried_out_on):
        setattr(oracle.accounts[filing.account], f"filed_{fields['system']}_on", past_day(doing, fields["on"]))
    finished = filing.carried_out_on and len(filing.numbers) == 2
    return done(filing, doing, "filing.register", "DONE" if finished else None)


def return_does(oracle: Any, doing: Doing) -> Filing:
    """From CARRY_OUT: 「`national`, `provincial` (in 补办 the account's days too) are void with `filed_city_on`」."""
    filing = doing.thing
    void_days(oracle, filing)
    filing.filed_city_on, filing.numbers = None, {}
    return done(filing, doing, "filing.return", "RETURNED")


def void_days(oracle: Any, filing: Filing) -> None:
    """The days that `register` wrote into an account that was there before; none had stood there."""
    for system in filing.numbers if filing.late_papers else ():
        setattr(oracle.accounts[filing.account], f"filed_{system}_on", None)


def refuse_does(oracle: Any, doing: Doing) -> Filing:
    end_announcement(oracle, doing.thing)
    return done(_marked(doing.thing), doing, "filing.refuse", "REFUSED")


def _marked(filing: Filing) -> Filing:
    """Whether an announcement that ended keeps its days in the filing is not said."""
    if filing.announced_on:
        filing.guessed |= {"announced_on", "allowed_from"}
    return filing


def withdraw_asks(oracle: Any, doing: Doing) -> None:
    need(doing.thing.state == "DRAFT" or doing.fields.get("reason"), "input")


def withdraw_does(oracle: Any, doing: Doing) -> Filing:
    end_announcement(oracle, doing.thing)
    void_days(oracle, doing.thing)
    return done(_marked(doing.thing), doing, "filing.withdraw", "WITHDRAWN")


def nothing(oracle: Any, doing: Doing) -> None:
    """Nothing beyond the fields that the verb takes."""


VERBS = {
    "filing.carry_out": Verb(
        "filing",
        own,
        carry_out_asks,
        carry_out_does,
        states=("CARRY_OUT",),
        needs=("on",),
        takes=("account", "handle", "url"),
    ),
    "filing.register": Verb(
        "filing",
        own,
        register_asks,
        register_does,
        states=("CARRY_OUT", "REGISTER"),
        needs=("system", "on", "number"),
    ),
    "filing.return": Verb(
        "filing",
        office,
        nothing,
        return_does,
        states=("SUPERVISOR", "REVIEW", "CITY", "ANNOUNCE", "CARRY_OUT"),
        needs=("reason",),
    ),
    "filing.refuse": Verb(
        "filing", office, nothing, refuse_does, states=("REVIEW", "CITY", "ANNOUNCE"), needs=("reason",)
    ),
    "filing.withdraw": Verb(
        "filing",
        withdraws,
        withdraw_asks,
        withdraw_does,
        states=("DRAFT", "SUPERVISOR", "REVIEW", "ANNOUNCE", "CITY", "CARRY_OUT", "RETURNED"),
        takes=("reason",),
    ),
}
