"""What is said about who holds an account, and with what. A password is never taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from xinmei.core.screening.detectors import mask_piece
from xinmei.pages.fields import Fields, day_field, line_field, lines_field
from xinmei.people.doors import actings_of, day_of
from xinmei.people.models import Person
from xinmei.registry.custody.models import Custody
from xinmei.registry.custody.queries import custody_of

_SECRET = re.compile(r"(?:口令|密码|password|passwd|pwd)\s*(?:[:：=]|是|为)\s*\S", re.IGNORECASE)
NONE_TAKEN = "这里不登记口令、密码；请删去。"


def masked_number(number: str) -> str:
    """A phone as everybody sees it."""
    return mask_piece(number, 3, 4) if number else ""


def person_at(form: Fields, login: str) -> Person:
    """The person of that log-in name, who must hold a position at the host. Raises ValidationError."""
    person = Person.objects.filter(login=login).first()
    assert form.at is not None
    account: Any = form.on
    if person is None or account.unit_id not in {one.unit_id for one in actings_of(person, form.at)}:
        raise forms.ValidationError(f"{login} 现在不在{account.unit}任岗；应写在主办单位任岗的人员的登录名。")
    return person


class _WithoutPasswords(Fields):
    """Texts in which no password may stand."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            texts = value if isinstance(value, list) else [value]
            if name not in self.errors and any(isinstance(one, str) and _SECRET.search(one) for one in texts):
                self.add_error(name, NONE_TAKEN)


class RecordFields(_WithoutPasswords):
    """All six the first time; later those that change. The holder changes by hand-over alone."""

    holder = line_field("掌管人", help_text="在主办单位任岗的人员，写登录名；以后换人走交接。")
    admins = lines_field("平台管理员", help_text="平台后台的管理员、运营者，一行一个。")
    terminals = lines_field("登录设备", help_text="在哪些设备上登录，一行一个。")
    bound_phone = line_field("绑定手机", help_text="显示时遮盖；不改的，带星号的不用动。")
    certified_until = day_field("认证到期日", required=False)
    supplier = line_field("服务商", help_text="代运营、技术支持单位和合同，没有的写“无”。", longest=500)

    def prepare(self) -> None:
        """「The first `record` has all six fields」"""
        if self.on is not None and custody_of(self.on) is None:
            for field in self.fields.values():
                field.required = True

    def standing(self) -> Mapping[str, Any]:
        """What is recorded; the phone masked."""
        custody = custody_of(self.on) if self.on is not None else None
        if custody is None:
            return {}
        return {
            "holder": custody.holder.login,
            "admins": custody.admins,
            "terminals": custody.terminals,
            "bound_phone": masked_number(custody.bound_phone),
            "certified_until": custody.certified_until.isoformat() if custody.certified_until else "",
            "supplier": custody.supplier,
        }

    def clean_holder(self) -> Person:
        """Somebody of the host; later nobody but the one who holds it."""
        login, custody = self.cleaned_data["holder"], custody_of(self.on)
        if custody is None:
            return person_at(self, login)
        if login != custody.holder.login:
            raise forms.ValidationError(f"掌管人是 {custody.holder.login}；换人请办交接。")
        return custody.holder

    def clean_bound_phone(self) -> str:
        """The phone; the one that stands where the masked one was left."""
        phone: str = self.cleaned_data["bound_phone"]
        custody = custody_of(self.on)
        return custody.bound_phone if custody and phone and phone == masked_number(custody.bound_phone) else phone

    def clean_certified_until(self) -> date | None:
        """Not before the day of the act; one that stands may have run out."""
        until: date | None = self.cleaned_data["certified_until"]
        if until is not None and self.at is not None and until < day_of(self.at) and not self._stands(until):
            raise forms.ValidationError(f"写的是 {until}，已经过了；应是 {day_of(self.at)} 或以后的一天。")
        return until

    def _stands(self, until: date) -> bool:
        """Whether it is only what was recorded, and was not said again; a page says again what it shows."""
        custody: Custody | None = custody_of(self.on)
        said_again = self.named is not None and "certified_until" in self.named
        return custody is not None and custody.certified_until == until and not said_again


class OfferFields(_WithoutPasswords):
    """To whom, and what goes over with it."""

    to = line_field("交给谁", required=True, help_text="在主办单位任岗的人员，写登录名。")
    checklist = lines_field(
        "交接清单", required=True, help_text="一行一项，如：平台后台、绑定手机、管理员扫码、素材和合同。"
    )

    def stands_against(self) -> str:
        """「an offer to the holder: `state`」: it answers before whatever else is wrong with what is written."""
        custody, to = custody_of(self.on), str(self.raw("to") or "").strip()
        return f"{to} 已经是掌管人，不用交接" if custody is not None and to == custody.holder.login else ""

    def clean_to(self) -> Person:
        """Somebody of the host."""
        return person_at(self, self.cleaned_data["to"])


class AcceptFields(_WithoutPasswords):
    """What was not there."""

    missing = lines_field("缺少", help_text="清单中没有交到的，一行一项；都有的不用写。")
