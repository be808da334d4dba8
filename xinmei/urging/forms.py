"""What people write about a work order."""

from __future__ import annotations

from django import forms

from xinmei.pages.fields import text_field


class AnswerOrderForm(forms.Form):
    """What the unit did about a work order."""

    text = text_field("办理情况", required=True, help_text="写明做了什么、什么时候做的。")


class DecideOrderForm(forms.Form):
    """Whether a work order is done."""

    done = forms.ChoiceField(
        label="核对结果",
        choices=[("yes", "已经办到，办结"), ("no", "没有办到，退回")],
        widget=forms.RadioSelect,
        error_messages={"required": "这一项没有填。"},
    )
    note = text_field("说明", required=False, help_text="退回的要写明哪里没有办到。")
