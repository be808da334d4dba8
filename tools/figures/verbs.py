"""In how many places a verb is named outside of its declaration, its function and its tests.

A place is a file and what the name stands in there: a table at the top of a module, a function, the template, the list
of addresses. Counted is a string that stands for a verb (in a table with other verbs, compared with a verb), an
address, and a call of the verb's function from elsewhere. A verb's short name counts in its own room only: `end` is a
word of six kinds. Shown apart: commands, which are thin callers; rights, which are rows of the table of doors and often
have the name of the verb they were made for; tables of the house's tests that need a line a verb.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from figures.tree import Tree, is_docstring, role_of, walk_up

# What asks for a right, or writes a verb down.
ASKING = re.compile(
    r"^(_?(may|check|door|step|take|record|move|note|judge)\w*|reach_to_do|resolve\w*|get|enqueue|perform)$"
)
VERBAL = re.compile(r"verb|right|^to$|^act$|kind_of_act")
HOUSE = "tests/house/"


@dataclass
class Named:
    """A verb, and where it is named. `function` and `constant` belong to its declaration, in the shape of acts."""

    verb: str
    full: str = ""
    room: str = ""
    function: str = ""
    constant: str = ""
    places: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return self.full or self.verb


def count_verbs(tree: Tree) -> list[Named]:
    """The verbs of a checkout: declared ones where there are declarations, else the second table of rights."""
    verbs = declared(tree) or [Named(verb, function=verb) for verb in rights(tree)]
    by_name: dict[str, list[Named]] = defaultdict(list)
    for verb in verbs:
        for name in {verb.verb, verb.full, verb.constant, verb.function} - {""}:
            by_name[name].append(verb)
    # In the shape of acts a right is a row of the table of doors; before, a verb was nothing else.
    rows = frozenset(rights(tree)) if any(verb.full for verb in verbs) else frozenset()
    for path, module in tree.trees.items():
        if tree.is_product(path) or tree.name(path).startswith(HOUSE):
            count_in_module(tree, path, module, by_name, rows)
    count_in_text(tree, verbs)
    return verbs


def rights(tree: Tree) -> list[str]:
    """The keys of `DO`, wherever the table stands."""
    for path, module in tree.trees.items():
        if path.name == "rights.py":
            for node in module.body:
                target = node.target if isinstance(node, ast.AnnAssign) else None
                if isinstance(target, ast.Name) and target.id == "DO" and isinstance(node.value, ast.Dict):
                    return [key.value for key in node.value.keys if isinstance(key, ast.Constant)]
    return []


def declared(tree: Tree) -> list[Named]:
    """Each `NAME = Verb("kind.verb", …, do=function)`."""
    found = []
    for path, module in tree.trees.items():
        if not tree.is_product(path):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name_of(node.func) == "Verb" and node.args:
                full = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                if isinstance(full, str) and "." in full:
                    found.append(read_declaration(tree, path, node, full))
    return found


def read_declaration(tree: Tree, path: Path, node: ast.Call, full: str) -> Named:
    function = next((name_of(keyword.value) for keyword in node.keywords if keyword.arg == "do"), "")
    around = getattr(node, "parent", None)
    target = around.targets[0] if isinstance(around, ast.Assign) else getattr(around, "target", None)
    constant = target.id if isinstance(target, ast.Name) else ""
    return Named(full.rpartition(".")[2], full, tree.room(path), function, constant)


def name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def count_in_module(
    tree: Tree, path: Path, module: ast.Module, by_name: dict[str, list[Named]], rows: frozenset[str]
) -> None:
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not is_docstring(node):
            for verb in by_name.get(node.value, ()):
                is_full = bool(verb.full) and node.value == verb.full
                is_near = not verb.room or (tree.is_product(path) and tree.room(path) == verb.room)
                if is_full or (is_near and node.value == verb.verb and stands_for_a_verb(node, by_name)):
                    note(tree, path, node, verb, is_right=names_a_right(node, rows))
            for word in re.findall(r"/([a-z_]+)/", node.value) if path.name == "urls.py" else ():
                for verb in by_name.get(word, ()):
                    if not verb.room or verb.full.partition(".")[0] in node.value:
                        note(tree, path, node, verb)
        elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            for verb in by_name.get(name_of(node), ()):
                if is_spoken_of(tree, path, module, node, verb):
                    note(tree, path, node, verb)


def is_spoken_of(tree: Tree, path: Path, module: ast.Module, node: ast.Attribute | ast.Name, verb: Named) -> bool:
    """Whether a name is the verb's declaration, or a call of its function through the module that holds it."""
    own = tree.is_product(path) and tree.room(path) == verb.room
    start = f"xinmei.{verb.room}" if verb.room else "xinmei"
    statements = [one for one in ast.walk(module) if isinstance(one, ast.ImportFrom)]
    known = {
        alias.asname or alias.name
        for one in statements
        if (one.module or "") == start or (one.module or "").startswith(f"{start}.")
        for alias in one.names
    }
    base = node.value if isinstance(node, ast.Attribute) else node
    imported = isinstance(base, ast.Name) and base.id in known
    if name_of(node) == verb.constant:
        return imported or (own and isinstance(node, ast.Name))
    around = node.parent  # type: ignore[union-attr]
    called = isinstance(around, ast.Call) and around.func is node
    return called and imported and name_of(node) == verb.function


