"""The acts: make a backup, rehearse its restoration, restore. Each writes its event."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import Acting, record
from xinmei.upkeep import mirror
from xinmei.upkeep.engines import engine
from xinmei.upkeep.manifests import (
    Backup,
    Unrecoverable,
    digest_file,
    drop_oldest,
    folder,
    mark_checked,
    write_manifest,
)

_ABANDONED = timedelta(days=1)


def _tables() -> list[str]:
    return [
        "django_migrations",
        *(model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed),
    ]


def _check_room(place: Path, needed: int) -> None:
    free = shutil.disk_usage(place).free
    if free < needed * 1.1:
        raise Unrecoverable(
            f"{place} 所在的盘只剩 {say_size(free)}，备份约需 {say_size(needed)}；请腾出空间，"
            "或用 XINMEI_BACKUPS 换一个目录"
        )


def _begin(part: Path, name: str) -> None:
    """An empty file that nobody else can read, from its first byte, and that nobody else is writing."""
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise Unrecoverable(f"另一个备份正在写 {name}，请等它写完") from None


def back_up(at: datetime, *, by: Acting) -> Backup:
    """Makes a backup of the whole database and of all files while people go on working, and removes the oldest beyond
    what is kept.

    Raises Unrecoverable where there is nothing to back up, or no room, or where the database's own program is missing
    or fails.
    """
    if not connection.introspection.table_names():
        raise Unrecoverable("数据库里还没有任何内容，没有可备份的；请先启动一次服务或导入数据")
    made_by, place = engine(), folder()
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(at)
    _check_room(place, made_by.estimate() + mirror.estimate())
    name = f"xinmei-{at.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.{made_by.SUFFIX}"
    part = place / f"{name}.part"
    _begin(part, name)
    try:
        # Files go first: what an act lets go of while the database is written is then in the backup already.
        mirror.save(name)
        rows = made_by.write(part, _tables())
        saved, unsaved = mirror.save(name)
        sha256, sm3 = digest_file(part)
        size = part.stat().st_size
        made = Backup(name, connection.vendor, at, size, sha256, sm3, rows, version("xinmei"), saved, unsaved)
        part.replace(made.path)
    except BaseException:
        mirror.list_path(name).unlink(missing_ok=True)
        raise
    finally:
        part.unlink(missing_ok=True)
    write_manifest(made)
    gone = drop_oldest(settings.BACKUPS_KEPT)
    mirror.drop_unlisted(at)
    with transaction.atomic():
        content = {"bytes": made.bytes, "sha256": sha256, "sm3": sm3, "rows": made.total, "dropped": gone}
        content |= {"files": saved, "unsaved": unsaved}
        record("back_up", by=by, at=at, kind="backup", number=name, content=content)
    return made


def _sweep(at: datetime) -> None:
    """Removes, a day later, what a process left behind that was killed in the middle."""
    for path in folder().glob("xinmei-*.part"):
        if path.stat().st_mtime < (at - _ABANDONED).timestamp():
            mirror.list_path(path.stem).unlink(missing_ok=True)
            path.unlink(missing_ok=True)


def rehearse(backup: Backup, at: datetime, *, by: Acting) -> Backup:
    """Restores the backup into a temporary database, compares every table with the manifest, and reads every file.

    Returns the backup as marked, with the fault if any.
    """
    fault = _find_fault(backup) or mirror.find_fault(backup)
    marked = mark_checked(backup, at, fault)
    with transaction.atomic():
        record(
            "rehearse_restore",
            by=by,
            at=at,
            kind="backup",
            number=backup.name,
            content={"fault": fault, "rows": backup.total},
        )
    return marked


def _find_fault(backup: Backup) -> str:
    if backup.kind != connection.vendor:
        return f"这是 {backup.kind} 的备份，现在用的是 {connection.vendor}，不能用它恢复"
    if digest_file(backup.path) != (backup.sha256, backup.sm3):
        return "文件与备份时的摘要不符，已损坏或被改动"
    try:
        rows = engine().rehearse(backup.path, backup.rows)
    except Unrecoverable as fault:
        return str(fault)
    wrong = [
        f"{name} 应有 {count} 行，恢复出 {rows.get(name, 0)} 行"
        for name, count in backup.rows.items()
        if rows.get(name) != count
    ]
    return "；".join(wrong[:5])


def restore(backup: Backup, at: datetime, *, by: Acting) -> list[str]:
    """Restores into the database of the settings, which must be empty, and puts back the files that are not in the
    store of the settings; writes the event there. Returns the digests of files that could not be had.

    Raises Unrecoverable.
    """
    if fault := _find_fault(backup):
        raise Unrecoverable(f"{backup.name} 不能恢复：{fault}")
    connection.close()
    engine().restore(backup.path)
    lost = mirror.put_back(backup)
    with transaction.atomic():
        content = {"made_at": backup.made_at, "sha256": backup.sha256, "files": backup.files, "lost": lost[:50]}
        record("restore", by=by, at=at, kind="backup", number=backup.name, content=content)
    return lost


def say_size(count: int) -> str:
    """A number of bytes as people say it: 「1.4 GB」."""
    size = float(count)
    for unit in ("字节", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit in ("字节", "KB") else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"
