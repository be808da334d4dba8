"""/login/oidc/: there and back."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from xinmei.people import oidc
from xinmei.people.guard import Request, public
from xinmei.people.models import Person
from xinmei.people.views.sign_in import go_on, safe_next

_ASKED = "oidc"


@public
def start(request: Request) -> HttpResponse:
    """To the provider."""
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        asked = oidc.begin(request.build_absolute_uri(reverse("oidc_back")))
    except oidc.SignOnFailed as failed:
        return _say(request, failed)
    request.session[_ASKED] = {
        "state": asked.state,
        "nonce": asked.nonce,
        "verifier": asked.verifier,
        "next": safe_next(request),
    }
    return redirect(asked.address)


@public
def back(request: Request) -> HttpResponse:
    """Back from the provider, once for each time there."""
    if not settings.OIDC_ISSUER:
        raise Http404
    asked = request.session.pop(_ASKED, None)
    try:
        if not asked or not hmac.compare_digest(
            asked["state"].encode(), request.GET.get("state", "").encode("utf-8", "replace")
        ):
            raise oidc.SignOnFailed("这次登录不是从本系统发起的，或已经用过，请重新登录")
        login = oidc.finish(
            request.GET.get("code", ""),
            nonce=asked["nonce"],
            verifier=asked["verifier"],
            return_to=request.build_absolute_uri(reverse("oidc_back")),
            now=request.now,
        )
        person = Person.objects.filter(login=login, is_active=True).first()
        if person is None:
            raise oidc.SignOnFailed("统一身份认证通过了，但本系统没有您的登录名，请找本单位管理员")
    except oidc.SignOnFailed as failed:
        return _say(request, failed)
    return go_on(request, person, by="sso", wanted=asked["next"])


def _say(request: Request, failed: oidc.SignOnFailed) -> HttpResponse:
    return render(request, "people/refused.html", {"why": str(failed), "title": "没有登录成功"}, status=403)
