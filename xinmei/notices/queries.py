"""The questions about notices, each starting from what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet

from xinmei.notices.doors import POSITIONS_OF, notices_visible_to
from xinmei.notices.models import Delivery, NoEmail, Notice, NoticeRead
from xinmei.people.doors import day_of, in_force, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.models import PositionHeld
from xinmei.people.reach import reach_q
from xinmei.units.models import Unit

# What is older counts as known: whoever takes over a position does not begin with a year of unread notices.
UNREAD_WITHIN = timedelta(days=30)
MOST_COUNTED = 100


def unread(notices: QuerySet[Notice], acting: Acting, now: datetime) -> QuerySet[Notice]:
    """The notices of the last 30 days that this person has not opened."""
    opened = NoticeRead.objects.filter(notice=OuterRef("pk"), person=acting.person_id)
    return notices.filter(~Exists(opened), at__gt=now - UNREAD_WITHIN)


def count_unread(acting: Acting, now: datetime) -> int:
    """How many notices wait to be opened, 100 at most. One query."""
    if acting.person_id is None:
        return 0
    return unread(notices_visible_to(acting), acting, now).order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Row:
    """A notice of the list; `opened_at`: when this person first opened it; `is_unread`: it counts on the bell."""

    notice: Notice
    opened_at: datetime | None
    is_unread: bool

    @property
    def pk(self) -> int:
        """The notice's number."""
        return self.notice.pk


def describe(notices: Sequence[Notice], acting: Acting, now: datetime) -> list[Row]:
    """The notices with when this person opened them. One query."""
    opened = dict(NoticeRead.objects.filter(person=acting.person_id, notice__in=notices).values_list("notice", "at"))
    return [Row(one, opened.get(one.pk), one.pk not in opened and one.at > now - UNREAD_WITHIN) for one in notices]


def wants_email(acting: Acting) -> bool:
    """Whether this person gets notices by e-mail."""
    return not NoEmail.objects.filter(person=acting.person_id).exists()


def units_without_readers(acting: Acting, now: datetime) -> QuerySet[Unit]:
    """Units in reach that got a notice in the last 30 days, and where nobody holds a position that reads it."""
    day = day_of(now)
    held = PositionHeld.objects.filter(
        in_force(day), unit=OuterRef("pk"), position__in=POSITIONS_OF[Notice.Audience.EDITORS], person__is_active=True
    )
    told = Notice.objects.filter(unit=OuterRef("pk"), audience=Notice.Audience.EDITORS, at__gt=now - UNREAD_WITHIN)
    return Unit.objects.filter(
        reach_q(acting, reach_to_see(acting, "people"), "pk"), Exists(told), ~Exists(held)
    ).order_by("path")


def describe_channels() -> list[tuple[str, bool, dict[str, int]]]:
    """Each channel by its Chinese name, whether it is configured, and how many deliveries are in which state."""
    is_open = {"email": bool(settings.SMTP_HOST), "robot": bool(settings.ROBOTS), "sms": bool(settings.SMS_URL)}
    counts: dict[str, dict[str, int]] = {}
    for channel, state, count in Delivery.objects.values_list("channel", "state").order_by().annotate(Count("pk")):
        counts.setdefault(channel, {})[state] = count
    return [(str(label), is_open[value], counts.get(value, {})) for value, label in Delivery.Channel.choices]
