"""What is said when a filing goes on. What is written in it stands in `writing.py`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from xinmei.core.filings import filing_path
from xinmei.pages.fields import Fields, choice_field, day_field, line_field, text_field
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import day_of
from xinmei.people.models import Position
from xinmei.registry.filings.models import Filing
from xinmei.registry.models import Account

SYSTEMS = [("national", "国家系统"), ("provincial", "省系统")]


def _of(form: Fields) -> Filing:
    """The filing that the form is about; `on` is the name of a field too."""
    found: Filing = form.on
    return found


class DayOfFiling(Fields):
    """`on`: a day on which something is said to have been done; not after the day of the act."""

    def earliest(self) -> tuple[date | None, str]:
        """The first day that is allowed, and why."""
        return None, ""

    def clean_on(self) -> date:
        """Between the first day that is allowed and the day of the act."""
        on: date = self.cleaned_data["on"]
        first, why = self.earliest()
        if self.at is not None and on > day_of(self.at):
            raise forms.ValidationError(f"写的是 {on}，还没有到；应是 {day_of(self.at)} 或以前的一天。")
        if first is not None and on < first:
            raise forms.ValidationError(f"写的是 {on}，早于{why} {first}；应是 {first} 或以后的一天。")
        return on


class NoteFields(Fields):
    """An opinion, if any."""

    note = text_field("意见")


class ApproveFields(Fields):
    """Which problems are accepted, all of them by name."""

    accept = forms.MultipleChoiceField(
        label="逐条认可发现的问题",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = text_field("意见")

    def prepare(self) -> None:
        """The problems that were found."""
        found = list(self.on.problems)
        labels = filing_path().problems
        self.fields["accept"].choices = [(name, labels[name].label) for name in found]  # type: ignore[attr-defined]
        if not found and not self.is_bound:
            del self.fields["accept"]

    def stands_against(self) -> str:
        """「Problems … must all be named in `accept` to approve (one missing: `state`)」."""
        getlist = getattr(self.data, "getlist", None)
        given = getlist(self.add_prefix("accept")) if getlist else []
        labels = filing_path().problems
        missing = [labels[name].label for name in self.on.problems if name not in given]
        return f"发现的问题没有逐条认可：{'；'.join(missing)}。认可的请勾选，不认可的请退回" if missing else ""


class AnnounceFields(DayOfFiling):
    """When the announcement was posted."""

    on = day_field("公告首日")
    url = line_field("公告链接", longest=2000)
    file = UploadField("公告截图")
    note = text_field("说明")

    def prepare(self) -> None:
        """Said again, it needs a word why."""
        if _of(self).announced_on is not None:
            self.fields["note"].required = True
            self.fields["note"].help_text = "重新公告的，写明原因。"

    def earliest(self) -> tuple[date | None, str]:
        """「Not before the day of the last approval」."""
        return _of(self).approved_on, "审核同意之日"

    def clean(self) -> dict[str, Any]:
        """「Again: O with a later day, inspector_head C with any」."""
        given: dict[str, Any] = super().clean() or {}
        before, on = _of(self).announced_on, given.get("on")
        is_city = self.acting is not None and self.acting.position == Position.INSPECTOR_HEAD
        if before is not None and on is not None and not is_city and on <= before:
            raise forms.ValidationError(f"已经公告，首日是 {before}；重新公告的，首日应在它以后。")
        return given


class CarryOutFields(DayOfFiling):
    """When it was done; of what was opened, its id, handle and link."""

    on = day_field("办理日期")
    account = line_field("账号编号", help_text="新账号的编号，没有用过的；不写的由平台编。")
    handle = line_field("平台账号", longest=500)
    url = line_field("链接", longest=2000)

    def prepare(self) -> None:
        """Only what is newly opened has an id, a handle and a link to be told."""
        if _of(self).matter != Filing.Matter.OPEN or _of(self).is_late_opening:
            for name in ("account", "handle", "url"):
                del self.fields[name]

    def earliest(self) -> tuple[date | None, str]:
        """「Not before `filed_city_on`; instead of that day, where it rests on an incident, the incident's; in 补办,
        `opened_on`」.
        """
        filing = _of(self)
        if filing.is_late_opening and filing.account is not None:
            return filing.account.opened_on, "账号开设之日"
        if filing.incident is not None:
            return filing.incident.on, "账号异常之日"
        return filing.filed_city_on, "备案之日"

    def clean_account(self) -> str:
        """An id that nobody has."""
        code: str = self.cleaned_data["account"]
        if code and Account.objects.filter(code=code).exists():
            raise forms.ValidationError(f"编号 {code} 已有账号使用，请换一个。")
        return code


class RegisterFields(DayOfFiling):
    """What one of the two systems of registration answered."""

    system = choice_field("系统", SYSTEMS)
    on = day_field("登记日期")
    number = line_field("登记号", required=True)

    def earliest(self) -> tuple[date | None, str]:
        """「`on` not before `filed_city_on`」."""
        return _of(self).filed_city_on, "备案之日"


class ReturnFields(Fields):
    """What is missing."""

    reason = text_field("退回的原因", required=True, help_text="写明缺什么、怎么改。")


class RefuseFields(Fields):
    """Why not."""

    reason = text_field("不同意的原因", required=True)


class WithdrawFields(Fields):
    """Why it is taken back; of a draft that may be left out."""

    reason = text_field("撤回的原因", required=True)

    def prepare(self) -> None:
        """「`reason` (optional in DRAFT)」."""
        self.fields["reason"].required = self.on.state != Filing.State.DRAFT
