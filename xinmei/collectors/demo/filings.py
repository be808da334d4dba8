"""Filings of the made city, one in every state, so that 备案 has something to show to each of its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from xinmei.collectors.demo.doing import (
    COUNTY,
    HEAD,
    INSPECTOR,
    Days,
    accounts_of,
    do,
    free_platform,
    moment,
    paper,
)
from xinmei.people.doors import day_of
from xinmei.people.models import PositionHeld
from xinmei.registry.models import Account, Filing
from xinmei.units.models import Unit

# The announcement of this day runs over National Day; positions begin on 1 November, so it is not that of years before.
BEFORE_NATIONAL_DAY = (9, 21)
HOUR = timedelta(hours=1)


def file_all(days: Days) -> None:
    """All filings, in an order in which none stands in the way of another."""
    stories: tuple[Callable[[Days], None], ...] = (
        _closed_over_national_day,
        _announced,
        _drafted,
        _returned,
        _waiting_for_the_receiver,
        _waiting_for_the_system,
        _waiting_for_the_county,
        _waiting_for_the_city,
        _to_be_carried_out,
        _to_be_registered,
        _registration_is_late,
        _registered_late,
        _refused,
        _withdrawn,
        _closed_by_its_platform,
        _second_account_by_exemption,
        _filed_afterwards,
    )
    for story in stories:
        story(days)


# ── one step after another ──


def _open(unit: str, login: str, at: datetime, reason: str, **profile: str) -> Filing:
    """An OPEN on a platform where the unit has no account yet, named as its others are."""
    host = Unit.objects.get(code=unit)
    named = host.accounts.filter(status="active").order_by("code").values_list("name", flat=True).first() or host.name
    asked = {"platform": free_platform(unit), "name": named, "verification": host.name} | profile
    filing: Filing = do("filing.write", by=f"{login}.editor", at=at, matter="OPEN", profile=asked, reason=reason)
    return filing


def _about(matter: str, account: Account, login: str, at: datetime, reason: str, **asked: object) -> Filing:
    """A filing about an account, with the consent of the unit where it is announced."""
    minutes = paper("会议纪要.txt", f"会议研究，同意办理账号“{account.name}”的有关事项。")
    consent = {"by": "collective", "on": str(day_of(at)), "file": minutes}
    given = {"matter": matter, "account": account.code, "reason": reason, "consent": consent} | asked
    filing: Filing = do("filing.write", by=f"{login}.editor", at=at, **given)
    return filing


def _go(filing: Filing, verb: str, by: str, at: datetime, **given: Any) -> Filing:
    """One step; who approves accepts the problems that were found."""
    if verb == "approve" and filing.problems:
        given["accept"] = filing.problems
    done: Filing = do(f"filing.{verb}", str(filing.pk), by=by, at=at, **given)
    return done


def _approved(filing: Filing, login: str, by: str, at: datetime) -> Filing:
    """Submitted by the unit's administrator, and approved three hours later."""
    filing = _go(filing, "submit", f"{login}.unit_admin", at)
    return _go(filing, "approve", by, at + 3 * HOUR, note="材料齐全，同意。")


# ── the stories ──


def _closed_over_national_day(days: Days) -> None:
    on = date(days.on(0).year, *BEFORE_NATIONAL_DAY)
    if days.on(0) < on + timedelta(days=40):
        on = days.on(-60)
    unit, login = ("D00", "office") if len(accounts_of("D00", on)) > 2 else ("D07", "sifa")
    host = f"{login}.unit_admin"
    for account in accounts_of(unit, opened_before=on)[:1]:
        begun, text = moment(on - timedelta(days=5)), {"text": "请关注澄州市人民政府门户网站"}
        filing = _about("SHUT_DOWN", account, login, begun, "更新困难，内容与主账号重复", successor=text)
        filing = _approved(filing, login, HEAD, begun + 2 * HOUR)
        filing = _go(filing, "announce", host, moment(on), on=str(on), url="https://example.invalid/gonggao/1")
        assert filing.allowed_from is not None
        ended = filing.allowed_from
        filing = _go(filing, "file", HEAD, moment(ended, 9), note="公告期满，予以备案。")
        do("archive.make", by=host, at=moment(ended, 14), account=account.code)
        filing = _go(filing, "carry_out", host, moment(ended, 16), on=str(ended))
        for system, number in (("national", "G-2026-0317"), ("provincial", "S-0317")):
            at = moment(ended + timedelta(days=1))
            filing = _go(filing, "register", host, at, system=system, on=str(day_of(at)), number=number)


