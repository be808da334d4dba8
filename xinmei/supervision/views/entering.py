"""录入问题: the page that holds the form; the act is `finding.find`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.guard import Request, door
from xinmei.registry.doors import account_for, unit_for


@door(do="find")
def enter(request: Request) -> HttpResponse:
    """The form for one account or one unit, named by the address, or by the form that was just refused."""
    attempt = getattr(request, "attempt", None)
    named = {name: attempt.form.raw(name) if attempt else request.GET.get(name) for name in ("account", "unit")}
    account = account_for(request.acting, named["account"]) if named["account"] else None
    unit = account.unit if account else unit_for(request.acting, named["unit"]) if named["unit"] else None
    return render(request, "supervision/enter.html", {"account": account, "unit": unit, "attempt": attempt})
