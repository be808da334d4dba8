"""Removes or inverts each permission check, one at a time, in a copy of the tree: some test must fail.

It prints the figure and what survived.

    python benchmarks/mutate_doors.py [--only TEXT] [--reached FOLDER] [--seconds S]

Mutations, found in the syntax tree of every door, action, query and view: a condition that leads to a refusal, or by
which a door chooses, made false or inverted; a question whether somebody may or sees answered with yes; a call of a
check taken out; a reach replaced by everything; the door of a view taken off, or the right to act on its object, or the
log-in before it; what an acting person sees of a kind replaced by all of that kind.

First every test runs once and notes which lines it reaches; then for each mutation the tests that reach it, those of
its own room and the quick ones first, until one fails that passes alone in the sound tree. The test that compares
declarations with those written down is left out: a door counts only where a request shows it. With --seconds no more
tests are tried on one mutation than took so long without it. FOLDER keeps what was found, so that a run of the same
tree goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from py_compile import PycInvalidationMode
from queue import Queue

import coverage
from door_mutations import ROOT, Mutation, files, mutations, stale_keys

# Mutations that leave the behaviour as it is, and why: by what was done, in a function of a file or anywhere.
_ASKS_AGAIN = "the act asks for the right again (tests/house/test_acts.py)"
_SAME_POSTS = "the same posts see it as act on it"
_NO_REACH = "without the right the reach is nothing, which is refused too"
_WITHIN = "cut to accounts or a unit in reach beside it"
EQUIVALENT = {
    "everything instead of: accounts_visible_to(acting)": "the register is for all: it returns every account",
    "everything instead of: accounts_visible_to(PUBLIC)": "likewise",
    "everything instead of: doors.accounts_visible_to(acting)": "the register is for all: it returns every account",
    "everything instead of: commendations_visible_to(request.acting)": (
        "of one unit, whose sheet is only shown to those who see its commendations"
    ),
    "interaction/duties.py _to_answer_here: everything instead of: messages_visible_to(acting)": _WITHIN,
    "people/duties.py _look_at_log: everything instead of: events_visible_to(acting)": (
        "on the desk of the audit administrator, who sees all"
    ),
    "desk/queries.py unseen: everything instead of: supervision.coverage_visible_to(acting)": _WITHIN,
    "desk/queries.py describe_accounts: everything instead of: supervision.findings_visible_to(acting)": _WITHIN,
    "desk/queries.py with_open_findings: everything instead of: supervision.findings_visible_to(acting)": _WITHIN,
    "desk/queries.py unseen: everything instead of: supervision.inspections_visible_to(acting)": _WITHIN,
    "desk/views/accounts.py _from_within: everything instead of: samples_visible_to(acting)": _WITHIN,
    'desk/views/accounts.py listed: door of listed taken off, see: "register"': "the register is for all",
    (
        'desk/views/units.py unit: everywhere instead of: reaches(acting, reach_to_see(acting, "findings_sent"), '
        "found.pk)"
    ): _WITHIN,
    (
        "interaction/doors.py message_for: removed: not any((reaches(acting, reach_to_do(acting, to), unit) "
        "for unit in units))"
    ): "who reveals reaches what they see",
    (
        "interaction/doors.py message_for: everywhere instead of: reaches(acting, reach_to_do(acting, to), unit)"
    ): "likewise",
    "people/doors.py resolve_acting: removed: position in Position.values": "the wording of a refusal",
    "people/doors.py resolve_acting: inverted: position in Position.values": "the wording of a refusal",
    "publishing/allowing/views.py listed: everything instead of: allow_entries_visible_to(request.acting)": _SAME_POSTS,
    "publishing/views.py listed: everything instead of: accounts_seen_within(request.acting)": "its name is public",
    'people/staff/views.py person: yes instead of: may(acting, "end_sessions")': (
        "shown only to who may unlock, who ends sessions too"
    ),
    (
        "supervision/doors.py findings_visible_to: removed: units_within(acting, sent) is None and "
        "units_within(acting, unsent) is None"
    ): "a short cut",
    "supervision/views/drills.py drills: everything instead of: demotions_visible_to(acting)": _SAME_POSTS,
    "supervision/doors.py check_may_find: removed: not acting.judged": "the system reaches all and holds no post",
    "supervision/rounds.py round_of: everything instead of: doors.inspections_visible_to(acting)": _WITHIN,
    'supervision/views/evidence.py original_evidence: door of original_evidence without right: "reveal"': _ASKS_AGAIN,
    'supervision/views/evidence.py masked_in: yes instead of: sees(acting, "messages")': (
        "beside the right to reveal: who reveals sees messages"
    ),
    "screening/views/rescreens.py _describe: everything instead of: recalls_visible_to(request.acting)": _SAME_POSTS,
    "screening/views/rescreens.py rescreening: everything instead of: recalls_visible_to(request.acting)": _SAME_POSTS,
    "screening/views/entries.py exported: everything instead of: doors.entries_visible_to(request.acting)": _SAME_POSTS,
    "screening/views/entries.py listed: everything instead of: doors.entries_visible_to(request.acting)": _SAME_POSTS,
    'supervision/views/queue.py _about: yes instead of: may(acting, "allow_for_unit")': "who opens the queue may",
    "supervision/views/queue.py decide: everything instead of: doors.findings_visible_to(by)": _ASKS_AGAIN,
    (
        "supervision/views/starting.py start_inspection: everything instead of: "
        "doors.inspections_visible_to(request.acting)"
    ): _SAME_POSTS,
    (
        "upkeep/views.py backups: everything instead of: jobs_visible_to(request.acting)"
    ): "the system administrator sees all",
    (
        "supervision/views/weeks.py round_page: everything instead of: doors.inspections_visible_to(request.acting)"
    ): _WITHIN,
    (
        "supervision/views/weeks.py blindness: everything instead of: doors.inspections_visible_to(acting)"
    ): "rounds of the city, behind its door",
}
WRITTEN_DOWN = "tests/house/test_doors.py::test_every_door_is_the_one_written_down"
# Tests that are likely to notice a mutation and are not cheap. They run first. The last one cannot be chosen by lines:
# a visitor who is not logged in reaches none of the view.
OFFERS, BESIDE, ENTERS = (f"tests/house/test_{name}" for name in ("offers", "beside", "doors.py::test_nobody_enters"))
LIKELY = {
    "yes instead of": (OFFERS, "bian", "wang", "zhu", "xi", "an"),
    "everything instead of": (BESIDE, "bian", "wang", "zhu", "cha"),
    "everywhere instead of": (BESIDE, "bian", "wang", "zhu"),
}
QUICK = 1.5  # seconds
FIRST = 40  # tests of the first round; the others follow where none of these fails
PATIENCE = 900  # seconds; a change that makes the tests hang is no proof

PLUGIN = """
import json, os, shutil
from pathlib import Path
import coverage, pytest

