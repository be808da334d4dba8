"""Forms of people and positions."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from xinmei.people.models import Person, Position, PositionHeld
from xinmei.people.rights import GIVEN_BY_UNIT_ADMIN
from xinmei.units.models import Unit

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # the one form that a browser fills in beforehand


class StyledForm(forms.Form):
    """Fields that look as everywhere on the desk."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field.widget, forms.Select) else "form-control"


class PersonForm(StyledForm):
    """Somebody new."""

    login = forms.CharField(label="登录名", max_length=150, help_text="字母、数字、点、横线，不含空格")
    name = forms.CharField(label="姓名", max_length=100)
    phone = forms.CharField(label="电话", max_length=50, required=False)
    email = forms.EmailField(label="邮箱", max_length=254, required=False)

    def clean_login(self) -> str:
        """No blanks and nothing that looks like another name."""
        login: str = self.cleaned_data["login"].strip()
        if not re.fullmatch(r"[\w.@+-]+", login):
            raise forms.ValidationError(f"登录名写的是“{login}”，可用字母、数字、汉字和 . @ + - _")
        return login


class SpanForm(StyledForm):
    """From when, and until which last day."""

    starts_on = forms.DateField(label="起", widget=_DAY)
    ends_on = forms.DateField(label="止（最后一天，可不填）", required=False, widget=_DAY)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", f"止日 {cleaned['ends_on']} 早于起日 {cleaned['starts_on']}")
        return cleaned


class GiveForm(SpanForm):
    """A position of the own unit, by the unit's administrator."""

    post = forms.ChoiceField(
        label="岗位", choices=[(position.value, position.label) for position in GIVEN_BY_UNIT_ADMIN]
    )
    field_order = ("post", "starts_on", "ends_on")


class EndForm(StyledForm):
    """The last day of a position."""

    ends_on = forms.DateField(label="最后一天（写昨天即刻终止）", widget=_DAY)


class ProposeForm(SpanForm):
    """Any other position, by proposal."""

    unit = forms.CharField(label="单位（代码或名称）", max_length=500)
    post = forms.ChoiceField(
        label="岗位",
        choices=[(position.value, position.label) for position in Position if position not in GIVEN_BY_UNIT_ADMIN],
    )
    reason = forms.CharField(label="理由", max_length=500)
    field_order = ("unit", "post", "starts_on", "ends_on", "reason")

    def clean_unit(self) -> Unit:
        """By code, else by the whole name."""
        text = self.cleaned_data["unit"].strip()
        found = Unit.objects.filter(code=text).first() or Unit.objects.filter(name=text).first()
        if found is None:
            raise forms.ValidationError(f"没有代码或名称为“{text}”的单位")
        return found


class ProposeEndForm(EndForm):
    """The end of any other position, by proposal."""

    reason = forms.CharField(label="理由", max_length=500)


class StandInForm(SpanForm):
    """代: who of the same unit, from–to."""

    person = forms.ModelChoiceField(label="代行人（本单位在岗人员）", queryset=Person.objects.none())
    ends_on = forms.DateField(label="止（最后一天）", widget=_DAY)
    field_order = ("person", "starts_on", "ends_on")

    def __init__(self, *args: Any, held: PositionHeld, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues_of(held)


class HandOverForm(StyledForm):
    """交接: who takes over."""

    person = forms.ModelChoiceField(label="接手人（本单位人员）", queryset=Person.objects.none())

    def __init__(self, *args: Any, held: PositionHeld, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues_of(held)


def colleagues_of(held: PositionHeld) -> Any:
    """People who hold a position at the same unit."""
    there = PositionHeld.objects.filter(unit=held.unit_id).values("person")
    return Person.objects.filter(pk__in=there, is_active=True).exclude(pk=held.person_id)
