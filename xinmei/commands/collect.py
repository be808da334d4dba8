"""`xinmei collect`: reads the RSS/Atom feeds of accounts and stores every attempt as a look."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xinmei.commands.arguments import SHANGHAI, UsageError, add_json, moment, print_json, say

if TYPE_CHECKING:
    from datetime import datetime

    from xinmei.collectors.feeds.actions import Seen
    from xinmei.collectors.models import Feed

HELP = "读取账号的 RSS/Atom，每次尝试都记为一次观察；有没看全的，退出码为 1"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which account, as of when, and where its feed is."""
    parser.add_argument("--account", metavar="账号编号", help="只读这个账号，不写为所有设了地址的账号")
    parser.add_argument("--address", metavar="网址", help="记下 --account 的 RSS/Atom 地址（替换原来的），然后读取")
    parser.add_argument("--at", type=moment, metavar="时间", help="观察的时间，不写为现在；不能晚于现在")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Reads the feeds. Status 1 when a look was not complete."""
    from datetime import datetime

    from django.conf import settings

    from xinmei.collectors.feeds.actions import collect
    from xinmei.people.events import SYSTEM

    now = datetime.now(SHANGHAI)
    at = options.at or now
    if at > now:
        raise UsageError(f"--at 写的是 {at.isoformat()}，还没有到；观察的时间不能晚于现在")
    feeds = _choose_feeds(options, now)
    incomplete = 0

    def tell(seen: Seen) -> None:
        nonlocal incomplete
        incomplete += seen.outcome != "complete"
        _tell(seen, options.json)

    collect(feeds, by=SYSTEM, at=at, allow=settings.FETCH_ALLOW, tell=tell)
    return 1 if incomplete else 0


def _choose_feeds(options: argparse.Namespace, now: datetime) -> list[Feed]:
    """The feeds to read; an address that is given is set first."""
    from xinmei.acts.performing import perform
    from xinmei.collectors.models import Feed
    from xinmei.people.events import SYSTEM
    from xinmei.registry.models import Account

    feeds = Feed.objects.select_related("account")
    if options.account is not None:
        account = Account.objects.filter(code=options.account).first()
        if account is None:
            raise UsageError(f"没有账号 {options.account}，请核对账号编号")
        if options.address:
            perform("feed.set", by=SYSTEM, at=now, given={"account": account.code, "address": options.address})
        feeds = feeds.filter(account=account)
    elif options.address:
        raise UsageError("--address 要和 --account 一起写，说明是哪个账号的地址")
    if not feeds:
        raise UsageError("没有可读的地址；先用 xinmei collect --account 账号编号 --address 网址 记下一个")
    return list(feeds)


def _tell(seen: Seen, as_json: bool) -> None:
    start, end = (at.astimezone(SHANGHAI).isoformat() for at in (seen.window_start, seen.window_end))
    if as_json:
        row = {"account": seen.account, "outcome": seen.outcome, "reason": seen.reason}
        row |= {"window_start": start, "window_end": end}
        print_json({**row, "created": seen.created, "updated": seen.updated})
    elif seen.outcome == "complete":
        say(f"{seen.account}：看全了 {start} 至 {end}，新增 {seen.created} 条，更新 {seen.updated} 条")
    else:
        say(f"{seen.account}：没有看全：{seen.reason}，新增 {seen.created} 条，更新 {seen.updated} 条")
