"""Which account's feed, and where it is."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.pages.fields import Fields, line_field
from xinmei.pages.picking import code_field
from xinmei.registry.models import Account


class ReadFields(Fields):
    """An account, by its code."""

    account = code_field("账号编号", "account", required=True, help_text="写名称选，或写账号编号。")

    def clean_account(self) -> str:
        """One that is in the register."""
        code: str = self.cleaned_data["account"]
        if not Account.objects.filter(code=code).exists():
            raise forms.ValidationError(f"没有账号 {code}，请核对账号编号。")
        return code


class SetFields(ReadFields):
    """The address at which its posts are read."""

    address: Any = line_field("RSS/Atom 网址", required=True, longest=2000)
