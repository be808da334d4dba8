"""Files, functions and lines that are longer than the house likes."""

from __future__ import annotations

import ast
from pathlib import Path
from unicodedata import east_asian_width

from figures.tree import Tree

FILE, FUNCTION, LINE = 300, 30, 120
OWN = {".py", ".html", ".css", ".js"}


def measure(tree: Tree) -> dict[str, list[tuple[str, int]]]:
    """Each that is too long, with its length, the longest first. A function is `path:name`, a line `path:number`."""
    found: dict[str, list[tuple[str, int]]] = {
        "files over 300 lines": [],
        "functions over 30 lines": [],
        "lines over 120 characters": [],
        "lines over 120 columns (a Chinese character takes two)": [],
    }
    files, functions, lines, wide = found.values()
    for path in tree.files:
        if path.suffix not in OWN or is_foreign(path):
            continue
        name, text = tree.name(path), path.read_text(encoding="utf-8").splitlines()
        if len(text) > FILE:
            files.append((name, len(text)))
        for number, line in enumerate(text, 1):
            if len(line) > LINE:
                lines.append((f"{name}:{number}", len(line)))
            if (width := columns(line)) > LINE:
                wide.append((f"{name}:{number}", width))
    for path, module in tree.trees.items():
        if is_foreign(path):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION:
                    functions.append((f"{tree.name(path)}:{node.name}", length))
    return {kind: sorted(rows, key=lambda row: (-row[1], row[0])) for kind, rows in found.items()}


def is_foreign(path: Path) -> bool:
    """Written by a machine or by others."""
    return path.name.endswith((".min.js", ".min.css")) or {"migrations", "vendor"} & set(path.parts) != set()


def columns(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if east_asian_width(char) in "WF" else 1 for char in line)
