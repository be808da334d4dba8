"""What is said about an account itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from xinmei.core.screening.detectors import mask_piece
from xinmei.pages.fields import Fields, NumberOf, choice_field, day_field, line_field, text_field
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import day_of
from xinmei.registry.models import Account, Incident

_MOST_FOLLOWERS = (1 << 63) - 1


def masked_phone(account: Account) -> str:
    """The phone of the contact as everybody sees it."""
    return mask_piece(account.phone, 3, 4) if account.phone else ""


class UpdateFields(Fields):
    """Contact, phone, followers. The phone stands there masked; left so, it stays."""

    contact = line_field("联系人")
    phone = line_field("联系电话", help_text="不改的，带星号的不用动。")
    followers = forms.IntegerField(
        label="粉丝量",
        required=False,
        min_value=0,
        max_value=_MOST_FOLLOWERS,
        widget=forms.NumberInput(attrs={"class": "form-control", "min": 0}),
        error_messages={"min_value": "粉丝量不能小于 0。", "max_value": "数太大。", "invalid": "应写成整数。"},
    )

    def standing(self) -> Mapping[str, Any]:
        """What is registered now."""
        account: Account = self.on
        if account is None:
            return {}
        return {"contact": account.contact, "phone": masked_phone(account), "followers": account.followers}

    def clean_phone(self) -> str:
        """The phone; the one that stands where the masked one was left."""
        phone: str = self.cleaned_data["phone"]
        return self.on.phone if phone and phone == masked_phone(self.on) else phone

    def clean(self) -> dict[str, Any]:
        """Something changes; what was not sent at all stays as it is."""
        given: dict[str, Any] = super().clean() or {}
        given |= {name: getattr(self.on, name) for name in self.fields if self.raw(name) is None}
        if not self.errors and all(given[name] == getattr(self.on, name) for name in given):
            raise forms.ValidationError("没有要改的：联系人、联系电话、粉丝量都和登记的一样。")
        return given


class _OnADay(Fields):
    """A day on which something is said to have happened."""

    def clean_on(self) -> date:
        """Not after the day of the act."""
        on: date = self.cleaned_data["on"]
        if self.at is not None and on > day_of(self.at):
            raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        return on


class IncidentFields(_OnADay):
    """What has befallen the account."""

    kind = choice_field("情形", Incident.Kind.choices)
    on = day_field("哪天发生的")
    note = text_field("情况", required=True, help_text="怎么发现的、已经做了什么；不要写口令。")
    file = UploadField("附件（截图等）")


class RecoveredFields(_OnADay):
    """Which incident is over, since when."""

    incident = NumberOf(
        label="异常的编号",
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="不写的，是最近一次没有恢复的。",
    )
    on = day_field("哪天恢复的")
    note = text_field("情况", required=True, help_text="怎么恢复的，口令、绑定手机换了没有。")

    def clean_incident(self) -> Incident | None:
        """The incident of this account; the last one that is open where none is named."""
        account: Any = self.on  # the object; the field of that name is in `self.fields`
        of_account = Incident.objects.filter(account=account).order_by("-pk")
        number: str = self.cleaned_data["incident"]
        if not number:
            return of_account.filter(recovered_on__isnull=True).first()
        found = of_account.filter(pk=number).first() if number.isascii() and number.isdigit() else None
        if found is None:
            raise forms.ValidationError(f"这个账号没有编号为 {number} 的异常。")
        return found

    def clean(self) -> dict[str, Any]:
        """It is not over before it happened."""
        given: dict[str, Any] = super().clean() or {}
        incident, on = given.get("incident"), given.get("on")
        if incident is not None and on is not None and on < incident.on:
            self.add_error("on", f"写的是 {on}，异常 {incident.on} 才发生；恢复不会早于它。")
        return given
