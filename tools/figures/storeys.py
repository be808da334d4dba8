"""What points upward along the order of the rooms, and which modules go round in circles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from figures.tree import Tree, walk_up

TAG = re.compile(r"""{%\s*(extends|include|static|asset|load|url)\s+([^%]*)%}""")
QUOTED = re.compile(r"""["']([^"']+)["']""")
MODEL = re.compile(r"([a-z_]+)\.[A-Z]\w+")
Upward = tuple[str, str]


def find_upward(tree: Tree) -> dict[str, list[str]]:
    """By kind, each place with what it points to."""
    found: dict[str, set[str]] = {
        kind: set() for kind in ("imports", "templates", "foreign keys", "string keys", "url names")
    }
    owners = owners_of(tree)
    for path, module in tree.trees.items():
        if tree.is_product(path) and tree.room(path) in tree.storeys:
            for kind, line, room, what in look_up_in(tree, module, owners):
                if tree.is_upward(tree.room(path), room):
                    found[kind].add(f"{tree.name(path)}:{line} -> {what}")
    for path, text in tree.text.items():
        if tree.is_product(path):
            for kind, line, room, what in look_up_in_template(text, owners):
                if tree.is_upward(tree.room(path), room):
                    found[kind].add(f"{tree.name(path)}:{line} -> {what}")
    return {kind: sorted(lines) for kind, lines in found.items()}


def owners_of(tree: Tree) -> dict[tuple[str, str], str]:
    """(kind, name) -> room: templates, static files, libraries of tags, names of addresses."""
    owners = {}
    for path in tree.files:
        if not tree.is_product(path):
            continue
        parts = path.relative_to(tree.package).parts
        for folder in ("templates", "static"):
            if folder in parts[:-1]:
                owners[folder, "/".join(parts[parts.index(folder) + 1 :])] = parts[0]
        if "templatetags" in parts:
            owners["load", path.stem] = parts[0]
        if path.suffix == ".py" and "urls" in path.stem:
            for name in re.findall(r"""name=["']([\w-]+)["']""", path.read_text(encoding="utf-8")):
                owners.setdefault(("url", name), parts[0])
    return owners


def look_up_in(
    tree: Tree, module: ast.Module, owners: dict[tuple[str, str], str]
) -> Iterator[tuple[str, int, str, str]]:
    """What a module names: kind, line, room, thing."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in imported(tree, node):
                yield "imports", node.lineno, name.split(".")[1] if "." in name else "", name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if (model := MODEL.fullmatch(text)) and model[1] in tree.storeys:
                kind = "foreign keys" if is_in_key(node) else "string keys"
                yield kind, node.lineno, model[1], text
            elif text.startswith("xinmei.") and len(text.split(".")) > 2 and " " not in text:
                yield "string keys", node.lineno, text.split(".")[1], text
            elif ("templates", text) in owners:
                yield "templates", node.lineno, owners["templates", text], text
            elif ("url", text) in owners and is_reverse(node):
                yield "url names", node.lineno, owners["url", text], text


def is_in_key(node: ast.AST) -> bool:
    """Whether a string names the model of a foreign key."""
    call = next((one for one in walk_up(node) if isinstance(one, ast.Call)), None)
    return (
        call is not None
        and isinstance(call.func, ast.Attribute)
        and "Field" in call.func.attr + "Field"[: 5 * ("Key" in call.func.attr)]
    )


def is_reverse(node: ast.AST) -> bool:
    call = getattr(node, "parent", None)
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"reverse", "redirect", "reverse_lazy"}


def look_up_in_template(text: str, owners: dict[tuple[str, str], str]) -> Iterator[tuple[str, int, str, str]]:
    for tag in TAG.finditer(text):
        line = text.count("\n", 0, tag.start()) + 1
        if tag[1] == "load":
            for word in tag[2].split():
                if ("load", word) in owners:
                    yield "templates", line, owners["load", word], f"load {word}"
        elif quoted := QUOTED.search(tag[2]):
            folder = {"extends": "templates", "include": "templates", "url": "url"}.get(tag[1], "static")
            if (folder, quoted[1]) in owners:
                kind = "url names" if folder == "url" else "templates"
                yield kind, line, owners[folder, quoted[1]], f"{tag[1]} {quoted[1]}"


def imported(tree: Tree, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The modules of the house that a statement imports; what only a type checker reads is none."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xinmei"):
        below = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [name if is_module(tree, name) else str(node.module) for name in below]
    for name in dict.fromkeys(names):
        if name.split(".")[0] == "xinmei":
            yield name


def is_module(tree: Tree, name: str) -> bool:
    path = tree.root.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def is_for_types(node: ast.AST) -> bool:
    return any(isinstance(one, ast.If) and "TYPE_CHECKING" in ast.dump(one.test) for one in walk_up(node))


def find_circles(tree: Tree) -> list[list[str]]:
    """The strongly connected modules: each can be reached from each by imports, those inside of functions too."""
    graph: dict[str, set[str]] = {}
    for path, module in tree.trees.items():
        if tree.is_product(path):
            name = module_name(tree, path)
            nodes = [
                node
                for node in ast.walk(module)
                if isinstance(node, ast.Import | ast.ImportFrom) and not is_for_types(node)
            ]
            graph[name] = {target for node in nodes for target in imported(tree, node)} - {name}
    return sorted(sorted(part) for part in components(graph) if len(part) > 1)


def module_name(tree: Tree, path: Path) -> str:
    return ".".join(path.relative_to(tree.root).with_suffix("").parts).removesuffix(".__init__")


def components(graph: dict[str, set[str]]) -> list[set[str]]:
    """Strongly connected components (Kosaraju), without recursion."""
    order, seen = [], set[str]()
    for start in graph:
        stack = [(start, iter(graph[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            node, rest = stack[-1]
            following = next((one for one in rest if one in graph and one not in seen), None)
            if following is None:
                order.append(stack.pop()[0])
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    back: dict[str, set[str]] = {node: set() for node in graph}
    for node, targets in graph.items():
        for target in targets & graph.keys():
            back[target].add(node)
    parts, taken = [], set[str]()
    for start in reversed(order):
        part, waiting = set[str](), [start]
        while waiting:
            node = waiting.pop()
            if node not in taken:
                taken.add(node)
                part.add(node)
                waiting += back[node]
        if part:
            parts.append(part)
    return parts
