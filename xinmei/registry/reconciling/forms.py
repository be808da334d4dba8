"""What is given with an export, with its columns, and when a difference is settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from xinmei.core.upstream.rules import FIELDS
from xinmei.pages.fields import Fields, choice_field, text_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import reach_to_do
from xinmei.people.reach import reaches
from xinmei.registry.models import Account
from xinmei.registry.reconciling.doors import RIGHT
from xinmei.registry.reconciling.models import Difference, System
from xinmei.units.models import Unit

LARGEST = 50 << 20
ENDINGS = (".xlsx", ".csv")
LABELS = {
    "name": "账号名称",
    "platform": "平台",
    "type": "类型",
    "kind": "类型",
    "handle": "平台账号",
    "url": "链接",
    "unit": "主办单位",
    "verified": "是否认证",
    "verification": "认证信息",
    "status": "状态",
    "filed": "是否备案",
}
How, Kind = Difference.How, Difference.Kind
# What can be said of each kind.
CHOICES: Mapping[str, tuple[Difference.How, ...]] = {
    Kind.DIFFERENT: (How.OURS, How.THEIRS, How.NOT_SAME, How.IGNORE),
    Kind.NEAR: (How.OURS, How.THEIRS, How.NOT_SAME, How.IGNORE),
    Kind.EXTRA: (How.OURS, How.THEIRS, How.IGNORE),
    Kind.MISSING: (How.OURS, How.THEIRS, How.IGNORE),
}


class StartFields(Fields):
    """The export: of which system, and of which part of the register."""

    system = choice_field("哪个系统导出的", System.choices)
    file = forms.FileField(
        label="导出的表（.xlsx、.csv）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
        error_messages={"empty": "文件是空的，请核对后重选。"},
    )
    platform = choice_field("整份是哪个平台的", [("", "表里有平台一列"), *Account.Platform.choices], required=False)
    unit = code_field(
        "只核对哪个单位", "unit", help_text="写名称选，或写单位代码，连同下级单位；不写的，是本岗位范围内的全部单位。"
    )

    def clean_file(self) -> Any:
        """A workbook or a CSV file."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(f"选的是“{file.name}”，可用：.xlsx、.csv；旧的 .xls 请另存为 .xlsx。")
        if file.size > LARGEST:
            raise forms.ValidationError(f"“{file.name}”有 {file.size >> 20} MB，最大 {LARGEST >> 20} MB，请分成几份。")
        return file

    def clean_unit(self) -> Unit | None:
        """A unit within reach."""
        code = self.cleaned_data["unit"]
        if not code:
            return None
        unit = Unit.objects.filter(code=code).first()
        within = unit is not None and reaches(self.acting, reach_to_do(self.acting, RIGHT), unit.pk)
        if not within:
            raise forms.ValidationError(f"本岗位范围内没有代码为 {code} 的单位。")
        return unit

    def clean(self) -> dict[str, Any]:
        """An export of a platform says of which."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("system") == System.PLATFORM and not given.get("platform"):
            self.add_error("platform", "平台导出的表，选明是哪个平台。")
        return given


class MapFields(Fields):
    """Which column holds what."""

    name = choice_field("账号名称在哪一列", ())
    platform = choice_field("平台", (), required=False)
    type = choice_field("类型", (), required=False)
    handle = choice_field("平台账号", (), required=False)
    url = choice_field("链接", (), required=False)
    unit = choice_field("主办单位", (), required=False)
    verified = choice_field("是否认证", (), required=False)
    verification = choice_field("认证信息", (), required=False)
    status = choice_field("状态", (), required=False)
    filed = choice_field("是否备案", (), required=False)

    def prepare(self) -> None:
        """The headers of the sheet."""
        header = dict.fromkeys(cell for cell in (self.on.header if self.on is not None else ()) if cell)
        choices = [("", "没有这一列"), *((cell, cell) for cell in header)]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One column holds one thing, and beside the name there is one more."""
        given: dict[str, Any] = super().clean() or {}
        chosen = [header for header in given.values() if header]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError("同一列对应了两项；一列只能对应一项。")
        if not self.errors and not any(given.get(name) for name in FIELDS if name not in ("name", "status", "filed")):
            raise forms.ValidationError("只有名称认不出账号；平台、链接、平台账号、主办单位至少对应一列。")
        return given


class SettleFields(Fields):
    """Who is right; of what looks alike, which account it is."""

    how = choice_field("怎么处理", ())
    account = choice_field("就是哪个账号", (), required=False)
    why = text_field("理由", help_text="选“不用处理”的必须写。")

    def prepare(self) -> None:
        """What can be said of this kind."""
        if self.on is None:
            choices: tuple[Difference.How, ...] = tuple(How)
        else:
            choices = CHOICES[self.on.kind]
        named = [("", "请选择"), *((one.value, one.label) for one in choices)]
        self.fields["how"].choices = named  # type: ignore[attr-defined]
        if self.on is not None and self.on.kind != Kind.NEAR:
            del self.fields["account"]
        elif self.on is not None:
            near = Account.objects.filter(code__in=self.on.near).select_related("unit")
            alike = [(one.code, f"{one.name}（{one.unit}，{one.code}）") for one in near]
            self.fields["account"].choices = [("", "不是其中任何一个"), *alike]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """「ignore, why」; and what is the same is the same as something."""
        given: dict[str, Any] = super().clean() or {}
        how, code = given.get("how"), given.get("account") or ""
        if how == How.IGNORE and not given.get("why"):
            self.add_error("why", "选“不用处理”的，写明理由。")
        if self.on is not None and self.on.kind == Kind.NEAR and how in (How.OURS, How.THEIRS):
            if not code and len(self.on.near) == 1:
                code = self.on.near[0]
            if not code:
                self.add_error("account", "选明是哪一个账号；都不是的，选“不是同一个账号”。")
        given["account"] = Account.objects.filter(code=code).first() if code and how != How.NOT_SAME else None
        return given
