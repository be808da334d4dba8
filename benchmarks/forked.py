"""Mutations tried in forks of one run of pytest, each with a database of its own."""

from __future__ import annotations

import gc
import importlib
import os
import select
import shutil
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from door_mutations import Mutation

PERFORMING = "xinmei/acts/"
ACTS_TESTS = (
    "test_both_ways",
    "test_acts",
    "test_shown",
    "test_api_doors",
    "test_performing",
    "test_beside",
    "test_scopes",
    "test_offers",
)
# Of what performs all acts: the tests of its rules, and of four acts that differ.
SHARED = ("tests/house/test_performing.py", "tests/journeys/test_people_by_do.py")
LIKE_ALL = ("order.close", "entry.draft", "entry.end", "position.end")
PATIENCE = 120  # seconds for one test in a sound fork


# ── how it is put in place ──


def put_in_place(mutation: Mutation) -> None:
    """Changes the running program: what the declarations of the file say, or the code of its functions."""
    from xinmei.core.verbs import Kind, Verb

    module = importlib.import_module(mutation.file.removesuffix(".py").replace("/", "."))
    path = str(module.__file__)
    changed = compile(mutation.source, path, "exec")
    if mutation.file.startswith(PERFORMING):
        put_code_in_place(changed, path)
        return
    made = ModuleType(module.__name__)
    exec(changed, made.__dict__)
    for name, old in list(vars(module).items()):
        if isinstance(old, Verb | Kind):
            for part in ("right", "bars", "moves", "ready", "owner", "rows", "unit"):
                if hasattr(old, part):
                    object.__setattr__(old, part, getattr(vars(made)[name], part))


def put_code_in_place(changed: CodeType, path: str) -> None:
    """Gives every function of this file, wherever it is held, its code in the changed one."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes_in(changed)}
    gc.unfreeze()  # what is frozen is not found
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename == path:
            code = codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
            if code is not None and code.co_freevars == one.__code__.co_freevars:
                one.__code__ = code


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes_in(one)


# ── how it is tried ──


class Trying:
    """A plugin of pytest that runs, in place of all tests, those that may kill each mutation, each time in a fork."""

    put: Callable[[Mutation], None] = staticmethod(put_in_place)

    def __init__(self, left: list[Mutation], found: Path, seconds: float) -> None:
        self.left, self.found, self.seconds = left, found, seconds
        self.failed = ""
        self.sound: dict[str, bool] = {}
        self.kills = Counter[str]()
        self.survived: list[str] = []
        self.is_over = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tries them all."""
        self._run(self._warm(session.items), after=session.items[-1])  # what each fork would have to load anew
        assert not self.failed, f"{self.failed} fails in the sound tree"
        started = time.monotonic()
        for number, mutation in enumerate(self.left, 1):
            gc.freeze()
            self._try(mutation, session.items)
            if number % 20 == 0:
                spent = time.monotonic() - started
                print(f"{number} of {len(self.left)}, {spent:.0f} s: {len(self.survived)} survived", flush=True)
        self.is_over = True
        return True

    def _warm(self, items: list[pytest.Item]) -> list[pytest.Item]:
        return [one for one in items if "both_ways" in one.nodeid and one.name.partition("[")[2][:-1] in LIKE_ALL]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps the first that failed."""
        if report.failed:
            self.failed = self.failed or report.nodeid

    def _run(self, items: list[pytest.Item], after: pytest.Item | None = None) -> None:
        for item, following in zip(items, [*items[1:], after], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return

    def _try(self, mutation: Mutation, items: list[pytest.Item]) -> None:
        said = f"{mutation.file}:{mutation.what}"
        tests = self._likely(mutation, items)
        failed = self._forked(tests, self.seconds, lambda: self.put(mutation)) if tests else ""
        while failed and not self._is_sound(failed, tests):
            tests = [one for one in tests if one.nodeid != failed]
            failed = self._forked(tests, self.seconds, lambda: self.put(mutation)) if tests else ""
        if failed:
            self.kills[kind_of(mutation) + failed.partition("[")[0]] += 1
            with (self.found / "killed").open("a", encoding="utf-8") as lines:
                lines.write(f"{said}\n")
            return
        self.survived.append(said)
        print(f"survived: {said} [{mutation.function}] (none of {len(tests)} tests failed in its time)", flush=True)

    def _is_sound(self, failed: str, tests: list[pytest.Item]) -> bool:
        """Whether that test passes in a fork without any change."""
        if failed not in self.sound:
            self.sound[failed] = not self._forked([one for one in tests if one.nodeid == failed], PATIENCE)
        return self.sound[failed]

    def _likely(self, mutation: Mutation, items: list[pytest.Item]) -> list[pytest.Item]:
        """The tests that name the act, those of its room, those of acts; of each, what killed most first."""
        room = "/".join(mutation.file.split("/")[:2]) + "/"
        names = LIKE_ALL if mutation.file.startswith(PERFORMING) else (mutation.function,)

        def rank(item: pytest.Item) -> tuple[int, int, int]:
            file, kills = (
                item.nodeid.partition("::")[0],
                -self.kills[kind_of(mutation) + item.nodeid.partition("[")[0]],
            )
            if any(name in word for name in names for word in _names_in(item)):
                return 0, kills, 0
            if file in SHARED:
                return 1, kills, 0
            if file.startswith(room):
                return 2, kills, 0
            order = [place for place, one in enumerate(ACTS_TESTS) if one in file]
            return (3, kills, order[0]) if order else (4, 0, 0)

        return [item for item in sorted(items, key=rank) if rank(item)[0] < 4 and self.sound.get(item.nodeid, True)]

    def _forked(self, tests: list[pytest.Item], seconds: float, prepare: Callable[[], None] = lambda: None) -> str:
        """The first of the tests that fails in a fork with a database of its own; "" where none does in this time."""
        from django.db import connection

        reading, writing = os.pipe()
        if not (child := os.fork()):
            try:
                gc.disable()  # what it would touch, would be copied
                said = os.open(self.found / f"said-{os.getppid()}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.dup2(said, 1)
                os.dup2(said, 2)
                database = str(connection.settings_dict["NAME"])
                connection.settings_dict["NAME"] = shutil.copy(database, self.found / f"forked-{os.getppid()}.sqlite3")
                prepare()
                self._run(tests)
                os.write(writing, self.failed.encode() or b"\n")
            except BaseException:  # noqa: BLE001 - whatever it was, the fork ends here
                traceback.print_exc()
            finally:
                os._exit(0)  # nothing of the run is taken down twice
        os.close(writing)
        ended = select.select([reading], [], [], seconds)[0]
        failed = os.read(reading, 10_000) if ended else b"\n"
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert failed, f"a fork broke: {self.found}"
        return failed.decode().strip()


def kind_of(mutation: Mutation) -> str:
    """What was done, without what it was done to."""
    return mutation.what.split(": ")[1]


def _names_in(item: Any) -> list[str]:
    """What a test is about: its own name, and the words of the act that `test_acts.py` tries under it."""
    name = item.callspec.params.get("name") if hasattr(item, "callspec") else None
    act = getattr(item.module, "ACTS", {}).get(name)
    words = [one for one in act[1].__code__.co_consts if isinstance(one, str)] if act else []
    return [item.name, *words]
