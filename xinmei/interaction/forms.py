"""What people write about a message, and about a look at messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from xinmei.interaction.models import Patrol
from xinmei.interaction.patrols import LOOKS, half_of, own_accounts, without_look
from xinmei.pages.fields import Fields, YesNo, line_field, moment_field, text_field
from xinmei.pages.texts import write_moment
from xinmei.pages.uploads import UploadField
from xinmei.registry.models import Account


class AnswerFields(Fields):
    """The words of the answer."""

    text = text_field("答复内容", required=True, help_text="先在平台上答复，再把原话登记在这里；系统不代发。")
    replied_at = moment_field(
        "实际答复时间", help_text="在平台上答复的时间。刚答复完就登记的不用填，按现在算；填了要附凭据。"
    )
    file = UploadField("凭据（能看出时间的截图）")

    def clean_replied_at(self) -> datetime | None:
        """Not before the message came, and not to come."""
        said: datetime | None = self.cleaned_data["replied_at"]
        if said is None or self.at is None:
            return said
        if said > self.at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，还没有到；请写在平台上答复的时间。")
        if self.on is not None and said < self.on.received_at:
            came = write_moment(self.on.received_at)
            raise forms.ValidationError(f"写的是 {write_moment(said)}，留言 {came} 才收到；答复不会早于它。")
        return said

    def clean(self) -> dict[str, Any]:
        """An earlier time stands on a proof."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("replied_at") and not cleaned.get("file") and "file" not in self.errors:
            self.add_error("file", "写了实际答复时间，要附能看出时间的截图或文件。")
        return cleaned


class HandOverFields(Fields):
    """To whom, and what to see to."""

    to = line_field("转给谁", required=True, help_text="科室、单位或人员。")
    note = text_field("说明", help_text="答复期限照算，仍由本单位答复。")


class ModerateFields(Fields):
    """Released or held back."""

    publish = YesNo("审看", "放出", "不放出")
    reason = text_field("理由", help_text="不放出的要写。")

    def clean(self) -> dict[str, Any]:
        """Why, where it is held back."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("publish") is False and not data.get("reason"):
            self.add_error("reason", "不放出要写明理由。")
        return data


class AccountsField(forms.MultipleChoiceField):
    """Accounts by their codes, one or several. `choices` are those shown; every one of the unit may be named."""

    takes_one = True
    own: dict[str, Account] = {}

    def valid_value(self, value: str) -> bool:
        """Whether it is one of the unit's accounts in service."""
        return value in self.own

    def clean(self, value: Any) -> list[Account]:
        """The accounts."""
        return [self.own[code] for code in dict.fromkeys(super().clean(value))]


class HalfField(forms.TypedChoiceField):
    """`am` or `pm`, in capitals too; nothing for the half of the act itself.

    The page has no choice: it stands for now.
    """

    def to_python(self, value: Any) -> str:
        """The identifier, in small letters."""
        return str(super().to_python(value)).lower()


class LookFields(Fields):
    """Which accounts were looked at, and what of them."""

    account = AccountsField(
        label="看过的账号",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "没有勾选账号：勾选看过的账号。",
            "invalid_choice": "%(value)s 不是本单位在用的账号，不能登记巡查。",
        },
    )
    half = HalfField(
        label="上下午",
        choices=Patrol.Half.choices,
        coerce=Patrol.Half,
        empty_value=None,
        required=False,
        widget=forms.HiddenInput,
    )
    checked = forms.MultipleChoiceField(
        label="看了什么",
        choices=list(LOOKS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "没有勾选：至少要看过留言。"},
    )
    note = text_field("情况", help_text="有要处理的写在这里，没有就不填。")

    def prepare(self) -> None:
        """Shows the accounts that nobody looked at this half day. Sent without a page, it is a look at messages."""
        own = own_accounts(self.acting) if self.acting else []
        field = self.fields["account"]
        assert isinstance(field, AccountsField)
        field.own = {account.code: account for account in own}
        if self.prefix and self.at:
            left = without_look(own, self.at)
            field.choices = [(one.code, f"{one.name}（{one.get_platform_display()}）") for one in left]
            field.initial = [one.code for one in left]
        self.fields["checked"].required = bool(self.prefix)

    def clean_half(self) -> Patrol.Half:
        """The half of the act, or an earlier one of its day."""
        assert self.at is not None
        half: Patrol.Half = self.cleaned_data["half"] or half_of(self.at)
        if half > half_of(self.at):
            raise forms.ValidationError("还没有到下午，不能登记下午的巡查。")
        return half

    def clean_checked(self) -> list[str]:
        """Messages at least: that is what the notice asks for."""
        checked: list[str] = self.cleaned_data["checked"] or ["messages"]
        if "messages" not in checked:
            raise forms.ValidationError(f"没有勾选“{LOOKS['messages']}”；值守就是看留言，没有看的不要登记。")
        return checked
