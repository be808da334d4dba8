"""§十 work that takes minutes: the weekly full inspection, one that a person starts, and reading old texts again (回头看)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from django.conf import settings
from django.urls import reverse

from xinmei.core.reminders import is_open
from xinmei.jobs.handlers import JobFailed, Run, handler, hourly, weekly
from xinmei.publishing.models import Post
from xinmei.screening.actions import EntryRefused
from xinmei.screening.models import OwnEntry
from xinmei.screening.packs import current_screen
from xinmei.supervision.drilling import drill, monday_of
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import ScreeningMark
from xinmei.supervision.orders import escalate
from xinmei.supervision.reminders import send_reminders
from xinmei.supervision.screening import screen_new_texts
from xinmei.supervision.trying import try_entry
from xinmei.units.models import Unit

# 「每周将对全市政务新媒体运维情况开展全覆盖检查」: early on Monday, when feeds read in the night show Sunday to its end.
WEEKLY = weekly("每周一 6:00", hour=6, makes_up=8)


def _tell(run: Run) -> Callable[[str, int, int], None]:
    return lambda sentence, done, total: run.progress(done, total, sentence)


@handler("inspection", title="全覆盖检查", right="inspect", long=True, every=WEEKLY)
def inspect_as_asked(run: Run) -> str:
    """As of the moment that it came due or was asked for, however late it runs. Arguments: `unit`, the code of a unit, "" for the whole city."""
    code = run.arguments.get("unit", "")
    unit = Unit.objects.filter(code=code).first() if code else None
    if code and unit is None:
        raise JobFailed(f"没有代码为“{code}”的单位，可能已被并入别的单位；请重新选择范围再开始。")
    result = inspect(run.due_at, by=run.by, unit=unit, progress=_tell(run))
    one = result.inspection
    run.result = {"address": reverse("round", args=[one.pk]), "address_title": "看检查结果"}
    return (
        f"{unit or '全市'}在用账号 {one.inspected} 个，看不清 {one.could_not_observe} 个；"
        f"新发现问题 {len(result.raised)} 个，另有待办问题 {result.standing} 个。"
    )


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
    except EntryRefused as refused:
        raise JobFailed(str(refused)) from None
    return f"近一个月 {trial.posts} 条信息，会命中 {trial.hits} 次（最多允许 {trial.allowed} 次）。"


@handler(
    "rescreen",
    title="重新筛查（回头看）",
    right="rescreen",
    long=True,
    every=hourly("规则变动后一小时内", minute=20, needed=is_changed),
)
def screen_again(run: Run) -> str:
    """Reads what the present rule packs have not read yet; interrupted, it goes on where it stopped."""
    count = screen_new_texts(current_screen(), _tell(run))
    run.total = run.done = count
    return (
        f"读了 {count} 条信息和留言，命中的在下次检查时列为疑似问题。"
        if count
        else "现行规则已读过全部信息和留言，没有要重看的。"
    )


@handler("drill", title="自测", right="rescreen", every=weekly("每周一 7:00", hour=7))
def drill_last_week(run: Run) -> str:
    """Plants known faults into copies of last week's posts and counts what the rules in use find."""
    monday = monday_of(run.due_at)
    row = drill(monday, current_screen(), run.due_at)
    run.result = {"address": reverse("drills"), "address_title": "看自测结果"}
    if row is None:
        return f"{monday} 起的一周没有信息，无从自测。"
    planted, found = sum(line["planted"] for line in row.lines), sum(line["found"] for line in row.lines)
    return f"埋设 {planted} 处，查出 {found} 处。"


HOUR = time.fromisoformat(settings.REMIND_AT)
WORKING_HOURS = hourly(
    f"工作日 {settings.REMIND_AT} 起，每小时", minute=HOUR.minute, needed=lambda now: is_open(now, HOUR)
)


@handler("remind", title="合并提醒", every=WORKING_HOURS)
def remind(run: Run) -> str:
    """One message a unit a day; what is urgent may go later on the same day."""
    sent = send_reminders(run.now)
    return f"提醒 {len(sent)} 个单位，合并 {sum(one.merged for one in sent)} 件。" if sent else "没有要提醒的。"


@handler("escalate", title="督办和逾期升级", every=WORKING_HOURS)
def urge(run: Run) -> str:
    """What is past its term is urged; what is urged in vain is told to the leader, then to the supervisor."""
    tally = escalate(run.now)
    return f"新督办 {tally.issued} 件，办结 {tally.closed} 件，提醒分管领导 {tally.to_leaders} 件，报主管 {tally.to_supervisors} 件。"
