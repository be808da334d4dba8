"""`xinmei people …`: passwords and administrators, for the operator of the machine."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from xinmei.commands.arguments import add_json, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.people.events import Acting

HELP = "人员：设置口令、设立三位管理员、查闲置登录名、清除离岗人员的个人信息"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """password, bootstrap, idle, erase."""
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, title="动作")
    password = verbs.add_parser(
        "password", help="设置口令（从标准输入读取），首次登录须修改", description="设置口令（从标准输入读取）"
    )
    password.add_argument("login", metavar="登录名")
    password.add_argument("--keep", action="store_true", help="首次登录不要求修改")
    add_json(password)
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

    from xinmei.people.actions.passwords import UnknownPerson
    from xinmei.people.actions.posts import NotPossible

    verbs = {"password": _password, "bootstrap": _bootstrap, "idle": _idle, "erase": _erase}
    try:
        return verbs[options.verb](options, datetime.now(UTC))
    except (UnknownPerson, NotPossible) as why:
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


def _bootstrap(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.people.actions.posts import NotPossible, bootstrap
    from xinmei.people.models import Post
    from xinmei.registry.models import Unit

    cities = Unit.objects.filter(kind="city")
    if options.unit:
        cities = cities.filter(code=options.unit)
    if cities.count() != 1:
        raise NotPossible(f"找到 {cities.count()} 个市本级单位，应恰有一个：请先导入 units.csv，或用 --unit 指明代码")
    made = bootstrap(cities.get().pk, by=_operator(), at=now)
    for login, post, password in made:
        if options.json:
            print_json({"login": login, "post": post, "password": password})
        else:
            say(f"{Post(post).label}\t登录名 {login}\t一次性口令 {password}")
    return 0


def _idle(options: argparse.Namespace, now: datetime) -> int:
    from xinmei.people.models import Person
    from xinmei.registry.staff.queries import idle_people

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
