"""The glossary tells the truth: each identifier stands in the room that the glossary names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    (word, room)
    for line in (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.count("`") >= 4
    for words, room in [line.strip("| ").rsplit(" | ", 1)]
    for word in re.findall(r"`(\w+)`", words)
]


def _text_of(room: str) -> str:
    folder = ROOT / room.strip("`")
    if not folder.is_dir():
        folder = ROOT / "xinmei" / room.strip("`")
    files = [
        path
        for kind in ("*.py", "*.yaml")
        for path in folder.rglob(kind)
        if "tests" not in path.parts[len(ROOT.parts) :]
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_the_glossary_has_words():
    assert len(ROWS) > 60


@pytest.mark.parametrize("room", sorted({room for _, room in ROWS}))
def test_every_word_of_the_glossary_stands_in_its_room(room):
    text = _text_of(room)
    assert [word for word, place in ROWS if place == room and not re.search(rf"\b{word}\b", text)] == []
