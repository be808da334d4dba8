"""The edge of every request: the clock, the address, who acts as what, time-outs, and the headers of every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.models import Session
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone

from xinmei.pages.failing import failed, is_fetched
from xinmei.people.doors import Refused, actings_of, record_refusal, without_position
from xinmei.people.events import PUBLIC, Acting
from xinmei.people.kept import KEPT, keep
from xinmei.people.models import Person, SignedIn
from xinmei.people.passwords import has_expired
from xinmei.people.sign_in import Throttled

Respond = Callable[[HttpRequest], HttpResponse]
# Somebody who must first change the password or set up the second factor gets nowhere else.
_CHANGE_PASSWORD, _SET_UP_SECOND_FACTOR = "/account/password/", "/account/second-factor/"
_ALWAYS_OPEN = ("/login/", "/logout/", "/session/")
_STAMP_EVERY = timedelta(minutes=1)


class ReadableMiddleware:
    """Refuses with 400 what no browser sends: a form that cannot be read, and the character NUL.

    PostgreSQL keeps NUL in no text. This comes first, so that nothing behind it needs a guard of its own.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.API_ROOT):  # programs are answered in their own form
            return self.get_response(request)
        try:
            sent = (request.GET, request.POST)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return failed(request, 413)
        except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
            return failed(request, 400)
        if "\0" in request.path or any(
            "\0" in text for fields in sent for name, texts in fields.lists() for text in (name, *texts)
        ):
            return failed(request, 400)
        return self.get_response(request)


PERMISSIONS = "camera=(), microphone=(), geolocation=()"


class SecurityHeadersMiddleware:
    """Pages reach no camera, microphone or location, and caches keep nothing of what a person sees.

    The content security policy is django-csp's (docs/decisions/0217).
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if getattr(request, "acting", PUBLIC).login:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ActingMiddleware:
    """Sets `request.now`, `.address`, `.actings` (all positions held now) and `.acting` (the one chosen).

    It also ends sessions that timed out. Positions are judged at every request, so a right that has ended acts no more,
    not even from a page that is still open.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        address = _address_of(request)
        request.now, request.address = now, address  # type: ignore[attr-defined]
        request.actings, request.acting, request.first_step = [], PUBLIC, ""  # type: ignore[attr-defined]
        if request.path.startswith(settings.API_ROOT):  # 「no cookie opens the API」: the session is not even looked at
            return self.get_response(request)
        person = request.user
        if isinstance(person, Person):
            if _has_timed_out(request, now):
                # Whose form it is that comes after the end: `kept.py` gives it back to nobody else.
                was_acting = _choose_of(request, actings_of(person, now, address))
                request.was = (person.pk, was_acting)  # type: ignore[attr-defined]
                SignedIn.objects.filter(session_key=request.session.session_key).delete()
                logout(request)
                return self.get_response(request)
            request.actings = actings_of(person, now, address)  # type: ignore[attr-defined]
            request.acting = _choose(request, person)  # type: ignore[attr-defined]
            if request.method == "POST" and "kept" in request.POST:  # sent now, after all
                request.session.pop(KEPT, None)
            first = request.first_step = _first_step(request, person, now)  # type: ignore[attr-defined]
            if first and not request.path.startswith((first, *_ALWAYS_OPEN)):
                return redirect(first)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """「every refusal for lack of right leaves an event」"""
        if isinstance(exception, Throttled):
            retry = {"Retry-After": str(exception.retry_after)}
            return failed(request, 429, why=str(exception), headers=retry)
        if not isinstance(exception, Refused):
            return None
        if exception.acting is PUBLIC:
            exception.acting = request.acting  # type: ignore[attr-defined]
        record_refusal(exception, request.now)  # type: ignore[attr-defined]
        return failed(request, 403, why=str(exception))


class SignedInMiddleware(LoginRequiredMiddleware):
    """Deny by default: a page is public only where its view says so.

    A script is told that the session has ended, by 401, and is sent no log-in page to paint; what a person typed waits
    for the log-in.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """The log-in page, or 401 for scripts."""
        if is_fetched(request):
            answer = {"error": "登录已超时，您写的还在。", "ended": True, "token": get_token(request)}
            return JsonResponse(answer, status=401, headers={"X-Session": "ended"})
        if keep(request):
            return redirect("/login/?next=/session/kept/")
        return super().handle_no_permission(request, view_func)


def _address_of(request: HttpRequest) -> str:
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:64]


def _has_timed_out(request: HttpRequest, now: datetime) -> bool:
    """Whether nobody clicked for too long, or the session is too old. It stamps the session at most once a minute."""
    moment = int(now.timestamp())
    started, seen = request.session.get("started", moment), request.session.get("seen", moment)
    if moment - seen > settings.IDLE_MINUTES * 60 or moment - started > settings.SESSION_HOURS * 3600:
        return True
    if "started" not in request.session or moment - seen >= _STAMP_EVERY.total_seconds():
        request.session["started"], request.session["seen"] = started, moment
        _keep_session(request)
        SignedIn.objects.filter(session_key=request.session.session_key).update(seen_at=now)
    return False


def _keep_session(request: HttpRequest) -> None:
    """Writes the stamp with one statement; `save` would open a transaction for it.

    A session that has ended in the meantime stays ended.
    """
    session = request.session
    written = {"session_data": session.encode(dict(session.items())), "expire_date": session.get_expiry_date()}
    if session.session_key and Session.objects.filter(session_key=session.session_key).update(**written):
        session.modified = False


def _choose_of(request: HttpRequest, actings: list[Acting]) -> str:
    """Which of these the session had chosen."""
    chosen = request.session.get("holding")
    held = [one.holding for one in actings]
    return chosen if chosen in held else next(iter(held), "")


def _choose(request: HttpRequest, person: Person) -> Acting:
    """The position chosen in this session, else the first held."""
    actings: list[Acting] = request.actings  # type: ignore[attr-defined]
    chosen = request.session.get("holding")
    address: str = request.address  # type: ignore[attr-defined]
    return next(
        (acting for acting in actings if acting.holding == chosen),
        actings[0] if actings else without_position(person, address),
    )


def _first_step(request: HttpRequest, person: Person, now: datetime) -> str:
    """What somebody must do before anything else: nothing, change the password, or set up the second factor."""
    if person.must_change_password or has_expired(person, now):
        return _CHANGE_PASSWORD
    positions = {acting.position for acting in request.actings}  # type: ignore[attr-defined]
    if (
        settings.SECOND_FACTOR
        and positions & set(settings.SECOND_FACTOR_POSITIONS)
        and not request.session.get("second_factor")
    ):
        return _SET_UP_SECOND_FACTOR
    return ""
