"""`xinmei manage …`: Django's own commands, for operators (migrate, collectstatic, dbshell, check --deploy)."""

from __future__ import annotations

import argparse

HELP = "运行框架自带的管理命令（迁移、收集静态文件等），供运维使用"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after the word is Django's."""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="…", help="框架命令及其参数")


def run(options: argparse.Namespace) -> int:
    """Hands over to Django."""
    import os

    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
    execute_from_command_line(["xinmei manage", *options.words])
    return 0
