"""The command line: finds the command and starts it, importing only what that command needs.

A command is a module of `xinmei.commands` with `HELP`, `NEEDS_DATABASE`, `add_arguments(parser)` and `run(options) ->
int`. Those without a database never import Django, so that they answer within half a second.
"""

from __future__ import annotations

import importlib
import os
import sys

from xinmei.commands.arguments import Parser, UsageError

# The word on the command line -> the module (a Python keyword cannot name a module).
COMMANDS = {
    "serve": "serve",
    "people": "people",
    "import": "import_bundle",
    "export": "export_bundle",
    "inspect": "inspect",
    "findings": "findings",
    "confirm": "confirm",
    "dismiss": "dismiss",
    "find": "find",
    "rectify": "rectify",
    "recheck": "recheck",
    "do": "do",
    "show": "show",
    "score": "score",
    "assess": "assess",
    "reconcile": "reconcile",
    "due": "due",
    "screen": "screen",
    "bulletin": "bulletin",
    "audit": "audit",
    "collect": "collect",
    "manage": "manage",
    "demo": "demo",
}


def main(argv: list[str] | None = None) -> int:
    """Runs one command; the exit status is 0 done, 1 something was found or refused, 2 wrong use."""
    words = sys.argv[1:] if argv is None else argv
    parser = Parser(prog="xinmei", description="政务新媒体管理平台的命令行")
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True, title="命令")
    wanted = next((word for word in words if not word.startswith("-")), None)
    for word, name in COMMANDS.items():
        if wanted in COMMANDS and word != wanted:
            commands.add_parser(word)
            continue
        module = importlib.import_module(f"xinmei.commands.{name}")
        module.add_arguments(commands.add_parser(word, help=module.HELP, description=module.HELP))
    try:
        options = parser.parse_args(words)
        module = importlib.import_module(f"xinmei.commands.{COMMANDS[options.command]}")
        if module.NEEDS_DATABASE:
            from xinmei.commands.database import open_database
            from xinmei.commands.judged import run_judged

            open_database(patient=options.command not in ("serve", "manage"))
            return run_judged(module.run, options)
        return int(module.run(options) or 0)
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except BrokenPipeError:  # the reader (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