HERE, SECONDS, FAILED = Path(os.environ["REACHED"]), {}, set()

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    from django.conf import settings
    if (HERE / "made.sqlite3").exists():
        shutil.copy(HERE / "made.sqlite3", settings.DATABASES["default"]["TEST"]["NAME"])

@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from django.db import connection
    if not (HERE / "made.sqlite3").exists():
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(HERE / "made.sqlite3")])

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    if running := coverage.Coverage.current():
        running.switch_context(item.nodeid)
    return (yield)

def pytest_runtest_logreport(report):
    SECONDS[report.nodeid] = SECONDS.get(report.nodeid, 0) + report.duration
    if report.failed:
        FAILED.add(report.nodeid)

def pytest_sessionfinish():
    if coverage.Coverage.current():
        passed = {test: spent for test, spent in SECONDS.items() if test not in FAILED}
        (HERE / "seconds.json").write_text(json.dumps(passed))
"""


class Tests:
    """Which tests reach a line, and how long each takes. A test that fails without any mutation does not count."""

    def __init__(self, tree: Path, reached: Path) -> None:
        self.tree, self.reached = tree, reached
        self.kills = Counter[str]()
        (reached / "mutating.py").write_text(PLUGIN, encoding="utf-8")
        if not (reached / "seconds.json").exists():
            (reached / "rc").write_text("[run]\nsource = xinmei\nomit = */tests/*\n", encoding="utf-8")
            started = [
                "-m",
                "coverage",
                "run",
                f"--rcfile={reached / 'rc'}",
                f"--data-file={reached / 'lines'}",
                "-m",
                "pytest",
            ]
            aside = ("core", "exam", "journeys", "house/test_api_schema.py")  # requests by chance prove nothing twice
            left_out = [*(f"--ignore=tests/{one}" for one in aside), "-m", "not browser"]
            run(tree, reached, [*started, *left_out], out=sys.stderr, patience=None)
        self.seconds: dict[str, float] = json.loads((reached / "seconds.json").read_text())
        lines = coverage.CoverageData(basename=str(reached / "lines"))
        lines.read()
        self._by_line = {file: lines.contexts_by_lineno(str(tree / file)) for file in files()}

    def of(self, mutation: Mutation, seconds: float) -> list[str]:
        """The tests that reach it, up to this many seconds of them.

        Those of its room and of the doors of the house come first, then those that catch much in little time.
        """
        by_line = self._by_line[mutation.file]
        found = {test for line in mutation.lines for test in by_line.get(line, []) if test in self.seconds} - {
            WRITTEN_DOWN
        }
        if ": log-in before " in mutation.what:
            found |= {test for test in self.seconds if test.startswith(ENTERS)}
        near = (
            "/".join(mutation.file.split("/")[:2]),
            *(f"tests/house/test_{name}" for name in ("acts", "doors", "scopes", "offers", "beside")),
        )
        place, *logins = LIKELY.get(mutation.what.split(": ")[1], (ENTERS,))

        def dear(test: str) -> tuple[int, float]:
            likely = test.startswith(place) and (not logins or any(f"[{login}" in test for login in logins))
            is_near = test.startswith(near)
            kind = 0 if is_near and self.seconds[test] < QUICK else 1 if likely else 2 if is_near else 3
            return kind, self.seconds[test] / (1 + self.kills[test.partition("[")[0]])

        ordered = sorted(found, key=dear)
        spent = accumulate(self.seconds[test] for test in ordered)
        return [test for test, before in zip(ordered, (0.0, *spent), strict=False) if before < seconds]


def run(
    tree: Path, reached: Path, words: list[str], out: object = subprocess.PIPE, patience: int | None = PATIENCE
) -> tuple[int, str]:
    """Runs Python in a tree. Returns its exit code and its output; -1 where it took too long."""
    command = [sys.executable, *words, "-p", "mutating", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header"]
    environment = {
        **os.environ,
        "REACHED": str(reached),
        "PYTHONPATH": str(reached),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            command,
            cwd=tree,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        return -1, "took too long"
    return done.returncode, done.stdout or ""


class Tree:
    """A copy of the sources in which one mutation at a time is tried."""

    def __init__(self, path: Path, reached: Path) -> None:
        self.path, self.reached = path, reached
        self.sound: set[str] = set()
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(ROOT, path, ignore=shutil.ignore_patterns(".venv", ".git", "var", "*cache*", "node_modules"))
        # By hash, not by time: a mutation made within the second is compiled anew.
        compile_dir(path / "xinmei", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    def kill(self, mutation: Mutation, tests: list[str]) -> tuple[str, str]:
        """The first test that fails because of it; where there is none, why none counts."""
        path = self.path / mutation.file
        sound = path.read_text(encoding="utf-8")
        path.write_text(mutation.source, encoding="utf-8")
        try:
            failed, why = self._first_failing(tests)
        finally:
            path.write_text(sound, encoding="utf-8")
        if failed and not self._passes(failed):
            return "", f"{failed} fails without it too"
        return failed, why

    def _passes(self, test: str) -> bool:
        if test not in self.sound and run(self.path, self.reached, ["-m", "pytest", "-q", "--reuse-db", test])[0] == 0:
            self.sound.add(test)
        return test in self.sound

    def _first_failing(self, tests: list[str]) -> tuple[str, str]:
        for part in (tests[:FIRST], tests[FIRST:]):
            code, said = (
                run(self.path, self.reached, ["-m", "pytest", "-q", "-x", "--reuse-db", "--tb=no", "-rfE", *part])
                if part
                else (0, "")
            )
            if code:
                named = re.findall(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", said, re.MULTILINE)
                # where even the import fails, the summary names only the file: that is no proof
                return next(((test, "") for test in named if test in part), ("", f"pytest ended with {code}"))
        return "", f"{len(tests)} tests pass"


def main() -> int:
    """Prints every survivor. Returns 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--reached", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    all_of_them = [mutation for file in files() for mutation in mutations(file)]
    stale = stale_keys(EQUIVALENT, all_of_them)
    for key in stale:
        print(f"stale: {key}")
    wanted = [mutation for mutation in all_of_them if options.only in f"{mutation.file}:{mutation.what}"]
    equivalent = [one for one in wanted if set(one.keys) & EQUIVALENT.keys()]
    survived: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        reached = (options.reached or Path(name) / "reached").resolve()
        trees = Queue[Tree]()
        for number in range(os.cpu_count() or 1):
            trees.put(Tree(reached / f"tree{number}", reached))
        tests = Tests(reached / "tree0", reached)
        dead = reached / "killed"
        known = set(dead.read_text(encoding="utf-8").splitlines()) if dead.exists() else set()
        left = [one for one in wanted if one not in equivalent and f"{one.file}:{one.what}" not in known]
        started = time.monotonic()

        def kill(mutation: Mutation) -> None:
            said, tree = f"{mutation.file}:{mutation.what}", trees.get()
            failed, why = tree.kill(mutation, tests.of(mutation, options.seconds))
            trees.put(tree)
            if failed:
                tests.kills[failed.partition("[")[0]] += 1
                with dead.open("a", encoding="utf-8") as lines:
                    lines.write(f"{said}\n")
            else:
                survived.append(said)
                print(f"survived: {said} ({why})", flush=True)

        with ThreadPoolExecutor(trees.qsize()) as hands:
            for number, _ in enumerate(hands.map(kill, left), 1):
                if number % 20 == 0:
                    print(
                        f"{number} of {len(left)}, {time.monotonic() - started:.0f} s: {len(survived)} survived",
                        flush=True,
                    )
    killed = len(wanted) - len(equivalent) - len(survived)
    print(f"{len(wanted)} mutations: {killed} killed, {len(survived)} survived, {len(equivalent)} change nothing")
    return 1 if survived or stale else 0


if __name__ == "__main__":
    sys.exit(main())
