"""The handbook shows every picture in its folder, describes each, and links to nothing that is missing.

The pictures stay small.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
HANDBOOK = ROOT / "docs" / "handbook"


def test_every_picture_is_shown_with_its_words_and_none_is_missing() -> None:
    shown = set()
    for page in (ROOT / "README.md", *HANDBOOK.glob("*.md")):
        for words, address in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text("utf-8")):
            assert words, (page.name, address)
            shown.add((page.parent / address).resolve())
    assert shown == {path.resolve() for path in HANDBOOK.glob("pictures/*.png")}


def test_the_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in HANDBOOK.glob("pictures/*.png")]
    assert max(sizes) <= 150 * 1024
    assert sum(sizes) <= 3 * 1024 * 1024
