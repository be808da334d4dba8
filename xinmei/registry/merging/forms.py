"""Into which unit, on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, day_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of
from xinmei.units.models import Unit


class MergeFields(Fields):
    """The unit that takes everything over."""

    into = code_field("并入哪个单位", "unit", required=True, help_text="写名称选，或写单位代码。")
    on = day_field("自哪天起", help_text="从这一天起，账号、备案、稿件、留言和岗位归并入的单位。")

    def clean_into(self) -> Unit:
        """Another unit that still is one, and does not lie below the one that goes."""
        code = self.cleaned_data["into"]
        unit: Any = self.on
        into = Unit.objects.filter(code=code).first()
        if into is None:
            raise forms.ValidationError(f"没有代码为 {code} 的单位。")
        if into.pk == unit.pk:
            raise forms.ValidationError("不能并入自己。")
        if into.merged_into_id is not None:
            raise forms.ValidationError(f"{into} 已经并入别的单位，请写并入后的单位。")
        if into.path.startswith(unit.path):
            raise forms.ValidationError(f"{into} 在{unit}之下，不能把上级并入下级。")
        # 「不得以单位内设机构名义开设政务新媒体」
        if into.kind == Unit.Kind.INTERNAL_OFFICE and unit.accounts.exists():
            raise forms.ValidationError(f"{into} 是内设机构；不得以单位内设机构名义开设政务新媒体。")
        return into

    def clean_on(self) -> date:
        """Not a day to come."""
        on: date = self.cleaned_data["on"]
        if self.at is not None and on > day_of(self.at):
            raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        return on
