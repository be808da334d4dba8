"""The nightly sweep, and the weekly check of all files."""

from __future__ import annotations

from xinmei.files.checking import check
from xinmei.files.stores import FileFault, Misplaced
from xinmei.files.sweeping import GRACE, Busy, sweep
from xinmei.jobs.handlers import JobFailed, Run, daily, handler, weekly


@handler("sweep_files", title="清理无人引用的文件", every=daily("每天 4:40", hour=4, minute=40), at_home=True)
def sweep_files(run: Run) -> str:
    """Takes files that no row points to. Where acts keep files just now, the next night does."""
    try:
        swept, lost = sweep(run.now)
    except Busy:
        return "正有业务在存文件，这次不清理，下一次再来。"
    return f"清理无人引用满 {GRACE.days} 天的文件 {swept} 个，没有登记的 {lost} 个。"


@handler("check_files", title="核对文件", long=True, every=weekly("每周一 5:00", hour=5), at_home=True)
def check_files(run: Run) -> str:
    """Reads every file and compares it with its digest."""
    try:
        count, flaws = check(run.now, lambda done, total: run.progress(done, total, "核对文件"))
    except (FileFault, Misplaced) as fault:
        raise JobFailed(f"{fault}。请检查 XINMEI_FILES 一组设置和存放文件的地方。") from None
    if flaws:
        named = "；".join(map(str, flaws[:20]))
        raise JobFailed(
            f"{count} 个文件里有 {len(flaws)} 个不对：{named}。请从备份里恢复（xinmei manage files --mend）。"
        )
    return f"核对了 {count} 个文件，都与存入时的摘要一致。"
