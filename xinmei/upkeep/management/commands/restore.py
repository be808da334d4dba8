"""`xinmei manage restore`: rehearses a restoration (`--check`), or does it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xinmei.upkeep import actions
from xinmei.upkeep.management.commands.backup import operator
from xinmei.upkeep.manifests import Unrecoverable, list_backups


class Command(BaseCommand):
    """Restores into a temporary database, or into the empty one of the settings."""

    help = "从备份恢复到空的数据库；--check 只演练：恢复到临时数据库，核对行数和文件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup, and whether only to rehearse."""
        parser.add_argument("name", nargs="?", metavar="文件名", help="备份的文件名，不写为最近一份")
        parser.add_argument("--check", action="store_true", help="只演练，不动现有数据库")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the result. Fails where the backup cannot be restored."""
        backups = list_backups()
        backup = next((one for one in backups if options["name"] in (None, one.name)), None)
        if backup is None:
            there = "、".join(one.name for one in backups[:5]) or "一份也没有，请先运行 xinmei manage backup"
            raise CommandError(f"没有备份“{options['name'] or ''}”；现有：{there}")
        if options["check"]:
            if fault := actions.rehearse(backup, timezone.now(), by=operator()).fault:
                raise CommandError(f"{backup.name} 恢复不出来：{fault}")
            said = f"{len(backup.rows)} 张表、{backup.total} 行、{backup.files or 0} 个文件"
            self.stdout.write(f"{backup.name} 可恢复：{said}，与备份时一致。")
            return
        try:
            lost = actions.restore(backup, timezone.now(), by=operator())
        except Unrecoverable as fault:
            raise CommandError(str(fault)) from None
        files = (backup.files or 0) - len(lost)
        self.stdout.write(
            f"已从 {backup.name} 恢复 {backup.total} 行、{files} 个文件。"
            "请运行 xinmei audit verify 校验操作留痕，再启动服务。"
        )
        if lost:
            raise CommandError(f"数据库已恢复，但有 {len(lost)} 个文件备份里没有，恢复不了：{'、'.join(lost[:20])}")
