"""What is written in a filing: the form of `filing.write`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from xinmei.core.filings import CHANGEABLE
from xinmei.pages.fields import REQUIRED, Fields, NumberOf, choice_field, day_field, line_field, text_field
from xinmei.pages.picking import code_field
from xinmei.pages.uploads import UploadField
from xinmei.people.doors import day_of
from xinmei.registry.filings.judging import value_of
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import belongs_to
from xinmei.registry.models import Account, Incident
from xinmei.units.models import Unit

Matter = Filing.Matter
PROFILE = ("platform", "name", "kind", "handle", "url", "verification")
# 「Fields that make no sense for the matter: `input`」
FIELDS_OF = {
    Matter.OPEN: ("matter", "unit", "account", "profile", "reason", "consent", "incident", "version"),
    Matter.CHANGE: ("matter", "account", "changes", "reason", "consent", "incident", "version"),
    Matter.SHUT_DOWN: ("matter", "account", "successor", "reason", "consent", "incident", "version"),
    Matter.DEREGISTER: ("matter", "account", "successor", "reason", "consent", "incident", "version"),
}
LONGEST_VERIFICATION = 2000
_NONE = [("", "—")]


class WriteFields(Fields):
    """What is asked for, and why. What is not named stays; what is named replaces whole."""

    matter = choice_field("事项", Matter.choices)
    unit = code_field("单位", "unit", help_text="替没有单位管理员的下级单位办的，写它的名称选，或写单位代码。")
    account = code_field("账号", "account", help_text="写名称选，或写账号编号。开设：补办备案的，写已有的账号。")
    profile__platform = choice_field("平台", _NONE + Account.Platform.choices, required=False)
    profile__name = line_field("账号名称", longest=500)
    profile__kind = line_field("类型", help_text="微信公众号写订阅号或服务号。", longest=100)
    profile__handle = line_field("平台账号", longest=500)
    profile__url = line_field("链接", longest=2000)
    profile__verification = line_field("认证信息", longest=LONGEST_VERIFICATION)
    changes__name = line_field("账号名称", longest=500)
    changes__unit = code_field(
        "主办单位", "unit", help_text="写名称选，或写单位代码；换单位的，要接收单位的管理员同意。"
    )
    changes__kind = line_field("类型", help_text="微信公众号写订阅号或服务号。", longest=100)
    changes__verification = line_field("认证信息", longest=LONGEST_VERIFICATION)
    changes__handle = line_field("平台账号", longest=500)
    changes__url = line_field("链接", longest=2000)
    reason = text_field("理由")
    successor__account = code_field(
        "公众到哪个账号去", "account", help_text="另一个在用的账号，写名称选，或写编号；或者在下面写明。"
    )
    successor__text = line_field("公众到哪里去", longest=500)
    consent__by = choice_field("怎样同意的", _NONE + Filing.Consent.choices, required=False)
    consent__on = day_field("同意的日期", required=False)
    consent__file = UploadField("会议纪要或批示", words=True)
    incident = NumberOf(
        label="账号异常",
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text="因账号异常办理的，写异常的编号。",
    )
    version = forms.IntegerField(label="第几稿", required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Only the fields of the matter; on the page, what stands is filled in."""
        self.about = self._matter() or (None if self.is_bound else Matter.OPEN)
        if self.about and not self.is_bound:  # the page of one matter
            self.fields["matter"].choices = [(self.about, self.about.label)]  # type: ignore[attr-defined]
            self.fields["matter"].widget.attrs["data-no-draft"] = ""  # what was left unsent may be of another matter
        if self.on is not None:
            self.fields["matter"].required = False
        if self.about:
            for name in list(self.fields):
                if name.partition("__")[0] not in FIELDS_OF[self.about]:
                    del self.fields[name]
        if not self.is_bound:
            self._fill_in()

    def _matter(self) -> Matter | None:
        said = self.on.matter if self.on is not None else self.raw("matter") or self.initial.get("matter")
        return Matter(said) if said in Matter.values else None

    def _fill_in(self) -> None:
        """What stands in the filing, and of a change what stands in the register."""
        filing: Filing | None = self.on
        account = filing.account if filing is not None else _account_of(str(self.initial.get("account", "")))
        stands: dict[str, Any] = {}
        if self.about == Matter.CHANGE and account is not None:
            stands = {f"changes__{item}": value_of(account, item) for item in CHANGEABLE}
            stands["changes__kind"] = Account.KIND_LABELS.get(account.kind, account.kind)
        if filing is not None:
            stands |= _standing(filing)
            for name in ("matter", "account", "unit"):
                self.fields.pop(name, None)
        self.initial = {**stands, **self.initial}

    def _is_said(self, name: str) -> bool:
        """Whether it was said; what the page does not show was not."""
        return name in self.named if self.named is not None else bool(self.raw(name))

    # ── each field ──

    def clean_matter(self) -> str:
        """It never changes."""
        said: str = self.cleaned_data["matter"]
        if self.on is not None and self._is_said("matter") and said != self.on.matter:
            raise forms.ValidationError(f"事项是{self.on.get_matter_display()}，不能改；请另写一件。")
        return said or (self.on.matter if self.on is not None else "")

    def clean_unit(self) -> Unit | None:
        """The unit stood in for; else one's own."""
        code: str = self.cleaned_data["unit"]
        if not code:
            return None
        unit = Unit.objects.filter(code=code).first()
        if unit is None or (self.acting.judged and not belongs_to(self.acting, unit.pk)):
            raise forms.ValidationError(f"{code} 不是您的单位，也不是您替它办理的单位。")
        if self.on is not None and unit.pk != self.on.unit_id:
            raise forms.ValidationError("单位不能改；请另写一件。")
        return unit

    def clean_account(self) -> Account | None:
        """An account of the unit. It never changes."""
        code: str = self.cleaned_data["account"]
        if self.on is not None:
            if self._is_said("account") and code != (self.on.account.code if self.on.account else ""):
                raise forms.ValidationError("账号不能改；请另写一件。")
            found: Account | None = self.on.account
            return found
        if not code:
            if self.about and self.about != Matter.OPEN:
                raise forms.ValidationError(REQUIRED)
            return None
        account = _account_of(code)
        if account is None or (self.acting.judged and not belongs_to(self.acting, account.unit_id)):
            raise forms.ValidationError(f"本单位没有编号为 {code} 的账号。")
        if self.about == Matter.OPEN and (why := why_not_filed_late(account)):
            raise forms.ValidationError(why)
        return account

    def clean_profile__kind(self) -> str:
        """On the page in words; programs say it as the register does."""
        return self._kind("profile__kind")

    def clean_changes__kind(self) -> str:
        """Likewise."""
        return self._kind("changes__kind")

    def _kind(self, name: str) -> str:
        said: str = self.cleaned_data[name]
        words = {label: kind for kind, label in Account.KIND_LABELS.items()} if self.named is None else {}
        return words.get(said, said)

    def clean_incident(self) -> Incident | None:
        """An incident of the account."""
        number: str = self.cleaned_data["incident"]
        if not number:
            return None
        account = self.cleaned_data.get("account") or (self.on.account if self.on is not None else None)
        fits = number.isascii() and number.isdigit()
        found = Incident.objects.filter(pk=number, account=account).first() if fits and account else None
        if found is None:
            raise forms.ValidationError(f"这个账号没有编号为 {number} 的异常。")
        return found

    def clean(self) -> dict[str, Any]:
        """`put`: what of the filing is set, by name."""
        given: dict[str, Any] = super().clean() or {}
        if self.about is None:
            return given
        for name in self.named or ():
            if name not in FIELDS_OF[self.about]:
                self.add_error(None, f"{self.about.label}备案没有“{name}”这一项。")
        unit, account = given.get("unit"), given.get("account")
        if unit is not None and account is not None and account.unit_id != unit.pk:
            self.add_error("account", f"账号 {account.code} 不是这个单位的。")
        if account is not None and self.about == Matter.OPEN and self._has("profile"):
            self.add_error(None, "补办备案的，账号资料从登记中读取，不写 profile。")
        put: dict[str, Any] = {}
        for name in ("reason", "incident"):
            if self.is_given(name) and name in given:
                put[name] = given[name]
        for name, read in self._objects().items():
            if self.is_given(name) and name in FIELDS_OF[self.about]:
                put |= read() if self._has(name) else _EMPTY[name]
        return given | {"put": put}

    def _objects(self) -> Mapping[str, Any]:
        return {
            "profile": self._profile,
            "changes": self._changes,
            "successor": self._successor,
            "consent": self._consent,
        }

    def _has(self, name: str) -> bool:
        """Whether an object is given, and not nothing."""
        return self.is_object(name) if self.named is not None else any(self.parts(name).values())

    def _demand(self, name: str, *parts: str) -> None:
        """Each part is given; what is still being typed may be complete later."""
        if self.looks:
            return
        found = self.parts(name)
        for part in parts:
            if not found.get(part) and f"{name}__{part}" not in self.errors:
                self.add_error(f"{name}__{part}", REQUIRED)

    def _profile(self) -> dict[str, Any]:
        self._demand("profile", "platform", "name")
        found = self.parts("profile")
        return {"profile": {item: found.get(item) or "" for item in PROFILE}}

    def _changes(self) -> dict[str, Any]:
        changes = self.parts("changes")
        self._demand("changes", *(item for item in ("name", "unit") if item in changes))
        receiver = None
        if code := changes.get("unit"):
            receiver = Unit.objects.filter(code=code).first()
            if receiver is None:
                self.add_error("changes__unit", f"没有代码为 {code} 的单位。")
        host = self.on.unit_id if self.on is not None else getattr(self.cleaned_data.get("account"), "unit_id", None)
        other = receiver if receiver is not None and receiver.pk != host else None
        return {"changes": {item: changes[item] for item in CHANGEABLE if item in changes}, "receiver": other}

    def _successor(self) -> dict[str, Any]:
        found = {part: said for part, said in self.parts("successor").items() if said}
        if len(found) != 1:
            self.add_error("successor__text", "写另一个在用的账号，或者写一句话，两者写一样。")
        elif code := found.get("account"):
            other = _account_of(code)
            own = self.on.account_id if self.on is not None else getattr(self.cleaned_data.get("account"), "pk", None)
            if other is None or other.pk == own or other.status not in Account.SERVING:
                self.add_error("successor__account", f"{code} 不是另一个在用的账号。")
        return {"successor": found}

    def _consent(self) -> dict[str, Any]:
        kept = self.named is None and self.on is not None and self.on.consent_file_id is not None
        self._demand("consent", "by", "on", *([] if kept else ["file"]))
        found = self.parts("consent")
        if found.get("on") and self.at is not None and found["on"] > day_of(self.at):
            self.add_error("consent__on", f"写的是 {found['on']}，还没有到。")
        said = {"consent_by": found.get("by"), "consent_on": found.get("on")}
        return said if kept and not found.get("file") else said | {"consent_file": found.get("file")}


