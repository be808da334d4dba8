"""An entry confirmed by its unit; a unit reminded of those that it has not confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.notices.actions import tell
from xinmei.notices.forwarding import receiver_of
from xinmei.notices.models import Notice
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.registry.filings.offices import is_admin_of
from xinmei.registry.models import Account, Confirmation
from xinmei.registry.starting.queries import digest_of
from xinmei.units.models import Unit

KEY = "confirm"


def is_of_its_unit(acting: Acting, account: Account, right: str) -> bool:
    """The administrator of the host, or whoever stands in for a host without one."""
    return is_admin_of(acting, account.unit_id)


def why_confirmed(account: Account, at: datetime) -> str:
    """An entry that stands confirmed, or that nobody answers for any more."""
    if account.status not in Account.SERVING:
        return "账号已经关停或注销，不用确认"
    confirmation = Confirmation.objects.filter(account=account).first()
    if confirmation is not None and confirmation.digest == digest_of(account):
        return f"{confirmation.by} 已经确认过，登记没有再改"
    return ""


def confirm_account(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """The unit says that the entry is right as it stands."""
    digest = digest_of(account)
    Confirmation.objects.update_or_create(account=account, defaults={"digest": digest, "by": by.login, "at": at})
    record("account.confirm", by=by, at=at, kind="account", number=account.code, content={"digest": digest})
    return account


def remind_unit(unit: Unit, given: Mapping[str, Any], by: Acting, at: datetime) -> Unit:
    """Tells the unit how many of its entries wait to be confirmed; once a day."""
    rows = Account.objects.filter(unit=unit, status__in=Account.SERVING).select_related("confirmation")
    left = [one for one in rows if not _is_confirmed(one)]
    if not left:
        raise NotNow(f"{unit}的账号登记都已经确认")
    receiver = receiver_of(unit, at)
    notice = Notice(
        kind=Notice.Kind.REMINDER,
        key=f"{KEY} {unit.pk} {day_of(at)}",
        audience=receiver.audience,
        unit=receiver.unit,
        about=unit,
        thing="register_contact",
        title=f"请核对并确认{unit}的 {len(left)} 个账号的登记",
        text="\n".join(f"{one.name}（{one.get_platform_display()}）" for one in left[:50]),
        address="/starting/?step=unconfirmed",
    )
    if not tell([notice], at=at):
        raise NotNow(f"今天已经提醒过{unit}")
    record("unit.remind", by=by, at=at, kind="unit", number=unit.code, content={"accounts": len(left)})
    return unit


def _is_confirmed(account: Account) -> bool:
    confirmation = getattr(account, "confirmation", None)
    return confirmation is not None and confirmation.digest == digest_of(account)
