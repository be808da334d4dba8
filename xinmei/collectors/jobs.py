"""Reading the feeds of all accounts, every hour; imports of large files."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinmei.collectors.feeds.actions import Seen, collect
from xinmei.collectors.models import Feed, Upload
from xinmei.collectors.platforms.jobs import read_channels, read_comments, run_errands
from xinmei.collectors.uploading import import_parts, say
from xinmei.files.keeping import forget, parts_of
from xinmei.files.stores import Altered, Missing
from xinmei.jobs.handlers import JobFailed, Run, daily, handler, hourly

__all__ = [
    "clear_uploads",
    "import_upload",
    "read_channels",
    "read_comments",
    "read_feeds",
    "read_one_feed",
    "run_errands",
]


def has_feeds(now: datetime) -> bool:
    """Whether any account has an address to read."""
    return Feed.objects.exists()


@handler("collect", title="读取采集地址", long=True, every=hourly("每小时", minute=5, needed=has_feeds))
def read_feeds(run: Run) -> str:
    """Reads each feed once and stores a look for each attempt.

    What cannot be seen is a look too, and no reason to try everything again.
    """
    feeds = list(Feed.objects.select_related("account"))
    outcomes: Counter[str] = Counter()

    def tell(seen: Seen) -> None:
        outcomes[seen.outcome] += 1
        run.progress(outcomes.total(), len(feeds), "读取采集地址")

    collect(feeds, by=run.by, at=run.now, allow=settings.FETCH_ALLOW, tell=tell)
    return (
        f"读了 {len(feeds)} 个地址，看全 {outcomes['complete']} 个，没有看全 {len(feeds) - outcomes['complete']} 个。"
    )


@handler("read_feed", title="试读采集地址", right="inspect")
def read_one_feed(run: Run) -> str:
    """Reads the feeds of one account now and reports what was seen. Arguments: `account`, its code."""
    feeds = list(Feed.objects.filter(account__code=run.arguments["account"]).select_related("account"))
    if not feeds:
        raise JobFailed("这个账号没有登记采集地址，读不了；请由人工查看，或由运维用 xinmei collect 登记地址。")
    looks: list[Seen] = []
    collect(feeds, by=run.by, at=run.now, allow=settings.FETCH_ALLOW, tell=looks.append)
    run.result = {"address": feeds[0].account.get_absolute_url(), "address_title": "看账号"}
    seen = looks[-1]
    name = f"{feeds[0].account}（{feeds[0].account.get_platform_display()}）"
    return (
        f"{name}看清了，新收信息 {seen.created} 条。"
        if seen.outcome == "complete"
        else f"{name}仍没有看清：{seen.reason}。"
    )


@handler("import", title="导入文件", right="import_facts", long=True, template="collectors/import_result.html")
def import_upload(run: Run) -> str:
    """Imports an uploaded file as its person may. A second run changes nothing.

    Arguments: `upload`, `keep` (the good rows beside a bad one).
    """
    upload = Upload.objects.filter(pk=run.arguments["upload"]).first()
    if upload is None:
        raise JobFailed("上传的文件已经清理（只留两天），请在“导入”页重新上传。")
    parts = parts_of(upload.file_id)
    try:
        run.result = import_parts(
            upload.name, parts, keep_good_rows=run.arguments["keep"], by=run.by, at=run.now, run=run
        )
    except (Missing, Altered) as fault:
        raise JobFailed(f"上传的文件读不出来：{fault}，请在“导入”页重新上传。") from None
    run.total = run.done
    return say(run.result)


@handler("clear_uploads", title="清理上传的文件", every=daily("每天 3:40", hour=3, minute=40))
def clear_uploads(run: Run) -> str:
    """Uploaded files are kept for two days, so that a failed import can be tried again; then their bytes go, too."""
    with transaction.atomic():
        old = Upload.objects.filter(at__lt=run.now - timedelta(days=2))
        digests = list(old.values_list("file", flat=True))
        old.delete()
        forget(digests)
    return f"清理上传的文件 {len(digests)} 个。"
