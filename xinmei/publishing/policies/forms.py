"""What is said of a document that needs explaining, and of what explains it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.core.policies import policy_reasons
from xinmei.pages.fields import Fields, choice_field, day_field, line_field, text_field
from xinmei.pages.picking import code_field
from xinmei.people.doors import day_of, reach_to_do
from xinmei.people.reach import reaches
from xinmei.publishing.kinds import FORM_LABELS
from xinmei.publishing.models import Post
from xinmei.units.models import Unit

FORMS = [("", "未写"), *FORM_LABELS.items()]


class AddFields(Fields):
    """Which document, whose, and why it needs explaining."""

    number = line_field("文号", required=True, help_text="如 澄政办发〔2026〕8号。")
    title = line_field("文件名称", required=True, longest=500)
    issued_on = day_field("印发日期")
    unit = code_field("解读单位", "unit", help_text="写名称选，或写单位代码；不写为本单位。")
    why = line_field("为什么要解读", help_text=f"如{'、'.join(policy_reasons())}。", longest=500)

    def clean_issued_on(self) -> date:
        """Not a day to come."""
        day: date = self.cleaned_data["issued_on"]
        if self.at is not None and day > day_of(self.at):
            raise forms.ValidationError(f"写的是 {day}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        return day

    def clean_unit(self) -> Unit:
        """One within reach; the own one where none is named."""
        code = self.cleaned_data["unit"]
        found = Unit.objects.filter(code=code) if code else Unit.objects.filter(pk=self.acting.unit_id)
        unit = found.first()
        if unit is None or not reaches(self.acting, reach_to_do(self.acting, "list_policy"), unit.pk):
            raise forms.ValidationError(f"您的岗位范围内没有代码为 {code} 的单位。" if code else "要写解读单位。")
        return unit


class ExcuseFields(Fields):
    """Why it need not be explained after all."""

    reason = text_field("理由", required=True, help_text="如登记错了、与另一份一并解读。")


class PointFields(Fields):
    """Which post explains it."""

    post = code_field("信息", "post", required=True, help_text="写标题里的字选，或写信息编号。")
    form = choice_field("形式", FORMS, required=False)

    def clean_post(self) -> Post:
        """One of an account of the unit that has to explain it."""
        code, policy = self.cleaned_data["post"], self.on
        unit: Any = policy.unit_id if policy is not None else None
        post = Post.objects.filter(code=code, account__unit=unit).first()
        if post is None:
            raise forms.ValidationError(f"解读单位的账号没有编号为 {code} 的信息。")
        return post


class CountFields(Fields):
    """In which form it explains, where the post does not say so itself."""

    form = choice_field("形式", FORMS, required=False, help_text="信息上已经写明的，不用再选。")


class RejectFields(Fields):
    """Why it explains something else."""

    note = line_field("说明", longest=500)
