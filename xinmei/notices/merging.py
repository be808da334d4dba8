"""减负: what one person tells a unit in one go is one message, however many things it names."""

from __future__ import annotations

from datetime import datetime

from xinmei.core.screening import mask
from xinmei.notices.actions import SETTLING, tell
from xinmei.notices.models import Delivery, Notice


def tell_or_add(notice: Notice, word: str, at: datetime) -> Notice:
    """Tells it, or adds its lines to the message with the same beginning of `key` that nobody has opened yet.

    Messages settle for three minutes before they leave by mail; what was sent or opened is not changed. `word` is the
    title of the several. Part of the act's transaction.
    """
    begins = notice.key.rpartition("-")[0]
    same = Notice.objects.filter(
        kind=notice.kind,
        audience=notice.audience,
        unit=notice.unit_id,
        key__startswith=f"{begins}-",
        at__gt=at - SETTLING,
        readers__isnull=True,
    )
    gone = Delivery.objects.filter(notice__in=same).exclude(state=Delivery.State.WAITING, attempts=0)
    unsent = same.exclude(pk__in=gone.values("notice")).order_by("-at", "-pk")
    open_ = unsent.select_for_update(of=("self",)).first()
    if open_ is None:
        tell([notice], at=at)
        return notice
    open_.things = [*open_.things, *notice.things]
    open_.text = mask(f"{open_.text}\n{notice.text}")
    open_.title = f"{word}：{len(open_.things)} 件"
    open_.save(update_fields=["things", "text", "title"])
    return open_
