"""What the acts on a filing leave behind: one step, one event each. Rights, reach and states are the declarations'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from xinmei.core.deadlines import registration_due
from xinmei.core.filings import filing_path
from xinmei.core.refusals import NotSo, Wrong
from xinmei.files.keeping import keep
from xinmei.pages.uploads import Upload
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.locks import hold
from xinmei.registry.filings import announcing, effects
from xinmei.registry.filings.judging import (
    find_problems,
    internal_office_of,
    is_announced,
    others_about,
    profile_of,
    value_of,
    what_changes,
    who_has_the_place,
)
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import offices_of
from xinmei.registry.filings.steps import take_step
from xinmei.registry.filings.writing import why_not_filed_late
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit

Matter, State = Filing.Matter, Filing.State
# What an announcement says: changed, it ends.
_SAID = ("changes", "reason", "successor")
# Submitted one after another, so that two never ask for the same account or the same place at once.
LOCK = "filings"


def write(filing: Filing | None, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """Writes a filing, or writes it again: what is named replaces whole, all else stays."""
    put = dict(given["put"])
    file: Upload | None = put.get("consent_file")
    if "consent_file" in put:
        put |= {"consent_file": keep(file.data, at) if file else None, "consent_file_name": file.name if file else ""}
    if filing is None:
        filing = begin(given, by, at)
    else:
        _write_again(filing, put, at)
    for name, value in put.items():
        setattr(filing, name, value)
    return take_step(filing, "write", by, at, version=filing.version, fields=sorted(put))


def begin(given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """A filing of the unit that is named, that has the account, or that acts; nothing is saved."""
    account: Account | None = given["account"]
    unit = given.get("unit") or (account.unit if account else None) or Unit.objects.filter(code=by.unit_code).first()
    if unit is None:
        raise NotSo(errors=(Wrong("unit", "应写单位代码"),))
    is_late = account is not None and given["matter"] == Matter.OPEN
    return Filing(matter=given["matter"], unit=unit, account=account, is_late_opening=is_late, waiting_since=at)


def _write_again(filing: Filing, put: Mapping[str, Any], at: datetime) -> None:
    """「A `write` that changes `changes` takes the agreement back」; one that changes what was announced ends that."""
    filing.version += 1
    before = {name: _said(filing, name, getattr(filing, name)) for name in _SAID}
    changed = {name for name in _SAID if name in put and _said(filing, name, put[name]) != before[name]}
    if "changes" in changed:
        filing.agreed_by = ""
    if changed:
        announcing.end(filing, at)


def _said(filing: Filing, name: str, value: Any) -> Any:
    """What is said; of changes, only what changes something."""
    if name != "changes" or filing.account is None:
        return value or None
    return {item: new for item, new in (value or {}).items() if new != value_of(filing.account, item)}


def _one_at_a_time() -> None:
    """In the transaction of an act: waits for every other that asks for an account or a place. A page only looks."""
    if connection.in_atomic_block:
        hold(LOCK)


# ── submit ──


def why_not_submit(filing: Filing, at: datetime) -> str:
    """「`state`: another filing about the account is under way」, or the account went to another unit meanwhile."""
    _one_at_a_time()
    if filing.account is not None and filing.account.unit_id != filing.unit_id:
        return f"账号 {filing.account.code} 现在是{filing.account.unit}的，这件备案不能再报送，请撤回"
    other = others_about(filing).first()
    return f"这个账号还有正在办理的{other}，办完再报送" if other else ""


def submit(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """Fixes the offices, looks for problems, and sends the filing to the first of the two."""
    if wrong := what_is_wrong(filing, at):
        clause = filing_path(day_of(at)).clause
        raise NotSo(f"{'；'.join(one.allowed for one in wrong)}（{clause}）", errors=tuple(wrong))
    changed = what_changes(filing)
    receiving = filing.receiver if "unit" in changed and filing.receiver else filing.unit
    filing.supervisor, filing.reviewing_office = offices_of(receiving)
    filing.problems, filing.accepted = find_problems(filing, at), []
    filing.submitted_at = at
    announcing.bring_along(filing, at)
    state = State.REVIEW if filing.supervisor == filing.reviewing_office else State.SUPERVISOR
    return take_step(filing, "submit", by, at, state=state, problems=filing.problems)


def what_is_wrong(filing: Filing, at: datetime) -> list[Wrong]:
    """What submission refuses, each with its clause."""
    return [*_what_is_missing(filing, at), *what_is_not_allowed(filing, at)]


def _what_is_missing(filing: Filing, at: datetime) -> list[Wrong]:
    path, wrong = filing_path(day_of(at)), []
    if not filing.reason:
        wrong.append(Wrong("reason", "没有写理由"))
    if filing.matter == Matter.OPEN and profile_of(filing) is None:
        wrong.append(Wrong("profile", "没有写要开设的账号"))
    if filing.matter == Matter.CHANGE and not what_changes(filing):
        wrong.append(Wrong("changes", "没有要变更的：写的都和登记的一样"))
    if is_announced(filing, at) and not filing.consent_by and filing.incident is None:
        wrong.append(Wrong("consent", f"没有集体研究或主要领导同意的材料：“{path.quotes['announced_quote']}”"))
    return wrong


def what_is_not_allowed(filing: Filing, at: datetime) -> list[Wrong]:
    """What breaks a rule, however complete the filing is."""
    path, account, wrong = filing_path(day_of(at)), filing.account, []
    if office := internal_office_of(filing):
        wrong.append(Wrong("unit", f"{office}是内设机构：“{path.quotes['internal_office_quote']}”", office.code))
    if taken := who_has_the_place(filing, at):
        wrong.append(Wrong("profile", f"同一平台已有{taken}，又没有例外：“{path.quotes['one_account_quote']}”"))
    if account is None:
        return wrong
    if filing.matter in (Matter.CHANGE, Matter.SHUT_DOWN) and account.status not in Account.SERVING:
        wrong.append(Wrong("account", f"账号 {account.code} {account.get_status_display()}，不在用", account.code))
    if filing.matter == Matter.DEREGISTER and account.status == Account.Status.DEREGISTERED:
        wrong.append(Wrong("account", f"账号 {account.code} 已经注销", account.code))
    if filing.is_late_opening and (why := why_not_filed_late(account)):
        wrong.append(Wrong("account", why, account.code))
    return wrong


# ── the offices ──


def agree(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The receiving unit agrees to take the account."""
    filing.agreed_by = by.login
    return take_step(filing, "agree", by, at)


