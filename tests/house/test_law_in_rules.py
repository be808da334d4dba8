"""The numbers of the law stand in `rules/`, by edition: the code asks for them, and no page writes them out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The made city is no judge: it makes accounts that are silent, late or short on purpose.
MADE = "xinmei/collectors/demo/"
# A hit of the typo model quotes its clause, as every entry of a rule pack does.
QUOTING = "xinmei/core/screening/screen.py"
SPANS = {("days", 14), ("weeks", 2), ("hours", 48)}
LAW_NAMES = re.compile(r"SILEN|LAPS|MARKS|BEYOND|OWED|SERVING|LIMIT|^DAYS$")
LAW_NUMBERS = {14, 48, 50, (5, 10, 12), (12, 10, 5)}
SAID = re.compile(r"扣\s*\d+(?:\.\d+)?\s*分|满\s*\d+\s*天|超过\s*\d+\s*小时|少于\s*\d+\s*条")


def _docstrings(tree: ast.AST) -> set[int]:
    """What explains may quote the law."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }


def _value(node: ast.AST) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def law_in(text: str) -> list[int]:
    """The lines of a module that write out a number of the law."""
    tree = ast.parse(text)
    explained, found = _docstrings(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("timedelta"):
            found += [node.lineno for one in node.keywords if (one.arg, _value(one.value)) in SPANS]
        elif isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call):
            numbers = _value(node.value)
            named = any(isinstance(one, ast.Name) and LAW_NAMES.search(one.id) for one in node.targets)
            if named and isinstance(numbers, int | tuple) and numbers in LAW_NUMBERS:
                found.append(node.lineno)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.FloorDiv):
            if any(_value(side) in (50, -50) for side in (node.left, node.right)):
                found.append(node.lineno)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in explained
            and SAID.search(node.value)
        ):
            found.append(node.lineno)
    return found


def test_no_module_writes_out_a_number_of_the_law() -> None:
    assert [
        f"{name}:{line}"
        for path in sorted((ROOT / "xinmei").rglob("*.py"))
        for name in [path.relative_to(ROOT).as_posix()]
        if "/tests/" not in name and "/migrations/" not in name and not name.startswith((MADE, QUOTING))
        for line in law_in(path.read_text(encoding="utf-8"))
    ] == [], "数取自 rules/：xinmei/core/rulebook/limits.py"


def test_no_page_writes_out_a_number_of_the_law() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in sorted((ROOT / "xinmei").rglob("*.html"))
        for found in re.finditer(SAID, path.read_text(encoding="utf-8"))
    ] == [], "数由视图从 rules/ 取来"


def test_which_accounts_are_in_service_is_said_once() -> None:
    told = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "xinmei").rglob("*.py"))
        if re.search(r"Status\.ACTIVE, .*Status\.CLOSING|\(Status\.ACTIVE, Status\.CLOSING", path.read_text("utf-8"))
        or '("active", "closing", "unfiled")' in path.read_text(encoding="utf-8")
    ]
    assert told == ["xinmei/registry/models.py"]


@pytest.mark.parametrize(
    "text",
    [
        "LAPSED = timedelta(days=14)",
        "silent = timedelta(weeks=2)",
        "BEYOND = datetime.timedelta(hours=48)",
        "MARKS = (5, 10, 12)",
        "owed = -(-50 * days // whole)",
        'text = f"{lines}\\n每个另扣 5 分"',
        'what = f"{name}，超过48小时没有答复"',
    ],
)
def test_law_in_code_is_found(text: str) -> None:
    assert law_in(text) != []


@pytest.mark.parametrize("text", ['"""「每次扣5分」."""', "WEEK = timedelta(days=7)", 'text = f"每个另扣 {points} 分"'])
def test_a_quotation_or_another_number_is_none(text: str) -> None:
    assert law_in(text) == []
