"""/login/ in two steps, and /logout/."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from xinmei.pages.failing import is_fetched
from xinmei.people.actions.second_factor import is_right_code
from xinmei.people.doors import without_position
from xinmei.people.forms import CodeForm, SignInForm
from xinmei.people.guard import Request, public, signed_in
from xinmei.people.kept import KEPT, lay_down, take_over
from xinmei.people.models import Person, SecondFactor
from xinmei.people.sign_in import (
    WRONG,
    NotSignedIn,
    Throttled,
    Wrong,
    check_credentials,
    close_session,
    open_session,
    try_once,
)

_PENDING = "pending"  # whose password was right and whose code is still to come
_PENDING_SECONDS = 300


def safe_next(request: Request) -> str:
    """Where to go after the log-in: an address of this site, else the desk."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    # A word without "/" would be taken for the name of a view.
    return wanted if here and wanted.startswith("/") else "/"


@public(methods=("GET", "POST"))
def sign_in(request: Request) -> HttpResponse:
    """Log-in name and password. Nobody learns from the answer, or from its time, whether a name exists."""
    if request.acting.person_id and request.method == "GET":
        return redirect(safe_next(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    answer = {"form": form, "next": safe_next(request), "oidc": bool(settings.OIDC_ISSUER)}
    if request.method == "GET":
        return render(request, "people/sign_in.html", answer)
    if not form.is_valid():
        return _refuse(request, "people/sign_in.html", answer, Wrong(WRONG))
    try:
        person = check_credentials(
            form.cleaned_data["username"], form.cleaned_data["password"], request.address, request.now
        )
    except NotSignedIn as refused:
        return _refuse(request, "people/sign_in.html", answer, refused)
    return go_on(request, person, by="password", wanted=safe_next(request))


def go_on(request: Request, person: Person, *, by: str, wanted: str) -> HttpResponse:
    """After the first factor: ask for the second where one is enrolled, else open the session."""
    kept = take_over(request, person.pk)
    if settings.SECOND_FACTOR and SecondFactor.objects.filter(person=person).exists():
        request.session.flush()
        moment = int(request.now.timestamp())
        request.session[_PENDING] = {
            "person": person.pk,
            "at": moment,
            "next": wanted,
            "hash": person.get_session_auth_hash(),
            KEPT: kept,
        }
        return JsonResponse({"step": "code"}) if is_fetched(request) else redirect("second_step")
    open_session(request, person, second_factor=False, by=by)
    lay_down(request, kept)
    return _let_in(request, wanted)


def _let_in(request: Request, wanted: str) -> HttpResponse:
    """To the page that was wanted; a script that asked gets the new token for its forms."""
    return JsonResponse({"in": True, "token": get_token(request)}) if is_fetched(request) else redirect(wanted)


def _refuse(request: Request, page: str, answer: dict[str, object], refused: NotSignedIn) -> HttpResponse:
    said = answer | {"why": str(refused)}
    if is_fetched(request):
        response: HttpResponse = JsonResponse({"error": str(refused)}, status=max(refused.status, 403))
    else:
        response = render(request, page, said, status=refused.status)
    if isinstance(refused, Throttled):
        response["Retry-After"] = str(refused.retry_after)
    return response


@public(methods=("GET", "POST"))
def second_step(request: Request) -> HttpResponse:
    """The code, within five minutes of the password; throttled as passwords are."""
    pending = request.session.get(_PENDING) or {}
    person = Person.objects.filter(pk=pending.get("person", 0), is_active=True).first()
    is_stale = not pending or request.now.timestamp() - pending["at"] > _PENDING_SECONDS
    if person is None or is_stale or pending["hash"] != person.get_session_auth_hash():
        request.session.pop(_PENDING, None)
        if is_fetched(request):
            return JsonResponse({"error": "口令已超过5分钟，请再输一次。", "step": "password"}, status=403)
        return redirect("login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "people/second_step.html", {"form": form})
    by = without_position(person, request.address)
    try:
        code = form.cleaned_data["code"]
        try_once(person.login, request.address, request.now, lambda: is_right_code(person, code, by=by, at=request.now))
    except NotSignedIn as refused:
        said = refused if isinstance(refused, Throttled) else Wrong("动态口令或恢复码不对，请看认证器上当前显示的数字")
        return _refuse(request, "people/second_step.html", {"form": form}, said)
    request.session.pop(_PENDING)
    open_session(request, person, second_factor=True, by="second_factor")
    lay_down(request, pending.get(KEPT))
    return _let_in(request, pending["next"])


@signed_in(methods=("POST",))
def sign_out(request: Request) -> HttpResponse:
    """「log-out: a button 退出 that posts to /logout/ and ends the session at once」"""
    close_session(request)
    return redirect("login")
