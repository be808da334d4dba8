"""Sessions listed and ended, locks lifted, the acting position chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.people.doors import Refused
from xinmei.people.events import Acting, record
from xinmei.people.models import Attempt, Person, SignedIn
from xinmei.people.sign_in import end_sessions


def end_session(session: SignedIn, given: Mapping[str, Any], by: Acting, at: datetime) -> SignedIn:
    """Ends one session: its next request is a stranger's. `is_own` says afterwards whose it was."""
    end_sessions([session])
    session.is_own = session.person_id == by.person_id  # type: ignore[attr-defined]
    content = {"address": session.address}
    record("end_session", by=by, at=at, kind="person", number=session.person_id, content=content)
    return session


def unlock(person: Person, given: Mapping[str, Any], by: Acting, at: datetime) -> Person:
    """Forgets the wrong tries of a log-in name, so that it may be tried again at once."""
    forgotten, _ = Attempt.objects.filter(login=person.login, wrong=True).delete()
    record("unlock", by=by, at=at, kind="person", number=person.pk, content={"tries": forgotten})
    return person


def choose_position(holding: str, *, among: list[Acting], at: datetime) -> Acting:
    """Whoever holds several positions chooses which one acts. Raises Refused for one that is not held now."""
    chosen = next((acting for acting in among if acting.holding == holding), None)
    if chosen is None:
        raise Refused("您此时不担任这个岗位，请从现任岗位中选择")
    with transaction.atomic():
        record("choose_post", by=chosen, at=at, kind="person", number=chosen.person_id)
    return chosen