def support(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The supervisor's office passes it on to the reviewing office."""
    return take_step(filing, "support", by, at, state=State.REVIEW, note=given["note"])


def why_not_approve(filing: Filing, at: datetime) -> str:
    """「A CHANGE of `unit` not agreed when it is approved」, or the place has been taken."""
    _one_at_a_time()
    if "unit" in what_changes(filing) and not filing.agreed_by:
        return f"接收单位{filing.receiver}还没有同意接收，不能审核同意"
    taken = who_has_the_place(filing, at, approving=True)
    return f"同一平台已有{taken}，又没有例外，不能审核同意" if taken else ""


def approve(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The reviewing office approves: on to the announcement, to the city, or, where that is itself, filed at once."""
    filing.accepted = [name for name in filing.problems if name in given.get("accept", ())]
    filing.approved_on = day_of(at)
    if is_announced(filing, at):
        state = State.ANNOUNCE
    elif filing.reviewing_office is not None and filing.reviewing_office.kind == Unit.Kind.CITY:
        state = State.CARRY_OUT
        _file(filing, at)
    else:
        state = State.CITY
    return take_step(filing, "approve", by, at, state=state, note=given["note"], accepted=filing.accepted)


def announce(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The announcement was posted, or posted again."""
    announcing.begin(filing, given["on"], given, at)
    content = {"on": filing.announced_on, "allowed_from": filing.allowed_from}
    return take_step(filing, "announce", by, at, note=given["note"], announced=content)


def why_not_file(filing: Filing, at: datetime) -> str:
    """「ANNOUNCE once announced」."""
    waits = filing.state == State.ANNOUNCE and filing.announced_on is None
    return "主办单位还没有公告，不能备案" if waits else ""


def file(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The city office files it."""
    _file(filing, at)
    return take_step(filing, "file", by, at, state=State.CARRY_OUT, note=given["note"], filed=filing.filed_city_on)


def _file(filing: Filing, at: datetime) -> None:
    """「The day of the act or `allowed_from`, whichever is later」, and the term of registration from 00:00 of it."""
    day = day_of(at)
    filing.filed_city_on = max(day, filing.allowed_from or day)
    due = registration_due(filing.filed_city_on, readings_on(day))
    filing.register_by = due.due_at
    filing.provisional = filing.provisional or due.provisional


# ── carried out, registered ──


def carry_out(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """It was done: the register says so from that day on."""
    filing.carried_out_on = given["on"]
    effects.carry_out(filing, given)
    is_done = filing.national_on is not None and filing.provincial_on is not None
    state = State.DONE if is_done else State.REGISTER
    account = filing.account.code if filing.account else None
    return take_step(filing, "carry_out", by, at, state=state, on=filing.carried_out_on, account=account)


def register(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """One of the two systems has registered it; the last one counts."""
    system = given["system"]
    setattr(filing, f"{system}_on", given["on"])
    setattr(filing, f"{system}_number", given["number"])
    effects.write_registration(filing)
    both = filing.national_on is not None and filing.provincial_on is not None
    state = State.DONE if both and filing.carried_out_on is not None else filing.state
    return take_step(filing, "register", by, at, state=state, system=system, on=given["on"])


# ── back, or not at all ──


def return_filing(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """Back to the unit. The announcement stands; what the city had filed is void."""
    if filing.state == State.CARRY_OUT:
        effects.take_back_registration(filing)
        filing.filed_city_on = filing.register_by = None
        filing.national_on = filing.provincial_on = None
        filing.national_number = filing.provincial_number = ""
        filing.provisional = announcing.is_provisional(filing)
    return take_step(filing, "return", by, at, state=State.RETURNED, note=given["reason"])


def refuse(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """It ends here; what stood before stands again."""
    announcing.end(filing, at)
    return take_step(filing, "refuse", by, at, state=State.REFUSED, note=given["reason"])


def withdraw(filing: Filing, given: Mapping[str, Any], by: Acting, at: datetime) -> Filing:
    """The unit takes it back; what stood before stands again."""
    announcing.end(filing, at)
    effects.take_back_registration(filing)
    return take_step(filing, "withdraw", by, at, state=State.WITHDRAWN, note=given["reason"])
