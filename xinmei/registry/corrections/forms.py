"""What the public says is wrong, and the answer."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.pages.fields import Fields, line_field, text_field
from xinmei.registry.models import Account


class MakeFields(Fields):
    """About an account of the register, or about something that is in none."""

    account = line_field("登记的账号编号")
    about = line_field("关于哪个账号或网页", help_text="名称、平台、链接，知道的都写上。", longest=500)
    text = text_field("哪里不对", required=True, help_text="请不要写与此无关的个人信息。", longest=1000)
    contact = line_field("您的联系方式", help_text="可以不写。写了也只用于核实，不公开。")

    def clean_account(self) -> Account | None:
        """The account of that code."""
        code = self.cleaned_data["account"]
        if not code:
            return None
        found = Account.objects.filter(code=code).select_related("unit").first()
        if found is None:
            raise forms.ValidationError(f"登记中没有编号为 {code} 的账号。")
        return found

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        given: dict[str, Any] = super().clean() or {}
        named = [name for name in ("account", "about") if self.raw(name)]
        if not named:
            self.add_error("about", "请写明关于哪个账号或网页。")
        elif len(named) == 2:
            self.add_error("about", "已经写了登记的账号，这一项不用写。")
        return given


class AnswerFields(Fields):
    """What was found, and what was done."""

    text = text_field("答复", required=True, help_text="提出的人凭回执看到这些话。")
