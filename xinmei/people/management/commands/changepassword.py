"""Passwords are set by `xinmei people password`, which leaves an event."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Refuses, and names the way."""

    help = "设置口令用 xinmei people password 登录名（从标准输入读取，留痕）"

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        """Always refused."""
        raise CommandError(self.help)