def _announced(days: Days) -> None:
    unit, login = ("D00", "office") if len(accounts_of("D00")) > 1 else ("D08", "caizheng")
    for account in accounts_of(unit)[:1]:
        text = {"text": "请关注澄州市人民政府门户网站"}
        filing = _about("SHUT_DOWN", account, login, days.at(-14), "用户关注度低，确属无力维护", successor=text)
        filing = _approved(filing, login, HEAD, days.at(-13))
        on = str(days.on(-12))
        _go(filing, "announce", f"{login}.unit_admin", days.at(-12), on=on, url="https://example.invalid/gonggao/2")


def _drafted(days: Days) -> None:
    _open("D00", "office", days.at(-3, 16), "面向年轻群体做好政策解读")


def _returned(days: Days) -> None:
    for account in accounts_of("X01")[:1]:
        changes = {"name": "望溪微讯"}
        filing = _about("CHANGE", account, "wangxi", days.at(-7), "统一各平台名称", changes=changes)
        filing = _go(filing, "submit", "wangxi.unit_admin", days.at(-7, 14))
        _go(filing, "return", HEAD, days.at(-6, 15), reason="新名称看不出主办单位，请与其他平台的名称保持一致。")


def _waiting_for_the_receiver(days: Days) -> None:
    """An account goes to another town, which has none there; it has not agreed yet."""
    towns = Unit.objects.filter(code__in=[f"X01{number}" for number in range(51, 56)]).order_by("code")
    for account in accounts_of("X0151") or accounts_of("X0155"):
        free = towns.exclude(accounts__platform=account.platform).exclude(pk=account.unit_id).first()
        if free is not None:
            login = f"wangxi.town{account.unit.code[-1]}"
            changes = {"unit": free.code}
            filing = _about("CHANGE", account, login, days.at(-5), "乡镇职能调整", changes=changes)
            _go(filing, "submit", f"{login}.unit_admin", days.at(-5, 15))
            return


def _waiting_for_the_system(days: Days) -> None:
    filing = _open("X0105", "wangxi.shuiwu", days.at(-4), "方便纳税人查询办税信息")
    _go(filing, "submit", "wangxi.shuiwu.unit_admin", days.at(-4, 15))


def _waiting_for_the_county(days: Days) -> None:
    filing = _open("X0153", "wangxi.town3", days.at(-12), "开展乡村旅游宣传", name="乡村好风光", verification="")
    _go(filing, "submit", "wangxi.town3.unit_admin", days.at(-11))


def _waiting_for_the_city(days: Days) -> None:
    filing = _open("X0154", "wangxi.town4", days.at(-6), "发布乡镇便民信息")
    _approved(filing, "wangxi.town4", COUNTY, days.at(-5))


def _to_be_carried_out(days: Days) -> None:
    for account in accounts_of("D01")[:1]:
        changes = {"url": f"https://example.invalid/new/{account.code}"}
        filing = _about("CHANGE", account, "fagai", days.at(-4), "平台更换了主页地址", changes=changes)
        _approved(filing, "fagai", HEAD, days.at(-3))


def _to_be_registered(days: Days) -> None:
    host = "jiaoyu.unit_admin"
    filing = _open("D02", "jiaoyu", days.at(-5), "发布招生考试信息")
    filing = _approved(filing, "jiaoyu", HEAD, days.at(-3))
    on = str(days.on(-3))
    filing = _go(filing, "carry_out", host, days.at(-3, 15), on=on, url="https://example.invalid/jiaoyu")
    _go(filing, "register", host, days.at(-3, 16), system="provincial", on=on, number="S-0402")


