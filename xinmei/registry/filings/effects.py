"""What a filing does to the register once it is carried out and registered, and how that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from xinmei.core.refusals import NotSo, Wrong
from xinmei.registry.filings.judging import value_of, what_changes
from xinmei.registry.filings.models import Filing, FormerValue
from xinmei.registry.models import Account

Matter, Status = Filing.Matter, Account.Status
_SYSTEMS = ("national", "provincial")


def carry_out(filing: Filing, given: Mapping[str, Any]) -> None:
    """The register as it is from the day on."""
    on: date = given["on"]
    if filing.matter == Matter.OPEN:
        _open(filing, on, given)
    elif filing.matter == Matter.CHANGE:
        _change(filing, on)
    else:
        _close(filing, on)


def _open(filing: Filing, on: date, given: Mapping[str, Any]) -> None:
    """「OPEN makes the account (`active`, `opened_on` the day, `filed_city_on`)」; 补办 leaves `opened_on`."""
    account = filing.account
    if account is not None:
        account.status, account.filed_city_on = Status.ACTIVE, filing.filed_city_on
        account.save(update_fields=["status", "filed_city_on"])
    else:
        profile: dict[str, str] = filing.profile or {}
        items = ("platform", "name", "kind", "verification")
        account = Account(unit=filing.unit, opened_on=on, **{item: profile.get(item, "") for item in items})
        account.status, account.filed_city_on = Status.ACTIVE, filing.filed_city_on
        account.code = given.get("account") or _free_code(filing)
        account.handle = given.get("handle") or profile.get("handle", "")
        account.url = given.get("url") or profile.get("url", "")
        account.save()
    filing.account = account
    write_registration(filing)


def _free_code(filing: Filing) -> str:
    """An id that nobody has, made of the unit's."""
    code, more = f"{filing.unit.code}-{filing.pk}", 0
    while Account.objects.filter(code=code).exists():
        more += 1
        code = f"{filing.unit.code}-{filing.pk}-{more}"
    return code


def _change(filing: Filing, on: date) -> None:
    """「CHANGE applies `changes`, the old values keep their days; the filing is the receiver's from then on」."""
    account, changed = filing.account, what_changes(filing)
    assert account is not None
    FormerValue.objects.bulk_create(
        FormerValue(account=account, item=item, value=value_of(account, item), until=on, filing=filing)
        for item in changed
    )
    for item, value in changed.items():
        if item == "unit":
            assert filing.receiver is not None
            account.unit = filing.unit = filing.receiver
        else:
            setattr(account, item, value)
    account.save(update_fields=list(changed))


def _close(filing: Filing, on: date) -> None:
    """「SHUT_DOWN: `closed`, `closed_on`; DEREGISTER: `deregistered`, `closed_on` where empty」."""
    account = filing.account
    assert account is not None
    if filing.matter == Matter.SHUT_DOWN:
        account.status, account.closed_on = Status.CLOSED, on
    else:
        account.status, account.closed_on = Status.DEREGISTERED, account.closed_on or on
    if account.closed_on < account.opened_on:
        raise NotSo(errors=(Wrong("on", f"账号 {account.opened_on} 才开设，办理日期不能早于它", str(on)),))
    account.save(update_fields=["status", "closed_on"])


def write_registration(filing: Filing) -> None:
    """「`register` of OPEN writes the account's `filed_national_on`, `filed_provincial_on` once it is there」."""
    account = filing.account
    if filing.matter != Matter.OPEN or account is None:
        return
    names = {f"filed_{system}_on": getattr(filing, f"{system}_on") for system in _SYSTEMS}
    if filing.registered_before is None:
        before = {name: getattr(account, name) for name in names}
        filing.registered_before = {name: day and day.isoformat() for name, day in before.items()}
    for name, day in names.items():
        if day is not None:
            setattr(account, name, day)
    account.save(update_fields=list(names))


def take_back_registration(filing: Filing) -> None:
    """In 补办, of a filing that was not carried out: the days that it wrote, where they are still as it set them."""
    account = filing.account
    if filing.carried_out_on is not None or account is None or filing.registered_before is None:
        return
    for system in _SYSTEMS:
        name, written = f"filed_{system}_on", getattr(filing, f"{system}_on")
        if written is not None and getattr(account, name) == written:
            before = filing.registered_before[name]
            setattr(account, name, date.fromisoformat(before) if before else None)
    account.save(update_fields=["filed_national_on", "filed_provincial_on"])
    filing.registered_before = None
