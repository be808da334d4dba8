"""What people write about a work order."""

from __future__ import annotations

from django import forms

from xinmei.supervision.forms import REQUIRED, long_text


class AnswerOrderForm(forms.Form):
    """What the unit did about a work order."""

    text = long_text("办理情况", required=True, help_text="写明做了什么、什么时候做的。")


class DecideOrderForm(forms.Form):
    """Whether a work order is done."""

    done = forms.ChoiceField(
        label="核对结果",
        choices=[("yes", "已经办到，办结"), ("no", "没有办到，退回")],
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )
    note = long_text("说明", required=False, help_text="退回的要写明哪里没有办到。")
