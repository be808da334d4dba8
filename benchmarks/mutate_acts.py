"""Each check that an act declares, or that the performing of acts makes, is changed: some test must fail.

    python benchmarks/mutate_acts.py [--only REGEX] [--found FOLDER] [--seconds S] [--list]

Mutations of a declaration: its right replaced by none, or by one that others hold too; what bars, the allowed moves,
what must be ready and the owner taken out; the rows of a kind replaced by all objects; its unit replaced by none.
Of the code that performs acts: a condition about who acts or on what made false or inverted, or a filter passed;
a check taken out, and a position taken unasked; rows replaced by all objects.

One run of pytest collects the tests and makes the database, then forks for each mutation. The fork puts the change in
place and runs the tests that name the act, then those of its room, then those of all acts, until one fails that passes
in a fork without the change. S seconds are the time of one mutation. FOLDER keeps what was killed, so that a run of the
same tree goes on where it ended. Prints what survived, and the figure. Other checks: mutate_doors.py.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import re
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from mutate_doors import ROOT, Mutation, _called, _replace, files, stale_keys

sys.path.insert(0, str(ROOT))

# A right that more positions hold; where no row of the table is wider, one that others hold.
WIDER = {
    **dict.fromkeys(("dismiss_sent", "decide_objection", "allow_for_all", "release_rules", "change_reading"), "find"),
    **dict.fromkeys(("issue_paper", "close_year"), "find"),
    **dict.fromkeys(("inspect", "rescreen", "confirm", "dismiss_suspected", "find", "recheck"), "import_facts"),
    **dict.fromkeys(("allow_for_unit", "draft_rules", "propose_reading", "draft_paper"), "import_facts"),
    **dict.fromkeys(("issue_order", "decide_order"), "import_facts"),
    **dict.fromkeys(("rectify", "answer", "hand_over_message", "object"), "answer_order"),
    **dict.fromkeys(("answer_order", "resend_notice"), "reveal"),
    "give_unit_posts": "rectify",
    **dict.fromkeys(("propose_posts", "change_settings", "run_jobs", "back_up"), "resend_notice"),
    **dict.fromkeys(("approve_posts", "unlock", "end_sessions"), "propose_posts"),
}
# The functions that decide who acts, on what, and what is shown.
PERFORMING = {
    "xinmei/acts/performing.py": {
        *("perform", "_make", "_owner_first", "_cleaned", "take", "_in_reach", "rights_of", "check_right"),
        *("_check_one", "first_that_may", "check_moves", "why_not_now", "may_now"),
    },
    "xinmei/acts/lines.py": {"actings_for", "answer_to", "seen"},
    "xinmei/acts/showing.py": {"show"},
    "xinmei/acts/views.py": {"act", "_show_form", "_next", "_seen"},
    "xinmei/acts/offers.py": {"offers_for", "offer_to_make"},
}
# Conditions about these are mutated; the others are about the form of what was given, and the looks of a page.
ABOUT = {
    *("judged", "actings", "named", "position", "reaches", "right", "bars", "moves", "ready", "last_step", "owner"),
    *("unknown", "rows", "why", "before", "version", "wrong", "makes", "together", "state", "found", "number"),
    *("acting", "may_now", "_seen", "shown", "method"),
}
CHECKS = {"check", "check_moves", "check_right", "first_that_may", "record_refusal"}
# The same behaviour with the check as without it, and why: by what was done, in a declaration or a function.
_STARTS = "starting the job asks for its right again, and its button is only shown behind the same right"
_ONE = "with one position the object was found through it"
_SAME = "the same positions see it as act on it"
EQUIVALENT = {
    'supervision/verbs.py finding.find: right import_facts: "find"': "the act asks again, of the unit that owns it",
    'reports/verbs.py paper.correct: right import_facts: "draft_paper"': "it is the city's own, which only these reach",
    'screening/verbs.py entry.try: no right: "draft_rules"': _SAME,
    'screening/verbs.py entry.try: right import_facts: "draft_rules"': _SAME,
    'screening/verbs.py entry.revise: no right: "draft_rules"': _SAME,
    'screening/verbs.py entry.revise: right import_facts: "draft_rules"': _SAME,
    'screening/verbs.py entry.end: no right: "draft_rules"': _SAME,
    'screening/verbs.py entry.end: right import_facts: "draft_rules"': _SAME,
    'supervision/verbs.py recall.decide: no right: "find"': _SAME,
    'supervision/verbs.py recall.decide: right import_facts: "find"': _SAME,
    "acts/performing.py _cleaned: removed: found is not None and version is not None and version != found.version": (
        "no declared act takes a version yet"
    ),
    "acts/performing.py take: removed: len(unknown) > 5": "the wording of a refusal",
    "acts/performing.py take: inverted: len(unknown) > 5": "the wording of a refusal",
    "acts/performing.py take: passed: one not in rows": "the same object is found again",
    "acts/performing.py _in_reach: removed: len(actings) == 1": _ONE,
    'collectors/verbs.py job.read_feed: no right: "inspect"': _STARTS,
    'collectors/verbs.py job.read_feed: right import_facts: "inspect"': _STARTS,
    'supervision/verbs.py job.inspect: no right: "inspect"': _STARTS,
    'supervision/verbs.py job.inspect: right import_facts: "inspect"': _STARTS,
    'supervision/verbs.py job.drill: no right: "rescreen"': _STARTS,
    'supervision/verbs.py job.drill: right import_facts: "rescreen"': _STARTS,
    'screening/verbs.py job.rescreen: no right: "rescreen"': _STARTS,
    'screening/verbs.py job.rescreen: right import_facts: "rescreen"': _STARTS,
    'screening/verbs.py job.check_links: no right: "rescreen"': _STARTS,
    'screening/verbs.py job.check_links: right import_facts: "rescreen"': _STARTS,
    'screening/verbs.py job.read_pictures: no right: "rescreen"': _STARTS,
    'screening/verbs.py job.read_pictures: right import_facts: "rescreen"': _STARTS,
    'upkeep/verbs.py job.back_up: no right: "back_up"': _STARTS,
    'upkeep/verbs.py job.back_up: right resend_notice: "back_up"': _STARTS,
    'upkeep/verbs.py job.rehearse: no right: "back_up"': _STARTS,
    'upkeep/verbs.py job.rehearse: right resend_notice: "back_up"': _STARTS,
    'people/verbs.py position.end: right rectify: "give_unit_posts"': "others see their own positions only, which bars",
    "interaction/verbs.py patrol: no unit: lambda patrol: patrol.account.unit_id": "nothing is done to a look",
}
ACTS_TESTS = (
    "test_both_ways",
    "test_acts",
    "test_shown",
    "test_performing",
    "test_beside",
    "test_scopes",
    "test_offers",
)


# ── what is changed ──


class Source:
    """A file, and the changes of single expressions in it."""

    def __init__(self, file: str) -> None:
        self.file, self.text = file, (ROOT / file).read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)

    def words(self, node: ast.AST) -> str:
        """The source of a node."""
        return ast.get_source_segment(self.text, node) or ""

    def mutate(self, where: str, node: ast.expr, how: str, pattern: str) -> Mutation:
        """The node replaced by the pattern, in which {} stands for what it was."""
        changed = _replace(self.text, node, pattern.replace("{}", self.words(node)))
        what = f"{node.lineno}: {how}: {' '.join(self.words(node).split())}"
        return Mutation(self.file, where, what, changed, range(node.lineno, (node.end_lineno or node.lineno) + 1))


def mutations() -> Iterator[Mutation]:
    """Every mutation, of declarations and of what performs them."""
    for file in files():
        if "Verb(" in (ROOT / file).read_text(encoding="utf-8") and file != "xinmei/core/verbs.py":
            yield from of_declarations(Source(file))
    for file, functions in PERFORMING.items():
        yield from of_performing(Source(file), functions)


def of_declarations(source: Source) -> Iterator[Mutation]:
    """The mutations of each verb and kind that the file declares."""
    for node in source.tree.body:
        if not isinstance(node, ast.Assign) or _called(node.value) not in {"Verb", "Kind"}:
            continue
        call = node.value
        assert isinstance(call, ast.Call)
        given = {word.arg: word.value for word in call.keywords if word.arg}
        named = call.args[0] if call.args else given["name"]
        name = str(ast.literal_eval(named))
        if _called(call) == "Kind":
            yield source.mutate(
                name, given["rows"], "all rows", f"(lambda acting: {source.words(given['model'])}.objects.all())"
            )
            if "unit" in given:
                yield source.mutate(name, given["unit"], "no unit", "(lambda found: None)")
            continue
        for part in ("bars", "moves", "ready", "owner"):
            if part in given:
                yield source.mutate(name, given[part], f"{part} taken out", "(None if True else {})")
        if "right" in given:
            yield from _of_right(source, name, given["right"])


def _of_right(source: Source, name: str, right: ast.expr) -> Iterator[Mutation]:
    """Each right that is named; the whole where a function elsewhere names it."""
    named = [one for one in ast.walk(right) if isinstance(one, ast.Constant) and one.value in WIDER]
    wider: list[tuple[ast.expr, str]] = [(one, WIDER[str(one.value)]) for one in named]
    for one, other in wider or [(right, "import_facts")]:
        yield source.mutate(name, one, "no right", '("" if True else {})')
        yield source.mutate(name, one, f"right {other}", f'("{other}" if True else {{}})')


def of_performing(source: Source, functions: set[str]) -> Iterator[Mutation]:
    """The mutations of these functions."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef) and function.name in functions:
            within: set[ast.AST] = set()  # conditions within one that is mutated as a whole
            for node in ast.walk(function):
                if node not in within:
                    yield from _of_statement(source, function.name, node)
                if isinstance(node, ast.If):
                    within |= {one for one in ast.walk(node.test) if isinstance(one, ast.comprehension)}


