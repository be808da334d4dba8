"""What is said with an exemption."""

from __future__ import annotations

from datetime import date

from django import forms

from xinmei.pages.fields import Fields, choice_field, day_field, line_field, text_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of
from xinmei.registry.models import Account
from xinmei.units.models import Unit

# On these a unit may have as many as it needs: apps, mini-programs and the rest are no platform here.
NO_PLATFORM = (Account.Platform.APP, Account.Platform.MINI_PROGRAM, Account.Platform.OTHER)
PLATFORMS = [(one.value, one.label) for one in Account.Platform if one not in NO_PLATFORM]


class GrantFields(Fields):
    """For whom, where, why, until when."""

    unit = code_field("单位", "unit", required=True, help_text="写名称选，或写单位代码。")
    platform = choice_field("平台", PLATFORMS)
    kind = line_field("类型", help_text="如 subscription（订阅号）、service（服务号）；不写为各类账号。", longest=100)
    reason = text_field("理由", required=True)
    until = day_field("到哪天", help_text="最后一天。")

    def clean_unit(self) -> Unit:
        """The unit of that code."""
        code = self.cleaned_data["unit"]
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise forms.ValidationError(f"没有代码为 {code} 的单位。")
        return unit

    def clean_until(self) -> date:
        """Not before the day of the act."""
        until: date = self.cleaned_data["until"]
        if self.at is not None and until < day_of(self.at):
            raise forms.ValidationError(f"写的是 {until}，已经过了；应是 {day_of(self.at)} 或以后的一天。")
        return until


class EndFields(Fields):
    """Why it ends before its day."""

    reason = text_field("理由", required=True)
