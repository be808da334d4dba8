"""What the made city was reminded of and urged to do, so that 消息, 督办 and 减负表 have something to show."""

from __future__ import annotations

from datetime import datetime, timedelta

from xinmei.notices.actions import deliver_waiting
from xinmei.notices.models import Delivery, Notice
from xinmei.people.doors import resolve_acting
from xinmei.people.models import PostHeld
from xinmei.supervision.models import Finding
from xinmei.supervision.orders import escalate, issue_order
from xinmei.supervision.reminders import send_reminders

DAY = timedelta(days=1)


def chase(after: datetime, days: int, until: datetime) -> None:
    """Sends the reminders and work orders of the mornings after an inspection, as the scheduler would have."""
    for day in range(1, days + 1):
        morning = after + day * DAY
        if morning <= until:
            send_reminders(morning)
            escalate(morning)


def urge_one(inspector: str, at: datetime) -> None:
    """An inspector urges one finding whose term still runs."""
    finding = (
        Finding.objects.filter(status=Finding.Status.NOTIFIED, rectify_by__gt=at, work_order__isnull=True)
        .order_by("pk")
        .first()
    )
    if finding is not None:
        issue_order(finding, by=resolve_acting(inspector, at, verb="issue_order"), at=at)


def leave_one_undelivered() -> None:
    """A mail that was still waiting when the mail server was taken out of the settings.

    It is tried in vain and stands as 未送达.
    """
    editors = PostHeld.objects.filter(post="editor", person__is_active=True)
    notice = (
        Notice.objects.filter(audience=Notice.Audience.EDITORS, unit__in=editors.values("unit"))
        .order_by("-at", "-pk")
        .first()
    )
    if notice is None:
        return
    person = editors.filter(unit=notice.unit_id).order_by("pk")[0].person
    mail = Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL, person=person, next_try_at=notice.at)
    while mail.state == Delivery.State.WAITING:
        deliver_waiting(mail.next_try_at)
        mail.refresh_from_db()