def _of_statement(source: Source, name: str, node: ast.AST) -> Iterator[Mutation]:
    if isinstance(node, ast.If | ast.IfExp) and _words(node.test) & ABOUT:
        yield source.mutate(name, node.test, "removed", "(False and ({}))")
        yield source.mutate(name, node.test, "inverted", "(not ({}))")
    elif isinstance(node, ast.comprehension):
        for condition in (one for one in node.ifs if _words(one) & ABOUT):
            yield source.mutate(name, condition, "passed", "(True or ({}))")
    elif isinstance(node, ast.Expr) and _called(node.value) in CHECKS:
        yield source.mutate(name, node.value, "taken out", "(None if True else {})")
    elif isinstance(node, ast.Call) and _called(node) == "rows":
        yield source.mutate(name, node, "all rows", "{}.model._default_manager.all()")
    elif isinstance(node, ast.Call) and _called(node) in {"first_that_may", "_in_reach"}:
        unasked = source.words(node.args[1]) + ("[0]" if _called(node) == "first_that_may" else "")
        yield source.mutate(name, node, "unasked", f"({unasked} if True else {{}})")


def _words(node: ast.AST) -> set[str]:
    """The names and attributes in it."""
    found = ast.walk(node)
    return {
        one.id if isinstance(one, ast.Name) else one.attr for one in found if isinstance(one, ast.Name | ast.Attribute)
    }


