"""What publishing does in the background."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from xinmei.jobs.handlers import MONDAY, Every, JobFailed, Run, daily, handler
from xinmei.publishing.links.following import gather_links, look_at_links
from xinmei.publishing.pictures.reading import INSTALL, is_installed, read_pictures
from xinmei.publishing.search import INDEX
from xinmei.screening.packs import current_screen

EVERY = Every(timedelta(minutes=5), MONDAY, "每 5 分钟一次，有新信息时", needed=lambda _: INDEX.is_behind())


@handler("index_posts", title="编制信息检索", long=True, every=EVERY)
def index_posts(run: Run) -> str:
    """Texts that came or changed since the last time."""
    count = INDEX.update(run.progress)
    return f"更新了 {count} 段检索。" if count else "没有新的信息。"


@handler("check_links", title="查看链接", right="rescreen", long=True, every=daily("每天 4:00", hour=4))
def check_links(run: Run) -> str:
    """Follows the links of recent posts."""
    new = gather_links(run.due_at)
    counts = look_at_links(run.due_at, allow=settings.FETCH_ALLOW, progress=run.progress)
    run.result = {"address": reverse("links"), "address_title": "看链接"}
    return f"新链接 {new} 个；打得开 {counts['alive']} 个，失效 {counts['dead']} 个，看不清 {counts['unseen']} 个。"


READ = Every(
    timedelta(days=1), MONDAY + timedelta(hours=5), "每天 5:00，装了识别组件时", needed=lambda _: is_installed()
)


@handler("read_pictures", title="读图片", right="rescreen", long=True, every=READ)
def read_new_pictures(run: Run) -> str:
    """Reads the pictures of recent posts that were never read."""
    if not is_installed():
        raise JobFailed(INSTALL)
    counts = read_pictures(current_screen(), run.due_at, run.progress)
    run.result = {"address": reverse("pictures"), "address_title": "看图片"}
    return f"读了 {counts['read']} 张，看不清 {counts['unseen']} 张；有命中的 {counts['hit']} 张。"
