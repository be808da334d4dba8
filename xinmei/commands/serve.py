"""`xinmei serve`: the web application on this machine."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import tell

HELP = "启动网页服务（默认 http://127.0.0.1:8000）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and with how many hands."""
    parser.add_argument("--port", type=int, default=8000, metavar="端口", help="监听端口，默认 8000")
    parser.add_argument("--address", default="127.0.0.1", metavar="地址", help="监听地址，默认只限本机")
    parser.add_argument("--workers", type=int, default=2, metavar="个数", help="工作进程数，默认 2")


def run(options: argparse.Namespace) -> int:
    """Collects the static files and serves until interrupted."""
    from django.core.management import call_command
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    call_command("collectstatic", interactive=False, verbosity=0)
    # A connection to SQLite must not be carried over a fork.
    connections.close_all()

    class Server(BaseApplication):
        def load_config(self) -> None:
            settings = {
                "bind": f"{options.address}:{options.port}",
                "workers": options.workers,
                "worker_class": "gthread",
                "threads": 4,
                "timeout": 120,
                "graceful_timeout": 20,
                "max_requests": 5_000,
                "max_requests_jitter": 500,
                "loglevel": "warning",
                "proc_name": "xinmei",
                "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> object:
            from xinmei.wsgi import application

            return application

    tell(f"网页服务：http://{options.address}:{options.port} （按 Ctrl-C 停止）")
    Server().run()
    return 0
