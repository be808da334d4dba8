"""Passwords: set by the operator, changed by their owner."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from xinmei.people.events import Acting, record
from xinmei.people.models import OldPassword, Person
from xinmei.people.passwords import LONGEST, check_new_password

_TYPED = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class UnknownPerson(Exception):
    """There is nobody of that log-in name."""


def set_password(login: str, password: str, *, keep: bool, by: Acting, at: datetime) -> Person:
    """The operator sets a password. It must be changed at the next log-in unless `keep` is set.

    Raises UnknownPerson, ValidationError.
    """
    person = Person.objects.filter(login=login).first()
    if person is None:
        raise UnknownPerson(f"没有登录名为“{login}”的人员；人员由 people.csv 导入，或由单位管理员在页面上添加")
    if not password or len(password) > LONGEST or "\0" in password:
        raise ValidationError(f"口令为空或超过 {LONGEST} 位，请在标准输入的第一行写口令")
    with transaction.atomic():
        _keep_old(person, at)
        person.set_password(password)
        person.must_change_password, person.password_changed_at = not keep, at
        person.save(update_fields=["password", "must_change_password", "password_changed_at"])
        record(
            "set_password",
            by=by,
            at=at,
            kind="person",
            number=person.pk,
            content={"login": login, "to_be_changed": not keep},
        )
    return person


def change_password(person: Person, old: str, new: str, *, by: Acting, at: datetime) -> None:
    """The owner changes the password. The old one was checked by `sign_in.try_once`. Raises ValidationError."""
    units = [held.unit for held in person.positions.select_related("unit")]
    words = [word for unit in units for word in (unit.name, unit.code, unit.credit_code, *unit.short_names)]
    check_new_password(new, person, words)
    with transaction.atomic():
        _keep_old(person, at)
        person.set_password(new)
        person.must_change_password, person.password_changed_at = False, at
        person.save(update_fields=["password", "must_change_password", "password_changed_at"])
        person.sessions.all().delete()
        record("change_password", by=by, at=at, kind="person", number=person.pk)


def make_single_use_password() -> str:
    """A password that nobody can guess and everybody can type (no 0 O 1 l I), to be changed at the first log-in."""
    return "-".join("".join(secrets.choice(_TYPED) for _ in range(5)) for _ in range(4))


def _keep_old(person: Person, at: datetime) -> None:
    if person.has_usable_password():
        OldPassword.objects.create(person=person, password=person.password, replaced_at=at)
        kept = person.old_passwords.values_list("pk", flat=True)[:5]
        person.old_passwords.exclude(pk__in=list(kept)).delete()
