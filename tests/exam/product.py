"""The program in one process that loads it once and forks for each command, so that a town takes seconds."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable
from pathlib import Path

from tests.exam.world import Row

COMMANDS = (
    "import_bundle",
    "export_bundle",
    "inspect",
    "findings",
    "confirm",
    "dismiss",
    "find",
    "rectify",
    "recheck",
    "score_inspection",
    "assess",
)
# What the commands import when they start: loaded before the forks
ROOMS = (
    "collectors.bundle.actions",
    "collectors.bundle.export",
    "supervision.actions",
    "supervision.inspecting",
    "supervision.sheets",
    "assessment.assessing",
)


class Product:
    """The program with a database of its own."""

    def __init__(self) -> None:
        self.folder, self.calls = Path(os.environ["XINMEI_VAR"]), 0
        self.empty()

    def empty(self) -> None:
        """A fresh folder."""
        self.close()
        self.folder.mkdir()

    def __call__(self, *words: object, lines: Iterable[str] = ()) -> tuple[int, list[Row]]:
        """One command with --json in a child process: exit status and the objects it printed."""
        self.calls += 1
        out, err = self.folder / "out", self.folder / "err"
        child = os.fork()
        if not child:
            self._run([*map(str, words), "--json"], "".join(f"{line}\n" for line in lines), out, err)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            if status == 3:
                raise AssertionError(f"{words}: {err.read_text()[-1500:]}")
            return status, [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines() if line.strip()]
        except ValueError:
            raise AssertionError(f"{words}: not JSON lines: {out.read_text()[:300]} {err.read_text()[-600:]}") from None

    def _run(self, argv: list[str], given: str, out: Path, err: Path) -> None:
        status = 3
        try:
            os.chdir(self.folder)
            (self.folder / "in").write_text(given, encoding="utf-8")
            for number, path, flags in (
                (0, self.folder / "in", os.O_RDONLY),
                (1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
                (2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
            ):
                os.dup2(os.open(path, flags, 0o600), number)
            sys.stdin, sys.stdout, sys.stderr = (
                io.TextIOWrapper(io.FileIO(n, m), encoding="utf-8") for n, m in ((0, "r"), (1, "w"), (2, "w"))
            )
            from xinmei.__main__ import main

            with contextlib.suppress(SystemExit):
                status = main(argv)
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            if status == 3:
                traceback.print_exc()
                sys.stderr.flush()
            os._exit(status)

    def close(self) -> None:
        """Leaves nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


def load_once() -> None:
    """Loads the program and its settings, with a folder that each town finds empty.

    It runs before the forks, so that they are quick.
    """
    folder = tempfile.mkdtemp(prefix="exam-") + "/var"
    os.environ |= {
        "XINMEI_VAR": folder,
        "XINMEI_DATABASE": f"sqlite:///{folder}/xinmei.sqlite3",
        "DJANGO_SETTINGS_MODULE": "xinmei.settings",
        "TZ": "America/New_York",
    }
    import django

    django.setup()
    for name in (*(f"commands.{name}" for name in COMMANDS), *ROOMS):
        importlib.import_module(f"xinmei.{name}")
