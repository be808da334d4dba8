"""系统 → 备份, 系统 → 设置.

No page lets a file leave the server: the system administrator has no business rights (docs/decisions/0191).
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.jobs.actions import start
from xinmei.jobs.doors import jobs_visible_to
from xinmei.jobs.queries import is_silent
from xinmei.people.guard import Request, door
from xinmei.upkeep.actions import say_size
from xinmei.upkeep.jobs import NIGHTLY, say_late
from xinmei.upkeep.manifests import backup_named, folder, list_backups
from xinmei.upkeep.overview import describe_settings

SHOWN = 5


@door(do="back_up", methods=("GET", "POST"))
def backups(request: Request) -> HttpResponse:
    """The backups. POST makes one more now, as a job."""
    if request.method == "POST":
        return redirect("job", pk=start("back_up", by=request.acting, at=request.now).pk)
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


@door(do="back_up", methods=("POST",))
def rehearse(request: Request, name: str) -> HttpResponse:
    """Tries whether this backup can be restored, as a job."""
    backup = backup_named(name)
    return redirect(
        "job", pk=start("rehearse_restore", by=request.acting, at=request.now, arguments={"name": backup.name}).pk
    )


@door(do="change_settings")
def settings_page(request: Request) -> HttpResponse:
    """The settings in plain words, and where each is changed. Of a secret the page only shows whether it is set."""
    return render(request, "upkeep/settings.html", {"groups": describe_settings(request.now), "now": request.now})
