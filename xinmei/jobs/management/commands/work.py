"""`xinmei manage work`: a worker of background jobs on this machine; `xinmei serve` brings one along.

Where XINMEI_BROKER is set it sends the numbers of due jobs to the broker, and keeps the pools that do them here.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xinmei.jobs.hosts import Hosts
from xinmei.jobs.sending import Sender
from xinmei.jobs.worker import Worker


class Command(BaseCommand):
    """Runs jobs until interrupted."""

    help = "办理后台任务并按定时规则派发任务，直到停止（Ctrl-C 或 SIGTERM）；可在多台机器上同时运行"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether it schedules too, with how many processes, and whose child it is."""
        parser.add_argument("--no-schedule", action="store_true", help="只办理任务，不派发定时任务")
        parser.add_argument(
            "--processes",
            type=int,
            metavar="个数",
            help="设了 XINMEI_BROKER 时，本机用几个进程办费时的任务：不写为核数，0 为只派发不办理",
        )
        parser.add_argument(
            "--parent", type=int, default=0, metavar="进程号", help="这个进程没了就停止（由 serve 使用）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Works; ends the process hard where a job did not let go in time."""
        parent, processes = options["parent"], options["processes"]
        if parent:
            os.nice(5)  # beside the pages of the same machine, which come first
        if processes is None:
            processes = 1 if parent else os.cpu_count() or 1
        hosts = Hosts(processes if settings.BROKER else 0)
        sender = _open_sender() if settings.BROKER else None

        def goes_on() -> bool:
            hosts.keep(sender.stalled if sender else set())
            return not parent or os.getppid() == parent

        lease = timedelta(seconds=settings.JOB_LEASE)
        worker = Worker(schedules=not options["no_schedule"], lease=lease, goes_on=goes_on, sender=sender)

        def stop(*_: object) -> None:
            worker.stop()
            hosts.stop()

        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, stop)
        ended = worker.work()
        hosts.end()
        if not ended:
            sys.stdout.flush()
            os._exit(0)


def _open_sender() -> Sender:
    """The way to the pools of all machines."""
    try:
        from xinmei.jobs.cluster import CeleryQueues
    except ImportError:
        raise CommandError("设了 XINMEI_BROKER，但没有安装 Celery；请安装 xinmei[cluster]，或去掉这项设置") from None
    return Sender(CeleryQueues())
