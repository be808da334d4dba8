"""`xinmei manage work`: a worker of background jobs on this machine; `xinmei serve` brings one along."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xinmei.jobs.worker import Worker


class Command(BaseCommand):
    """Runs jobs until interrupted."""

    help = "办理后台任务并按定时规则派发任务，直到停止（Ctrl-C 或 SIGTERM）；可在多台机器上同时运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether it schedules too, and whose child it is."""
        parser.add_argument("--no-schedule", action="store_true", help="只办理任务，不派发定时任务")
        parser.add_argument(
            "--parent", type=int, default=0, metavar="进程号", help="这个进程没了就停止（由 serve 使用）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Works; ends the process hard where a job did not let go in time."""
        parent = options["parent"]
        if parent:
            os.nice(5)  # beside the pages of the same machine, which come first
        worker = Worker(schedules=not options["no_schedule"], goes_on=lambda: not parent or os.getppid() == parent)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: worker.stop())
        if not worker.work():
            sys.stdout.flush()
            os._exit(0)
