"""Each permission check removed or inverted, one at a time, in a copy of the tree: some test must fail. Prints the figure and what survived.

    python benchmarks/mutate_doors.py [--only TEXT] [--quick]

Mutations, found in the syntax tree of the doors and the actions: a condition that leads to a refusal made False or inverted; a call of a check taken
out; a reach replaced by everything.
`--quick` leaves the matrix of all addresses out: what survives it is not yet shown to survive.
"""

from __future__ import annotations

import argparse
import ast
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The doors and actions of each room, and its tests: they go first, since most are killed there.
FILES = {
    "xinmei/people/doors.py": ["xinmei/people/tests"],
    "xinmei/people/guard.py": ["xinmei/people/tests"],
    "xinmei/people/revealing.py": ["tests/house/test_masking.py"],
    "xinmei/people/actions/posts.py": ["xinmei/people/tests/test_posts.py"],
    "xinmei/people/actions/sessions.py": ["xinmei/people/tests"],
    "xinmei/people/actions/second_factor.py": ["xinmei/people/tests/test_second_factor.py"],
    "xinmei/people/actions/personal_data.py": ["xinmei/people/tests/test_events.py"],
    "xinmei/jobs/doors.py": ["xinmei/jobs/tests"],
    "xinmei/jobs/actions.py": ["xinmei/jobs/tests"],
    "xinmei/notices/doors.py": ["xinmei/notices/tests"],
    "xinmei/notices/actions.py": ["xinmei/notices/tests"],
    "xinmei/registry/doors.py": ["tests/house/test_scopes.py", "xinmei/registry"],
    "xinmei/registry/reach.py": ["tests/house/test_scopes.py"],
    "xinmei/registry/readings/actions.py": ["xinmei/registry", "xinmei/assessment/tests"],
    "xinmei/screening/doors.py": ["xinmei/screening", "xinmei/supervision/tests"],
    "xinmei/screening/actions.py": ["xinmei/screening", "xinmei/supervision/tests"],
    "xinmei/publishing/doors.py": ["tests/house/test_scopes.py", "xinmei/publishing"],
    "xinmei/publishing/allowing/actions.py": ["xinmei/publishing"],
    "xinmei/interaction/doors.py": ["tests/house/test_scopes.py", "xinmei/interaction"],
    "xinmei/interaction/actions.py": ["xinmei/interaction"],
    "xinmei/assessment/doors.py": ["tests/house/test_scopes.py"],
    "xinmei/supervision/doors.py": ["xinmei/supervision/tests/test_doors.py", "tests/house/test_scopes.py"],
    "xinmei/supervision/actions.py": ["xinmei/supervision/tests/test_doors.py", "xinmei/supervision/tests"],
    "xinmei/supervision/orders.py": ["xinmei/supervision/tests"],
    "xinmei/supervision/recalling.py": ["xinmei/supervision/tests"],
    "xinmei/reports/doors.py": ["xinmei/reports"],
    "xinmei/reports/actions.py": ["xinmei/reports"],
}
CHECKS = {"check", "check_may", "check_may_find", "_check_not_oneself", "_check_fits", "_check_is_not_unit_admins"}
REFUSALS = {"Refused", "Http404", "NotPossible", "_refuse"}
SCOPES = ["tests/house/test_scopes.py", "xinmei/people/tests/test_keys_and_guards.py", "xinmei/people/tests/test_posts.py"]
MATRIX = ["tests/house/test_doors.py"]


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def _calls(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def mutations(source: str) -> Iterator[tuple[str, str]]:
    """(what was done, the changed source) for every check of a file."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.If) and any(_names(part) & (REFUSALS | CHECKS) for part in node.body):
            test = ast.get_source_segment(source, node.test) or ""
            yield f"{line}: removed: if {test}", _replace(source, node.test, "False")
            yield f"{line}: inverted: if {test}", _replace(source, node.test, f"not ({test})")
        elif isinstance(node, ast.Expr) and _calls(node.value, CHECKS):
            yield f"{line}: removed: {ast.get_source_segment(source, node)}", _replace(source, node, "pass")
        elif _calls(node, {"reach_q", "in_force"}):
            yield f"{line}: everything instead of {ast.get_source_segment(source, node)}", _replace(source, node, "Q()")
        elif _calls(node, {"reaches"}):
            yield f"{line}: everywhere instead of {ast.get_source_segment(source, node)}", _replace(source, node, "True")


def _replace(source: str, node: ast.AST, text: str) -> str:
    """The source with one node written anew; offsets of the syntax tree are bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset  # type: ignore[attr-defined]
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset  # type: ignore[attr-defined]
    data = source.encode()
    return (data[:start] + text.encode() + data[end:]).decode()


def fails(tree: Path, tests: list[str]) -> bool:
    """Whether some test fails in this tree."""
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--no-migrations"]
    command = [sys.executable, "-m", "pytest", *options, *(test for test in tests if (tree / test).exists())]
    return subprocess.run(command, cwd=tree, capture_output=True, check=False).returncode != 0


def main() -> int:
    """Prints every survivor; 1 where there is one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    tried, survived = 0, []
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "tree"
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".venv", ".git", "var", "*cache*", "node_modules"))
        for file, own in FILES.items():
            if not (ROOT / file).exists():
                sys.exit(f"no {file}: FILES names what is mutated")
            if options.only.partition(":")[0] not in file:
                continue
            if fails(tree, own):
                sys.exit(f"the tests {own} fail without any mutation: they would kill everything")
            source = (ROOT / file).read_text(encoding="utf-8")
            for what, changed in mutations(source):
                if options.only in f"{file}:{what}":
                    (tree / file).write_text(changed, encoding="utf-8")
                    tried += 1
                    if not fails(tree, own) and not fails(tree, SCOPES) and (options.quick or not fails(tree, MATRIX)):
                        survived.append(f"{file}:{what}")
                        print("survived", survived[-1], flush=True)
            (tree / file).write_text(source, encoding="utf-8")
            print(f"{file}: {tried} tried so far, {len(survived)} survived", flush=True)
    print(f"{tried} mutations, {tried - len(survived)} killed, {len(survived)} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
