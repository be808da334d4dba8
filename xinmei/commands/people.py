"""`xinmei people …`: passwords and administrators, for the operator of the machine."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from xinmei.commands.arguments import UsageError, add_json, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.people.events import Acting

HELP = "人员：设置口令、生成程序令牌、设立三位管理员、查闲置登录名、清除离岗人员的个人信息"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """password, token, bootstrap, idle, erase."""
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, title="动作")
    password = verbs.add_parser(
        "password", help="设置口令（从标准输入读取），首次登录须修改", description="设置口令（从标准输入读取）"
    )
    password.add_argument("login", metavar="登录名")
    password.add_argument("--keep", action="store_true", help="首次登录不要求修改")
    add_json(password)
    token = verbs.add_parser(
        "token", help="生成程序用的令牌，只打印这一次", description="生成程序用的令牌，以一个岗位办事"
    )
    token.add_argument("login", metavar="登录名")
    token.add_argument("--as", dest="position", metavar="岗位@单位代码", required=True, help="令牌以哪个岗位办事")
    token.add_argument("--days", metavar="天数", default="90", help="几天有效，1 到 366，不写为 90")
    token.add_argument("--name", metavar="用途", default="命令行生成", help="哪个系统、做什么用")
    add_json(token)
    bootstrap = verbs.add_parser(
        "bootstrap", help="设立系统、安全、审计三位管理员，打印一次性口令", description="设立三位管理员"
    )
    bootstrap.add_argument("--unit", metavar="代码", default="", help="市本级单位的代码；只有一个市本级单位时可不写")
    add_json(bootstrap)
    idle = verbs.add_parser("idle", help="列出 90 天未登录的在岗人员；有则退出码为 1", description="列出闲置的登录名")
    add_json(idle)
    erase = verbs.add_parser(
        "erase", help="清除离岗人员的电话、邮箱和留痕中的个人信息，留痕链条不变", description="清除个人信息"
    )
    erase.add_argument("login", metavar="登录名")
    add_json(erase)


def _operator() -> Acting:
    from xinmei.people.events import Acting

    return Acting(login=f"运维:{getpass.getuser()}"[:150], name="运维", judged=False)


def run(options: argparse.Namespace) -> int:
    """Returns 0 when done, 1 when refused or when something was found."""
    from django.core.exceptions import ValidationError

    from xinmei.core.refusals import NotNow, NotSo
    from xinmei.people.actions.passwords import UnknownPerson

    verbs = {"password": _password, "token": _token, "bootstrap": _bootstrap, "idle": _idle, "erase": _erase}
    try:
        return verbs[options.verb](options, datetime.now(UTC))
    except (UnknownPerson, NotNow, NotSo) as why:
        tell(str(why))
    except ValidationError as why:
        tell("；".join(why.messages))
    return 1


def _password(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.people.actions.passwords import set_password

    set_password(options.login, sys.stdin.readline().rstrip("\r\n"), keep=options.keep, by=_operator(), at=now)
    if options.json:
        print_json({"login": options.login})
    else:
        say(f"已设置 {options.login} 的口令" + ("。" if options.keep else "，首次登录时须修改。"))
    return 0


def _token(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.acts.lines import actings_for, read_position
    from xinmei.acts.performing import perform
    from xinmei.pages.fields import show_moment

    if not (options.days.isascii() and options.days.isdigit() and len(options.days) < 6):
        raise UsageError("--days 应为 1 到 366 的整数")
    actings = actings_for(options.login, read_position(options.position), now)
    given = {"name": options.name, "days": int(options.days)}
    token = perform("token.make", by=actings, at=now, given=given).one
    if options.json:
        print_json({"token": token.once, "ends": show_moment(token.ends_at)})
    else:
        say(f"{token.once}\n{show_moment(token.ends_at)} 到期。只显示这一次，请存进用它的系统。")
    return 0


def _bootstrap(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.core.refusals import NotNow
    from xinmei.people.actions.adding import bootstrap
    from xinmei.people.models import Position
    from xinmei.units.models import Unit

    cities = Unit.objects.filter(kind="city")
    if options.unit:
        cities = cities.filter(code=options.unit)
    if cities.count() != 1:
        raise NotNow(f"找到 {cities.count()} 个市本级单位，应恰有一个：请先导入 units.csv，或用 --unit 指明代码")
    made = bootstrap(cities.get().pk, by=_operator(), at=now)
    for login, position, password in made:
        if options.json:
            print_json({"login": login, "post": position, "password": password})
        else:
            say(f"{Position(position).label}\t登录名 {login}\t一次性口令 {password}")
    return 0


def _idle(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.people.models import Person
    from xinmei.people.staff.queries import idle_people

    found = list(idle_people(Person.objects.all(), now))
    for person in found:
        last = person.last_login.isoformat() if person.last_login else None
        if options.json:
            print_json({"login": person.login, "name": person.name, "last_login": last})
        else:
            say(f"{person.login}\t{person.name}\t最近登录 {last or '从未'}")
    return 1 if found else 0


def _erase(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.people.actions.personal_data import erase_person

    erased = erase_person(options.login, by=_operator(), at=now)
    if options.json:
        print_json({"login": options.login, "erased": erased})
    else:
        say(f"已清除 {options.login} 的个人信息（留痕中 {erased} 项）。")
    return 0
