"""What people do with feeds. An import stays a page of its own (docs/decisions/0228)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from xinmei.collectors.feeds.actions import set_feed
from xinmei.collectors.feeds.forms import ReadFields, SetFields
from xinmei.collectors.models import Feed
from xinmei.core.verbs import Kind, Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.verbs import JOB
from xinmei.people.doors import may
from xinmei.people.events import Acting


def feeds_visible_to(acting: Acting) -> QuerySet[Feed]:
    """For those who set an address, and those who have one read."""
    allowed = may(acting, "change_settings") or may(acting, "inspect")
    return Feed.objects.all() if allowed else Feed.objects.none()


def show_feed(feed: Feed, acting: Acting) -> dict[str, Any]:
    """A feed as programs read it."""
    return {"id": str(feed.pk), "account": feed.account.code, "kind": feed.kind, "address": feed.address}


FEED = Kind(
    name="feed",
    label="采集地址",
    path="feeds",
    model=Feed,
    rows=feeds_visible_to,
    show=show_feed,
    related=("account",),
)

# Where accounts are read is a setting of the installation, as `xinmei collect --address` is an act of its administrator.
SET = Verb(
    "feed.set",
    "登记采集地址",
    of=FEED,
    makes=True,
    right="change_settings",
    fields=SetFields,
    do=set_feed,
    then=lambda feed: reverse("settings"),
    event="set_feed",
    done="已登记采集地址，每小时读取。",
)
READ = Verb(
    "job.read_feed",
    "现在试读",
    of=JOB,
    makes=True,
    right="inspect",
    fields=ReadFields,
    do=starting("read_feed"),
    page="blindness",
    event="start_job",
)
