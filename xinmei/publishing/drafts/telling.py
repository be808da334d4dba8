"""Who hears of a draft: whoever must act next, in the transaction of the act that made it so."""

from __future__ import annotations

from datetime import datetime

from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.models import Person
from xinmei.publishing.models import Draft

Audience = Notice.Audience


def tell_unit(draft: Draft, audience: Audience, what: str, at: datetime) -> None:
    """Those who check, or sign, at its unit."""
    tell([_notice(draft, what, "", at, audience=audience, unit=draft.unit)], at=at)


def tell_drafter(draft: Draft, what: str, at: datetime, text: str = "") -> None:
    """Who sent it last, where that is somebody known here."""
    person = Person.objects.filter(login=draft.drafter).first()
    if person is not None:
        tell([_notice(draft, what, text, at, audience=Audience.PERSON, person=person)], at=at)


def _notice(draft: Draft, what: str, text: str, at: datetime, **whom: object) -> Notice:
    return Notice(
        kind=Notice.Kind.DRAFT,
        key=f"{draft.pk}-{draft.state}-{at.timestamp():.0f}",
        thing="drafts",
        about=draft.unit,
        title=f"{what}：{draft}",
        text=text,
        address=f"/drafts/{draft.pk}/",
        **whom,
    )
