"""The words that a draft begins with."""

from __future__ import annotations

from datetime import date

from xinmei.publishing.columns.models import ColumnTemplate

_WEEKDAYS = "一二三四五六日"
# What a title, or an opening, may leave to the day: the sign, and what stands for it.
SIGNS = ("{年}", "{月}", "{日}", "{星期}")


def fill(words: str, day: date) -> str:
    """The words with the day in them."""
    values = (str(day.year), str(day.month), str(day.day), _WEEKDAYS[day.weekday()])
    for sign, value in zip(SIGNS, values, strict=True):
        words = words.replace(sign, value)
    return words


def begin_with(template: ColumnTemplate, day: date) -> dict[str, str]:
    """What the form of a new draft is filled in with."""
    parts = (template.opening, template.fixed, template.signed)
    text = "\n".join(fill(part, day) for part in parts if part)
    return {"accounts": template.account.code, "title": fill(template.title, day), "text": text}
