"""What people write about a work order."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.pages.fields import Fields, line_field, text_field
from xinmei.registry.doors import accounts_seen_within
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.models import Finding
from xinmei.supervision.queries import with_last_update
from xinmei.urging.doors import orders_visible_to
from xinmei.urging.models import WorkOrder


class IssueFields(Fields):
    """What is urged."""

    finding = line_field("问题", required=True, help_text="问题的编号。", longest=18)

    def clean_finding(self) -> Finding:
        """The finding, among those that exist for who acts."""
        number = self.cleaned_data["finding"]
        rows = findings_visible_to(self.acting)
        found = rows.filter(pk=number).first() if number.isascii() and number.isdigit() else None
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的问题。")
        return found


class NudgeFields(Fields):
    """Of what the unit is reminded: one of the three."""

    order = line_field("督办", help_text="督办的编号。", longest=18)
    finding = line_field("问题", help_text="问题的编号。", longest=18)
    account = line_field("账号", help_text="将断更的账号的编号。")
    note = line_field("附言", help_text="可以不写。", longest=300)

    def clean_order(self) -> WorkOrder | None:
        """The order, among those that exist for who acts."""
        return self._one("order", orders_visible_to(self.acting).select_related("unit"), "督办")

    def clean_finding(self) -> Finding | None:
        """The finding, likewise."""
        rows = findings_visible_to(self.acting).select_related("account", "unit")
        return self._one("finding", rows.exclude(status=Finding.Status.SUSPECTED), "问题")

    def clean_account(self) -> Any:
        """The account with its last update, likewise."""
        assert self.at is not None
        rows = with_last_update(accounts_seen_within(self.acting).select_related("unit"), self.at)
        return self._one("account", rows, "账号")

    def _one(self, name: str, rows: Any, label: str) -> Any:
        number = self.cleaned_data[name]
        if not number:
            return None
        key = "code" if name == "account" else "pk"
        fits = key == "code" or (number.isascii() and number.isdigit())
        found = rows.filter(**{key: number}).first() if fits else None
        if found is None:
            raise forms.ValidationError(f"没有编号为 {number} 的{label}。")
        return found

    def clean(self) -> dict[str, Any]:
        """Exactly one thing."""
        given = super().clean() or {}
        named = [name for name in ("order", "finding", "account") if self.raw(name)]
        if len(named) != 1:
            raise forms.ValidationError("写明提醒哪一件：督办、问题、账号三项中写一项。")
        return given


class AnswerFields(Fields):
    """What the unit did about a work order."""

    text = text_field("办理情况", required=True, help_text="写明做了什么、什么时候做的。")


class CloseFields(Fields):
    """It was done."""

    note = text_field("说明")


class ReturnFields(Fields):
    """It was not done."""

    note = text_field("说明", required=True, help_text="退回督办要写明哪里没有办到。")
