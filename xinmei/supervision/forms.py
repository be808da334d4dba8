"""What is given with the acts on findings. Errors say what was found, what is allowed, what to do."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.core.rulebook import Criterion
from xinmei.pages.fields import Fields, YesNo, text_field
from xinmei.pages.picking import code_field
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import may
from xinmei.registry.models import Account
from xinmei.supervision.criteria import UnknownCriterion, criterion_for_people
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import criteria_for_people
from xinmei.supervision.subjects import names_something
from xinmei.units.models import Unit

WHY = "写明依据，会留在这个问题的办理过程里。"


class DismissFields(Fields):
    """Why it is no fault, and where its words are not to be shown again."""

    why = text_field("理由", required=True, help_text=WHY)
    again = forms.ChoiceField(
        label="以后遇到同样的文字",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "照常提示"), ("unit", "本单位不再提示"), ("all", "都不再提示")],
        help_text="不再提示的记在“不再提示”里，可以停用。",
    )
    # Set where they were shown as suspicions, so that what somebody has confirmed since is refused.
    suspected = forms.BooleanField(label="仍是疑似", required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """The page offers to dismiss for good what the screening raised, as far as the position may."""
        if self.is_bound or self.on is None:
            return
        found_by_screening = self.on.status == "SUSPECTED" and bool(read_hits(self.on.evidence)[1])
        rights = {"": "", "unit": "allow_for_unit", "all": "allow_for_all"}
        choices = self.fields["again"].choices  # type: ignore[attr-defined]
        open_ones = [(key, label) for key, label in choices if not key or may(self.acting, rights[key])]
        if found_by_screening and len(open_ones) > 1:
            self.fields["again"].choices = open_ones  # type: ignore[attr-defined]
        else:
            del self.fields["again"]


class RectifyFields(Fields):
    """What was done, and what shows it."""

    note = text_field("怎么改的", help_text="如：已更正第 3 段的错字并重新发布。")
    evidence = UploadField("整改后的截图或文件")


class ObjectFields(Fields):
    """Why it is no fault, and what shows it."""

    why = text_field("理由", required=True, help_text=WHY)
    evidence = UploadField("佐证")


class RecheckFields(Fields):
    """Whether it is cured."""

    cured = YesNo("复查结果", "已整改到位，办结", "没有整改到位，退回")
    note = text_field("说明")


class AnswerObjectionFields(Fields):
    """Whether an objection is upheld."""

    upheld = YesNo("处理意见", "申诉成立，不予认定", "申诉不成立，维持")
    why = text_field("说明", required=True)


class FindFields(Fields):
    """A fault that a person saw, of an account or of a unit."""

    account = forms.CharField(label="账号", required=False, widget=forms.HiddenInput)
    unit = forms.CharField(label="单位", required=False, widget=forms.HiddenInput)
    criterion = forms.CharField(label="什么问题", widget=forms.Select(attrs={"class": "form-select"}))
    subject = code_field(
        "对象",
        "subject",
        of="account",
        longest=600,
        help_text="功能的名称，或哪一周、哪一月（2026-W19、2026-05）；账号、单位本身的问题就不填。",
    )
    quote = text_field("原文", help_text="有问题的那一句；在信息、留言上用鼠标或手指选中，就带到这里。", longest=1000)
    note = text_field("看到了什么", required=True, help_text="时间、位置，写到别人能核对。")
    evidence = UploadField("截图或文件")

    def prepare(self) -> None:
        """The page offers what fits the account or the unit that it was opened for."""
        of_unit = bool(self.initial.get("unit") or self.raw("unit"))
        choices = criteria_for_people("unit" if of_unit else "account")
        self.fields["criterion"].widget.choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def clean_account(self) -> Account | None:
        """By its code."""
        return self._named(Account.objects.select_related("unit"), "account", "没有编号为“{}”的账号")

    def clean_unit(self) -> Unit | None:
        """By its code."""
        return self._named(Unit.objects.all(), "unit", "没有代码为“{}”的单位")

    def _named(self, rows: Any, name: str, sentence: str) -> Any:
        code = self.cleaned_data[name]
        found = rows.filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(sentence.format(code))
        return found

    def clean_criterion(self) -> Criterion:
        """What a person may enter, with or without the set before it."""
        try:
            return criterion_for_people(self.cleaned_data["criterion"])
        except UnknownCriterion as unknown:
            raise forms.ValidationError(str(unknown)) from None

    def clean(self) -> dict[str, Any]:
        """One of account and unit, as the criterion asks for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        criterion, of_unit = cleaned["criterion"], cleaned["unit"] is not None
        if (cleaned["account"] is None) == (cleaned["unit"] is None):
            self.add_error("account", "账号和单位写一个，也只写一个。")
        elif self.prefix and not names_something(cleaned["subject"], cleaned["account"]):
            found = f"写的是“{cleaned['subject']}”，这个账号没有这条信息、留言或功能"
            self.add_error("subject", f"{found}；请在上面查找选择，写某一周、某一月的写 2026-W19、2026-05，或不填。")
        elif (criterion.about == "unit") != of_unit:
            named = "单位" if criterion.about == "unit" else "账号"
            self.add_error("criterion", f"“{criterion.title}”是{named}的问题，须指明{named}。")
        return cleaned


class InspectFields(Fields):
    """The whole city, or one unit with those below it."""

    unit = forms.CharField(
        label="范围",
        required=False,
        max_length=200,
        help_text="不填就是全市。只查一个单位及其下级单位的，写单位名称或代码。",
        widget=forms.TextInput(
            attrs={"class": "form-control", "list": "units", "autocomplete": "off", "placeholder": "全市"}
        ),
        error_messages={"max_length": "写得太长：请只写一个单位的名称或代码。"},
    )

    def clean_unit(self) -> str:
        """The code of the unit ("": the whole city)."""
        said = self.cleaned_data["unit"].strip()
        if not said:
            return ""
        found = list(Unit.objects.filter(code=said)) or list(Unit.objects.filter(name=said)[:2])
        if len(found) == 1:
            return found[0].code
        why = (
            f"叫“{said}”的单位不止一个，请写单位代码"
            if found
            else f"没有叫“{said}”的单位，也没有这个代码；可填：全称（如“{_example()}”）或代码，不填为全市"
        )
        raise forms.ValidationError(f"{why}。")


def _example() -> str:
    return Unit.objects.order_by("path").values_list("name", flat=True).first() or "市教育局"
