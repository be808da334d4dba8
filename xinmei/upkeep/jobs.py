"""The nightly backup, and the rehearsal of its restoration."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.jobs.handlers import JobFailed, Run, daily, handler, weekly
from xinmei.jobs.models import RuleSeen
from xinmei.upkeep import actions
from xinmei.upkeep.manifests import Backup, Unrecoverable, list_backups

NIGHTLY = daily("每天 2:30", hour=2, minute=30)
LATE_AFTER = timedelta(days=2)


@handler("back_up", title="备份", right="back_up", long=True, every=NIGHTLY, at_home=True)
def back_up(run: Run) -> str:
    """Backs the whole database up into one file, and what is new of the files, while people go on working."""
    try:
        made = actions.back_up(run.now, by=run.by)
    except Unrecoverable as fault:
        raise JobFailed(str(fault)) from None
    run.result = {"address": reverse("backups"), "address_title": "看备份"}
    if made.unsaved:
        raise JobFailed(f"备份已做，但有文件读不出来，没有备份到，{made.unsaved}。请运行 xinmei manage files --check。")
    return f"已备份 {len(made.rows)} 张表、{made.total} 行、{made.files} 个文件。"


def has_backups(now: datetime) -> bool:
    """Whether there is anything to rehearse."""
    return bool(list_backups())


@handler(
    "rehearse_restore",
    title="恢复演练",
    right="back_up",
    long=True,
    every=weekly("每周一 4:00", hour=4, needed=has_backups),
    at_home=True,
)
def rehearse(run: Run) -> str:
    """Restores into a temporary database and counts. Arguments: `name` of a backup; "" for the newest."""
    name = run.arguments.get("name", "")
    backup = next((one for one in list_backups() if not name or one.name == name), None)
    if backup is None:
        raise JobFailed(
            f"没有备份“{name}”，可能已按保留份数清理；请从列表里另选一份。"
            if name
            else "还没有备份，没有可演练的；请先备份一次。"
        )
    checked = actions.rehearse(backup, run.now, by=run.by)
    if checked.fault:
        raise JobFailed(f"{_say(backup)}恢复不出来：{checked.fault}。请马上另做一次备份并再演练。")
    run.result = {"address": reverse("backups"), "address_title": "看备份"}
    return (
        f"{_say(backup)}可恢复：{len(backup.rows)} 张表、{backup.total} 行、{backup.files or 0} 个文件，与备份时一致。"
    )


def _say(backup: Backup) -> str:
    at = backup.made_at.astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日 {at:%H:%M} 的备份"


def say_late(backups: list[Backup], now: datetime) -> str:
    """One sentence where the nightly backup has been missing for two days, else ""."""
    if backups:
        return (
            f"最近一次备份是 {(now - backups[0].made_at).days} 天前做的，每晚的备份没有做成。"
            if now - backups[0].made_at > LATE_AFTER
            else ""
        )
    promised = RuleSeen.objects.filter(kind="back_up", since__lt=now - LATE_AFTER).exists()
    return "一份备份也没有，每晚的备份没有做成。" if promised else ""
