"""There is no superuser: three administrators with disjoint rights (三员分立)."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Refuses, and names the way."""

    help = "本系统没有超级用户；设立三位管理员用 xinmei people bootstrap"

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        """Always refused."""
        raise CommandError(self.help)
