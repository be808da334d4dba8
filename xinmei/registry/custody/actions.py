"""Custody recorded, proved, offered, accepted. Only the acceptance changes the holder: two signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.events import Acting, record
from xinmei.people.models import Position
from xinmei.registry.custody.models import Custody
from xinmei.registry.custody.queries import custody_of
from xinmei.registry.models import Account

COLUMNS = ("holder", "admins", "terminals", "bound_phone", "certified_until", "supplier")


def record_custody(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """Writes down who holds the account and with what; later ones change what they name."""
    custody, written = custody_of(account), {name: given[name] for name in COLUMNS}
    if custody is None:
        Custody.objects.filter(account=account).delete()  # of a former host
        custody = Custody(account_id=account.pk, unit_id=account.unit_id)
        changed = list(COLUMNS)
    else:
        changed = [name for name in COLUMNS if getattr(custody, name) != written[name]]
    for name, value in written.items():
        setattr(custody, name, value)
    custody.acted_at = at
    custody.save()
    content = {"changed": changed, "holder": custody.holder.login, "certified_until": custody.certified_until}
    phone = {"bound_phone": custody.bound_phone} if "bound_phone" in changed else {}
    _record("custody.record", account, by, at, content, phone)
    return account


def prove_custody(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """The holder shows that the account is in their hands."""
    custody = _recorded(account)
    custody.proved_at = custody.acted_at = at
    custody.save(update_fields=["proved_at", "acted_at"])
    _record("custody.prove", account, by, at)
    return account


def offer_custody(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """Offers the account to a colleague with a list of what goes over; a new offer takes the place of the old one."""
    custody = _recorded(account)
    custody.offered_to, custody.checklist = given["to"], given["checklist"]
    custody.offered_by, custody.offered_at, custody.acted_at = by.login, at, at
    custody.save(update_fields=["offered_to", "checklist", "offered_by", "offered_at", "acted_at"])
    _record("custody.offer", account, by, at, {"to": given["to"].login, "items": len(custody.checklist)})
    tell([_notice_of(account, custody, at)], at=at)
    return account


def accept_custody(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """The colleague takes the account over and says what was missing: from now on they hold it."""
    custody = _recorded(account)
    before = custody.holder.login
    assert custody.offered_to is not None
    custody.holder, custody.missing = custody.offered_to, given["missing"]
    custody.offered_to, custody.checklist, custody.offered_by, custody.offered_at = None, [], "", None
    custody.acted_at = at
    custody.save()
    content = {"before": before, "after": custody.holder.login, "missing": [mask(one) for one in custody.missing]}
    _record("custody.accept", account, by, at, content)
    return account


def _recorded(account: Account) -> Custody:
    custody = custody_of(account)
    if custody is None:
        raise NotNow("这个账号还没有登记掌管情况，请先登记")
    return custody


def _record(
    verb: str,
    account: Account,
    by: Acting,
    at: datetime,
    content: dict[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> None:
    record(verb, by=by, at=at, kind="custody", number=account.code, content=content, particulars=personal)


def _notice_of(account: Account, custody: Custody, at: datetime) -> Notice:
    return Notice(
        kind=Notice.Kind.CUSTODY,
        key=f"{account.pk}-{at.timestamp():.0f}",
        audience=Notice.Audience.PERSON,
        person=custody.offered_to,
        title=f"账号交接：{account.name}（{account.get_platform_display()}）交给您，请对照清单接手",
        text="\n".join(custody.checklist),
        address=f"/accounts/{account.code}/",
    )


# ── who, and when ──


def not_the_holder(acting: Acting, account: Account, right: str) -> str:
    """「custody.prove (the holder)」. Where nothing is recorded, everybody of the host hears so."""
    custody = custody_of(account)
    return _unless(acting, account, custody.holder.login if custody else "", "只有掌管人本人可以核实")


def neither_holder_nor_admin(acting: Acting, account: Account, right: str) -> str:
    """「custody.offer (holder or unit_admin)」"""
    if acting.position == Position.UNIT_ADMIN and acting.unit_id == account.unit_id:
        return ""
    custody = custody_of(account)
    return _unless(acting, account, custody.holder.login if custody else "", "交接由掌管人或者本单位管理员提出")


def not_whom_it_is_offered(acting: Acting, account: Account, right: str) -> str:
    """「custody.accept (that person)」"""
    custody = custody_of(account)
    to = custody.offered_to.login if custody and custody.offered_to else ""
    return _unless(acting, account, to, "只有接手人本人可以接手")


def _unless(acting: Acting, account: Account, login: str, why: str) -> str:
    is_theirs = acting.login == login if login else acting.unit_id == account.unit_id
    return "" if is_theirs else why


def why_nothing_recorded(account: Account, at: datetime) -> str:
    """Nothing to prove or to hand over."""
    return "" if custody_of(account) else "这个账号还没有登记掌管情况，请先登记"


def why_nothing_offered(account: Account, at: datetime) -> str:
    """Nothing to accept."""
    custody = custody_of(account)
    return "" if custody and custody.offered_to_id else "这个账号没有待接手的交接"