_EMPTY: dict[str, dict[str, Any]] = {
    "profile": {"profile": None},
    "changes": {"changes": None, "receiver": None},
    "successor": {"successor": None},
    "consent": {"consent_by": "", "consent_on": None, "consent_file": None},
}


def _account_of(code: str) -> Account | None:
    return Account.objects.filter(code=code).select_related("unit").first() if code else None


def why_not_filed_late(account: Account) -> str:
    """「OPEN may name an account of the unit that is `unfiled` or has no `filed_city_on`」."""
    if account.status not in Account.SERVING:
        return f"账号 {account.code} {account.get_status_display()}，不能补办开设备案。"
    if account.status != Account.Status.UNFILED and account.filed_city_on is not None:
        return f"账号 {account.code} 已于 {account.filed_city_on} 备案，不用补办。"
    return ""


def _standing(filing: Filing) -> dict[str, Any]:
    """What stands in a filing, as the page fills it in."""
    stands: dict[str, Any] = {"reason": filing.reason, "version": filing.version, "incident": filing.incident_id or ""}
    for name in ("profile", "changes", "successor"):
        stands |= {f"{name}__{part}": said for part, said in (getattr(filing, name) or {}).items()}
    return stands | {"consent__by": filing.consent_by, "consent__on": filing.consent_on}
