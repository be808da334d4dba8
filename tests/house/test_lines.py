"""A line ends at 120 columns: templates, style sheets, own scripts, and the Python that is finished."""

from __future__ import annotations

import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WIDTH = 120
# Of others, as they gave it.
VENDOR = "xinmei/pages/static/vendor/"
# To be widened to `**/*.py` when the other rooms are laid out.
PYTHON = (
    "xinmei/pages/**/*.py",
    "xinmei/desk/*.py",
    "xinmei/desk/views/*.py",
    "xinmei/*/alarms.py",
    "xinmei/*/badges.py",
    "xinmei/*/context.py",
    "xinmei/*/duties.py",
    "xinmei/*/navigation.py",
    "xinmei/*/search.py",
    "xinmei/*/templatetags/*.py",
    "tests/house/test_lines.py",
    "tests/house/test_storeys.py",
)
# File and why a line of it cannot be broken.
LONGER: dict[str, str] = {}


def columns(line: str) -> int:
    """The width of a line on a screen; a Chinese character takes two columns, as for ruff."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def test_no_line_is_longer_than_120_columns():
    files = {
        path for pattern in ("xinmei/**/*.html", "xinmei/**/*.css", "xinmei/**/*.js") for path in ROOT.glob(pattern)
    }
    files |= {path for pattern in PYTHON for path in ROOT.glob(pattern)}
    longer = []
    for path in sorted(files):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(VENDOR) or name in LONGER:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if columns(line) > WIDTH:
                longer.append(f"{name}:{number} {columns(line)}")
    assert not longer, "\n".join(longer)


def test_what_is_excused_is_there():
    assert all((ROOT / name).is_file() and why for name, why in LONGER.items())
