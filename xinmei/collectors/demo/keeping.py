"""What the made city keeps beside its filings: custody, incidents, cases, reports of the public, 稿源, 两本账."""

from __future__ import annotations

import csv
import io

from xinmei.collectors.demo.doing import COUNTY, HEAD, INSPECTOR, Days, do, paper
from xinmei.registry.models import Account, Difference
from xinmei.units.models import Unit

SOURCES = (
    ("澄州日报", "city", "澄州市委宣传部稿源单位名单（2026年版）"),
    ("澄州广播电视台", "city", "澄州市委宣传部稿源单位名单（2026年版）"),
    ("澄州市融媒体中心", "city", "澄州市委网信办《关于规范转载的通知》"),
)
CHECKLIST = ["平台后台管理员已更换", "绑定手机已更换", "登录设备已登记", "素材和服务合同已移交"]


def keep_all(days: Days) -> None:
    """All of it, as the offices did it in the weeks before the inspection."""
    _custody(days)
    _incident(days)
    _cases(days)
    _reports(days)
    _sources(days)
    _two_books(days)


def _custody(days: Days) -> None:
    """The office holds its accounts, one is handed over just now; of one the certification runs out soon."""
    for unit, login in (("D00", "office"), ("X01", "wangxi")):
        rows = Account.objects.filter(unit__code=unit, status__in=Account.SERVING).order_by("code")
        for number, account in enumerate(rows):
            held = {
                "holder": f"{login}.editor",
                "admins": [account.contact, "值班编辑"],
                "terminals": ["办公室专用电脑", "值班手机"],
                "bound_phone": f"1390000{1200 + number}",
                "certified_until": str(days.on(25 if number == 1 else 300)),
                "supplier": "无",
            }
            do("custody.record", account.code, by=f"{login}.unit_admin", at=days.at(-31), **held)
            do("custody.prove", account.code, by=f"{login}.editor", at=days.at(-20))
            if number == 0:
                handed = {"to": f"{login}.section", "checklist": CHECKLIST}
                do("custody.offer", account.code, by=f"{login}.editor", at=days.at(-3, 16), **handed)


def _incident(days: Days) -> None:
    """An account was stolen and is back."""
    account = Account.objects.filter(unit__code="X01", status="active").order_by("code").first()
    if account is not None:
        by, stolen = (
            "wangxi.editor",
            {"kind": "stolen", "on": str(days.on(-15)), "note": "后台出现异地登录，已改绑手机。"},
        )
        do("account.incident", account.code, by=by, at=days.at(-15), **stolen)
        back = {"on": str(days.on(-14)), "note": "已找回，换了绑定手机和管理员。"}
        do("account.recovered", account.code, by=by, at=days.at(-14), **back)


def _cases(days: Days) -> None:
    """What inspectors and the public found: two open, one closed."""
    opened = {"kind": "unregistered", "due_on": str(days.on(4)), "note": "巡查发现，没有登记。"}
    do("case.open", by=INSPECTOR, at=days.at(-5), unit="X01", about="抖音“望溪县快讯”", **opened)
    done = do("case.open", by=INSPECTOR, at=days.at(-20), unit="D00", about="快手“澄州政务播报”", **opened)
    closed = {"outcome": "not_ours", "note": "核实为个人账号，已告知平台改名。"}
    do("case.close", str(done.pk), by=INSPECTOR, at=days.at(-18), **closed)


def _reports(days: Days) -> None:
    """纠错: one answered, two wait."""
    accounts = Account.objects.filter(unit__code__in=("D00", "X01"), status="active").order_by("unit__code", "code")
    texts = ("主页写的电话已经停用。", "认证的单位名称和现在的不一样。")
    for number, account in enumerate(list(accounts)[-2:]):
        do("report.make", by="", at=days.at(-3, 9 + number), account=account.code, text=texts[number])
    about = {"about": "抖音“澄州政务快报”", "text": "这个账号是不是政府办的？"}
    asked = do("report.make", by="", at=days.at(-11), **about)
    answer = "经核实不是政务新媒体，已请平台处理。"
    do("report.answer", str(asked.pk), by=INSPECTOR, at=days.at(-10), text=answer)


def _sources(days: Days) -> None:
    """稿源单位 of the city, beside those of the state and the province."""
    for name, level, allowed_by in SOURCES:
        begins = str(days.on(-200))
        do("source.add", by=HEAD, at=days.at(-60), name=name, level=level, allowed_by=allowed_by, **{"from": begins})


def _two_books(days: Days) -> None:
    """The national system's export of 望溪县 and below: one missing there, one with another name, one unknown here."""
    top = Unit.objects.get(code="X01")
    rows = Account.objects.filter(unit__path__startswith=top.path, status="active").select_related("unit")
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["账号名称", "注册平台", "平台账号", "账号链接", "单位名称"])
    for number, account in enumerate(rows.order_by("code")[:40]):
        if number == 3:
            continue
        name = f"{account.name}号" if number == 7 else account.name
        sheet.writerow([name, account.get_platform_display(), account.handle, account.url, account.unit.name])
    sheet.writerow(["望溪生活圈", "抖音", "wangxi_life", "无", top.name])
    file = paper("国家系统导出.csv", text.getvalue())
    do("comparison.start", by=COUNTY, at=days.at(-4), system="national", file=file, unit="X01")
    extra = Difference.objects.filter(kind="extra").order_by("pk").first()
    if extra is not None:
        by, why = COUNTY, "核实为企业账号，已请国家系统更正。"
        do("difference.settle", str(extra.pk), by=by, at=days.at(-4, 15), how="ignore", why=why)
