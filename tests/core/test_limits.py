"""The numbers that the code counts with come from the edition in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from xinmei.core.deadlines import longest_reply_term
from xinmei.core.rulebook import (
    RULES,
    RulebookError,
    UnknownSet,
    limits,
    originals_owed,
    points_for_late_rectification,
    points_for_one_failed,
    silence,
    silence_marks,
    silence_warning,
)

DAY = date(2026, 5, 12)
FILE = "silence.2021-06-20.yaml"


def test_the_numbers_of_2021():
    assert silence(DAY) == timedelta(days=14)
    assert originals_owed(DAY) == 50
    assert points_for_late_rectification(DAY) == Decimal(5)
    assert points_for_one_failed(DAY) == Decimal(50)
    assert longest_reply_term() == timedelta(hours=48)
    assert silence_marks(DAY) == (5, 10, 12)
    assert silence_warning(DAY) == timedelta(days=10)


@pytest.mark.parametrize("number", [silence, originals_owed, points_for_late_rectification, silence_marks])
def test_before_the_first_edition_there_is_no_number(number):
    with pytest.raises(UnknownSet):
        number(date(2021, 6, 19))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Rules of one's own, read as those in force."""
    (tmp_path / "reminders").mkdir()
    monkeypatch.setattr(limits, "RULES", tmp_path)
    limits._reminding.cache_clear()
    yield tmp_path / "reminders"
    limits._reminding.cache_clear()


def test_a_later_edition_holds_from_its_day(folder):
    text = (RULES / "reminders" / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text, encoding="utf-8")
    later = text.replace("in_force: 2021-06-20", "in_force: 2027-01-01").replace(
        "marks: [5, 10, 12]", "marks: [10, 12]"
    )
    (folder / "silence.2027-01-01.yaml").write_text(later, encoding="utf-8")
    assert silence_marks(date(2026, 12, 31)) == (5, 10, 12)
    assert silence_marks(date(2027, 1, 1)) == (10, 12)


@pytest.mark.parametrize(
    ("found", "put", "says"),
    [
        ("[5, 10, 12]", "[12, 10, 5]", "从小到大"),
        ("warn: 10", "warn: 9", "warn"),
        ("silent: 12", "silent: 11", "hit"),
        ("silent: 11", "silent: 12", "near_miss"),
    ],
)
def test_a_broken_table_is_refused(folder, found, put, says):
    text = (RULES / "reminders" / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_text(text.replace(found, put), encoding="utf-8")
    with pytest.raises(RulebookError, match=says):
        silence_marks(DAY)
