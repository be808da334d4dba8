"""Removes or inverts each permission check, one at a time: some test must fail. Prints the figure and what survived.

    python benchmarks/mutate_doors.py [--only TEXT] [--reached FOLDER] [--seconds S] [--part 1/2]

Mutations, found in the syntax tree of every door, action, query and view: a condition that leads to a refusal, or by
which a door chooses, made false or inverted; a question whether somebody may or sees answered with yes; a call of a
check taken out; a reach replaced by everything; the door of a view taken off, or the right to act on its object, or the
log-in before it; what an acting person sees of a kind replaced by all of that kind.

First every test runs once and notes which lines it reaches. Then one run of pytest collects the tests, makes the
database and forks for each mutation: the fork puts the change in place and runs the tests that reach it, those of its
own room and the quick ones first, until one fails that passes in a fork without it. The test that compares declarations
with those written down is left out: a door counts only where a request shows it. With --seconds no more tests are tried
on one mutation than took so long when they were noted. FOLDER keeps what was found, so that a run of the same tree goes
on where it ended; runs of different parts may share it, once the tests are noted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from types import ModuleType

import coverage
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from door_mutations import ROOT, Mutation, files, mutations, stale_keys
from forked import Trying, kind_of, put_code_in_place

sys.path.insert(0, str(ROOT))

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
        "interaction/doors.py message_for: removed: not any(reaches(acting, reach_to_do(acting, to), unit) "
        "for unit in units)"
    ): "who reveals reaches what they see",
    'interaction/doors.py message_for: removed: check(acting, to, "message", code)': _NO_REACH,
    "desk/cleaning.py candidates: everything instead of: kept_visible_to(acting)": _WITHIN,
    "desk/duties.py at_desk: everything instead of: accounts_seen_within(acting)": _WITHIN,
    (
        "interaction/doors.py message_for: everywhere instead of: reaches(acting, reach_to_do(acting, to), unit)"
    ): "likewise",
    "people/doors.py resolve_acting: removed: position in Position.values": "the wording of a refusal",
    "people/doors.py resolve_acting: inverted: position in Position.values": "the wording of a refusal",
    "packs/forms.py prepare: everything instead of: entries_visible_to(self.acting)": _SAME_POSTS,
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
# Requests by chance prove nothing twice.
LEFT_OUT = ("core", "exam", "journeys", "house/test_api_schema.py")
FIRST = 8  # tests of the first round; the others follow where none of these fails
PATIENCE = 300  # seconds for one mutation; a change that makes the tests hang is no proof

PLUGIN = """
import json, os
from pathlib import Path
import coverage, pytest

HERE, SECONDS, FAILED = Path(os.environ["REACHED"]), {}, set()
PART, PARTS = map(int, os.environ["PART"].split("/"))

def pytest_collection_modifyitems(items):
    modules = list(dict.fromkeys(item.nodeid.partition("::")[0] for item in items))
    mine = set(modules[PART - 1 :: PARTS])
    items[:] = [item for item in items if item.nodeid.partition("::")[0] in mine]

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
        (HERE / f"seconds.{PART}").write_text(json.dumps(passed))
