"""Into which unit, under which name, on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, day_field, line_field, lines_field, text_field
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
        if into.dissolved_on is not None:
            raise forms.ValidationError(f"{into} {into.dissolved_on} 已经撤销。")
        if into.path.startswith(unit.path):
            raise forms.ValidationError(f"{into} 在{unit}之下，不能把上级并入下级。")
        # 「不得以单位内设机构名义开设政务新媒体」
        if into.kind == Unit.Kind.INTERNAL_OFFICE and unit.accounts.exists():
            raise forms.ValidationError(f"{into} 是内设机构；不得以单位内设机构名义开设政务新媒体。")
        return into

    def clean_on(self) -> date:
        """Not a day to come."""
        return not_to_come(self)


def not_to_come(form: Fields) -> date:
    """The day on which it was done. Raises ValidationError for one that has not come."""
    on: date = form.cleaned_data["on"]
    if form.at is not None and on > day_of(form.at):
        raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(form.at)} 或以前的一天。")
    return on


class RenameFields(Fields):
    """The name from a day on."""

    name = line_field("新的名称", required=True, longest=500)
    short_names = lines_field("简称", help_text="一行一个；认证信息、账号名称里这样写也算。")
    on = day_field("自哪天起", help_text="这一天以前的结果保留原来的名称。")

    def standing(self) -> dict[str, Any]:
        """The short names that stand."""
        unit: Any = self.on
        return {"short_names": list(unit.short_names)} if unit is not None else {}

    def clean_name(self) -> str:
        """A name that no other unit has."""
        name: str = self.cleaned_data["name"]
        unit: Any = self.on
        gone = {"merged_into__isnull": True, "dissolved_on__isnull": True}
        if other := Unit.objects.filter(name=name, **gone).exclude(pk=unit.pk).first():
            raise forms.ValidationError(f"单位 {other.code} 也叫这个名称。")
        return name

    def clean_on(self) -> date:
        """Not a day to come."""
        return not_to_come(self)


class DissolveFields(Fields):
    """Since when, and by what."""

    on = day_field("自哪天起", help_text="从这一天起，岗位终止；以前的结果保留。")
    reason = text_field("依据", required=True, help_text="机构改革文件或者批复。")

    def clean_on(self) -> date:
        """Not a day to come."""
        return not_to_come(self)
