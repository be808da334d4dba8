"""Which names are approved 稿源单位: those in rules/sources, and those added by `source.add`."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SOURCES = Path(__file__).parents[2] / "rules" / "sources"


@cache
def groups() -> list[dict[str, Any]]:
    files = sorted(SOURCES.glob("*.yaml"))
    return [group for file in files for group in yaml.safe_load(file.read_text(encoding="utf-8")).get("groups", [])]


def in_rules(name: str, day: date) -> bool:
    for group in groups():
        if day < group.get("from", date.min) or day > group.get("to", date.max):
            continue
        if name in group.get("names", []) or any(re.fullmatch(p, name) for p in group.get("patterns", [])):
            return True
    return False