"""


class Tests:
    """Which tests reach a line, and how long each takes. A test that fails without any mutation does not count."""

    def __init__(self, reached: Path) -> None:
        self.kills = Counter[str]()
        if not (reached / "seconds.json").exists():
            record(reached)
        self.seconds: dict[str, float] = json.loads((reached / "seconds.json").read_text())
        lines = coverage.CoverageData(basename=str(reached / "lines"))
        lines.read()
        self._by_line = {file: lines.contexts_by_lineno(str(ROOT / file)) for file in files()}

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
        place, *logins = LIKELY.get(kind_of(mutation), (ENTERS,))

        def dear(test: str) -> tuple[int, float]:
            likely = test.startswith(place) and (not logins or any(f"[{login}" in test for login in logins))
            is_near = test.startswith(near)
            kind = 0 if is_near and self.seconds[test] < QUICK else 1 if likely else 2 if is_near else 3
            return kind, self.seconds[test] / (1 + self.kills[kind_of(mutation) + test.partition("[")[0]])

        ordered = sorted(found, key=dear)
        spent = accumulate(self.seconds[test] for test in ordered)
        return [test for test, before in zip(ordered, (0.0, *spent), strict=False) if before < seconds]


def record(reached: Path) -> None:
    """Runs every test once, a share on each processor, and notes which lines it reaches."""
    (reached / "mutating.py").write_text(PLUGIN, encoding="utf-8")
    (reached / "rc").write_text("[run]\nsource = xinmei\nomit = */tests/*\n", encoding="utf-8")
    noting = [sys.executable, "-m", "coverage", "run", f"--rcfile={reached / 'rc'}"]
    plain = ["-p", "mutating", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "-m", "not browser"]
    left_out = [f"--ignore=tests/{one}" for one in LEFT_OUT]
    parts = os.cpu_count() or 1
    running = []
    for part in range(1, parts + 1):
        environment = {
            **os.environ,
            "REACHED": str(reached),
            "PYTHONPATH": str(reached),
            "PART": f"{part}/{parts}",
        }
        command = [*noting, f"--data-file={reached / f'lines.{part}'}", "-m", "pytest", *plain, *left_out]
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment))
    for one in running:
        one.wait()
    data = coverage.CoverageData(basename=str(reached / "lines"))
    seconds: dict[str, float] = {}
    for part in range(1, parts + 1):
        noted = coverage.CoverageData(basename=str(reached / f"lines.{part}"))
        noted.read()
        data.update(noted)
        seconds |= json.loads((reached / f"seconds.{part}").read_text())
    data.write()
    (reached / "seconds.json").write_text(json.dumps(seconds))


def put_in_place(mutation: Mutation) -> None:
    """Changes the running program: the door of a view, or the code of functions."""
    module = importlib.import_module(mutation.file.removesuffix(".py").replace("/", "."))
    changed = compile(mutation.source, str(module.__file__), "exec")
    if not kind_of(mutation).startswith(("door of ", "log-in before ")):
        put_code_in_place(changed, str(module.__file__))
        return
    made = ModuleType(module.__name__)
    made.__file__, made.__package__ = module.__file__, module.__package__
    exec(changed, made.__dict__)
    old, new = (getattr(one, mutation.function) for one in (module, made))
    replaced = [pattern for pattern in _patterns_of(get_resolver()) if pattern.callback is old]
    assert replaced, f"no address leads to {mutation.function}"
    for pattern in replaced:
        pattern.callback = new


def _patterns_of(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        yield from _patterns_of(one) if isinstance(one, URLResolver) else (one,)


class TryingDoors(Trying):
    """Runs, in a fork for each mutation, the tests that reach it."""

    put = staticmethod(put_in_place)

    def __init__(self, left: list[Mutation], found: Path, tests: Tests, seconds: float) -> None:
        super().__init__(left, found, PATIENCE)
        self.tests, self.spent = tests, seconds
        tests.kills = self.kills

    def _warm(self, items: list[pytest.Item]) -> list[pytest.Item]:
        return [one for one in items if "test_scopes" in one.nodeid][:3]

    def _likely(self, mutation: Mutation, items: list[pytest.Item]) -> list[pytest.Item]:
        named = {item.nodeid: item for item in items}
        found = [named[one] for one in self.tests.of(mutation, self.spent) if one in named]
        chosen = [one for one in found if self.sound.get(one.nodeid, True)]
        return [*_by_module(chosen[:FIRST]), *_by_module(chosen[FIRST:])]


def _by_module(items: list[pytest.Item]) -> list[pytest.Item]:
    """Those of one module together: what the module makes is made once."""
    places: dict[str, int] = {}
    for one in items:
        places.setdefault(one.nodeid.partition("::")[0], len(places))
    return sorted(items, key=lambda one: places[one.nodeid.partition("::")[0]])


def try_all(wanted: list[Mutation], reached: Path, seconds: float) -> list[str]:
    """Tries those that are not known to be killed, in one run of pytest. Returns what survived."""
    dead = reached / "killed"
    known = set(dead.read_text(encoding="utf-8").splitlines()) if dead.exists() else set()
    left = [one for one in wanted if f"{one.file}:{one.what}" not in known]
    trying = TryingDoors(left, reached, Tests(reached), seconds)
    os.chdir(ROOT)
    left_out = [f"--ignore=tests/{one}" for one in LEFT_OUT]
    plain = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "--no-header"]
    pytest.main([*plain, "-m", "not browser", *left_out, "tests", "xinmei"], plugins=[trying])
    assert trying.is_over, "the run broke off"
    return trying.survived


def main() -> int:
    """Prints every survivor. Returns 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--reached", type=Path)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--part", default="1/1", help="2/3: the second of three runs side by side")
    options = parser.parse_args()
    all_of_them = [mutation for file in files() for mutation in mutations(file)]
    stale = stale_keys(EQUIVALENT, all_of_them)
    for key in stale:
        print(f"stale: {key}")
    wanted = [mutation for mutation in all_of_them if options.only in f"{mutation.file}:{mutation.what}"]
    part, parts = map(int, options.part.split("/"))
    wanted = wanted[part - 1 :: parts]
    equivalent = [one for one in wanted if set(one.keys) & EQUIVALENT.keys()]
    with tempfile.TemporaryDirectory() as name:
        reached = (options.reached or Path(name)).resolve()
        reached.mkdir(exist_ok=True)
        survived = try_all([one for one in wanted if one not in equivalent], reached, options.seconds)
    killed = len(wanted) - len(equivalent) - len(survived)
    print(f"{len(wanted)} mutations: {killed} killed, {len(survived)} survived, {len(equivalent)} change nothing")
    return 1 if survived or stale else 0


if __name__ == "__main__":
    sys.exit(main())
