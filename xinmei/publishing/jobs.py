"""What publishing does in the background."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from xinmei.core.functions import Outcome
from xinmei.jobs.handlers import MONDAY, Every, Run, daily, handler, hourly
from xinmei.publishing.channels.jobs import check_channels, send_out
from xinmei.publishing.functions.looking import look_at_functions
from xinmei.publishing.functions.menus import channels_with_menus, follow_menu
from xinmei.publishing.functions.queries import to_look_at
from xinmei.publishing.models import Policy
from xinmei.publishing.policies.reckoning import open_at, reckon
from xinmei.publishing.search import INDEX
from xinmei.publishing.terms.running import remind, to_remind

__all__ = ["check_channels", "index_posts", "send_out"]
EVERY = Every(timedelta(minutes=5), MONDAY, "每 5 分钟一次，有新信息时", needed=lambda _: INDEX.is_behind())


@handler("index_posts", title="编制信息检索", long=True, every=EVERY)
def index_posts(run: Run) -> str:
    """Texts that came or changed since the last time."""
    count = INDEX.update(run.progress)
    return f"更新了 {count} 段检索。" if count else "没有新的信息。"


@handler(
    "check_functions",
    title="查看功能",
    long=True,
    every=hourly("每项功能每天一次", minute=40, needed=lambda at: to_look_at(at).exists()),
)
def check_functions(run: Run) -> str:
    """Looks at what the accounts offer."""
    counts = look_at_functions(
        run.due_at, allow=settings.FETCH_ALLOW, second=settings.SECOND_PLACE, progress=run.progress
    )
    run.result = {"address": reverse("functions"), "address_title": "看功能"}
    works, fails, unseen = (counts[one] for one in (Outcome.WORKS, Outcome.FAILS, Outcome.UNSEEN))
    return f"看了 {sum(counts.values())} 项：能用 {works}，打不开 {fails}，看不清 {unseen}。"


@handler(
    "reckon_policies",
    title="核对政策解读",
    long=True,
    every=daily("每天一次", hour=6, minute=20, needed=lambda at: Policy.objects.filter(open_at(at)).exists()),
)
def reckon_policies(run: Run) -> str:
    """Matches the documents that need explaining with the posts that were seen."""
    run.result = {"address": reverse("policies"), "address_title": "看政策解读"}
    count = reckon(Policy.objects.filter(open_at(run.due_at)), run.due_at, run.progress)
    return f"核对了 {count} 份文件。"


REMINDS = Every(
    timedelta(minutes=10), MONDAY, "每 10 分钟一次，有稿件审核限时过半、到时", needed=lambda at: to_remind(at).exists()
)


@handler("remind_reviews", title="提醒审核、审签", every=REMINDS)
def remind_reviews(run: Run) -> str:
    """Whoever lets a draft wait is reminded halfway, and when its term is over."""
    count = remind(run.due_at)
    return f"提醒了 {count} 篇稿件。" if count else "没有要提醒的稿件。"


@handler(
    "read_menus",
    title="读平台菜单",
    every=daily("每天 6:20", hour=6, minute=20, needed=lambda at: channels_with_menus().exists()),
)
def read_menus(run: Run) -> str:
    """The functions of each account that has an interface follow its menu."""
    read = [follow_menu(one, run.clock) for one in channels_with_menus().order_by("pk")]
    unread = [why for _, why in read if why]
    run.result = {"address": reverse("functions"), "address_title": "看功能"}
    said = f"读了 {len(read) - len(unread)} 个公众号的菜单，改了 {sum(count for count, _ in read)} 项。"
    return said + (f"没有读到的 {len(unread)} 个（不是没有菜单）：{'；'.join(unread[:5])}。" if unread else "")
