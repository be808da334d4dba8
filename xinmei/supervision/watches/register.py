"""§三 the register: who opened the account, what its verification says, when it was filed, registered, announced;
§七 personal data; functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from xinmei.core.calendar import midnight
from xinmei.core.deadlines import announcement_earliest, registration_due
from xinmei.core.wording import load_wording, pairs_of
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import (
    AccountFacts,
    Checked,
    Fault,
    Sight,
    Window,
    day_of,
    say_moment,
    write_moment,
)
from xinmei.units.models import Unit

# 「`app`, `mini_program`, `other` are no platform here」
NO_PLATFORM = {"app", "mini_program", "other"}


def watch_opening(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「本指标印发后以单位内设机构名义开设政务新媒体」."""
    since = date.fromisoformat(window.readings["internal_office_since"])
    account = facts.account
    if facts.unit.kind == Unit.Kind.INTERNAL_OFFICE and account.opened_on > since:
        steps = (f"主办单位“{facts.unit.name}”是内设机构", f"{account.opened_on} 开设，在 {since} 之后")
        yield _state(
            facts,
            window,
            "inspection",
            "opened_irregularly",
            account.code,
            steps,
            {"opened_on": str(account.opened_on), "unit_kind": facts.unit.kind},
        )


def watch_verification(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「在公开认证信息中未标明主办单位名称」.

    An empty verification in a profile is seen absent; in the register it was not observed.
    """
    look = _last_profile(facts, window, "verification")
    text = str((look.profile or {})["verification"] or "") if look else facts.account.verification
    if not look and not text.strip():
        return
    names = [facts.unit.name, *facts.unit.short_names]
    if any(name and name in text for name in names):
        return
    where = f"{say_moment(look.end)} 经“{look.feed}”看到的认证信息" if look else "登记的认证信息"
    steps = (
        f"{where}：{'（空）' if not text.strip() else '“' + text + '”'}",
        f"其中没有主办单位名称“{facts.unit.name}”{'及其简称' if facts.unit.short_names else ''}",
    )
    proof = {"verification": text, "names": names, "feed": look and look.feed}
    yield _state(facts, window, "inspection", "host_not_in_verification", facts.account.code, steps, proof, look)


def watch_filing(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「未按照要求在国家和省市政务新媒体备案平台登记账号信息」: status 未备案, or in use without any filing date."""
    account = facts.account
    dates = [account.filed_city_on, account.filed_national_on, account.filed_provincial_on]
    if account.status == Account.Status.UNFILED or (account.status == Account.Status.ACTIVE and not any(dates)):
        said = "登记状态为“未备案”" if account.status == Account.Status.UNFILED else "登记为在用，没有任何备案日期"
        yield _state(
            facts,
            window,
            "assessment",
            "irregularity",
            account.code,
            (said,),
            {"status": account.status, "filed": [d and str(d) for d in dates]},
        )


def watch_registration(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「报市政府办公室备案后，于3个工作日内登录国家、省政务新媒体系统登记备案」."""
    account = facts.account
    if account.filed_city_on is None:
        return
    due = registration_due(account.filed_city_on, window.readings)
    fault_on = day_of(due.due_at - timedelta(microseconds=1))
    if due.due_at > window.at or fault_on < max(window.first_day, account.opened_on):
        return
    late = []
    for label, filed in (("国家系统", account.filed_national_on), ("省系统", account.filed_provincial_on)):
        if filed is None or filed > window.day:
            late.append(f"{label}：没有登记备案日期")
        elif midnight(filed) >= due.due_at:
            late.append(f"{label}：{filed} 才登记备案")
    if late:
        proof = {
            "filed_city_on": str(account.filed_city_on),
            "filed_national_on": account.filed_national_on and str(account.filed_national_on),
            "filed_provincial_on": account.filed_provincial_on and str(account.filed_provincial_on),
            "due_at": write_moment(due.due_at),
        }
        yield Fault(
            "duty", "late_registration", account.code, fault_on, (*due.steps, *late), "登记资料", proof, window.at
        )


def watch_announcement(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「向社会公告，公告时间不少于15个工作日」: closed before the first day allowed."""
    account = facts.account
    closed_on, announced_on = account.closed_on, account.announced_on
    if (
        closed_on is None
        or announced_on is None
        or not max(window.first_day, account.opened_on) <= closed_on < window.day
    ):
        return
    earliest = announcement_earliest(announced_on, window.readings)
    if midnight(closed_on) < earliest.due_at:
        steps = (*earliest.steps, f"{closed_on} 已关停，早于可以关停之日")
        proof = {
            "announced_on": str(announced_on),
            "closed_on": str(closed_on),
            "earliest": write_moment(earliest.due_at),
        }
        yield Fault("duty", "announcement_too_short", account.code, closed_on, steps, "登记资料", proof, window.at)


def watch_functions(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「提供的功能无法正常使用且未对外公告的」: each function that failed a check.

    The latest failed check of each year proves it.
    """
    failed = {}
    for check in _checks(facts, window):
        if not check.works and not check.announced_outage:
            failed[day_of(check.checked_at).year, check.name] = check
    for check in failed.values():
        steps = (
            f"{say_moment(check.checked_at)} 检查功能“{check.name}”无法正常使用，未见对外公告",
            *([f"看到的：{check.reason}"] if check.reason else []),
        )
        proof = {
            "function": check.name,
            "checked_at": write_moment(check.checked_at),
            "works": False,
            "announced_outage": False,
        }
        yield Fault(
            "inspection",
            "dead_function",
            check.name,
            day_of(check.checked_at),
            steps,
            "功能检查",
            proof,
            check.checked_at,
        )


def watch_collection(facts: AccountFacts, window: Window) -> Iterator[Fault]:
    """「不得违法违规获取超过服务需求的个人信息」: what a function asks for although no such service needs it.

    The words stand in rules/wording.yaml.
    """
    excessive = load_wording("excessive_personal_data")
    found = {}
    for check in _checks(facts, window):
        items = [item for item in check.asks_for if any(word in item for word in excessive)]
        if items:
            found[day_of(check.checked_at).year, check.name] = (check, items)
    for check, items in found.values():
        steps = (
            f"{say_moment(check.checked_at)} 检查功能“{check.name}”，索取：{'、'.join(check.asks_for)}",
            f"超出服务所需的：{'、'.join(items)}",
        )
        proof = {
            "function": check.name,
            "checked_at": write_moment(check.checked_at),
            "asks_for": list(check.asks_for),
            "excessive": items,
        }
        at = check.checked_at
        yield Fault("inspection", "over_collection", check.name, day_of(at), steps, "功能检查", proof, at)


def watch_platforms(unit: Unit, accounts: list[AccountFacts], window: Window) -> Iterator[Fault]:
    """「一个单位原则上在同一平台只开设一个政务新媒体账号」: accounts in service of one unit, platform and kind.

    Where an exemption stands at that moment, as many as it allows.
    """
    groups: dict[str, dict[str, list[Account]]] = {}
    for facts in accounts:
        account = facts.account
        if account.platform not in NO_PLATFORM and facts.in_service(window.day):
            groups.setdefault(account.platform, {}).setdefault(account.kind, []).append(account)
    for platform, kinds in groups.items():
        doubled = [
            account
            for kind, group in kinds.items()
            if len(group) > 1
            and not any(one.allows(platform, kind, window.at) for facts in accounts for one in facts.exemptions)
            for account in group
        ]
        if doubled:
            label = Account.Platform(platform).label
            steps = (f"“{unit.name}”在{label}有{len(doubled)}个同类账号：{'、'.join(f'“{a.name}”' for a in doubled)}",)
            proof = {"accounts": [[a.code, a.name, a.platform, a.kind] for a in doubled]}
            yield Fault("duty", "two_accounts_one_platform", platform, window.day, steps, "登记资料", proof, window.at)


def watch_names(unit: Unit, accounts: list[AccountFacts], window: Window) -> Iterator[Fault]:
    """「在不同平台开设的政务新媒体，原则上应保持名称一致」: two names that have no two characters in a row in common.

    Generic words are left aside.
    """
    named = []
    for facts in accounts:
        if facts.in_service(window.day):
            look = _last_profile(facts, window, "name")
            name = str((look.profile or {})["name"] or "") if look else ""
            name = name or facts.account.name
            if pairs := pairs_of(name):
                named.append((facts.account, name, pairs))
    for place, (account, name, pairs) in enumerate(named):
        for other, other_name, other_pairs in named[place + 1 :]:
            if not pairs & other_pairs:
                steps = (
                    f"“{name}”（{account.get_platform_display()}）与“{other_name}”（{other.get_platform_display()}）"
                    "除通用词外没有相同的词",
                )
                proof = {"names": [[a.code, n] for a, n, _ in named]}
                yield Fault("duty", "inconsistent_name", unit.code, window.day, steps, "登记资料", proof, window.at)
                return


def _checks(facts: AccountFacts, window: Window) -> Iterator[Checked]:
    since = max(window.start, facts.service_start)
    return (check for check in facts.functions if since <= check.checked_at <= window.at)


def _last_profile(facts: AccountFacts, window: Window, key: str) -> Sight | None:
    """The latest complete look that saw this part of the profile: it beats the register."""
    seen = [
        look
        for look in facts.looks
        if look.outcome == "complete" and look.end <= window.at and look.profile and key in look.profile
    ]
    return max(seen, key=lambda look: look.end) if seen else None


def _state(
    facts: AccountFacts,
    window: Window,
    set_: str,
    criterion: str,
    subject: str,
    steps: tuple[str, ...],
    proof: Mapping[str, object],
    look: Sight | None = None,
) -> Fault:
    """A state at T: it belongs to the year of T. Seen when the look ended, or, from the register, at T itself."""
    return Fault(
        set_,
        criterion,
        subject,
        window.day,
        steps,
        look.feed if look else "登记资料",
        proof,
        look.end if look else window.at,
    )
