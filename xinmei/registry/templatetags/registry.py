"""Words of the templates about accounts and looks."""

from __future__ import annotations

from django import template

from xinmei.registry.feeds import name_feeds
from xinmei.registry.models import Account

register = template.Library()


@register.filter
def kind(account: Account) -> str:
    """订阅号, 服务号, or what the register says."""
    return account.KIND_LABELS.get(account.kind, account.kind)


@register.filter
def feed(name: str) -> str:
    """The name of a feed, or of several with 、 between, in Chinese where it is one of the usual ones."""
    return name_feeds(name)
