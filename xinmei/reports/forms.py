"""What a person fills in about a 通报."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms

from xinmei.pages.fields import Fields, line_field
from xinmei.people.doors import day_of
from xinmei.reports.periods import ALLOWED, Period, UnknownPeriod, read_period


class DraftFields(Fields):
    """The period to write about."""

    period = line_field("期次", required=True, help_text=f"可写：{ALLOWED}", longest=10)

    def prepare(self) -> None:
        """The quarter that ended last stands there beforehand."""
        if self.at:
            self.fields["period"].initial = last_quarter(self.at)

    def clean_period(self) -> Period:
        """The period. The error for an unknown one names those allowed."""
        try:
            return read_period(self.cleaned_data["period"])
        except UnknownPeriod as error:
            raise forms.ValidationError(str(error)) from error


class IssueFields(Fields):
    """The number under which to issue."""

    number = line_field(
        "发文字号", required=True, help_text="如 澄政办函〔2026〕12号；印发后不能改，只能另发更正", longest=100
    )

    def clean_number(self) -> str:
        """With single spaces."""
        return " ".join(self.cleaned_data["number"].split())


def last_quarter(at: datetime) -> str:
    """The name of the quarter before the one of `at`."""
    today = day_of(at)
    day = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return f"{day.year}Q{day.month // 3}"
