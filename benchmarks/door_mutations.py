"""What `mutate_doors.py` changes: each check of a right, a reach or a door, taken off or turned round."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
# The rules know no persons, the exchange format refuses rows, and a command asks the actions.
# What performs acts, as the declarations, is in mutate_acts.py.
LEFT_OUT = (
    *("xinmei/core/", "xinmei/collectors/bundle/", "xinmei/commands/", "xinmei/supervision/watches/"),
    "xinmei/acts/",
)
CHECKS = {"check", "check_may", "check_may_find", "_check_fits"}
REFUSALS = {"Refused", "PermissionDenied", "_refuse", "_refused"}  # NotNow is about the state of things, whoever asks
PERSONS = {"acting", "acting_in", "by", "may", "sees", "reaches", "is_within", "sees_contact", "person", "position"}
QUESTIONS = {"may", "sees", "sees_whole", "sees_contact", "sees_provisional_sheet", "is_within"}
CHOOSING = ("/doors.py", "/reach.py")  # files where every condition about a person decides what that person reaches


class Mutation(NamedTuple):
    """One change.

    Where, what was done (with its line), the changed source, and the lines of which one must be reached for it to
    matter.
    """

    file: str
    function: str
    what: str
    source: str
    lines: range

    @property
    def keys(self) -> tuple[str, str]:
        """How EQUIVALENT names it: by what was done, wherever; or with the file and the function."""
        done = self.what.partition(": ")[2]
        return done, f"{self.file.removeprefix('xinmei/')} {self.function}: {done}"


def stale_keys(equivalent: dict[str, str], made: list[Mutation]) -> list[str]:
    """The keys that no mutation has any more: the code moved or went."""
    return sorted(equivalent.keys() - {key for mutation in made for key in mutation.keys})


def _names(node: ast.AST) -> set[str]:
    return {found.id for found in ast.walk(node) if isinstance(found, ast.Name)}


def called(node: ast.AST) -> str:
    """The name of the function called, without the module before it; "" where it is no such call."""
    if not isinstance(node, ast.Call):
        return ""
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


def _refuses(node: ast.If | ast.IfExp) -> bool:
    """Whether a condition guards a refusal.

    "There is no such thing" (404) counts as one where the condition asks about a person.
    """
    if isinstance(node, ast.IfExp):
        return False
    guarded = set[str]().union(*(_names(part) for part in node.body))
    return bool(guarded & (REFUSALS | CHECKS)) or ("Http404" in guarded and bool(_names(node.test) & PERSONS))


class Source:
    """One file, and what can be changed in it.

    What is replaced stays in the text, so that lines keep their numbers and names stay in use.
    """

    def __init__(self, file: str) -> None:
        self.file, self.chooses = file, file.endswith(CHOOSING)
        self.text = (ROOT / file).read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]
        self.defined = {node.name for node in self.functions}

    def function_at(self, line: int) -> str:
        """The innermost function around a line."""
        around = [
            one
            for one in self.functions
            if min([one.lineno, *(found.lineno for found in one.decorator_list)]) <= line <= (one.end_lineno or 0)
        ]
        return max(around, key=lambda one: one.lineno).name if around else ""

    def mutate(self, node: ast.expr, how: str, pattern: str) -> Mutation:
        """The file with `node` replaced by the pattern around it."""
        text = ast.get_source_segment(self.text, node) or ""
        what = f"{node.lineno}: {how}: {' '.join(text.split())}"
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        source = replace_node(self.text, node, pattern.format(text))
        return Mutation(self.file, self.function_at(node.lineno), what, source, lines)

    def decides(self, node: ast.AST) -> bool:
        """Whether it is a condition that leads to a refusal, or by which a door chooses."""
        if not isinstance(node, ast.If | ast.IfExp):
            return False
        return _refuses(node) or (self.chooses and bool(_names(node.test) & PERSONS))

    def of_answer(self, node: ast.Return) -> Iterator[Mutation]:
        """A yes instead of what a door works out."""
        if self.chooses and isinstance(node.value, ast.Compare | ast.BoolOp):
            yield self.mutate(node.value, "yes instead of", "(True or ({}))")

    def of_expression(self, node: ast.expr) -> Iterator[Mutation]:
        """A reach, or what somebody sees, replaced by everything."""
        name = called(node)
        if name in {"reach_q", "in_force"}:
            everything = "(__import__('django.db.models').db.models.Q() if True else ({}))"
            yield self.mutate(node, "everything instead of", everything)
        elif name == "reaches":
            yield self.mutate(node, "everywhere instead of", "(True or ({}))")
        elif name.endswith(("_visible_to", "_seen_within")) and name not in self.defined:
            yield self.mutate(node, "everything instead of", "({}).model._default_manager.all()")

    def of_view(self, view: ast.FunctionDef) -> Iterator[Mutation]:
        """The door of a view taken off: the log-in, what it asks for, the right to act."""
        body = range(view.body[0].lineno, (view.end_lineno or view.lineno) + 1)
        for decorator in view.decorator_list:
            if (isinstance(decorator, ast.Name) and decorator.id == "signed_in") or called(decorator) == "signed_in":
                named = decorator.func if isinstance(decorator, ast.Call) else decorator
                public = "(__import__('xinmei.people.guard').people.guard.public if True else {})"
                yield self.mutate(named, f"log-in before {view.name} not asked for", public)._replace(lines=body)
            if not isinstance(decorator, ast.Call) or called(decorator) != "door":
                continue
            for word in decorator.keywords:
                if word.arg in {"see", "do"}:
                    how, pattern = f"door of {view.name} taken off, {word.arg}", "('' if True else {})"
                    yield self.mutate(word.value, how, pattern)._replace(lines=body)
                elif word.arg == "to":
                    how, pattern = f"door of {view.name} without right", "('read' if True else {})"
                    yield self.mutate(word.value, how, pattern)._replace(lines=body)


def mutations(file: str) -> Iterator[Mutation]:
    """Every mutation of a file."""
    source = Source(file)
    asked: set[ast.AST] = set()  # questions within a condition that is mutated as a whole
    for node in ast.walk(source.tree):
        if isinstance(node, ast.If | ast.IfExp) and source.decides(node):
            asked |= set(ast.walk(node.test))
            yield source.mutate(node.test, "removed", "(False and ({}))")
            yield source.mutate(node.test, "inverted", "(not ({}))")
        elif isinstance(node, ast.Return):
            yield from source.of_answer(node)
        elif isinstance(node, ast.expr) and called(node) in QUESTIONS and node not in asked:
            yield source.mutate(node, "yes instead of", "(True or ({}))")
        elif isinstance(node, ast.Expr) and called(node.value) in CHECKS:
            yield source.mutate(node.value, "removed", "(None if True else ({}))")
        elif isinstance(node, ast.expr):
            yield from source.of_expression(node)
        elif isinstance(node, ast.FunctionDef):
            yield from source.of_view(node)


def replace_node(source: str, node: ast.expr, text: str) -> str:
    """The source with one node rewritten. Offsets of the syntax tree are bytes."""
    lines = source.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: (node.end_lineno or node.lineno) - 1])) + (node.end_col_offset or 0)
    data = source.encode()
    return (data[:start] + text.encode() + data[end:]).decode()


def files() -> list[str]:
    """Every file of the product that may hold a check."""
    found = (str(path.relative_to(ROOT)) for path in sorted((ROOT / "xinmei").rglob("*.py")))
    return [
        file for file in found if not file.startswith(LEFT_OUT) and not {"tests", "migrations"} & set(file.split("/"))
    ]
