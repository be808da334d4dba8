"""我的登录: the positions held, the one that acts, password, second factor, sessions."""

from __future__ import annotations

import pyotp
import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.pages.failing import is_fetched
from xinmei.people.actions import passwords, second_factor, sessions
from xinmei.people.bearing import in_use
from xinmei.people.forms import ChangePasswordForm, CodeForm
from xinmei.people.guard import Request, signed_in
from xinmei.people.models import Person, SecondFactor
from xinmei.people.sign_in import NotSignedIn, Throttled, note_session, try_once

_NEW_SECRET = "new_secret"  # noqa: S105


def me(request: Request) -> Person:
    """Who is logged in. All of these pages need a log-in."""
    person = request.user
    assert isinstance(person, Person)
    return person


@signed_in
def own(request: Request) -> HttpResponse:
    """The positions held now, and where one is logged in."""
    person = me(request)
    context = {
        "person": person,
        "sessions": person.sessions.all(),
        "this_session": request.session.session_key,
        "tokens": person.tokens.filter(in_use(request.now)).select_related("position_held__unit"),
        "has_second_factor": SecondFactor.objects.filter(person=person).exists(),
    }
    return render(request, "people/own.html", context)


@signed_in(methods=("POST",))
def choose_position(request: Request) -> HttpResponse:
    """Whoever holds several positions chooses which one acts."""
    chosen = sessions.choose_position(request.POST.get("holding", ""), among=request.actings, at=request.now)
    request.session["holding"] = chosen.holding
    return HttpResponse(status=204) if is_fetched(request) else redirect("/")


@signed_in(methods=("GET", "POST"))
def change_password(request: Request) -> HttpResponse:
    """The password, changed; other sessions end. Wrong old ones are counted like wrong log-ins."""
    person = me(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    answer = {"form": form, "must": person.must_change_password, "profile": settings.PASSWORD_PROFILE}
    if not form.is_valid():
        return render(request, "people/password.html", answer)
    old, new = form.cleaned_data["old"], form.cleaned_data["new"]
    try:
        try_once(person.login, request.address, request.now, lambda: person.check_password(old))
        passwords.change_password(person, old, new, by=request.acting, at=request.now)
    except NotSignedIn as refused:
        form.add_error("old", str(refused) if isinstance(refused, Throttled) else "现口令不对")
        return render(request, "people/password.html", answer)
    except ValidationError as faults:
        form.add_error("new", faults)
        return render(request, "people/password.html", answer)
    update_session_auth_hash(request, person)
    note_session(request, person)
    messages.success(request, "口令已修改，其他地方的登录已结束。", extra_tags="green")
    return redirect("/")


@signed_in(methods=("GET", "POST"))
def set_up_second_factor(request: Request) -> HttpResponse:
    """Enrols a device by QR code; a person who has one proves it first."""
    person = me(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    enrolled = SecondFactor.objects.filter(person=person).exists()
    if enrolled and not request.session.get("second_factor_renewed"):
        return _prove(request, person, form)
    secret = request.session.setdefault(_NEW_SECRET, pyotp.random_base32())
    context: dict[str, object] = {"form": form, "secret": secret, "enrolled": enrolled}
    if form.is_valid():
        codes = second_factor.enrol(person, secret, form.cleaned_data["code"], by=request.acting, at=request.now)
        if codes is not None:
            request.session.pop(_NEW_SECRET)
            request.session.pop("second_factor_renewed", None)
            request.session["second_factor"] = True
            return render(request, "people/recovery_codes.html", {"codes": codes})
        form.add_error("code", "动态口令不对：请核对手机时间，输入认证器上当前显示的6位数字")
    context["picture"] = segno.make(second_factor.address_for(secret, person), error="m").svg_data_uri(
        scale=5, border=2
    )
    return render(request, "people/second_factor.html", context)


def _prove(request: Request, person: Person, form: CodeForm) -> HttpResponse:
    """Whoever has a device shows a code of it: to go on in this session, or to enrol another device."""
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            try_once(
                person.login,
                request.address,
                request.now,
                lambda: second_factor.is_right_code(person, code, by=request.acting, at=request.now),
            )
        except NotSignedIn as refused:
            form.add_error("code", str(refused) if isinstance(refused, Throttled) else "动态口令或恢复码不对")
        else:
            if request.session.get("second_factor"):
                request.session["second_factor_renewed"] = True
                return redirect("second_factor")
            request.session["second_factor"] = True
            return redirect("/")
    return render(
        request, "people/prove_second_factor.html", {"form": form, "renew": request.session.get("second_factor", False)}
    )
