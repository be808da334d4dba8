"""`xinmei serve`: the web application on this machine, with the worker of background jobs and its scheduler beside
it.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xinmei.commands.arguments import tell

if TYPE_CHECKING:
    from whitenoise import WhiteNoise

HELP = "启动网页服务和后台任务（默认 http://127.0.0.1:8000）"
NEEDS_DATABASE = True
# A worker that cannot live is not restarted in a hurry.
RESTART_AFTER_SECONDS, GRACE_SECONDS = 5, 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, with how many workers, and whether jobs are done here."""
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="监听端口，默认 8000")
    parser.add_argument("--address", default="127.0.0.1", metavar="地址", help="监听地址，默认只限本机")
    parser.add_argument("--workers", type=int, default=2, metavar="个数", help="工作进程数，默认 2")
    parser.add_argument("--no-worker", action="store_true", help="只提供网页，后台任务由别处的 xinmei manage work 办理")


class JobWorker:
    """The child process that does the jobs.

    It is a process so that an inspection takes no time from the pages (docs/decisions/0140).
    """

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0

    def keep(self) -> None:
        """Starts the worker where none is alive. It ends by itself when this process does."""
        if (
            self.process is None or self.process.poll() is not None
        ) and time.monotonic() - self.started > RESTART_AFTER_SECONDS:
            self.started = time.monotonic()
            words = [sys.executable, "-m", "xinmei", "manage", "work", "--parent", str(os.getpid())]
            self.process = subprocess.Popen(words)  # noqa: S603  (our own command)

    def end(self) -> None:
        """Lets the current job come to its end, or gives it back."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()


def make_ready() -> WhiteNoise:
    """The pages, with everything read that each needs once: rules, addresses, templates.

    The workers are forked from it, so that one that replaces another answers at once (docs/decisions/0180).
    """
    from django.apps import apps
    from django.db import connections
    from django.template.loader import get_template
    from django.urls import get_resolver

    from xinmei.assessment.stored import rules_digest
    from xinmei.core.calendar import load_calendar
    from xinmei.core.rulebook import criteria, feeds, readings
    from xinmei.packs.in_use import shipped
    from xinmei.wsgi import application

    get_resolver().reverse_dict  # noqa: B018  (reads the addresses of every room)
    for read in (load_calendar, readings, feeds, criteria, rules_digest, shipped):
        read()
    for app in apps.get_app_configs():
        if app.name.startswith("xinmei."):
            for path in (folder := Path(app.path) / "templates").rglob("*.html"):
                get_template(str(path.relative_to(folder)))
    connections.close_all()  # no connection is carried over a fork
    # What exists now stays. Garbage collection need not look through it, nor write to pages that all workers share.
    gc.collect()
    gc.freeze()
    return application


def run(options: argparse.Namespace) -> int:
    """Collects the static files and serves until interrupted."""
    from django.core.management import call_command
    from django.db import connections
    from gunicorn.app.base import BaseApplication
    from gunicorn.arbiter import Arbiter

    call_command("collectstatic", interactive=False, verbosity=0)
    # A connection to SQLite must not be carried over a fork.
    connections.close_all()
    worker = None if options.no_worker else JobWorker()

    class Keeper(Arbiter):
        """gunicorn's master looks after its workers once a second, and after ours too."""

        def manage_workers(self) -> None:
            super().manage_workers()
            if worker:
                worker.keep()

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _set(options, worker).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> object:
            return make_ready()

        def run(self) -> None:
            Keeper(self).run()

    tell(f"网页服务：http://{options.address}:{options.port} （按 Ctrl-C 停止）")
    Server().run()
    return 0


def _set(options: argparse.Namespace, worker: JobWorker | None) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": f"{options.address}:{options.port}",
        "workers": options.workers,
        "preload_app": True,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 20,
        "max_requests": 5_000,
        "max_requests_jitter": 500,
        "loglevel": "warning",
        "proc_name": "xinmei",
        "control_socket_disable": True,
        "on_exit": lambda _: worker.end() if worker else None,
    }
