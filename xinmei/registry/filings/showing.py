"""A filing as programs read it."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.registry.filings.judging import profile_of
from xinmei.registry.filings.models import Filing


class ShownConsentFile(TypedDict):
    """A file that was attached."""

    name: str
    sha256: str


class ShownConsent(TypedDict):
    """集体研究或主要领导同意."""

    by: str
    on: str | None
    file: ShownConsentFile | None


class ShownText(TypedDict):
    """The text of the announcement that stands."""

    text: str


class ShownNumber(TypedDict):
    """What one of the two systems answered."""

    on: str | None
    number: str


class ShownFilingStep(TypedDict):
    """One act."""

    verb: str
    by: str
    post: str
    unit: str
    at: str | None
    note: str | None


class Asked(TypedDict):
    """What a filing asks."""

    profile: dict[str, str | None] | None
    changes: dict[str, str | None] | None
    reason: str | None
    successor: dict[str, str] | None
    consent: ShownConsent | None
    incident: str | None


class Offices(TypedDict):
    """Its offices, and what they found."""

    supervisor: str | None
    reviewing_office: str | None
    agreed_by: str | None
    problems: list[str]
    accepted: list[str]


class ShownFiling(Asked, Offices):
    """What programs read of a filing."""

    id: str
    matter: str
    unit: str
    account: str | None
    state: str
    version: int
    waiting_since: str | None
    announcement: ShownText | None
    announced_on: str | None
    allowed_from: str | None
    filed_city_on: str | None
    carried_out_on: str | None
    register_by: str | None
    provisional: bool
    national: ShownNumber | None
    provincial: ShownNumber | None
    steps: list[ShownFilingStep]


def show_filing(filing: Filing, acting: Acting) -> ShownFiling:
    """A filing as programs read it; numbers of citizens in its words are masked."""
    texts = [one.text for one in filing.announcements.all() if one.ended_on is None]
    return {
        "id": str(filing.pk),
        "matter": filing.matter,
        "unit": filing.unit.code,
        "account": filing.account.code if filing.account else None,
        "state": filing.state,
        "version": filing.version,
        "waiting_since": show_moment(filing.waiting_since),
        **_show_asked(filing),
        **_show_offices(filing),
        "announcement": {"text": mask(texts[0])} if filing.announced_on and texts else None,
        "announced_on": show_day(filing.announced_on),
        "allowed_from": show_day(filing.allowed_from),
        "filed_city_on": show_day(filing.filed_city_on),
        "carried_out_on": show_day(filing.carried_out_on),
        "register_by": show_moment(filing.register_by),
        "provisional": filing.provisional,
        "national": _show_number(filing.national_on, filing.national_number),
        "provincial": _show_number(filing.provincial_on, filing.provincial_number),
        "steps": [_show_step(one) for one in filing.steps.all()],
    }


def _show_asked(filing: Filing) -> Asked:
    """What is asked, and why."""
    return {
        "profile": _show_items(profile_of(filing)),
        "changes": _show_items(filing.changes),
        "reason": mask(filing.reason) or None,
        "successor": filing.successor,
        "consent": _show_consent(filing),
        "incident": str(filing.incident_id) if filing.incident_id else None,
    }


def _show_offices(filing: Filing) -> Offices:
    """Through which offices it goes, and what they found."""
    return {
        "supervisor": filing.supervisor.code if filing.supervisor else None,
        "reviewing_office": filing.reviewing_office.code if filing.reviewing_office else None,
        "agreed_by": filing.agreed_by or None,
        "problems": list(filing.problems),
        "accepted": list(filing.accepted),
    }


def _show_items(items: dict[str, str] | None) -> dict[str, str | None] | None:
    return None if items is None else {item: value or None for item, value in items.items()}


def _show_consent(filing: Filing) -> ShownConsent | None:
    if not filing.consent_by:
        return None
    file: ShownConsentFile | None = None
    if filing.consent_file_id:
        file = {"name": filing.consent_file_name, "sha256": filing.consent_file_id}
    return {"by": filing.consent_by, "on": show_day(filing.consent_on), "file": file}


def _show_number(on: Any, number: str) -> ShownNumber | None:
    return {"on": show_day(on), "number": number} if on is not None else None


def _show_step(step: Any) -> ShownFilingStep:
    return {
        "verb": step.verb,
        "by": step.by,
        "post": step.post,
        "unit": step.unit,
        "at": show_moment(step.at),
        "note": mask(step.note) or None,
    }
