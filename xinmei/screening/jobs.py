"""In the background: old texts are read again (回头看), own entries tried, links followed, pictures read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from xinmei.core.refusals import NotNow
from xinmei.core.screening import Screen
from xinmei.jobs.handlers import MONDAY, Every, JobFailed, Parts, Run, daily, handler, hourly
from xinmei.packs.in_use import current_screen
from xinmei.packs.models import OwnEntry
from xinmei.publishing.models import Draft, Post
from xinmei.screening.links.following import gather_links, look_at_links
from xinmei.screening.models import ScreeningMark
from xinmei.screening.pictures.drafting import read_draft
from xinmei.screening.pictures.reading import INSTALL, is_installed, read_pictures
from xinmei.screening.runs import plan_screening, screen_new_texts, screen_shares
from xinmei.screening.shares import Share, pack
from xinmei.screening.trying import try_entry


def _tell(run: Run) -> Callable[[str, int, int], None]:
    return lambda sentence, done, total: run.progress(done, total, sentence)


def is_changed(now: datetime) -> bool:
    """Whether the rule packs in use are others than those that the texts were last read with."""
    return Post.objects.exists() and not ScreeningMark.objects.filter(version=current_screen().version).exists()


@handler("try_entry", title="试跑词条", right="draft_rules")
def try_own_entry(run: Run) -> str:
    """Counts what an own entry would have hit in the last month. Arguments: `entry`, its number."""
    entry = OwnEntry.objects.get(pk=run.arguments["entry"])
    run.result = {"address": reverse("entry", args=[entry.pk]), "address_title": "看命中处"}
    try:
        trial = try_entry(entry, by=run.by, at=run.due_at, progress=_tell(run))
    except NotNow as refused:
        raise JobFailed(str(refused)) from None
    return f"近一个月 {trial.posts} 条信息，会命中 {trial.hits} 次（最多允许 {trial.allowed} 次）。"


@handler(
    "rescreen",
    title="重新筛查（回头看）",
    right="rescreen",
    long=True,
    every=hourly("规则变动后一小时内", minute=20, needed=is_changed),
)
def screen_again(run: Run) -> str | Parts:
    """Reads what the present rule packs have not read yet; interrupted, it goes on where it stopped."""
    left = screen_or_share_out(current_screen(), run)
    if isinstance(left, Parts):
        return left
    count = left + sum(part.result["read"] for part in run.parts)
    run.total = run.done = count
    return (
        f"读了 {count} 条信息和留言，命中的在下次检查时列为疑似问题。"
        if count
        else "现行规则已读过全部信息和留言，没有要重看的。"
    )


def screen_or_share_out(screen: Screen, run: Run) -> Parts | int:
    """What is still to be read, in parts. A little is read at once, and the screening closed; how many texts."""
    parts = list(pack(plan_screening(screen, run.clock())))
    if len(parts) < 2:
        return screen_new_texts(screen, run.clock, _tell(run))
    arguments = [{"version": screen.version, "shares": [share.as_row() for share in part]} for part in parts]
    return Parts("screening_part", arguments, "筛查信息")


@handler("screening_part", title="筛查的一份", long=True)
def read_part(run: Run) -> str:
    """One part of a screening. Arguments: the `version` of the packs, and the `shares` to read."""
    screen, count = current_screen(), 0
    if screen.version == run.arguments["version"]:
        count = screen_shares(screen, [Share.from_row(row) for row in run.arguments["shares"]], _tell(run))
    run.result = {"read": count}  # with other packs nothing: whoever put this part out will see that it is unread
    return f"读了 {count} 条信息和留言。"


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


@handler("read_draft_pictures", title="读稿件的图片")
def read_pictures_of_draft(run: Run) -> str:
    """Reads the new pictures of one draft. Arguments: `draft`, its number."""
    draft = Draft.objects.select_related("current").get(pk=run.arguments["draft"])
    return f"读了 {read_draft(draft, current_screen(), run.due_at)} 张图片。"


@handler("read_pictures", title="读图片", right="rescreen", long=True, every=READ)
def read_new_pictures(run: Run) -> str:
    """Reads the pictures of recent posts that were never read."""
    if not is_installed():
        raise JobFailed(INSTALL)
    counts = read_pictures(current_screen(), run.due_at, run.progress)
    run.result = {"address": reverse("pictures"), "address_title": "看图片"}
    return f"读了 {counts['read']} 张，看不清 {counts['unseen']} 张；有命中的 {counts['hit']} 张。"
