"""`xinmei demo`: fills an empty database with a made city and a year of its life.

It then prints what the last inspection found.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xinmei.commands.arguments import SHANGHAI, UsageError, moment, say, tell

if TYPE_CHECKING:
    from xinmei.collectors.bundle.outcome import Refusal
    from xinmei.supervision.inspecting import Result

HELP = "在空数据库里造一个演示城市，过完它的一年，做一次本周全覆盖检查"
NEEDS_DATABASE = True
SHOWN = (
    ("city.inspector", "市检查员"),
    ("city.head", "市检查负责人"),
    ("wangxi.supervisor", "县区主管"),
    ("office.editor", "编辑（拟稿）"),
    ("office.section", "审核（处科室负责人）"),
    ("office.leader", "审签（分管领导）"),
    ("office.unit_admin", "单位管理员"),
    ("city.observer", "宣传、网信观察员"),
    ("city.system", "系统管理员"),
    ("city.security", "安全管理员"),
    ("city.audit", "审计管理员"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Size and moment of the city."""
    parser.add_argument("--seed", type=int, default=2021, metavar="数", help="同一个数造出同一座城市")
    parser.add_argument("--until", type=moment, metavar="时间", help="本周检查的监测时间点，不写为最近的星期一 9 时")
    parser.add_argument("--accounts", type=int, default=400, metavar="个数", help="账号个数，默认 400")
    parser.add_argument("--serve", action="store_true", help="造好以后启动网页；数据库里已有演示城市的，直接启动")
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="网页的端口，默认 8000")


def run(options: argparse.Namespace) -> int:
    """Makes the city once. A database that holds units is left alone."""
    from xinmei.units.models import Unit

    if Unit.objects.exists():
        if not options.serve:
            raise UsageError(
                "数据库里已有单位，演示城市只造在空数据库里。请换一个数据目录（XINMEI_VAR=别的文件夹），或清空 ./var"
            )
        tell(
            "数据库里已有数据，直接启动网页。演示人员的口令见造城市时的输出，也可用 xinmei people password 登录名 重设"
        )
    else:
        _make_city(options)
    if options.serve:
        from xinmei.commands import serve

        return serve.run(argparse.Namespace(port=options.port, address="127.0.0.1", workers=2, no_worker=False))
    return 0


def _make_city(options: argparse.Namespace) -> None:
    from xinmei.assessment.stored import reckon
    from xinmei.collectors.bundle.actions import import_bundle
    from xinmei.collectors.demo import write_demo_bundle
    from xinmei.collectors.demo.desks import work_at_desks
    from xinmei.collectors.demo.life import live_a_year
    from xinmei.commands.ledger import show_progress
    from xinmei.people.events import SYSTEM
    from xinmei.supervision.pass_rates import keep_rates

    until = options.until or _last_monday(datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="xinmei-demo-") as folder:
        tell("写出演示城市…")
        try:
            write_demo_bundle(Path(folder), seed=options.seed, until=until, accounts=options.accounts)
        except ValueError as error:
            raise UsageError(f"{error}，请改 --accounts") from None
        tell("导入…")
        import_bundle(Path(folder), by=SYSTEM, at=until, keep_good_rows=False, refuse=_stop)
    result = live_a_year(until, lambda: datetime.now(UTC), show_progress)
    work_at_desks(until)
    keep_rates(until)
    reckon(until.astimezone(SHANGHAI).year, datetime.now(UTC))
    password = _give_passwords()
    _summarise(result, until)
    say("\n登录名（口令都是本次随机生成的 " + password + "）：")
    for login, post in SHOWN:
        say(f"  {login:<20} {post}")


def _stop(refusal: Refusal) -> None:
    raise RuntimeError(f"演示城市的 {refusal.file} 第 {refusal.line} 行：{refusal.error}")


def _last_monday(now: datetime) -> datetime:
    """9:00 of the last Monday in Shanghai that has passed."""
    local = now.astimezone(SHANGHAI)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time(9), SHANGHAI)
    return monday if monday <= local else monday - timedelta(weeks=1)


def _give_passwords() -> str:
    """One random password for everybody in the made city, since nobody real logs in there."""
    from django.contrib.auth.hashers import make_password

    from xinmei.people.models import Person

    password = f"Demo-{secrets.token_hex(5)}"
    Person.objects.update(
        password=make_password(password), must_change_password=False, password_changed_at=datetime.now(UTC)
    )
    return password


def _summarise(result: Result, until: datetime) -> None:
    from xinmei.core.rulebook import criteria
    from xinmei.supervision.models import Finding

    inspection = result.inspection
    seen = inspection.inspected - inspection.could_not_observe
    say(
        f"\n监测时间点 {until:%Y年%m月%d日 %H:%M}：在用账号 {inspection.inspected} 个，已看 {seen} 个，"
        f"看不清 {inspection.could_not_observe} 个"
    )
    table = criteria()
    counts = Counter((f.set, f.criterion) for f in result.raised)
    say(f"本次新发现问题 {len(result.raised)} 个，另有待办 {result.standing} 个：")
    for key, count in counts.most_common():
        say(f"  {count:>4}  {table[key].title}")
    vetoes = [f for f in result.raised if table[f.set, f.criterion].kind == "VETO"]
    say(
        "单项否决（疑似）："
        + ("、".join(f"“{f.account}”{table[f.set, f.criterion].title}" for f in vetoes[:10]) or "无")
    )
    soon = Finding.objects.filter(
        status=Finding.Status.NOTIFIED, rectify_by__gt=until, rectify_by__lte=until + timedelta(days=2)
    )
    overdue = Finding.objects.filter(status=Finding.Status.NOTIFIED, rectify_by__lte=until)
    say(f"两日内整改到期：{soon.count()} 个；已逾期未整改：{overdue.count()} 个")
