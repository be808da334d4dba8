"""工作台: what I must do now, most urgent first, with the button that does it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinmei.desk.duties import duties_of
from xinmei.people.guard import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The desk of whoever logs in."""
    return render(request, "desk/home.html", {"desk": duties_of(request.acting, request.now), "now": request.now})