# ── how it is put in place ──


def put_in_place(mutation: Mutation) -> None:
    """Changes the running program: what the declarations of the file say, or the code of its functions."""
    from xinmei.core.verbs import Kind, Verb

    module = importlib.import_module(mutation.file.removesuffix(".py").replace("/", "."))
    path = str(module.__file__)
    changed = compile(mutation.source, path, "exec")
    if mutation.file in PERFORMING:
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes_in(changed)}
        gc.unfreeze()  # what is frozen is not found
        for one in gc.get_objects():
            if type(one) is FunctionType and one.__code__.co_filename == path:
                code = codes.get((one.__code__.co_qualname, one.__code__.co_firstlineno))
                if code is not None and code.co_freevars == one.__code__.co_freevars:
                    one.__code__ = code
        return
    made = ModuleType(module.__name__)
    exec(changed, made.__dict__)
    for name, old in list(vars(module).items()):
        if isinstance(old, Verb | Kind):
            for part in ("right", "bars", "moves", "ready", "owner", "rows", "unit"):
                if hasattr(old, part):
                    object.__setattr__(old, part, getattr(vars(made)[name], part))


def _codes_in(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes_in(one)


# ── how it is tried ──


class Trying:
    """A plugin of pytest that runs, in place of all tests, those that may kill each mutation, each time in a fork."""

    def __init__(self, left: list[Mutation], found: Path, seconds: float) -> None:
        self.left, self.found, self.seconds = left, found, seconds
        self.failed = ""
        self.sound: dict[str, bool] = {}
        self.kills = Counter[str]()
        self.survived: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Tries them all."""
        warm = [
            one for one in session.items if "both_ways" in one.nodeid and one.name.partition("[")[2][:-1] in LIKE_ALL
        ]
        self._run(warm, after=session.items[-1])  # what each fork would have to load anew
        assert not self.failed, f"{self.failed} fails in the sound tree"
        started = time.monotonic()
        for number, mutation in enumerate(self.left, 1):
            gc.freeze()
            self._try(mutation, session.items)
            if number % 20 == 0:
                spent = time.monotonic() - started
                print(f"{number} of {len(self.left)}, {spent:.0f} s: {len(self.survived)} survived", flush=True)
        return True

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
        failed = self._forked(tests, self.seconds, lambda: put_in_place(mutation))
        while failed and not self._is_sound(failed, tests):
            tests = [one for one in tests if one.nodeid != failed]
            failed = self._forked(tests, self.seconds, lambda: put_in_place(mutation))
        if failed:
            self.kills[_kind_of(mutation) + failed.partition("[")[0]] += 1
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
        names = LIKE_ALL if mutation.file in PERFORMING else (mutation.function,)

        def rank(item: pytest.Item) -> tuple[int, int, int]:
            file, kills = (
                item.nodeid.partition("::")[0],
                -self.kills[_kind_of(mutation) + item.nodeid.partition("[")[0]],
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


# Of what performs all acts: the tests of its rules, and of four acts that differ.
SHARED = ("tests/house/test_performing.py", "tests/journeys/test_people_by_do.py")
LIKE_ALL = ("order.close", "entry.draft", "entry.end", "position.end")
PATIENCE = 120  # seconds for one test in a sound fork


def _kind_of(mutation: Mutation) -> str:
    """What was done, without what it was done to."""
    return mutation.what.split(": ")[1]


def _names_in(item: Any) -> list[str]:
    """What a test is about: its own name, and the words of the act that `test_acts.py` tries under it."""
    name = item.callspec.params.get("name") if hasattr(item, "callspec") else None
    act = getattr(item.module, "ACTS", {}).get(name)
    words = [one for one in act[1].__code__.co_consts if isinstance(one, str)] if act else []
    return [item.name, *words]


def main() -> int:
    """Prints every survivor; 1 where there is one, or where a mutation known to change nothing is no more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--found", type=Path)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    all_of_them = list(mutations())
    stale = stale_keys(EQUIVALENT, all_of_them)
    for key in stale:
        print(f"stale: {key}")
    wanted = [one for one in all_of_them if re.search(options.only, f"{one.file}:{one.what} [{one.function}]")]
    equivalent = [one for one in wanted if set(one.keys) & EQUIVALENT.keys()]
    if options.list:
        for one in wanted:
            print(f"{one.file}:{one.what} [{one.function}]{' (changes nothing)' if one in equivalent else ''}")
        return 0
    with tempfile.TemporaryDirectory() as name:
        found = (options.found or Path(name)).resolve()
        found.mkdir(parents=True, exist_ok=True)
        dead = found / "killed"
        known = set(dead.read_text(encoding="utf-8").splitlines()) if dead.exists() else set()
        left = [one for one in wanted if one not in equivalent and f"{one.file}:{one.what}" not in known]
        trying = Trying(left, found, options.seconds)
        os.chdir(ROOT)
        quiet = ["-q", "-s", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not browser"]
        # Its processes know nothing of the change.
        quiet.append("--ignore=xinmei/notices/tests/test_workers.py")
        rooms = sorted(str(path) for path in Path("xinmei").glob("*/tests"))
        if left:
            pytest.main([*quiet, *(f"tests/house/{one}.py" for one in ACTS_TESTS), SHARED[1], *rooms], plugins=[trying])
    killed = len(wanted) - len(equivalent) - len(trying.survived)
    print(
        f"{len(wanted)} mutations: {killed} killed, {len(trying.survived)} survived, {len(equivalent)} change nothing"
    )
    return 1 if trying.survived or stale else 0


if __name__ == "__main__":
    sys.exit(main())