def _registration_is_late(days: Days) -> None:
    filing = _open("D03", "keji", days.at(-20), "开展科普宣传")
    filing = _approved(filing, "keji", HEAD, days.at(-19))
    _go(filing, "carry_out", "keji.unit_admin", days.at(-18), on=str(days.on(-18)))


def _registered_late(days: Days) -> None:
    host = "gongxin.unit_admin"
    filing = _open("D04", "gongxin", days.at(-40), "服务中小企业")
    filing = _approved(filing, "gongxin", HEAD, days.at(-39))
    filing = _go(filing, "carry_out", host, days.at(-38), on=str(days.on(-38)))
    for system, number, after in (("national", "G-2026-0288", -38), ("provincial", "S-0288", -21)):
        given = {"system": system, "on": str(days.on(after)), "number": number}
        filing = _go(filing, "register", host, days.at(after, 16), **given)


def _refused(days: Days) -> None:
    filing = _open("D06", "minzheng", days.at(-26), "增加一个发布渠道")
    filing = _go(filing, "submit", "minzheng.unit_admin", days.at(-25))
    _go(filing, "refuse", HEAD, days.at(-24), reason="现有账号更新不足，先办好现有账号。")


def _withdrawn(days: Days) -> None:
    filing = _open("X0155", "wangxi.town5", days.at(-17), "发布乡镇便民信息")
    filing = _go(filing, "submit", "wangxi.town5.unit_admin", days.at(-17, 15))
    _go(filing, "withdraw", "wangxi.town5.unit_admin", days.at(-14), reason="人手不足，暂不开设。")


def _closed_by_its_platform(days: Days) -> None:
    host = "gongan.unit_admin"
    for account in accounts_of("D05")[:1]:
        found = {"kind": "closed_by_platform", "on": str(days.on(-7)), "note": "平台通知停止服务，账号已被关闭。"}
        do("account.incident", account.code, by=host, at=days.at(-7), **found)
        incident = str(account.incidents.get().pk)
        text = {"text": "请关注公安机关政务微博"}
        asked = {"successor": text, "incident": incident}
        filing = _about("SHUT_DOWN", account, "gongan", days.at(-6), "平台停止服务", **asked)
        _approved(filing, "gongan", HEAD, days.at(-4))


def _second_account_by_exemption(days: Days) -> None:
    """Two accounts on one platform, because the office said why."""
    for account in Account.objects.filter(unit__code="X01", status="active").order_by("code")[:1]:
        until = str(days.on(200))
        granted = {
            "unit": "X01",
            "platform": account.platform,
            "reason": "面向外来务工人员另设一个账号",
            "until": until,
        }
        do("exemption.grant", by=HEAD, at=days.at(-10), **granted)
        profile = {"platform": account.platform, "kind": account.kind}
        filing = _open("X01", "wangxi", days.at(-10, 15), "服务外来务工人员", **profile)
        _go(filing, "submit", "wangxi.unit_admin", days.at(-4, 16))


def _filed_afterwards(days: Days) -> None:
    """补办备案 of an account that was never filed: an inspector opened a case, the unit files it."""
    admins = PositionHeld.objects.filter(position="unit_admin", ends_on=None)
    units = admins.values("unit")
    unfiled = Account.objects.filter(status="unfiled", unit__in=units).order_by("code").first()
    if unfiled is None:
        return
    by = admins.filter(unit=unfiled.unit_id).order_by("pk")[0].person.login
    found = {"kind": "zombie", "due_on": str(days.on(5)), "note": "检查时没有备案记录，近期也没有更新。"}
    do("case.open", by=INSPECTOR, at=days.at(-10), account=unfiled.code, **found)
    given = {"matter": "OPEN", "account": unfiled.code, "reason": "账号一直在用，补办备案"}
    filing = do("filing.write", by=by, at=days.at(-4), **given)
    _go(filing, "submit", by, days.at(-4, 11))
