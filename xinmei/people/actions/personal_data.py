"""Personal data are masked on every surface; one is revealed at a time, with a reason, and the event says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinmei.core.screening import mask
from xinmei.people.actions.passwords import UnknownPerson
from xinmei.people.doors import Refused, check, day_of, in_force
from xinmei.people.events import Acting, record
from xinmei.people.models import Particular, Person
from xinmei.people.sign_in import end_sessions

# Characters of a reason that says anything.
MINIMUM_REASON = 4


def reveal(what: str, *, kind: str, number: object, reason: str, by: Acting, at: datetime) -> None:
    """Writes the event that allows one value, `what` of the object, to be shown unmasked once.

    The object came through its door, to be read. Raises Refused where no reason is given, and for positions that see
    personal data only masked.
    """
    check(by, "reveal", kind, number)
    if len(reason.strip()) < MINIMUM_REASON:
        raise Refused(
            "查看未遮蔽的个人信息须写明理由（至少四个字）", acting=by, verb="reveal", kind=kind, number=number
        )
    with transaction.atomic():
        record(
            "reveal",
            by=by,
            at=at,
            kind=kind,
            number=number,
            content={"what": what, "reason": mask(reason.strip()[:500])},
        )


def erase_person(login: str, *, by: Acting, at: datetime) -> int:
    """Erases phone, e-mail and the personal data in events of somebody who holds no position any more. Returns how many
    values of events it erased.

    The log-in is closed; the chain of events stays whole. Raises UnknownPerson, and Refused while a position is held.
    """
    person = Person.objects.filter(login=login).first()
    if person is None:
        raise UnknownPerson(f"没有登录名为“{login}”的人员")
    if person.positions.filter(in_force(day_of(at))).exists():
        raise Refused(f"{person.name}（{login}）仍担任岗位，请先终止岗位", acting=by, kind="person", number=person.pk)
    with transaction.atomic():
        person.phone, person.email, person.is_active = "", "", False
        person.set_unusable_password()
        person.save(update_fields=["phone", "email", "is_active", "password"])
        person.old_passwords.all().delete()
        end_sessions(list(person.sessions.all()))
        erased, _ = Particular.objects.filter(event__object_kind="person", event__object_id=str(person.pk)).delete()
        record("erase_person", by=by, at=at, kind="person", number=person.pk, content={"values": erased})
    return erased
