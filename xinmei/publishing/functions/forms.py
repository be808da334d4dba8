"""What is said of a function."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.core.functions import function_kinds
from xinmei.core.links import LONGEST, host_of
from xinmei.pages.fields import Fields, choice_field, day_field, line_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of
from xinmei.registry.doors import accounts_seen_within
from xinmei.registry.models import Account


class AddFields(Fields):
    """Which account offers what, and where."""

    account = code_field("账号", "account", required=True, help_text="写名称选，或写账号编号。")
    name = line_field("功能名称", required=True, help_text="菜单或链接上写的名称。", longest=500)
    kind = choice_field("种类", function_kinds)
    url = line_field("链接", required=True, help_text="点开以后的地址，http:// 或 https:// 开头。", longest=LONGEST)

    def clean_account(self) -> Account:
        """One in service, within reach."""
        code: str = self.cleaned_data["account"]
        account = accounts_seen_within(self.acting, "posts").select_related("unit").filter(code=code).first()
        if account is None:
            raise forms.ValidationError(f"您的岗位范围内没有编号为 {code} 的账号。")
        if account.status not in Account.SERVING:
            raise forms.ValidationError(f"账号 {code} {account.get_status_display()}，不再提供功能。")
        return account

    def clean_url(self) -> str:
        """An address that can be asked for."""
        url: str = self.cleaned_data["url"]
        if not host_of(url):
            raise forms.ValidationError(f"“{url[:80]}”不是网址；应以 http:// 或 https:// 开头。")
        return url


class EndFields(Fields):
    """The last day."""

    on = day_field("到哪天为止", help_text="这一天以后不再查看。")

    def clean_on(self) -> date:
        """Not before it began, and not a day to come."""
        on: date = self.cleaned_data["on"]
        function: Any = self.on
        if on < function.starts_on:
            raise forms.ValidationError(f"写的是 {on}，{function.starts_on} 才登记；应是那天或以后的一天。")
        if self.at is not None and on > day_of(self.at):
            raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        return on


class OutageFields(Fields):
    """From which day to which, and where the public was told."""

    locals()["from"] = day_field("自哪天起")
    to = day_field("到哪天为止")
    where = line_field("在哪里公告", required=True, help_text="公告的链接，或写明在哪个账号、哪一天发的。", longest=500)

    def clean(self) -> dict[str, Any]:
        """Not the wrong way round."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("from"), said.get("to")
        if first and last and last < first:
            self.add_error("to", f"写的是 {last}，在开始的 {first} 以前；应是那天或以后的一天。")
        return said
