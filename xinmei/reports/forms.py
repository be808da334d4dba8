"""What a person fills in about a 通报."""

from __future__ import annotations

from django import forms

from xinmei.reports.periods import ALLOWED, Period, UnknownPeriod, read_period

_LINE = forms.TextInput(attrs={"class": "form-control"})


class DraftForm(forms.Form):
    """The period to write about."""

    period = forms.CharField(label="期次", max_length=10, widget=_LINE, help_text=f"可写：{ALLOWED}")

    def clean_period(self) -> Period:
        """The period. The error for an unknown one names those allowed."""
        try:
            return read_period(self.cleaned_data["period"].strip())
        except UnknownPeriod as error:
            raise forms.ValidationError(str(error)) from error


class IssueForm(forms.Form):
    """The number under which to issue."""

    number = forms.CharField(
        label="发文字号", max_length=100, widget=_LINE, help_text="如 澄政办函〔2026〕12号；印发后不能改，只能另发更正"
    )
