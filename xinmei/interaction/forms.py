"""What people write about a message, and about a look at messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from xinmei.core.calendar import DayOutOfRange
from xinmei.core.deadlines import reply_moment
from xinmei.core.moderation import grounds, never
from xinmei.interaction.doors import is_own, messages_visible_to
from xinmei.interaction.errands.actions import goes_by_interface
from xinmei.interaction.models import Message, Patrol
from xinmei.interaction.patrols import (
    LOOKS,
    half_of,
    looked_beforehand,
    own_accounts,
    to_look_at,
)
from xinmei.pages.fields import Fields, YesNo, choice_field, line_field, moment_field, text_field
from xinmei.pages.texts import write_moment
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.rights import CITY_INSPECTION
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit


class AnswerFields(Fields):
    """The words of the answer."""

    text = text_field("答复内容", required=True, help_text="先在平台上答复，再把原话登记在这里；系统不代发。")
    replied_at = moment_field(
        "实际答复时间", help_text="在平台上答复的时间。刚答复完就登记的不用填，按现在算；填了要附凭据。"
    )
    file = UploadField("凭据（能看出时间的截图）")

    def prepare(self) -> None:
        """Whether the system sends it is said before it is written."""
        if self.prefix and self.on is not None and goes_by_interface(self.on):
            said = "由系统发到平台，从平台显示的时间起算答复；已在平台上答复的，写实际答复时间。"
            self.fields["text"].help_text = said

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
        if cleaned.get("file") and not cleaned.get("replied_at") and "replied_at" not in self.errors:
            self.add_error("replied_at", "附了凭据，要写它证明的实际答复时间；按现在算的不用附。")
        if cleaned.get("replied_at") and not cleaned.get("file") and "file" not in self.errors:
            self.add_error("file", "写了实际答复时间，要附能看出时间的截图或文件。")
        return cleaned


class MarkFields(Fields):
    """Whether the clock applies to it."""

    concrete_policy_question = YesNo("是不是具体明确的政策咨询", "是", "不是")
    hint = ""

    def prepare(self) -> None:
        """What a mark does to the term, said before it is done."""
        if self.prefix and self.on is not None and self.at is not None:
            self.hint = say_effect(self.on, self.at)


def say_effect(message: Message, at: datetime) -> str:
    """Until when an answer is owed where the message is marked, and where it is not."""
    try:
        due_at, provisional = reply_moment(message.received_at, readings_on(day_of(at)))
    except DayOutOfRange:
        return "标“是”的计时，标“不是”的不计时。"
    state = "，已经过了" if due_at < at else ""
    return (
        f"是不是具体明确的政策咨询？标“是”：{write_moment(due_at)} 前要答复{state}"
        f"{'（放假安排没有公布，暂定）' if provisional else ''}；标“不是”：不限时。"
    )


class SnoozeFields(Fields):
    """Until when it is put aside."""

    until = moment_field("到什么时候再办", required=True, help_text="不能过答复期限；期限照算。")

    def clean_until(self) -> datetime:
        """Later than now, and not past the term."""
        until: datetime = self.cleaned_data["until"]
        assert self.at is not None
        if until <= self.at:
            raise forms.ValidationError(f"写的是 {write_moment(until)}，已经过了；请写以后的时间。")
        due_at = self.on.reply_due_at
        if due_at is not None and until > due_at:
            raise forms.ValidationError(f"写的是 {write_moment(until)}，过了答复期限 {write_moment(due_at)}。")
        return until


class HandOverFields(Fields):
    """To which unit, and what to see to."""

    unit = forms.CharField(
        label="转给哪个单位",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "没有选单位：选能答复的单位。"},
    )
    note = text_field("说明", required=True, help_text="为什么转、要答复什么。答复期限照算。")

    def prepare(self) -> None:
        """The page lists the units that it may be handed to."""
        widget = self.fields["unit"].widget
        if self.prefix and self.on is not None and isinstance(widget, forms.Select):
            found = units_to_answer(self.on, self.acting).values_list("code", "name")
            widget.choices = [("", "请选择"), *((code, f"{name}（{code}）") for code, name in found)]

    def clean_unit(self) -> Unit:
        """A unit below the same county or department; inspectors hand over to any."""
        code = self.cleaned_data["unit"]
        if "\0" in code or not (unit := Unit.objects.filter(code=code).first()):
            raise forms.ValidationError(f"没有代码为“{code}”的单位，请从列出的里面选。")
        if unit.pk == self.on.answering.pk:
            raise forms.ValidationError(f"本来就由{unit.name}答复，请选别的单位。")
        if not units_to_answer(self.on, self.acting).filter(pk=unit.pk).exists():
            raise forms.ValidationError(
                f"{unit.name}和{self.on.answering.name}不在同一个县区（功能区、部门），不能直接转；请市检查员转办。"
            )
        return unit


def units_to_answer(message: Message, acting: Acting) -> QuerySet[Unit]:
    """The units that a message may be handed to.

    「`unit` below the same unit right under the city; inspectors C: any」
    """
    others = Unit.objects.exclude(pk=message.answering.pk).order_by("path", "code")
    if not acting.judged or acting.position in CITY_INSPECTION:
        return others
    return others.filter(path__startswith=top_path(message.answering.path))


def top_path(path: str) -> str:
    """The path of the unit right under the city, above or at this one. Of the city itself, one that is nobody's."""
    parts = path.strip("/").split("/")
    return f"/{parts[0]}/{parts[1]}/" if len(parts) > 1 else "-"


