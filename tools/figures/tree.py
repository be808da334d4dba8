"""A checkout as files, syntax trees and rooms."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

# Lowest first; rooms on one storey do not look at each other. design.md, "Who may look at whom".
STOREYS: tuple[tuple[str, ...], ...] = (
    ("core", "fetching"),
    ("pages",),
    ("units",),
    ("people",),
    ("jobs",),
    ("acts",),
    ("packs", "notices", "upkeep"),
    ("registry",),
    ("publishing", "interaction"),
    ("screening",),
    ("supervision",),
    ("urging",),
    ("assessment",),
    ("reports",),
    ("meetings",),
    ("desk", "collectors"),
    ("commands",),
)
# Frame of the project: these name all rooms by trade.
FRAME = {"settings", "urls", "wsgi", "asgi", "__main__", "__init__"}
SKIPPED = {".git", ".venv", "build", "node_modules", "__pycache__", "var"}


class Tree:
    """One checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.package = self.root / "xinmei"

    @cached_property
    def files(self) -> list[Path]:
        """Every file, in order."""
        found = []
        for folder, below, names in os.walk(self.root):
            below[:] = [name for name in below if name not in SKIPPED]
            found += [Path(folder, name) for name in names if name not in SKIPPED]
        return sorted(path for path in found if path.is_file())

    @cached_property
    def trees(self) -> dict[Path, ast.Module]:
        """Every Python file parsed; each node knows its `parent`."""
        trees = {}
        for path in self.files:
            if path.suffix == ".py":
                trees[path] = tree = ast.parse(path.read_text(encoding="utf-8"))
                for node in ast.walk(tree):
                    for child in ast.iter_child_nodes(node):
                        child.parent = node  # type: ignore[attr-defined]
        return trees

    @cached_property
    def text(self) -> dict[Path, str]:
        """Every template."""
        return {path: path.read_text(encoding="utf-8") for path in self.files if path.suffix == ".html"}

    def name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def is_test(self, path: Path) -> bool:
        return "tests" in path.relative_to(self.root).parts or path.name == "conftest.py"

    def is_product(self, path: Path) -> bool:
        """Part of the package; neither a test nor a migration."""
        return path.is_relative_to(self.package) and not self.is_test(path) and "migrations" not in path.parts

    def room(self, path: Path) -> str:
        """The room that a file of the package lies in."""
        return path.relative_to(self.package).parts[0].removesuffix(".py")

    @cached_property
    def storeys(self) -> dict[str, int]:
        """The storey of each room. Before there was `packs`, `screening` held it; `listings` belongs to `pages`."""
        storeys = {room: place for place, rooms in enumerate(STOREYS) for room in rooms}
        if not (self.package / "packs").exists():
            storeys["screening"] = storeys["packs"]
        storeys["listings"] = storeys["pages"]
        return storeys

    def is_upward(self, room: str, to: str) -> bool:
        """Whether `room` may not look at `to`: it lies higher, or beside it."""
        if room == to or FRAME & {room, to} or not {room, to} <= self.storeys.keys():
            return False
        return self.storeys[to] >= self.storeys[room] and not {room, to} <= {"core", "fetching"}


def walk_up(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around a node, the nearest first."""
    while node := getattr(node, "parent", None):  # type: ignore[assignment]
        yield node


def role_of(node: ast.AST) -> str:
    """What a node stands in: the outermost function, or the table at the top of the module that it is part of."""
    role = ""
    for around in walk_up(node):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            role = around.name
        elif isinstance(around, ast.Assign | ast.AnnAssign) and isinstance(getattr(around, "parent", None), ast.Module):
            target = around.targets[0] if isinstance(around, ast.Assign) else around.target
            role = target.id if isinstance(target, ast.Name) else role
    return role or "module"


def is_docstring(node: ast.AST) -> bool:
    return isinstance(getattr(node, "parent", None), ast.Expr)
