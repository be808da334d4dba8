"""What is written into a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, choice_field, line_field, text_field
from xinmei.people.doors import reach_to_do
from xinmei.people.reach import reach_q
from xinmei.publishing.columns.models import ColumnTemplate
from xinmei.publishing.columns.starting import SIGNS
from xinmei.registry.models import Account

_SIGN = re.compile(r"\{[^{}]*\}")
_WORDS = ("title", "opening", "fixed", "signed")


class TemplateFields(Fields):
    """The words of one column of one account. What JSON does not name stays."""

    account = choice_field("账号", [])
    column = line_field(
        "栏目", required=True, longest=50, help_text="如：天气提示、办事提醒。一个账号的一个栏目一个模板。"
    )
    title = line_field("标题的写法", help_text="用 {年}、{月}、{日}、{星期} 代写稿那天，如：天气提示｜{月}月{日}日。")
    opening = text_field("开头", longest=2_000)
    fixed = text_field("固定的段落", longest=5_000, help_text="每篇都有的话，如咨询电话、办理地址。")
    signed = line_field("落款", help_text="供稿科室等；拟稿人、审核人、审签人由系统在签发时署。")
    cover = line_field("封面提示", help_text="写稿时显示在旁边，如：用蓝底单位标识，900×383。")

    def prepare(self) -> None:
        """The accounts of one's own unit in service."""
        self.offered: dict[str, Account] = {}
        if self.acting is not None:
            mine = reach_q(self.acting, reach_to_do(self.acting, "write_draft"))
            rows = Account.objects.filter(mine, status__in=Account.SERVING).order_by("code")
            self.offered = {row.code: row for row in rows}
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (code, f"{row.name}（{row.get_platform_display()}）") for code, row in self.offered.items()
        ]

    def standing(self) -> Mapping[str, Any]:
        """What the template has."""
        template: ColumnTemplate | None = self.on
        if template is None:
            return {}
        return {"account": template.account.code} | {
            name: getattr(template, name) for name in (*_WORDS, "column", "cover")
        }

    def clean_account(self) -> Account:
        """The account itself."""
        return self.offered[self.cleaned_data["account"]]

    def clean(self) -> dict[str, Any]:
        """Only the signs that are known; and something to begin with."""
        given: dict[str, Any] = super().clean() or {}
        for name in _WORDS:
            unknown = [sign for sign in _SIGN.findall(given.get(name) or "") if sign not in SIGNS]
            if unknown:
                self.add_error(name, f"不认得“{unknown[0]}”：只能用 {'、'.join(SIGNS)}。")
        if self.on is None and not self.errors and not any(given.get(name) for name in _WORDS):
            raise forms.ValidationError("标题的写法、开头、固定的段落、落款至少写一样。")
        return given
