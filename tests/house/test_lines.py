"""Nothing is too long: a line ends at 120 columns, a file at 300 lines, a function at 30.

A file or a function may be longer for a reason. The reasons stand in tools/figures/reasons.txt; a line has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", autouse=True)
def tools() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        yield


@pytest.fixture(scope="module")
def longer() -> dict[str, dict[str, int]]:
    """What is too long in this checkout, by kind: place and length."""
    from figures.sizes import measure
    from figures.tree import Tree

    return {kind: dict(rows) for kind, rows in measure(Tree(ROOT)).items()}


@pytest.fixture
def reasons() -> dict[str, str]:
    from figures.reasons import read_reasons

    return read_reasons(ROOT)


def test_no_line_is_longer_than_120_columns(longer):
    lines = longer["lines over 120 columns (a Chinese character takes two)"]
    assert not lines, "break these lines:\n" + "\n".join(lines)


def test_what_is_longer_than_a_file_or_a_function_should_be_has_its_reason(longer, reasons):
    bare = (longer["files over 300 lines"] | longer["functions over 30 lines"]).keys() - reasons.keys()
    assert not bare, "split these, or say why not in tools/figures/reasons.txt:\n" + "\n".join(sorted(bare))


def test_no_reason_is_left_that_nothing_needs(longer, reasons):
    idle = reasons.keys() - longer["files over 300 lines"].keys() - longer["functions over 30 lines"].keys()
    assert not idle, "short enough now, take these out of tools/figures/reasons.txt:\n" + "\n".join(sorted(idle))
