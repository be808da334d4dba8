"""Somebody new: added by whoever gives or proposes positions; the first three administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.core.refusals import NotNow, NotSo, Wrong
from xinmei.people.actions.passwords import make_single_use_password
from xinmei.people.actions.positions import give_to
from xinmei.people.doors import day_of, in_force
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.people.models import Person, PositionHeld
from xinmei.people.rights import ADMINISTRATORS

PARTICULARS = ("name", "phone", "email")


def add_person(given: Mapping[str, Any], by: Acting, at: datetime) -> Person:
    """Somebody new. `once` of the person returned is a password for one use; it is stored nowhere.

    A unit's administrator gives the first position in the same act. Raises NotSo where the log-in name is taken.
    """
    login = given["login"]
    if Person.objects.filter(login=login).exists():
        raise NotSo(errors=(Wrong("login", f"登录名“{login}”已有人使用，请换一个（如加上单位简称）", login),))
    particulars = {name: given[name] for name in PARTICULARS if given[name]}
    person, once = _make(login, at, **particulars)
    record(
        "add_person", by=by, at=at, kind="person", number=person.pk, content={"login": login}, particulars=particulars
    )
    if "post" in given:
        give_to(person, given, by, at)
    person.once = once  # type: ignore[attr-defined]
    return person


def _make(login: str, at: datetime, **particulars: str) -> tuple[Person, str]:
    """The person, and the password that is shown once."""
    once = make_single_use_password()
    person = Person(login=login, must_change_password=True, password_changed_at=at, **particulars)
    person.set_password(once)
    person.save()
    return person, once


def bootstrap(city_id: int, *, by: Acting, at: datetime) -> list[tuple[str, str, str]]:
    """The first three administrators, three people at the city: log-in name, position, password for one use.

    Raises NotNow where there is an administrator already. Further ones come by proposal and approval.
    """
    with transaction.atomic():
        hold("posts held")
        if PositionHeld.objects.filter(in_force(day_of(at)), position__in=ADMINISTRATORS).exists():
            raise NotNow("已有管理员；增补由系统管理员提出、安全管理员批准")
        made = []
        for position in ADMINISTRATORS:
            if Person.objects.filter(login=position.value).exists():
                raise NotNow(f"登录名“{position.value}”已有人使用，不能设立管理员")
            person, once = _make(position.value, at, name=position.label)
            PositionHeld.objects.create(person=person, unit_id=city_id, position=position, starts_on=day_of(at))
            record("bootstrap", by=by, at=at, kind="person", number=person.pk, content={"post": position.value})
            made.append((position.value, position.value, once))
    return made
