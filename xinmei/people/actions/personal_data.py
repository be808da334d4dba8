"""Personal data are masked on every surface; one is revealed at a time, with a reason, and the event says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinmei.people.doors import Refused, check
from xinmei.people.events import Acting, record


def reveal(what: str, *, kind: str, number: object, reason: str, by: Acting, at: datetime) -> None:
    """Leaves the event that allows one value (`what` of the object) to be shown unmasked once. The object came through its door, to read.

    Raises Refused for posts that see personal data masked only, and where no reason is given.
    """
    check(by, "reveal", kind, number)
    if len(reason.strip()) < 4:
        raise Refused("查看未遮蔽的个人信息须写明理由（至少四个字）", acting=by, verb="reveal", kind=kind, number=number)
    with transaction.atomic():
        record("reveal", by=by, at=at, kind=kind, number=number, content={"what": what, "reason": reason.strip()[:500]})
