"""What people do with feeds; and the import as programs ask for it (docs/decisions/0283).

The page of the import is one of its own: it imports small files at once, and shows what was refused (0228).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.collectors.feeds.actions import set_feed
from xinmei.collectors.feeds.forms import ReadFields, SetFields
from xinmei.collectors.forms import BundleFields
from xinmei.collectors.models import Feed
from xinmei.collectors.uploading import keep_for_later
from xinmei.core.verbs import Kind, Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.models import Job
from xinmei.jobs.verbs import JOB
from xinmei.people.doors import may
from xinmei.people.events import Acting


def feeds_visible_to(acting: Acting) -> QuerySet[Feed]:
    """For those who set an address, and those who have one read."""
    allowed = may(acting, "change_settings") or may(acting, "inspect")
    return Feed.objects.all() if allowed else Feed.objects.none()


class ShownFeed(TypedDict):
    """What programs read of a feed."""

    id: str
    account: str
    kind: str
    address: str


def show_feed(feed: Feed, acting: Acting) -> ShownFeed:
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

# Where accounts are read is a setting: `xinmei collect --address` is an act of whoever runs the installation.
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


def _import_later(given: Mapping[str, Any], by: Acting, at: datetime) -> Job:
    """The file is stored with the job that imports it; the job says what was refused."""
    return keep_for_later(given["file"], keep_good_rows=bool(given["keep"]), by=by, at=at)


IMPORT = Verb(
    "job.import",
    "导入文件",
    of=JOB,
    makes=True,
    right="import_facts",
    fields=BundleFields,
    do=_import_later,
    event="start_job",
)
