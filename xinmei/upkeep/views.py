"""系统 → 备份, 系统 → 设置.

No page lets a file leave the server: the system administrator has no business rights (docs/decisions/0191).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.jobs.doors import jobs_visible_to
from xinmei.jobs.queries import is_silent
from xinmei.people.guard import Request, door
from xinmei.upkeep.actions import say_size
from xinmei.upkeep.jobs import NIGHTLY, say_late
from xinmei.upkeep.manifests import folder, list_backups
from xinmei.upkeep.overview import describe_settings

SHOWN = 5


@door(do="back_up")
def backups(request: Request) -> HttpResponse:
    """The backups that are there."""
    found = list_backups()
    context = {
        "backups": [(one, say_size(one.bytes)) for one in found],
        "latest": found[0] if found else None,
        "late": say_late(found, request.now),
        "next_at": NIGHTLY.next_after(request.now),
        "silent": is_silent(request.now),
        "folder": folder().absolute(),
        "kept": settings.BACKUPS_KEPT,
        "jobs": jobs_visible_to(request.acting).filter(kind__in=("back_up", "rehearse_restore"))[:SHOWN],
        "now": request.now,
    }
    return render(request, "upkeep/backups.html", context)


@door(do="change_settings")
def settings_page(request: Request) -> HttpResponse:
    """The settings in plain words, and where each is changed. Of a secret the page only shows whether it is set."""
    return render(request, "upkeep/settings.html", {"groups": describe_settings(request.now), "now": request.now})
