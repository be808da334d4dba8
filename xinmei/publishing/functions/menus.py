"""The list of functions follows the menu of the platform. What could not be read changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from xinmei.core.links import LONGEST, host_of
from xinmei.people.doors import day_of
from xinmei.people.events import SYSTEM, record
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.channels.menus import Item, read_menu
from xinmei.publishing.channels.models import Channel
from xinmei.publishing.functions.actions import KIND
from xinmei.publishing.functions.models import Function
from xinmei.registry.models import Account

MENU, LONGEST_NAME = "menu", 500
NO_ADDRESS = "这个菜单不是打开网页的（如回复文字、打开小程序），系统看不了，请人点开看"


def channels_with_menus() -> QuerySet[Channel]:
    """The interfaces from which a menu can be read."""
    serving = Channel.objects.filter(account__platform="wechat", account__status__in=Account.SERVING)
    return serving.exclude(state=Channel.State.ENDED).select_related("account")


def follow_menu(channel: Channel, clock: Callable[[], datetime]) -> tuple[int, str]:
    """Reads the menu of an account and lists what it leads to; how many changed, and why it could not be read."""
    try:
        items = read_menu(channel, clock)
    except Fault as fault:
        return 0, f"{channel.account.name}：{fault.said}"
    return set_menu(channel.account, items, clock()), ""


def set_menu(account: Account, items: list[Item], at: datetime) -> int:
    """The functions of the account are as its menu; how many came, went or lead elsewhere now.

    What a person listed stays: of the same name, it is taken over where it is a menu, and left alone where it is not.
    """
    shown = {one.name[:LONGEST_NAME]: one.url if _can_be_asked(one.url) else "" for one in items}
    changed = 0
    with transaction.atomic():
        open_rows = {
            one.name: one for one in Function.objects.select_for_update().filter(account=account, ends_on__isnull=True)
        }
        for name, one in open_rows.items():
            if one.from_menu and name not in shown:
                changed += _end(one, at)
        for name, url in shown.items():
            known = open_rows.get(name)
            if known is None:
                changed += _list(account, name, url, at)
            elif known.kind == MENU and not (known.from_menu and known.url == url):
                changed += _lead(known, url, at)
    return changed


def _can_be_asked(url: str) -> bool:
    return len(url) <= LONGEST and bool(host_of(url))


def _list(account: Account, name: str, url: str, at: datetime) -> int:
    one = Function(account=account, name=name, kind=MENU, starts_on=day_of(at), added_by=SYSTEM.login, added_at=at)
    _lead(one, url, at)
    return 1


def _lead(one: Function, url: str, at: datetime) -> int:
    """It leads there from now on: what was seen at another address is no longer told of it."""
    if one.pk is None or one.url != url:
        one.outcome, one.failed_at, one.looked_at = "" if url else "unseen", None, None
        one.reason, one.asks_for = "" if url else NO_ADDRESS, []
    one.url, one.from_menu = url, True
    one.save()
    _note("function.listed_by_menu", one, at)
    return 1


def _end(one: Function, at: datetime) -> int:
    one.ends_on, one.ended_by, one.ended_at = max(day_of(at), one.starts_on), SYSTEM.login, at
    one.save(update_fields=["ends_on", "ended_by", "ended_at"])
    _note("function.ended_by_menu", one, at)
    return 1


def _note(verb: str, one: Function, at: datetime) -> None:
    content = {"account": one.account.code, "name": one.name, "url": one.url}
    record(verb, by=SYSTEM, at=at, kind=KIND, number=one.pk, content=content)
