"""Each operation says at which door it stands, as each page does; `tests/house/doors.txt` tells it a second time."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from xinmei.api.problems import refuse
from xinmei.people.guard import Declaration, Request


def at_door(operation: URLPattern, address: str, declaration: Declaration) -> URLPattern:
    """The operation at its address, with its door said: no session is asked for, and no other method answers."""
    inner = operation.callback

    def stand(request: Request, **parts: Any) -> HttpResponseBase:
        if request.method not in declaration.methods:
            why = f"这个网址只收 {'、'.join(declaration.methods)}"
            return refuse("method", why, headers={"Allow": ", ".join(declaration.methods)}).as_response()
        return inner(request, **parts)

    stand.declaration = declaration  # type: ignore[attr-defined]
    stand.csrf_exempt = True  # type: ignore[attr-defined]
    stand.login_required = False  # type: ignore[attr-defined]
    return path(address, stand, name=operation.name)
