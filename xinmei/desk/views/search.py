"""搜索 over units, accounts, posts, messages and findings, within reach."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.interaction.doors import messages_visible_to
from xinmei.interaction.search import find_messages
from xinmei.people.doors import sees
from xinmei.people.guard import Request, signed_in
from xinmei.publishing.doors import posts_visible_to
from xinmei.publishing.search import find_posts
from xinmei.registry.doors import accounts_visible_to, units_visible_to
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import describe

MOST = 8
COUNTED = 100


@signed_in
def search(request: Request) -> HttpResponse:
    """By name, number or text: whatever contains what was typed. Texts are asked for from two characters on."""
    q, acting = request.GET.get("q", "").strip()[:100], request.acting
    context: dict[str, object] = {"q": q}
    if q:
        findings = findings_visible_to(acting).select_related("account", "unit")
        posts, messages = posts_visible_to(acting), messages_visible_to(acting)
        posts_found, messages_found = find_posts(acting, posts, q, COUNTED), find_messages(acting, messages, q, COUNTED)
        number = Q(pk=int(q)) if q.isascii() and q.isdigit() and len(q) < 18 else Q()
        wanted = Q(account__name__icontains=q) | Q(unit__name__icontains=q) | Q(subject__icontains=q)
        context |= {
            "units": units_visible_to(acting).filter(Q(name__icontains=q) | Q(code=q))[:MOST],
            "accounts": accounts_visible_to(acting)
            .filter(Q(name__icontains=q) | Q(handle__icontains=q) | Q(code=q))
            .select_related("unit")[:MOST],
            "findings": describe(
                list(findings.filter(wanted | number).order_by("-id")[:MOST]), texts=sees(acting, "messages")
            ),
            "posts_found": posts_found,
            "posts": posts.filter(pk__in=posts_found.numbers[:MOST])
            .select_related("account")
            .order_by("-published_at", "-pk"),
            "messages_found": messages_found,
            "messages_listed": messages.filter(pk__in=messages_found.numbers[:MOST])
            .select_related("account")
            .order_by("-received_at", "-pk"),
        }
        context["nothing"] = not any(
            context[key] for key in ("units", "accounts", "findings", "posts_found", "messages_found")
        )
    return render(request, "desk/search.html", context)
