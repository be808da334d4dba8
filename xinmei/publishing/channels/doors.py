"""The doors of 平台接口 and 发布任务: the unit's own; a sending is seen where its draft is."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.drafts.doors import drafts_visible_to, sees_all_of
from xinmei.publishing.models import Draft


def channels_visible_to(acting: Acting) -> QuerySet[Channel]:
    """The interfaces of the unit's own accounts; inspectors have nothing to do with them."""
    if not sees_all_of(acting):
        return Channel.objects.none()
    return Channel.objects.filter(reach_q(acting, reach_to_see(acting, "drafts"), "account__unit"))


def channel_pushed_to(pk: str) -> Channel:
    """The interface that a platform pushes to. Raises Http404 where there is none."""
    rows = Channel.objects.exclude(sealed_push_token="")
    return get_object_or_404(rows, pk=pk if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0)


def kit_for(acting: Acting, pk: object) -> Draft:
    """A released draft of the own unit, to be published by hand. Raises Http404 out of reach."""
    rows = drafts_visible_to(acting).filter(state__in=(Draft.State.RELEASED, Draft.State.PUBLISHED))
    found: Draft = one_of((rows if sees_all_of(acting) else rows.none()).select_related("release"), pk)
    return found


def sendings_visible_to(acting: Acting) -> QuerySet[Sending]:
    """Those of the drafts in reach."""
    return Sending.objects.filter(draft__in=drafts_visible_to(acting))
