"""A verb has four places: declaration, function, case in acts.py, line in the handbook. None is missing.

Its function is named by its declaration alone, so that whoever acts meets the checks that the declaration makes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

from tests.house.acts import CASES
from tests.house.matrix import written_down
from xinmei.acts.declared import verbs
from xinmei.acts.urls import address_of
from xinmei.core.rulebook import read_yaml
from xinmei.people import labels

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = "\n".join(page.read_text("utf-8") for page in sorted((ROOT / "docs/handbook").glob("*.md")))
VERBS = sorted(verbs())


def function_of(name: str) -> str:
    """The function that does this verb, by module and name."""
    do = verbs()[name].do
    return f"{do.__module__}.{do.__qualname__}"


# What only starts a job is made by `starting("…")` in the declaration itself, and has no name to call it by.
FUNCTIONS = {function_of(name) for name in VERBS if "<locals>" not in function_of(name)}


def modules() -> Iterator[tuple[str, str]]:
    """(name, text) of each module of the product, tests apart."""
    for path in sorted((ROOT / "xinmei").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not {"tests", "migrations"} & set(parts):
            yield ".".join(part for part in parts if part != "__init__"), path.read_text("utf-8")


def names_outside_of_declarations(module: str, text: str, functions: set[str]) -> Iterator[str]:
    """Each of these functions that a module names otherwise than in `do=` of a declaration; its own apart."""
    tree = ast.parse(text)
    meant = dict(_imports(module, tree))
    declared = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "do"
        for part in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in declared:
            head, _, rest = ast.unparse(node).partition(".")
            full = ".".join(filter(None, (meant.get(head, ""), rest)))
            if full in functions and full.rpartition(".")[0] != module:
                yield f"{module}:{node.lineno} {full}"


def _imports(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(name here, what it means) of everything that is imported, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (
                (one.asname, one.name) if one.asname else (one.name.partition(".")[0],) * 2 for one in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            source = resolve_name(source, module.rpartition(".")[0]) if node.level else source
            yield from ((one.asname or one.name, f"{source}.{one.name}") for one in node.names)


@pytest.mark.parametrize("name", VERBS)
def test_it_has_a_function_with_a_name_and_a_sentence(name: str) -> None:
    do = verbs()[name].do
    assert callable(do)
    assert function_of(name) not in FUNCTIONS or do.__doc__, "say in a sentence what the act leaves behind"


@pytest.mark.parametrize("name", VERBS)
def test_it_has_its_case(name: str) -> None:
    assert name in CASES, "say in tests/house/acts.py who does it, to what, with what"


@pytest.mark.parametrize("name", VERBS)
def test_it_has_its_line_in_the_handbook(name: str) -> None:
    label = verbs()[name].label
    assert f"「{label}」" in HANDBOOK, f"say on the page of whoever does it when to press 「{label}」"


@pytest.mark.parametrize("name", VERBS)
def test_its_door_is_written_down(name: str) -> None:
    address = address_of(verbs()[name])
    door = written_down().get(address)
    assert door is not None, f"one line in tests/house/doors.txt: /{address} POST act {name}"
    assert (door.kind, door.what) == ("act", name)


@pytest.mark.parametrize("name", VERBS)
def test_the_log_says_it_in_chinese(name: str) -> None:
    verb = verbs()[name]
    assert labels.verb(verb.recorded_as) != verb.recorded_as
    assert labels.kind(verb.of.name) != verb.of.name
    assert (verb.recorded_as, labels.verb(verb.recorded_as)) in labels.verbs()


def test_no_case_is_of_a_verb_that_is_gone() -> None:
    assert set(CASES) <= set(VERBS)


def test_only_the_declaration_names_the_function() -> None:
    named = [one for module, text in modules() for one in names_outside_of_declarations(module, text, FUNCTIONS)]
    assert not named, "perform the verb instead: " + "\n".join(named)


@pytest.mark.parametrize(
    "text",
    [
        "from xinmei.room.actions import close\nclose(1, {}, 2, 3)",
        "from xinmei.room import actions\nactions.close(1, {}, 2, 3)",
        "from xinmei.room import actions as work\ndone = [work.close]",
        "import xinmei.room.actions\nxinmei.room.actions.close(1, {}, 2, 3)",
        "def later():\n    from xinmei.room.actions import close as shut\n    shut(1, {}, 2, 3)",
        "from .actions import close\nclose(1, {}, 2, 3)",
    ],
)
def test_a_call_past_the_declaration_is_seen(text: str) -> None:
    assert list(names_outside_of_declarations("xinmei.room.jobs", text, {"xinmei.room.actions.close"}))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("xinmei.room.verbs", "from xinmei.room import actions\nV = Verb('thing.close', '关闭', do=actions.close)"),
        ("xinmei.room.actions", "def close(thing): ...\ndef end(thing):\n    close(thing)"),
        ("xinmei.room.jobs", "from xinmei.other.actions import close\nclose(1)"),
    ],
)
def test_the_declaration_and_the_module_of_the_function_may_name_it(module: str, text: str) -> None:
    assert not list(names_outside_of_declarations(module, text, {"xinmei.room.actions.close"}))


def test_the_acts_that_answer_a_clause_are_declared() -> None:
    answers = [answer for clause in read_yaml("clauses.yaml")["clauses"] for answer in clause["answers"]]
    assert [answer["act"] for answer in answers if "act" in answer and answer["act"] not in VERBS] == []
