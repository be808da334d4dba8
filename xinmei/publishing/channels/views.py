"""平台接口: whether the unit's accounts can be published to; the kit for publishing by hand; what platforms push."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.people.guard import Request, door, public
from xinmei.publishing.channels.doors import channel_pushed_to, channels_visible_to, kit_for
from xinmei.publishing.channels.driving import content_of
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.channels.kit import make_kit
from xinmei.publishing.channels.pushing import LARGEST, NotOurs, answer_handshake, take
from xinmei.publishing.models import Draft


@door(do="connect_channel")
def listed(request: Request) -> HttpResponse:
    """The interfaces of the unit, those that do not work first."""
    rows = channels_visible_to(request.acting).select_related("account__unit").order_by("-state", "account__code")
    return render(
        request, "publishing/channels/listed.html", {"channels": rows, "now": request.now, "site": settings.SITE}
    )


@door(get=kit_for)
def kit(request: Request, found: Draft, code: str) -> HttpResponse:
    """Text, pictures, cover, byline and check-list of a released draft for one of its accounts."""
    meant = found.for_accounts.select_related("account").filter(account__code=code).first()
    if meant is None:
        raise Http404
    try:
        content = content_of(found.pk)
    except Fault as fault:
        return HttpResponse(f"{fault.said}。{fault.todo}", status=503, content_type="text/plain; charset=utf-8")
    address = f"{settings.SITE}{reverse('draft', args=[found.pk])}"
    response = HttpResponse(make_kit(found, meant.account, content, address), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="draft-{found.pk}-{meant.account.platform}.zip"'
    return response


@public(methods=("GET", "POST"))
def pushed(request: Request, pk: str) -> HttpResponse:
    """Where 公众号 pushes that a task has ended: its signature is the log-in. Why one is refused is told to nobody."""
    channel = channel_pushed_to(pk)
    try:
        if request.method != "POST":
            return HttpResponse(answer_handshake(channel, request.GET, request.now), content_type="text/plain")
        if len(request.body) > LARGEST:
            return HttpResponse(status=413)
        take(channel, request.GET, request.body, request.now)
    except NotOurs:
        return HttpResponse(status=403)
    return HttpResponse("success", content_type="text/plain")


pushed.csrf_exempt = True