class DraftReplyFields(Fields):
    """The words that somebody else shall read before they are sent."""

    message = line_field("留言", required=True)
    text = text_field("答复内容", required=True, help_text="由审核人看过再发出，从发出时起算答复。")

    def clean_message(self) -> Message:
        """One that the own unit must answer."""
        code = self.cleaned_data["message"]
        seen = messages_visible_to(self.acting).select_related("account__unit", "handed_to")
        message = None if "\0" in code else seen.filter(code=code).first()
        if message is None:
            raise forms.ValidationError(f"没有编号为 {code} 的留言。")
        if not is_own(self.acting, message.answering.pk):
            raise forms.ValidationError(f"留言 {code} 由{message.answering.name}答复，不由本单位拟。")
        if self.at is not None and self.at < message.received_at:
            raise forms.ValidationError("留言还没有收到，不能办理。")
        return message


class ReplyRuleFields(Fields):
    """The setting of a unit."""

    approval = YesNo("本单位的答复", "拟稿后由审核人看过再发出", "直接答复")


class ModerateFields(Fields):
    """Let through or held back, for a reason from the law."""

    publish = YesNo("审看", "放出", "不放出")
    ground = choice_field("依据", (), required=False, help_text="不放出的选一条法律依据；没有选的，主管抽看时看得到。")
    reason = text_field("理由", help_text="不放出的要写；只选依据的，按依据写。")
    remove = YesNo(
        "平台上",
        "同时删除",
        "只是不放出",
        required=False,
        help_text="删除的必须选依据。有平台接口的由系统删除，没有的请到平台上删除。",
    )
    hint = never()["says"]

    def prepare(self) -> None:
        """The grounds of the law."""
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        said = [(one.id, f"{one.label}（{one.source}）") for one in grounds().values()]
        field.choices = [("", "不放出的依据"), *said]

    def clean(self) -> dict[str, Any]:
        """Why, where it is held back."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("publish") is not False:
            if data.get("remove"):
                self.add_error("remove", "放出的不删除；要删除的，选“不放出”和依据。")
            return {**data, "ground": ""}
        if data.get("remove") and not data.get("ground"):
            self.add_error("ground", f"删除只限所列的依据，没有选。{never()['says']}")
        if ground := grounds().get(data.get("ground", "")):
            data["reason"] = data.get("reason") or f"{ground.label}（{ground.source}）"
        if not data.get("reason"):
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
    """`am` or `pm`, in capitals too. The page has no choice: it stands for now."""

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
        field = self.fields["account"]
        assert isinstance(field, AccountsField)
        if self.prefix and self.acting and self.at:
            half = Patrol.Half.AM if self.initial.get("half") == Patrol.Half.AM else half_of(self.at)
            own, seen = to_look_at(self.acting, half, self.at)
            self.fields["half"].initial = half.value
            field.choices = [
                (one.account.code, f"{one.account.name}（{one.account.get_platform_display()}）") for one in seen
            ]
            field.initial = [one.account.code for one in seen]
            self.fields["checked"].initial = looked_beforehand(seen)
        else:
            own = own_accounts(self.acting) if self.acting else []
        field.own = {account.code: account for account in own}
        self.fields["checked"].required = bool(self.prefix)

    def clean_half(self) -> Patrol.Half:
        """The half of the act, or an earlier one of its day."""
        assert self.at is not None
        half: Patrol.Half = self.cleaned_data["half"]
        if half > half_of(self.at):
            raise forms.ValidationError("还没有到下午，不能登记下午的巡查。")
        return half

    def clean_checked(self) -> list[str]:
        """Messages at least: that is what the notice asks for."""
        checked: list[str] = self.cleaned_data["checked"] or ["messages"]
        if "messages" not in checked:
            raise forms.ValidationError(f"没有勾选“{LOOKS['messages']}”；值守就是看留言，没有看的不要登记。")
        return checked
