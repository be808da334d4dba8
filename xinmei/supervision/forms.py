"""What people write about a finding. Errors say what was found, what is allowed, what to do."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.supervision.uploads import UploadField

LONGEST = 2000
REQUIRED = {"required": "这一项没有填。"}


def long_text(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    """A few lines of text; one that is too long is told so."""
    area = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    long = {"max_length": f"写得太长：最多 {LONGEST} 字，请精简。"}
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=area,
        help_text=help_text,
        error_messages=REQUIRED | long,
    )


class ConfirmForm(forms.Form):
    """Nothing to write: the button is the decision."""


class ReasonForm(forms.Form):
    """Why: for a dismissal or an objection."""

    why = long_text("理由", required=True, help_text="写明依据，会留在这个问题的办理过程里。")


class DismissForm(ReasonForm):
    """Why it is no fault, and where its words are not to be shown again."""

    again = forms.ChoiceField(
        label="以后遇到同样的文字",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "照常提示")],
        help_text="不再提示的记在“不再提示”里，可以停用。",
    )

    def __init__(self, *args: Any, again: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if again:
            self.fields["again"].choices = [("", "照常提示"), *again]  # type: ignore[attr-defined]
        else:
            del self.fields["again"]


class RectifyForm(forms.Form):
    """What was done, and what shows it."""

    note = long_text("怎么改的", required=True, help_text="如：已更正第 3 段的错字并重新发布。")
    evidence = UploadField("整改后的截图或文件")


class ObjectForm(ReasonForm):
    """Why it is no fault, and what shows it."""

    evidence = UploadField("佐证")


class RecheckForm(forms.Form):
    """Whether it is cured."""

    cured = forms.ChoiceField(
        label="复查结果",
        choices=[("yes", "已整改到位，办结"), ("no", "没有整改到位，退回")],
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )
    note = long_text("说明", required=False)


class DecideForm(forms.Form):
    """Whether an objection is upheld."""

    upheld = forms.ChoiceField(
        label="处理意见",
        choices=[("yes", "申诉成立，不予认定"), ("no", "申诉不成立，维持")],
        widget=forms.RadioSelect,
        error_messages=REQUIRED,
    )
    note = long_text("说明", required=True)


class EnterForm(forms.Form):
    """A fault that a person saw."""

    criterion = forms.ChoiceField(
        label="什么问题", widget=forms.Select(attrs={"class": "form-select"}), error_messages=REQUIRED
    )
    subject = forms.CharField(
        label="对象",
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="信息或留言的编号、功能的名称；是账号或单位本身的问题就不填。",
    )
    note = long_text("看到了什么", required=True, help_text="时间、位置、原文，写到别人能核对。")
    file = UploadField("截图或文件")

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]
