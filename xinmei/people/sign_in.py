"""Signing in. Every path is throttled before a password is hashed.

A name that does not exist takes the same time and gives the same text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth import login as open_django_session
from django.contrib.auth import logout as close_django_session
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from xinmei.core.calendar import SHANGHAI
from xinmei.people.doors import without_position
from xinmei.people.events import Acting, record
from xinmei.people.guard import Request
from xinmei.people.locks import hold
from xinmei.people.models import Attempt, Person, SignedIn

WRONG = "登录名或口令不对"
TRIES, WINDOW = 10, timedelta(minutes=15)
ADDRESS_TRIES, ADDRESS_WINDOW = 60, timedelta(minutes=1)
BACKEND = "xinmei.people.sign_in.Backend"


class NotSignedIn(Exception):
    """Nobody was signed in; its text says why, the same for a wrong password and an unknown name."""

    status = 403


class Wrong(NotSignedIn):
    """A wrong password or an unknown name."""

    status = 200  # the form again


class Throttled(NotSignedIn):
    """Too many tries; the password was not looked at. `retry_after` in seconds."""

    status = 429

    def __init__(self, text: str, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


def check_credentials(login: str, password: str, address: str, now: datetime) -> Person:
    """The person of that name and password. Raises Wrong or Throttled."""
    person = Person.objects.filter(login=login, is_active=True).first() if "\0" not in login else None
    # An unknown name costs the hash of a known one: the time tells nothing.
    try_once(login, address, now, lambda: check_password(password, person.password) if person else _waste(password))
    assert person is not None
    return person


def _waste(password: str) -> bool:
    make_password(password)
    return False


def try_once(login: str, address: str, now: datetime, is_right: Callable[[], bool]) -> None:
    """Checks a secret, a password or a code, unless there were too many tries. Raises Wrong or Throttled.

    「Ten wrong passwords for one log-in name from one address within 15 minutes: refused for 15 minutes, the right
    password too, other names and addresses unaffected; an address is slowed only beyond 60 tries a minute.」
    """
    login = login.replace("\0", "")[:150]
    with transaction.atomic():
        hold(f"attempt {address}")
        try:
            _refuse_when_tried_too_often(login, address, now)
        except Throttled as refused:
            throttled: Throttled | None = refused
            _record("sign_in_refused", login, address, now)
        else:
            throttled = None
            attempt = Attempt.objects.create(login=login, address=address, at=now, wrong=True)
    if throttled:
        raise throttled
    if not is_right():
        with transaction.atomic():
            _record("sign_in_failed", login, address, now)
        raise Wrong(WRONG)
    Attempt.objects.filter(pk=attempt.pk).update(wrong=False)


def _refuse_when_tried_too_often(login: str, address: str, now: datetime) -> None:
    last_minute = (
        Attempt.objects.filter(address=address, at__gt=now - ADDRESS_WINDOW)
        .order_by("-at")
        .values_list("at", flat=True)[:ADDRESS_TRIES]
    )
    if len(last_minute) == ADDRESS_TRIES:
        seconds = int((last_minute[ADDRESS_TRIES - 1] + ADDRESS_WINDOW - now).total_seconds()) + 1
        raise Throttled(f"登录尝试过于频繁，请 {seconds} 秒后再试", seconds)
    wrong = list(
        Attempt.objects.filter(login=login, address=address, wrong=True)
        .order_by("-at")
        .values_list("at", flat=True)[:TRIES]
    )
    if len(wrong) == TRIES and wrong[0] - wrong[-1] <= WINDOW and now < wrong[0] + WINDOW:
        until = wrong[0] + WINDOW
        raise Throttled(
            f"口令连续输错，已暂停登录，请在 {until.astimezone(SHANGHAI):%H:%M} 之后再试",
            int((until - now).total_seconds()) + 1,
        )


def _record(verb: str, login: str, address: str, now: datetime) -> None:
    """Records a try. A name that nobody has is not kept: it may be a password typed into the wrong field."""
    person = Person.objects.filter(login=login).first()
    who = without_position(person, address) if person else Acting(login="未知登录名", address=address)
    record(verb, by=who, at=now, kind="person", number=person.pk if person else "")


def open_session(request: Request, person: Person, *, second_factor: bool, by: str) -> None:
    """Signs `person` in: a new session key, a row in the list of sessions, one event.

    `by` is password, second_factor or sso.
    """
    now: datetime = request.now
    address: str = request.address
    with transaction.atomic():
        open_django_session(request, person, backend=BACKEND)
        moment = int(now.timestamp())
        request.session.update({"started": moment, "seen": moment, "second_factor": second_factor})
        request.session.save()
        note_session(request, person)
        record(
            "sign_in", by=without_position(person, address), at=now, kind="person", number=person.pk, content={"by": by}
        )
        Attempt.objects.filter(at__lt=now - timedelta(days=1)).delete()


def note_session(request: Request, person: Person) -> None:
    """Puts this session into the list of the person's sessions."""
    now: datetime = request.now
    SignedIn.objects.create(
        person=person,
        session_key=request.session.session_key or "",
        started_at=now,
        seen_at=now,
        address=request.address,
        agent=request.headers.get("User-Agent", "").replace("\0", "")[:300],
    )


def close_session(request: Request) -> None:
    """Signs out, at once."""
    acting: Acting = request.acting
    with transaction.atomic():
        SignedIn.objects.filter(session_key=request.session.session_key).delete()
        if acting.person_id:
            record("sign_out", by=acting, at=request.now, kind="person", number=acting.person_id)
        close_django_session(request)


def end_sessions(sessions: list[SignedIn]) -> None:
    """Ends sessions: their next request is a stranger's."""
    Session.objects.filter(session_key__in=[session.session_key for session in sessions]).delete()
    SignedIn.objects.filter(pk__in=[session.pk for session in sessions]).delete()


class Backend(BaseBackend):
    """Django's way in, for whatever asks Django: the same throttle, the same check."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: object
    ) -> Person | None:
        """The person, or nobody."""
        if username is None or password is None:
            return None
        address = getattr(request, "address", "")
        try:
            return check_credentials(username, password, address, getattr(request, "now", None) or timezone.now())
        except NotSignedIn:
            return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session, as long as they may log in."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
