"""What two offices of the made city offer on their accounts, and what looking at it came to."""

from __future__ import annotations

from datetime import date, timedelta

from xinmei.collectors.demo.doing import Days, do
from xinmei.core.functions import Judged, Outcome
from xinmei.publishing.channels.menus import Item
from xinmei.publishing.functions.looking import FROM_ONE, note
from xinmei.publishing.functions.menus import set_menu
from xinmei.publishing.models import Function
from xinmei.registry.models import Account

HOUR = timedelta(hours=1)
SITE = "https://fw.example.invalid"
GONE = Judged(Outcome.FAILS, f"对方说没有这个页面（状态 404）；{FROM_ONE}")
BROKEN = Judged(Outcome.FAILS, f"对方的服务出错（状态 502）；{FROM_ONE}")
WORKS = Judged(Outcome.WORKS)
ASKS = Judged(Outcome.WORKS, asks_for=("姓名", "手机号", "身份证号", "住址"))
APP = Judged(Outcome.WORKS, version="3.2.1", updated_on=date(2026, 9, 18))
EXPIRED = Judged(Outcome.UNSEEN, "对方的证书验证不过：已过期")
# Its name, kind, page, and what was seen of it.
OFFERED = (
    ("办件进度查询", "service", "jindu", GONE),
    ("预约取号", "service", "yuyue", ASKS),
    ("民意调查", "service", "diaocha", ASKS),
    ("政策文件库", "link", "zhengce", WORKS),
    ("公共资源交易网", "link", "jiaoyi", EXPIRED),
    ("澄州通客户端", "app", "app", APP),
    ("不动产登记预约", "service", "budongchan", BROKEN),
)
MENU = (Item("办事 › 社保查询", f"{SITE}/shebao"), Item("办事 › 便民电话"), Item("公开 › 政府公报", f"{SITE}/gongbao"))


def offer_all(days: Days) -> None:
    """Some work, one is dead, one is dead in an announced outage, some could not be seen, one nobody has looked at."""
    for unit, login in (("D00", "office"), ("X01", "wangxi")):
        account = Account.objects.filter(unit__code=unit, status="active").order_by("code").first()
        if account is not None:
            _offer(account, f"{login}.editor", days)


def _offer(account: Account, editor: str, days: Days) -> None:
    set_menu(account, list(MENU), days.at(-30))
    for name, kind, page, judged in OFFERED:
        given = {"account": account.code, "name": name, "kind": kind, "url": f"{SITE}/{page}"}
        one: Function = do("function.add", by=editor, at=days.at(-30), **given)
        if judged is BROKEN:
            said = {"from": str(days.on(-3)), "to": str(days.on(11)), "where": f"{account.name} {days.on(-3)} 公告"}
            do("function.announce", str(one.pk), by=editor, at=days.at(-3), also=said)
        _see(one, judged, days)
    _see(Function.objects.get(account=account, name=MENU[0].name), WORKS, days)


def _see(one: Function, judged: Judged, days: Days) -> None:
    """Two looks on the Friday before the inspection, as the machine would have made them."""
    one.refresh_from_db()
    one.announced_outage = judged is BROKEN  # type: ignore[attr-defined]
    for hours in (0, 2):
        if check := note(one, judged, days.at(-3, 12) + hours * HOUR):
            check.save()
    one.save()
