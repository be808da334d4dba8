"""What people write about a change of a reading."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.core.rulebook import readings
from xinmei.pages.fields import Fields, YesNo, day_field, text_field
from xinmei.people.doors import day_of
from xinmei.registry.readings.queries import readings_on


class ProposeFields(Fields):
    """Which reading is to be read how, from when, and why."""

    name = forms.ChoiceField(label="口径", widget=forms.HiddenInput)
    choice = forms.ChoiceField(label="改按", widget=forms.RadioSelect)
    starts_on = day_field("自", help_text="从这一天的检查起用；年度考核按当年最后一天有效的口径。")
    reason = text_field("理由", required=True, help_text="写明依据，如会议纪要、上级答复的文号。")

    def prepare(self) -> None:
        """The ways to read it; the page offers those that are not in force."""
        several = {name: one for name, one in readings().items() if len(one.choices) > 1}
        self.fields["name"].choices = [(name, one.title) for name, one in several.items()]  # type: ignore[attr-defined]
        name = str(self.raw("name") or self.initial.get("name") or "")
        if self.at is not None:
            self.initial.setdefault("starts_on", day_of(self.at))
        if name in several and self.at is not None:
            choices, now = several[name].choices, readings_on(day_of(self.at))[name]
            field: Any = self.fields["choice"]
            field.choices = list(choices.items())
            field.widget.choices = [(key, label) for key, label in choices.items() if key != now]
            said = f"没有“%(value)s”这种理解，可选：{'；'.join(choices.values())}"
            field.own_messages = {"invalid_choice": said}


class DecideFields(Fields):
    """Whether it is approved; a reason where it is sent back."""

    approve = YesNo("决定", "批准", "退回")
    why = text_field("意见", help_text="退回的要写。")

    def clean(self) -> dict[str, Any]:
        """Whoever proposed it learns why it came back."""
        data = super().clean() or {}
        if data.get("approve") is False and not data.get("why"):
            self.add_error("why", "退回要写明理由")
        return data
