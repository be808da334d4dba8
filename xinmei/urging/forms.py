"""What people write about a work order."""

from __future__ import annotations

from django import forms

from xinmei.pages.fields import Fields, line_field, text_field
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.models import Finding


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


class AnswerFields(Fields):
    """What the unit did about a work order."""

    text = text_field("办理情况", required=True, help_text="写明做了什么、什么时候做的。")


class CloseFields(Fields):
    """It was done."""

    note = text_field("说明")


class ReturnFields(Fields):
    """It was not done."""

    note = text_field("说明", required=True, help_text="退回督办要写明哪里没有办到。")
