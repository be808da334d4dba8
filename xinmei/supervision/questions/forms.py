"""What is given with the acts on test questions."""

from __future__ import annotations

from datetime import date, datetime

from django import forms

from xinmei.core.questions import question_rules
from xinmei.core.rulebook import Criterion
from xinmei.pages.fields import Fields, choice_field, day_field, line_field, moment_field, text_field
from xinmei.pages.texts import write_moment
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import day_of
from xinmei.supervision.criteria import criterion_for_people
from xinmei.supervision.questions.models import Asking

MESSAGE = "这条提问后来作为留言导入的，写它的编号；没有的不写。"


def _proof(label: str) -> UploadField:
    field = UploadField(label)
    field.required = True
    return field


class WriteFields(Fields):
    """What is asked, and what a good reply says."""

    text = text_field("题目", required=True, help_text="像公众那样问：具体明确的政策咨询，不写姓名、电话。")
    expected = text_field("答复应当写明什么", required=True, help_text="评分的人看；写依据的文件、办理的地方和材料。")


class DrawFields(Fields):
    """How many accounts, until when, by which seed."""

    count = forms.IntegerField(
        label="抽几个账号",
        min_value=1,
        max_value=question_rules().at_most,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        help_text=f"少而精，一轮最多 {question_rules().at_most} 个。",
    )
    until = day_field("到哪天提完", help_text="这一天以后不再提。")
    seed = line_field("种子", help_text="不写的由系统随机取；写在页面上，谁都能照着重抽一遍。", longest=40)

    def clean_until(self) -> date:
        """Today or later."""
        until: date = self.cleaned_data["until"]
        if self.at is not None and until < day_of(self.at):
            raise forms.ValidationError(f"写的是 {until}，已经过了；应是 {day_of(self.at)} 或以后的一天。")
        return until


class AskFields(Fields):
    """Where and when it was asked, with a picture that shows it."""

    asked_at = moment_field("提问时间", required=True, help_text="在平台上发出的时间，期限从这一刻起算。")
    where = line_field("在哪里提的", required=True, help_text="如公众号对话框、文章留言、微博私信。", longest=500)
    file = _proof("凭据（能看出时间的截图）")
    message = line_field("留言编号", help_text=MESSAGE)

    def clean_asked_at(self) -> datetime:
        """After the draw, and not to come."""
        said: datetime = self.cleaned_data["asked_at"]
        asking: Asking | None = self.on
        if self.at is not None and said > self.at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，还没有到。")
        if asking is not None and said < asking.draw.made_at:
            drawn = write_moment(asking.draw.made_at)
            raise forms.ValidationError(f"写的是 {write_moment(said)}，{drawn} 才抽到这个账号。")
        if asking is not None and day_of(said) > asking.draw.until:
            until = asking.draw.until
            raise forms.ValidationError(f"写的是 {write_moment(said)}，这一轮到 {until} 为止；没有提的“记为没有提”。")
        return said


class NoEntryFields(Fields):
    """Which ways were tried."""

    where = text_field("试过哪些地方", required=True, help_text="如对话框没有回应、文章没有留言、菜单里没有咨询投诉。")
    file = _proof("凭据（截图）")


class AnsweredFields(Fields):
    """What a person replied, and when."""

    replied_at = moment_field("答复时间", required=True, help_text="自动回复不算答复。")
    reply = text_field("答复原文", required=True)
    file = _proof("凭据（能看出时间的截图）")
    message = line_field("留言编号", help_text=MESSAGE)

    def clean_replied_at(self) -> datetime:
        """Not before the question, and not to come."""
        said: datetime = self.cleaned_data["replied_at"]
        asking: Asking | None = self.on
        if self.at is not None and said > self.at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，还没有到。")
        if asking is not None and asking.asked_at is not None and said < asking.asked_at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，{write_moment(asking.asked_at)} 才提问。")
        return said


class UnansweredFields(Fields):
    """What shows that nobody has replied."""

    file = _proof("凭据（现在的截图，看得出没有答复）")
    message = line_field("留言编号", help_text=MESSAGE)


class RateFields(Fields):
    """One mark for each of what the rules name."""

    note = text_field("评语")


def _marks() -> dict[str, forms.Field]:
    """The marks, with what each asks."""
    rules = question_rules()
    choices = [("", "请选择"), *((str(mark), f"{mark} 分") for mark in range(1, rules.scale + 1))]
    return {one.mark: choice_field(one.label, choices, help_text=one.asks) for one in rules.marks}


# Which marks there are stands in the rules; the document of the API names them too.
RateFields.base_fields = {**_marks(), **RateFields.base_fields}  # type: ignore[misc]


class WhyFields(Fields):
    """Why."""

    note = text_field("说明", required=True)


class SuspectFields(Fields):
    """Under which criterion, of those that the outcome allows."""

    criterion = choice_field("疑似哪种问题", [])
    note = text_field("说明", required=True, help_text="写明依据；由另一人确认以后才反馈给单位。")

    def prepare(self) -> None:
        """Only what the outcome can show."""
        names = question_rules().criteria.get(self.on.outcome, ()) if self.on is not None else ()
        choices = [(name, criterion_for_people(name).title) for name in names]
        self.fields["criterion"].choices = choices  # type: ignore[attr-defined]

    def clean_criterion(self) -> Criterion:
        """The criterion itself."""
        return criterion_for_people(self.cleaned_data["criterion"])
