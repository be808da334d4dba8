"""What a person fills in about a 通报."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, line_field
from xinmei.pages.picking import picked_field
from xinmei.people.doors import day_of
from xinmei.reports.models import Bulletin
from xinmei.reports.periods import ALLOWED, Period, UnknownPeriod, periods_of, read_period, say_period
from xinmei.supervision.models import Inspection

# As GB/T 9704-2012 has it: 代字 of the office, the whole year in 〔〕, the number without 第 and leading zeros.
NUMBER = r"([\u4e00-\u9fff]{1,20})〔(\d{4})〕(\d{0,5})号"
MOST_ROUNDS = 106  # two years of weeks are offered


class DraftFields(Fields):
    """The period to write about."""

    period = picked_field("期次", help_text=f"从列出的里选，或者写：{ALLOWED}")

    def prepare(self) -> None:
        """The periods that were inspected are offered; the quarter that ended last stands there beforehand."""
        if self.at:
            rounds = Inspection.objects.filter(unit=None, at__lte=self.at).order_by("-at").values_list("at", flat=True)
            offers = [say_period(one) for one in periods_of(day_of(at) for at in rounds[:MOST_ROUNDS])]
            self.fields["period"].widget.offers = offers  # type: ignore[attr-defined]
            self.fields["period"].initial = say_period(read_period(last_quarter(self.at)))

    def clean_period(self) -> Period:
        """The period. The error for an unknown one names those allowed."""
        try:
            return read_period(self.cleaned_data["period"])
        except UnknownPeriod as error:
            raise forms.ValidationError(str(error)) from error


class NumberWidget(forms.MultiWidget):
    """A 发文字号 by its parts: 代字, year, number. Programs give it as one text."""

    template_name = "reports/number.html"

    def __init__(self) -> None:
        super().__init__(
            [
                forms.TextInput(attrs={"class": "form-control", "aria-label": "代字", "maxlength": 20}),
                forms.TextInput(
                    attrs={"class": "form-control", "aria-label": "年", "inputmode": "numeric", "maxlength": 4}
                ),
                forms.TextInput(
                    attrs={"class": "form-control", "aria-label": "号", "inputmode": "numeric", "maxlength": 5}
                ),
            ]
        )

    def decompress(self, value: str | None) -> list[str]:
        """The parts of a number."""
        found = re.fullmatch(r"([^〔]*)〔(\d{4})〕(\d*)号", value or "")
        return [found[1], found[2], found[3]] if found else [value or "", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        """One text, as the paper prints it; "" where nothing was written."""
        if name in data:
            return str(data[name])
        parts = [str(data.get(f"{name}_{place}", "")).strip() for place in range(3)]
        return "{}〔{}〕{}号".format(*parts) if any(parts) else ""


def read_number(text: str) -> str:
    """A 发文字号 in its form. Raises ValidationError that says what was found, and what is allowed."""
    said = unicodedata.normalize("NFKC", "".join(text.split()))
    said = re.sub(r"[\[(【](\d{4})[\])】]", r"〔\1〕", said)
    found = re.fullmatch(NUMBER, said)
    if found is None or not found[3] or not int(found[3]):
        raise forms.ValidationError(f"写的是“{text.strip()}”，应是机关代字、年份、序号，如 澄政办函〔2026〕12号。")
    return f"{found[1]}〔{found[2]}〕{int(found[3])}号"


class IssueFields(Fields):
    """The number under which to issue, and whom a copy goes to. On the page the number is typed once more."""

    number = forms.CharField(label="发文字号", max_length=100, widget=NumberWidget())
    copies = line_field("抄送", help_text="印在版记里，如：市委办公室，市纪委监委机关。没有就不填。", longest=200)
    again = line_field("再写一遍发文字号", help_text="照着发文登记簿再写一遍，两遍一样才印发。", longest=100)

    def prepare(self) -> None:
        """代字 of the last paper, and the year of today, stand there beforehand."""
        if self.at and not self.is_bound and not self.initial.get("number"):
            last = Bulletin.objects.exclude(number="").order_by("-issued_at").values_list("number", flat=True).first()
            found = re.fullmatch(NUMBER, last or "")
            self.initial["number"] = f"{found[1] if found else ''}〔{day_of(self.at).year}〕号"

    def fix(self, looked_at: IssueFields) -> None:
        """What was looked at stands there, not to be changed on the way; the number is typed once more."""
        if not self.is_bound:
            given = {name: looked_at.cleaned_data.get(name) for name in ("number", "copies")}
            self.initial = {**self.initial, **given}
        parts = self.fields["number"].widget.widgets  # type: ignore[attr-defined]
        for widget in (*parts, self.fields["copies"].widget):
            widget.attrs["readonly"] = True
        self.fields["again"].widget.attrs |= {"required": True, "autocomplete": "off"}

    def clean_number(self) -> str:
        """In its form; of this year or the one before, not later than today."""
        number = read_number(self.cleaned_data["number"])
        year = int(number.partition("〔")[2][:4])
        today = day_of(self.at).year if self.at else year
        if not today - 1 <= year <= today:
            raise forms.ValidationError(f"年份写的是 {year}，应是今年（{today}）；跨年补发的可写 {today - 1}。")
        return number

    def clean(self) -> dict[str, Any]:
        """Typed twice on the page: both the same."""
        cleaned: dict[str, Any] = super().clean() or {}
        by_parts = self.add_prefix("number_0") in self.data
        again = cleaned.get("again") or ""
        if cleaned.get("number") and (by_parts or again):
            try:
                same = bool(again) and read_number(again) == cleaned["number"]
            except forms.ValidationError:
                same = False
            if not same:
                found = f"写的是“{again}”" if again else "还没有写"
                self.add_error("again", f"{found}，和上面的“{cleaned['number']}”不一样；请核对登记簿再写。")
        return cleaned


def last_quarter(at: datetime) -> str:
    """The name of the quarter before the one of `at`."""
    today = day_of(at)
    day = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1) - timedelta(days=1)
    return f"{day.year}Q{day.month // 3}"
