"""What is given with the acts on people and positions. Names of fields are those of `people.csv` where it has them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from xinmei.pages.fields import Fields, YesNo, day_field, line_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting
from xinmei.people.models import Person, Position, PositionHeld
from xinmei.people.rights import GIVEN_BY_UNIT_ADMIN
from xinmei.people.staff.doors import people_visible_to
from xinmei.units.models import Unit

_LAST_DAY = "止（最后一天，可不填）"


class PositionField(forms.ChoiceField):
    """A position out of those listed. Any other is understood: whose it is to give is a matter of right."""

    def __init__(self, positions: Any) -> None:
        super().__init__(
            label="岗位",
            choices=[(position.value, position.label) for position in positions],
            widget=forms.Select(attrs={"class": "form-select"}),
        )

    def valid_value(self, value: Any) -> bool:
        """Whether there is such a position."""
        return value in Position.values


class SpanFields(Fields):
    """From when, and until which last day."""

    starts_on = day_field("起")
    ends_on = day_field(_LAST_DAY, required=False)

    def prepare(self) -> None:
        """From today, as long as nothing else is said."""
        if self.at is not None:
            self.fields["starts_on"].initial = day_of(self.at)

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on") and cleaned["ends_on"] < cleaned["starts_on"]:
            self.add_error("ends_on", f"止日 {cleaned['ends_on']} 早于起日 {cleaned['starts_on']}")
        return cleaned


class GiveFields(SpanFields):
    """A position of the own unit, by its administrator. Programs may name the `unit`; the page does not ask for it."""

    person = line_field("人员（登录名）", required=True, longest=150)
    unit = forms.CharField(label="单位（代码）", required=False, max_length=100, widget=forms.HiddenInput)
    post = PositionField(GIVEN_BY_UNIT_ADMIN)
    field_order = ("person", "unit", "post", "starts_on", "ends_on")

    def clean_person(self) -> Person:
        """Somebody in reach."""
        return person_named(self.cleaned_data["person"], self.acting)


class AddFields(SpanFields):
    """Somebody new; with the first position where a unit's administrator adds them."""

    login = line_field("登录名", required=True, longest=150, help_text="字母、数字、点、横线，不含空格")
    name = line_field("姓名", required=True, longest=100)
    phone = line_field("电话", longest=50)
    email = forms.EmailField(
        label="邮箱", max_length=254, required=False, widget=forms.EmailInput(attrs={"class": "form-control"})
    )
    post = PositionField(GIVEN_BY_UNIT_ADMIN)
    field_order = ("login", "name", "phone", "email", "post", "starts_on", "ends_on")
    hint = ""

    def prepare(self) -> None:
        """The system administrator proposes positions afterwards."""
        super().prepare()
        if self.acting is None or self.acting.unit_id is None or not may(self.acting, "give_unit_posts"):
            for name in ("post", "starts_on", "ends_on"):
                del self.fields[name]
            self.hint = "添加后，在其页面上提出授予岗位。"

    def clean_login(self) -> str:
        """No blanks and nothing that looks like another name."""
        login: str = self.cleaned_data["login"]
        if not re.fullmatch(r"[\w.@+-]+", login):
            raise forms.ValidationError(f"登录名写的是“{login}”，可用字母、数字、汉字和 . @ + - _")
        return login


