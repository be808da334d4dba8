"""录入问题: the page that holds the form; the act is `finding.find`. What the fault is about is found by its words."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.interaction.doors import messages_visible_to
from xinmei.people.doors import sees
from xinmei.people.guard import Request, door
from xinmei.publishing.doors import posts_visible_to
from xinmei.registry.doors import account_for, unit_for
from xinmei.registry.models import Account

_MOST = 12


@door(do="find")
def enter(request: Request) -> HttpResponse:
    """The form for one account or one unit, named by the address, or by the form that was just refused.

    `q`: words of the post or message that the fault is about; `subject`: the one chosen.
    """
    attempt = getattr(request, "attempt", None)
    named = {
        name: attempt.form.raw(name) if attempt else request.GET.get(name) for name in ("account", "unit", "subject")
    }
    account = account_for(request.acting, named["account"]) if named["account"] else None
    unit = account.unit if account else unit_for(request.acting, named["unit"]) if named["unit"] else None
    words = request.GET.get("q", "").strip()[:100]
    context = {"account": account, "unit": unit, "attempt": attempt, "words": words}
    if account:
        context |= {"chosen": _chosen(request, account, str(named["subject"] or "")), **_found(request, account, words)}
    return render(request, "supervision/enter.html", context)


def _found(request: Request, account: Account, words: str) -> dict[str, object]:
    """The newest posts and messages of the account with these words; the newest of all where there are none."""
    posts = posts_visible_to(request.acting).filter(account=account).order_by("-published_at")
    messages = messages_visible_to(request.acting).filter(account=account).order_by("-received_at")
    if words:
        posts = posts.filter(Q(title__icontains=words) | Q(text__icontains=words))
        messages = messages.filter(text__icontains=words)
    shown = messages[:_MOST] if sees(request.acting, "messages") else []
    return {"posts": posts.defer("links", "images")[:_MOST], "messages_found": shown, "most": _MOST}


def _chosen(request: Request, account: Account, code: str) -> object:
    """The post or message of that number."""
    if not code or "\0" in code:
        return None
    post = posts_visible_to(request.acting).filter(account=account, code=code).first()
    return post or messages_visible_to(request.acting).filter(account=account, code=code).first()