def stands_for_a_verb(node: ast.Constant, by_name: dict[str, list[Named]]) -> bool:
    """A key or member beside other verbs, a side of a comparison with one, or an argument of what asks for a right."""
    around = node.parent  # type: ignore[attr-defined]
    if isinstance(around, ast.Dict | ast.Set | ast.Tuple | ast.List):
        members = around.keys if isinstance(around, ast.Dict) else around.elts
        known = [one for one in members if isinstance(one, ast.Constant) and one.value in by_name]
        if node in known and len(known) > 1:
            return True
    for one in walk_up(node):
        if isinstance(one, ast.Compare):
            sides = (one.left, *one.comparators)
            return any(VERBAL.search(name_of(side)) for side in sides)
        if isinstance(one, ast.keyword):
            return bool(VERBAL.search(one.arg or ""))
        if isinstance(one, ast.Call):
            return bool(ASKING.match(name_of(one.func)))
        if isinstance(one, ast.stmt):
            return False
    return False


def names_a_right(node: ast.Constant, rows: frozenset[str]) -> bool:
    """Whether a word that is a right is asked for as one: given to a door, or in a table of nothing but rights."""
    if node.value not in rows:
        return False
    around = node.parent  # type: ignore[attr-defined]
    if isinstance(around, ast.Set | ast.Tuple | ast.List):
        return all(isinstance(one, ast.Constant) and one.value in rows for one in around.elts)
    if isinstance(around, ast.Compare):
        return any(name_of(side) == "right" for side in (around.left, *around.comparators))
    if isinstance(around, ast.keyword):
        return around.arg in ("right", "do", "to")
    return isinstance(around, ast.Call) and bool(ASKING.match(name_of(around.func)))


def note(tree: Tree, path: Path, node: ast.AST, verb: Named, *, is_right: bool = False) -> None:
    """Writes a place down, unless it is the verb's own declaration, function or test."""
    name, role = tree.name(path), role_of(node)
    if tree.is_test(path) and not (name.startswith(HOUSE) and role.isupper()):
        return
    if role == verb.function and (
        path.parent.name == "actions" or path.stem in ("actions", "verbs") or tree.room(path) == verb.room
    ):
        return
    if verb.full and role == verb.constant:
        return
    is_right = is_right or (bool(verb.full) and path.stem == "rights")
    is_command = name.startswith("xinmei/commands/") or path.name == "__main__.py"
    is_table_of_tests = bool(verb.full) and name.startswith(HOUSE)
    (verb.apart if is_command or is_right or is_table_of_tests else verb.places).add(f"{name} {role}")


def count_in_text(tree: Tree, verbs: list[Named]) -> None:
    """Templates, and the written list of doors."""
    doors = [path for path in tree.files if tree.name(path).startswith(HOUSE) and path.suffix == ".txt"]
    texts = {**tree.text, **{path: path.read_text(encoding="utf-8") for path in doors}}
    for verb in verbs:
        names = "|".join(re.escape(name) for name in {verb.verb, verb.full} - {""})
        anywhere = re.escape(verb.full or verb.verb)
        in_template = re.compile(rf"""(["'])({anywhere})\1|/({anywhere})/""")
        in_own_room = re.compile(rf"""(["'])({names})\1|/({names})/""")
        in_doors = re.compile(rf"(/|:)({names})(/? |$)", re.MULTILINE)
        for path, text in texts.items():
            is_list = path.suffix == ".txt"
            is_own = bool(verb.room) and tree.is_product(path) and tree.room(path) == verb.room
            if (in_doors if is_list else in_own_room if is_own else in_template).search(text):
                places = verb.apart if is_list and verb.full else verb.places
                places.add(f"{tree.name(path)} {'address' if is_list else 'template'}")
    words = {verb.verb for verb in verbs}
    for path in tree.files:
        if tree.name(path).startswith("xinmei/commands/") and path.stem in words:
            for verb in verbs:
                if verb.verb == path.stem:
                    verb.apart.add(f"{tree.name(path)} file")
