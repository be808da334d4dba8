"""Contact kept up to date; an incident told at once, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.files.keeping import keep
from xinmei.pages.uploads import Upload
from xinmei.people.events import Acting, record
from xinmei.registry.accounts.telling import tell_incident, tell_recovered
from xinmei.registry.models import Account, Incident


def update_account(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """Contact, phone and followers as the unit knows them. All else of the register is changed by a filing."""
    changed = [name for name in ("contact", "phone", "followers") if given[name] != getattr(account, name)]
    before = {name: getattr(account, name) for name in changed}
    for name in changed:
        setattr(account, name, given[name])
    _save(account, at, *changed)
    content: dict[str, Any] = {"changed": changed}
    if "followers" in changed:
        content |= {"before": before["followers"], "after": account.followers}
    personal = {name: given[name] or "" for name in changed if name != "followers"}
    record("account.update", by=by, at=at, kind="account", number=account.code, content=content, particulars=personal)
    return account


def report_incident(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """Notes what has befallen the account, and tells its supervisors and the city at once. No clock stands still."""
    file: Upload | None = given["file"]
    incident = Incident.objects.create(
        account=account,
        kind=given["kind"],
        on=given["on"],
        note=given["note"],
        file=keep(file.data, at) if file else None,
        file_name=file.name if file else "",
        by=by.login,
        at=at,
    )
    _save(account, at)
    content = {"incident": str(incident.pk), "kind": incident.kind, "on": incident.on, "note": mask(incident.note)}
    if incident.file_id:
        content["sha256"] = incident.file_id
    record("account.incident", by=by, at=at, kind="account", number=account.code, content=content)
    tell_incident(incident, at)
    return account


def why_none_open(account: Account, at: datetime) -> str:
    """Nothing to recover from."""
    is_open = any(one.recovered_on is None for one in account.incidents.all())
    return "" if is_open else "这个账号没有还没恢复的异常"


def recover(account: Account, given: Mapping[str, Any], by: Acting, at: datetime) -> Account:
    """The account is in the hands of its unit again."""
    incident: Incident = given["incident"]
    if incident.recovered_on is not None:
        raise NotNow(f"编号为 {incident.pk} 的异常 {incident.recovered_on} 已经恢复")
    incident.recovered_on, incident.recovered_note = given["on"], given["note"]
    incident.recovered_by, incident.recovered_at = by.login, at
    incident.save(update_fields=["recovered_on", "recovered_note", "recovered_by", "recovered_at"])
    _save(account, at)
    content = {"incident": str(incident.pk), "on": incident.recovered_on, "note": mask(incident.recovered_note)}
    record("account.recovered", by=by, at=at, kind="account", number=account.code, content=content)
    tell_recovered(incident, at)
    return account


def _save(account: Account, at: datetime, *changed: str) -> None:
    account.acted_at = at
    account.save(update_fields=["acted_at", *changed])
