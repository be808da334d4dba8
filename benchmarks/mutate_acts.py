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
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from door_mutations import ROOT, Mutation, called, files, replace_node, stale_keys
from forked import ACTS_TESTS, SHARED, Trying

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
        *("perform", "_do_to", "_make", "_owner_first", "cleaned_of", "_in_reach"),
        *("rights_of", "check_right", "_check_one", "first_that_may", "check_moves", "why_not_now", "may_now"),
    },
    "xinmei/acts/taking.py": {"take", "_locked"},
    "xinmei/acts/lines.py": {"actings_for", "answer_to", "seen"},
    "xinmei/acts/showing.py": {"show"},
    "xinmei/acts/views.py": {"act", "_show_form", "_next", "_seen"},
    "xinmei/acts/offers.py": {"offers_for", "offer_to_make"},
    # The API: who bears a token, what is shown, what is told.
    "xinmei/people/bearing.py": {"bear", "in_use", "_good_token"},
    "xinmei/people/actions/tokens.py": {"make_token"},
    "xinmei/api/operations.py": {"make_api", "act", "one_view"},
    "xinmei/api/listing.py": {"page_of"},
    "xinmei/api/once.py": {"once", "_claim", "_work_and_keep"},
    "xinmei/api/webhooks/sending.py": {"tell_webhooks", "_tell", "_acting_of", "within_reach"},
    "xinmei/api/on_acts.py": {"write_down"},
}
# Conditions about these are mutated; the others are about the form of what was given, and the looks of a page.
ABOUT = {
    *("judged", "actings", "named", "position", "reaches", "right", "bars", "moves", "ready", "last_step", "owner"),
    *("unknown", "rows", "why", "before", "version", "wrong", "makes", "together", "state", "found", "number"),
    *("acting", "may_now", "_seen", "shown", "method", "token", "claimed", "mine", "first", "left", "kind"),
}
CHECKS = {"check", "check_moves", "check_right", "first_that_may", "record_refusal"}
# The same behaviour with the check as without it, and why: by what was done, in a declaration or a function.
_STARTS = "starting the job asks for its right again, and its button is only shown behind the same right"
_ONE = "with one position the object was found through it"
_SAME = "the same positions see it as act on it"
EQUIVALENT = {
    (
        "acts/performing.py _check_one: removed: found is not None and not _is_within(verb, acting, right, found)"
    ): "by the tables of today whoever has a right reaches what they see",
    "supervision/verbs.py recall: no unit: lambda recall: recall.post.account.unit_id": "who sees it reaches the city",
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
    "acts/taking.py take: removed: len(unknown) > 5": "the wording of a refusal",
    "acts/taking.py take: inverted: len(unknown) > 5": "the wording of a refusal",
    "acts/taking.py take: passed: one not in rows": "the same object is found again",
    "acts/performing.py _in_reach: removed: len(actings) == 1": _ONE,
    (
        "acts/taking.py _locked: removed: len(numbers) == 1 and not rows.query.where and not rows.query.distinct "
        "and not rows.query.combinator"
    ): "the slower way to the same row",
    "acts/taking.py _locked: removed: kind.related": "it is read when it is asked for",
    "acts/taking.py _locked: inverted: kind.related": "likewise",
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
        changed = replace_node(self.text, node, pattern.replace("{}", self.words(node)))
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
        if not isinstance(node, ast.Assign) or called(node.value) not in {"Verb", "Kind"}:
            continue
        call = node.value
        assert isinstance(call, ast.Call)
        given = {word.arg: word.value for word in call.keywords if word.arg}
        named = call.args[0] if call.args else given["name"]
        name = str(ast.literal_eval(named))
        if called(call) == "Kind":
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
    elif isinstance(node, ast.Expr) and called(node.value) in CHECKS:
        yield source.mutate(name, node.value, "taken out", "(None if True else {})")
    elif isinstance(node, ast.Call) and called(node) == "rows":
        yield source.mutate(name, node, "all rows", "{}.model._default_manager.all()")
    elif isinstance(node, ast.Call) and called(node) in {"exclude", "in_force", "Token"}:
        passed = {
            "exclude": ".".join(source.words(node).split(".exclude(")[:1]),
            "in_force": "__import__('django.db.models').db.models.Q()",
        }
        yield source.mutate(name, node, "not asked", f"({passed.get(called(node), 'None')} if True else {{}})")
    elif isinstance(node, ast.Call) and called(node) in {"first_that_may", "_in_reach"}:
        unasked = source.words(node.args[1]) + ("[0]" if called(node) == "first_that_may" else "")
        yield source.mutate(name, node, "unasked", f"({unasked} if True else {{}})")


def _words(node: ast.AST) -> set[str]:
    """The names and attributes in it."""
    found = ast.walk(node)
    return {
        one.id if isinstance(one, ast.Name) else one.attr for one in found if isinstance(one, ast.Name | ast.Attribute)
    }


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
    assert trying.is_over, "the run broke off"
    killed = len(wanted) - len(equivalent) - len(trying.survived)
    print(
        f"{len(wanted)} mutations: {killed} killed, {len(trying.survived)} survived, {len(equivalent)} change nothing"
    )
    return 1 if trying.survived or stale else 0


if __name__ == "__main__":
    sys.exit(main())
