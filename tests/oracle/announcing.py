"""The announcement, and the city office's filing after it."""

from __future__ import annotations

from typing import Any

from .acts import Doing, Verb, need, past_day
from .days import allowed_from, day_of, read_day
from .filing import Before, Filing
from .filings import done, nothing
from .rights import announcer, office


def announce_asks(oracle: Any, doing: Doing) -> None:
    filing, on = doing.thing, past_day(doing, doing.fields["on"])
    need(on >= filing.approved_on, "input")
    if filing.announced_on is not None:
        need(doing.fields.get("note"), "input")
        need(doing.position.post == "inspector_head" or on > filing.announced_on, "input")


def announce_does(oracle: Any, doing: Doing) -> Filing:
    filing, on = doing.thing, read_day(doing.fields["on"])
    assert on is not None
    filing.announced_on = on
    if filing.matter in ("SHUT_DOWN", "DEREGISTER"):
        account = oracle.accounts[filing.account]
        status, was = account.status, account.announced_on
        if filing.before:
            status, was = filing.before.status, filing.before.announced_on
        account.announced_on = on
        if account.status not in ("closed", "deregistered"):
            account.status = "closing"
        filing.before = Before(status, was, account.status, on)
    return done(filing, doing, "filing.announce")


def file_stands(oracle: Any, doing: Doing) -> None:
    need(doing.thing.state == "CITY" or doing.thing.announced_on, "state")


def file_does(oracle: Any, doing: Doing) -> Filing:
    filing, day = doing.thing, day_of(doing.at)
    waited = filing.state == "ANNOUNCE"
    filing.filed_city_on = max(day, allowed_from(filing.announced_on)) if waited else day
    return done(filing, doing, "filing.file", "CARRY_OUT")


VERBS = {
    "filing.announce": Verb(
        "filing",
        announcer,
        announce_asks,
        announce_does,
        states=("ANNOUNCE",),
        needs=("on",),
        takes=("url", "file", "note"),
    ),
    "filing.file": Verb("filing", office, nothing, file_does, file_stands, ("CITY", "ANNOUNCE"), takes=("note",)),
}
