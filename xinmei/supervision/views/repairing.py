"""整改方案: one published article, and the one edit that cures what was found in it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.publishing.doors import post_for
from xinmei.publishing.models import Post
from xinmei.supervision.labels import describe
from xinmei.supervision.repairing import plan_repair


@door(get=post_for)
def repair(request: Request, found: Post) -> HttpResponse:
    """The plan; whoever writes drafts makes the correcting one with one press."""
    plan = plan_repair(found, request.acting, request.now)
    own = request.acting.unit_id == found.account.unit_id
    context = {
        "plan": plan,
        "post": found,
        "said": describe(list(plan.findings), texts=False),
        "may_write": own and may(request.acting, "write_draft"),
        "now": request.now,
    }
    return render(request, "supervision/repair.html", context)
