"""Sessions listed and ended, locks lifted, the acting position chosen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinmei.people.doors import Refused, check
from xinmei.people.events import Acting, record
from xinmei.people.models import Attempt, Person, SignedIn
from xinmei.people.sign_in import end_sessions


def end_session(session: SignedIn, *, by: Acting, at: datetime) -> None:
    """Ends one session: one's own, or as security administrator anybody's."""
    if session.person_id != by.person_id:
        check(by, "end_sessions", "person", session.person_id)
    with transaction.atomic():
        end_sessions([session])
        record(
            "end_session", by=by, at=at, kind="person", number=session.person_id, content={"address": session.address}
        )


def unlock(person: Person, *, by: Acting, at: datetime) -> int:
    """Forgets the wrong tries of a log-in name, so that it may be tried again at once; returns how many there were."""
    check(by, "unlock", "person", person.pk)
    with transaction.atomic():
        forgotten, _ = Attempt.objects.filter(login=person.login, wrong=True).delete()
        record("unlock", by=by, at=at, kind="person", number=person.pk, content={"tries": forgotten})
    return forgotten


def choose_position(holding: str, *, among: list[Acting], at: datetime) -> Acting:
    """Whoever holds several positions chooses which one acts. Raises Refused for one that is not held now."""
    chosen = next((acting for acting in among if acting.holding == holding), None)
    if chosen is None:
        raise Refused("您此时不担任这个岗位，请从现任岗位中选择")
    with transaction.atomic():
        record("choose_post", by=chosen, at=at, kind="person", number=chosen.person_id)
    return chosen