class EndFields(Fields):
    """The last day of a position, or the end at once."""

    ends_on = day_field(
        "最后一天", required=False, help_text="到这天的 24:00 为止还可以办理；要从现在起就不能办，勾选“即刻终止”。"
    )
    at_once = forms.BooleanField(
        label="即刻终止",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text="从现在起就不能办理，打开着的页面也不能。",
    )

    def prepare(self) -> None:
        """Today, as long as nothing else is said."""
        if self.at is not None:
            self.fields["ends_on"].initial = day_of(self.at)

    def clean(self) -> dict[str, Any]:
        """At once: its last day was yesterday. Else the day that is written."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("at_once") and self.at is not None:
            cleaned["ends_on"] = day_of(self.at) - timedelta(days=1)
            self.errors.pop("ends_on", None)
        elif not cleaned.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", "没有写最后一天：写一天，或勾选“即刻终止”。")
        return cleaned

    def clean_ends_on(self) -> Any:
        """What was done is not undone by taking the right away afterwards."""
        ends_on = self.cleaned_data["ends_on"]
        assert self.at is not None
        if ends_on and ends_on < day_of(self.at) - timedelta(days=1):
            raise forms.ValidationError(f"止日写的是 {ends_on}，最早可写昨天（即刻终止）：已经办过的事不能事后无权")
        return ends_on


class ProposeFields(SpanFields):
    """Any other position, by proposal."""

    person = line_field("人员（登录名）", required=True, longest=150)
    unit = code_field("单位（代码或名称）", "unit", required=True, longest=500)
    post = PositionField([position for position in Position if position not in GIVEN_BY_UNIT_ADMIN])
    reason = line_field("理由", required=True, longest=500)
    field_order = ("person", "unit", "post", "starts_on", "ends_on", "reason")

    def clean_person(self) -> Person:
        """Somebody in reach."""
        return person_named(self.cleaned_data["person"], self.acting)

    def clean_unit(self) -> Unit:
        """By code, else by the whole name."""
        text = self.cleaned_data["unit"]
        found = Unit.objects.filter(code=text).first() or Unit.objects.filter(name=text).first()
        if found is None:
            raise forms.ValidationError(f"没有代码或名称为“{text}”的单位")
        return found

    def clean_post(self) -> str:
        """Not what a unit gives by itself."""
        post: str = self.cleaned_data["post"]
        if post in GIVEN_BY_UNIT_ADMIN:
            raise forms.ValidationError(f"“{Position(post).label}”由单位管理员授予和终止")
        return post


class ProposeEndFields(EndFields):
    """The end of any other position, by proposal: at a day, or as soon as it is approved."""

    reason = line_field("理由", required=True, longest=500)

    def prepare(self) -> None:
        """What is approved later ends no earlier than that."""
        super().prepare()
        self.fields["at_once"].help_text = "从批准的那一刻起就不能办理，打开着的页面也不能。"


class ApproveFields(Fields):
    """Approved or not."""

    approve = YesNo("岗位变动", "批准", "不批准")


class ColleagueField(forms.ModelChoiceField):
    """Somebody of the same unit, by log-in name."""

    def __init__(self, label: str) -> None:
        super().__init__(
            Person.objects.none(),
            label=label,
            to_field_name="login",
            widget=forms.Select(attrs={"class": "form-select"}),
        )


class DelegateFields(SpanFields):
    """代: who of the same unit, from–to."""

    person = ColleagueField("代行人（本单位在岗人员）")
    ends_on = day_field("止（最后一天）")
    field_order = ("person", "starts_on", "ends_on")

    def prepare(self) -> None:
        """For today, by a colleague, as long as nothing else is said."""
        super().prepare()
        self.fields["ends_on"].initial = self.fields["starts_on"].initial
        if self.on is not None:
            self.fields["person"].queryset = colleagues_of(self.on)  # type: ignore[attr-defined]

    def clean_ends_on(self) -> Any:
        """Not over already."""
        ends_on = self.cleaned_data["ends_on"]
        assert self.at is not None
        if ends_on < day_of(self.at):
            raise forms.ValidationError(f"止日写的是 {ends_on}，应不早于今天")
        return ends_on


class HandOverFields(Fields):
    """交接: who takes over."""

    person = ColleagueField("接手人（本单位人员）")

    def prepare(self) -> None:
        """A colleague."""
        if self.on is not None:
            self.fields["person"].queryset = colleagues_of(self.on)  # type: ignore[attr-defined]


class DoneFields(Fields):
    """What of the check-list is done: all of it."""

    done = forms.MultipleChoiceField(
        label="清单", widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}), required=False
    )

    def prepare(self) -> None:
        """The list as it was opened."""
        if self.on is not None:
            self.fields["done"].choices = [(item, item) for item in self.on.items]  # type: ignore[attr-defined]

    def clean_done(self) -> list[str]:
        """Nothing is left open."""
        done: list[str] = self.cleaned_data["done"]
        if missing := [item for item in self.on.items if item not in done]:
            raise forms.ValidationError(f"还有未完成的事项：{'、'.join(missing)}")
        return done


def person_named(login: str, acting: Acting) -> Person:
    """The person of that log-in name, among those in reach."""
    found = people_visible_to(acting).filter(login=login).first()
    if found is None:
        raise forms.ValidationError(f"没有登录名为“{login}”的人员")
    return found


def colleagues_of(held: PositionHeld) -> QuerySet[Person]:
    """People who hold a position at the same unit."""
    there = PositionHeld.objects.filter(unit=held.unit_id).values("person")
    return Person.objects.filter(pk__in=there, is_active=True).exclude(pk=held.person_id)


class TokenFields(Fields):
    """What a program is for, and how long it may act."""

    name = line_field("用途", required=True, longest=60, help_text="哪个系统、做什么用，如“门户网站，读取问题”。")
    days = forms.IntegerField(
        label="几天有效",
        required=False,
        min_value=1,
        max_value=366,
        initial=90,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        help_text="不填为 90 天，最长 366 天；岗位终止时一同终止。",
        error_messages={
            "invalid": "应写整数，如 90。",
            "min_value": "至少 1 天。",
            "max_value": "最多 366 天，请到期后重新生成。",
        },
    )

    def clean_days(self) -> int:
        """Ninety, where nothing is said."""
        return self.cleaned_data["days"] or 90
