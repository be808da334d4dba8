"""What is said of a source."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, choice_field, day_field, line_field
from xinmei.people.doors import day_of
from xinmei.publishing.sources.models import ApprovedSource


class AddFields(Fields):
    """Its name as reposts give it, who approved it, since when (`from`)."""

    name = line_field("名称", required=True, help_text="转载时标注的名称，一次一个。")
    level = choice_field("层级", ApprovedSource.Level.choices)
    allowed_by = line_field("谁确定的", required=True, help_text="单位和文件，如：省委网信办《……》。", longest=500)
    # `from` is a word of the language.
    locals()["from"] = day_field("自哪天起")


class EndFields(Fields):
    """The last day."""

    on = day_field("到哪天为止", help_text="这一天结束前仍可转载。")

    def clean_on(self) -> date:
        """Not before it began, and not a day to come."""
        on: date = self.cleaned_data["on"]
        source: Any = self.on
        if on < source.starts_on:
            raise forms.ValidationError(f"写的是 {on}，{source.starts_on} 才列入；应是那天或以后的一天。")
        if self.at is not None and on > day_of(self.at):
            raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        return on
