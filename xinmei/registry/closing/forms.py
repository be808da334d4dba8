"""What is said when an account is kept, a case is opened, a case is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.pages.fields import REQUIRED, Fields, NumberOf, choice_field, day_field, line_field, text_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of
from xinmei.registry.closing.models import Case
from xinmei.registry.doors import accounts_seen_within
from xinmei.registry.models import Account, Report
from xinmei.units.models import Unit


class _UntilADay(Fields):
    """A day that has not gone by."""

    def _to_come(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if self.at is not None and day < day_of(self.at):
            raise forms.ValidationError(f"写的是 {day}，已经过了；应是 {day_of(self.at)} 或以后的一天。")
        return day

    def _account(self, code: str) -> Account:
        seen = accounts_seen_within(self.acting, "register_contact").select_related("unit")
        account = seen.filter(code=code).first()
        if account is None:
            raise forms.ValidationError(f"您的岗位范围内没有编号为 {code} 的账号。")
        return account


class KeepFields(_UntilADay):
    """Which account stays, why, until when."""

    account = code_field("账号", "account", required=True, help_text="写名称选，或写账号编号。")
    reason = text_field("理由", required=True, help_text="为什么不合并、不关停。")
    until = day_field("到哪天", help_text="最后一天；过了再列出来。")

    def clean_account(self) -> Account:
        """One in service, within reach."""
        account = self._account(self.cleaned_data["account"])
        if account.status not in Account.SERVING:
            raise forms.ValidationError(f"账号 {account.code} {account.get_status_display()}，没有什么要保留的。")
        return account

    def clean_until(self) -> date:
        """A day to come."""
        return self._to_come("until")


class OpenFields(_UntilADay):
    """What was found, and who must bring it to an end by when."""

    kind = choice_field("情形", Case.About.choices)
    account = code_field("账号", "account", help_text="写名称选，或写账号编号；未登记的账号不写。")
    about = line_field("未登记的是哪个账号", help_text="平台、名称、链接。", longest=500)
    unit = code_field("责任单位", "unit", help_text="写名称选，或写单位代码；不写的是账号的主办单位。")
    due_on = day_field("到哪天")
    report = NumberOf(
        label="公众纠错",
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="公众反映的，写纠错的编号。",
    )
    note = text_field("怎样发现的", required=True)

    def clean_account(self) -> Account | None:
        """One that is registered."""
        code: str = self.cleaned_data["account"]
        return self._account(code) if code else None

    def clean_unit(self) -> Unit | None:
        """The unit of that code."""
        code: str = self.cleaned_data["unit"]
        unit = Unit.objects.filter(code=code).first() if code else None
        if code and unit is None:
            raise forms.ValidationError(f"没有代码为 {code} 的单位。")
        return unit

    def clean_report(self) -> Report | None:
        """The report of that number."""
        number: str = self.cleaned_data["report"]
        if not number:
            return None
        found = Report.objects.filter(pk=number).first() if number.isascii() and number.isdigit() else None
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的纠错。")
        return found

    def clean_due_on(self) -> date:
        """A day to come."""
        return self._to_come("due_on")

    def clean(self) -> dict[str, Any]:
        """An unregistered account is described, any other named; the unit is the host where none is named."""
        given: dict[str, Any] = super().clean() or {}
        kind, account = given.get("kind"), given.get("account")
        is_unregistered = kind == Case.About.UNREGISTERED
        if is_unregistered and account is not None:
            self.add_error("account", f"账号 {account.code} 已经登记；未登记的在下面写明是哪个。")
        elif is_unregistered and not given.get("about"):
            self.add_error("about", REQUIRED)
        elif kind and not is_unregistered and account is None and "account" not in self.errors:
            self.add_error("account", REQUIRED)
        if given.get("unit") is None and account is not None:
            given["unit"] = account.unit
        if given.get("unit") is None and not self.errors:
            self.add_error("unit", REQUIRED)
        return given


class CloseFields(Fields):
    """How it ended."""

    outcome = choice_field("结果", Case.Outcome.choices)
    note = text_field("说明", required=True)
