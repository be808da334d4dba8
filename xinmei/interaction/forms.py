"""What people write about a message."""

from __future__ import annotations

from django import forms

from xinmei.interaction.actions import LOOKS

REQUIRED = {"required": "这一项没有填。"}


def _area(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "class": "form-control"})
    long = {"max_length": "写得太长：最多 2000 字，请精简。"}
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=area,
        help_text=help_text,
        error_messages=REQUIRED | long,
    )


class AnswerForm(forms.Form):
    """The words of the answer."""

    text = _area(
        "答复内容", required=True, help_text="先在平台上答复，再把原话登记在这里；系统不代发。登记的时间就是答复时间。"
    )


class HandOverForm(forms.Form):
    """To whom, and what to see to."""

    to = forms.CharField(
        label="转给谁",
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="科室、单位或人员。",
        error_messages=REQUIRED,
    )
    note = _area("说明", required=False, help_text="答复期限照算，仍由本单位答复。")


class ModerateForm(forms.Form):
    """Released or held back."""

    release = forms.ChoiceField(
        label="审看", choices=[("yes", "放出"), ("no", "不放出")], widget=forms.RadioSelect, error_messages=REQUIRED
    )
    note = _area("理由", required=False, help_text="不放出的要写。")


class PatrolForm(forms.Form):
    """Which accounts were looked at, and what of them."""

    accounts = forms.MultipleChoiceField(
        label="看过的账号",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "没有勾选账号：勾选看过的账号。"},
    )
    checked = forms.MultipleChoiceField(
        label="看了什么",
        choices=list(LOOKS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "没有勾选：至少要看过留言。"},
    )
    note = _area("情况", required=False, help_text="有要处理的写在这里，没有就不填。")

    def __init__(self, accounts: list[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["accounts"].choices = accounts  # type: ignore[attr-defined]
        self.fields["accounts"].initial = [code for code, _ in accounts]
