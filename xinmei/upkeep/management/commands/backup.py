"""`xinmei manage backup`: a backup now, from the server's command line."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xinmei.people.events import Acting
from xinmei.upkeep import actions
from xinmei.upkeep.manifests import Unrecoverable, list_backups


def operator() -> Acting:
    """The person at the server."""
    return Acting(login=f"运维:{getpass.getuser()}"[:150], name="运维", judged=False)


class Command(BaseCommand):
    """Makes a backup, or lists those that are there."""

    help = "马上备份一次（不停服务）；--list 列出已有的备份"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to list only."""
        parser.add_argument("--list", action="store_true", help="只列出已有的备份")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints one line a backup."""
        if options["list"]:
            states = {"recoverable": "可恢复", "broken": "恢复不出来", "unchecked": "未演练"}
            for one in list_backups():
                self.stdout.write(f"{one.path}\t{actions.say_size(one.bytes)}\t{one.total} 行\t{states[one.state]}")
            return
        try:
            made = actions.back_up(timezone.now(), by=operator())
        except Unrecoverable as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(
            f"已备份：{made.path}，{actions.say_size(made.bytes)}，{made.total} 行，{made.files} 个文件\n"
            f"SHA-256 {made.sha256}\nSM3 {made.sm3}"
        )
        if made.unsaved:
            raise CommandError(f"备份已做，但有文件读不出来，没有备份到，{made.unsaved}")
