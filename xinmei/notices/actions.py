"""The verbs of the door out: tell, deliver, send again, read.

`tell` runs in the transaction of the act that causes it, so that no notice is lost. `deliver_waiting` is safe to run
twice at once: a delivery is claimed by a conditional UPDATE and sent at least once, under the same number each time.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from xinmei.compiled import Compiled, given_texts
from xinmei.core.screening import mask
from xinmei.jobs.claiming import free, take
from xinmei.notices.channels import open_channels
from xinmei.notices.channels.outgoing import Channel, NotSent, Outgoing
from xinmei.notices.doors import POSITIONS_OF, notices_visible_to
from xinmei.notices.models import Delivery, NoEmail, Notice, NoticeRead
from xinmei.people.doors import actings_of, day_of, in_force, without_position
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.people.models import Delegation, Person, PositionHeld

State = Delivery.State
# Whoever claimed a delivery and died is given up after this long.
LEASE = timedelta(minutes=10)
SETTLING = timedelta(minutes=3)  # so that what is decided one by one goes out as one message
MOST_TOGETHER = 50
ATTEMPTS = 10  # twelve hours: a mail server that is down over night
SECONDS_A_RUN = 120.0

_THERE = Compiled(
    lambda: (
        Notice.objects.filter(kind__in=given_texts("kinds"), key__in=given_texts("keys"))
        .order_by()
        .values_list("kind", "key", "audience", "unit", "person")
    )
)


@dataclass
class Tally:
    """What one run of `deliver_waiting` did, in messages."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0


def next_try(attempts: int) -> timedelta:
    """How long to wait after so many tries that failed: 2, 4, 8 … minutes, four hours at most."""
    return min(timedelta(minutes=2**attempts), timedelta(hours=4))


def tell(notices: Sequence[Notice], *, at: datetime) -> list[Notice]:
    """Writes the notices that are not there yet, with a delivery for each open channel and each holder of the position.

    Must run in the transaction of the act. Personal data in titles and texts are masked. Returns the new notices.
    """
    if not notices:
        return []
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a notice is written in the transaction of its act")
    for notice in notices:
        notice.at, notice.title, notice.text = at, mask(notice.title)[:300], mask(notice.text)
    written = _write_new(notices)
    if channels := open_channels():
        Delivery.objects.bulk_create(_route(written, channels, at), batch_size=500)
    return written


def _write_new(notices: Sequence[Notice]) -> list[Notice]:
    """Writes those that are not there. Where another tells the same at this moment, the constraints of the table say
    so once that one has committed; then what is there is asked for again.
    """
    while True:
        known = _known(notices)
        new: dict[tuple[object, ...], Notice] = {}
        for notice in notices:
            if (identity := _identity(notice)) not in known:
                new.setdefault(identity, notice)
        try:
            with transaction.atomic():
                # in one order, so that two who tell the same things do not wait for each other
                rows = [new[identity] for identity in sorted(new, key=str)]
                Notice.objects.bulk_create(rows, batch_size=500)
                return list(new.values())
        except IntegrityError:
            if not _known(notices) - known:
                raise


def _identity(notice: Notice) -> tuple[object, ...]:
    return (notice.kind, notice.key, notice.audience, notice.unit_id, notice.person_id)


def _known(notices: Sequence[Notice]) -> set[tuple[object, ...]]:
    known: set[tuple[object, ...]] = set()
    for start in range(0, len(notices), 500):
        batch = notices[start : start + 500]
        known |= set(_THERE.fetch(kinds={str(one.kind) for one in batch}, keys={one.key for one in batch}))
    return known


def _readers_of(notice: Notice, holders: Mapping[tuple[int | None, str], Iterable[Person]]) -> list[Person]:
    """Who reads what is for an audience, each once."""
    held = [holders.get((notice.unit_id, position.value), ()) for position in POSITIONS_OF[notice.audience]]
    return list({person.pk: person for people in held for person in people}.values())


def _route(notices: Sequence[Notice], channels: Iterable[str], at: datetime) -> list[Delivery]:
    """A delivery for each notice, open channel and recipient."""
    holders = _holders_of(notices, at)
    codes = dict(
        Notice.objects.filter(pk__in=[one.pk for one in notices], unit__isnull=False).values_list("pk", "unit__code")
    )
    quiet = set(NoEmail.objects.values_list("person", flat=True))
    routed = []
    for notice in notices:
        people = [notice.person] if notice.person is not None else _readers_of(notice, holders)
        soon = at if notice.urgent else at + SETTLING
        for person in people:
            if "email" in channels and person.email and person.pk not in quiet:
                routed.append(Delivery(notice=notice, channel="email", person=person, next_try_at=soon))
            if "sms" in channels and notice.urgent and person.phone:
                routed.append(Delivery(notice=notice, channel="sms", person=person, next_try_at=at))
        # A group holds the whole unit: what is for its leader or for one person alone is not said there.
        open_to_group = notice.audience in (Notice.Audience.EDITORS, Notice.Audience.UNIT, Notice.Audience.INSPECTORS)
        if "robot" in channels and open_to_group and (code := codes.get(notice.pk, "")) in settings.ROBOTS:
            routed.append(Delivery(notice=notice, channel="robot", robot=code, next_try_at=soon))
    return routed


def _holders_of(notices: Sequence[Notice], at: datetime) -> dict[tuple[int | None, str], list[Person]]:
    """Who holds, or stands in for, which position at which unit now; under None, in the whole city. Two queries."""
    wanted = [one for one in notices if one.person_id is None]
    positions = {position.value for one in wanted for position in POSITIONS_OF[one.audience]}
    units = {one.unit_id for one in wanted}
    there = Q(position__in=positions) if None in units else Q(position__in=positions, unit__in=units)
    day = day_of(at)
    held = PositionHeld.objects.filter(in_force(day), there, person__is_active=True).select_related("person")
    stood_in = Delegation.objects.filter(
        in_force(day),
        in_force(day, "position_held__"),
        position_held__in=PositionHeld.objects.filter(there),
        ended_at__isnull=True,
        person__is_active=True,
    ).select_related("person", "position_held")
    holders: dict[tuple[int | None, str], list[Person]] = {}
    for unit, position, person in [
        *((one.unit_id, one.position, one.person) for one in held),
        *((one.position_held.unit_id, one.position_held.position, one.person) for one in stood_in),
    ]:
        for where in (unit, None):
            holders.setdefault((where, position), []).append(person)
    return holders


def deliver_waiting(now: datetime) -> Tally:
    """Sends what waits, for two minutes at most; the rest waits for the next run. Safe to run twice at once."""
    channels, tally, started = open_channels(), Tally(), time.monotonic()
    while time.monotonic() - started < SECONDS_A_RUN:
        group = _claim(now + timedelta(seconds=time.monotonic() - started))
        if not group:
            break
        _deliver(group, channels, now, tally)
    return tally


def _claim(now: datetime) -> list[Delivery]:
    """Claims the delivery that has waited longest, with all others to the same address, until the lease ends."""
    with transaction.atomic():
        due = Delivery.objects.filter(state=State.WAITING, next_try_at__lte=now)
        waiting = free(due.order_by("next_try_at", "pk"))
        first = waiting.first()
        if first is None:
            return []
        if first.lead_id is None:
            together = Q(lead__isnull=True, channel=first.channel, person=first.person_id, robot=first.robot)
        else:
            together = Q(lead=first.lead_id)
        group = list(waiting.filter(together).select_related("notice", "person")[:MOST_TOGETHER])
        lead = first.lead_id or first.pk
        ids = [one.pk for one in group]
        held = {"lead": lead, "attempts": F("attempts") + 1, "next_try_at": now + LEASE}
        if not take(due.filter(pk__in=ids), held, len(ids)):
            return []
    for one in group:
        one.lead_id, one.attempts = lead, one.attempts + 1
    return group


def _deliver(group: list[Delivery], channels: dict[str, Channel], now: datetime, tally: Tally) -> None:
    """Sends one message for the group, outside of any transaction, and notes what came of it."""
    first = group[0]
    allowed = {one.notice_id for one in group} if first.person is None else _still_for(first.person, group, now)
    dropped = [one for one in group if one.notice_id not in allowed]
    if dropped:
        tally.dropped += 1
        _mark(dropped, state=State.DROPPED, last_error="收件人现在不担任相应岗位，不再发送")
    group = [one for one in group if one.notice_id in allowed]
    if not group:
        return
    channel = channels.get(first.channel)
    try:
        if channel is None:
            raise NotSent("这个渠道没有配置")
        channel.send(_write(group))
    except NotSent as why:
        if why.final or first.attempts >= ATTEMPTS:
            tally.failed += 1
            _mark(group, state=State.FAILED, last_error=str(why))
        else:
            tally.postponed += 1
            _mark(group, next_try_at=now + next_try(first.attempts), last_error=str(why))
    else:
        tally.sent += 1
        _mark(group, state=State.SENT, sent_at=now, last_error="")


def _mark(group: Sequence[Delivery], **change: object) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in group], state=State.WAITING).update(**change)


def _still_for(person: Person, group: Sequence[Delivery], now: datetime) -> set[int]:
    """The notices of the group that this person may still read, by the positions held now."""
    if not person.is_active:
        return set()
    ids = [one.notice_id for one in group]
    actings = [*actings_of(person, now), without_position(person)]
    return {
        pk for acting in actings for pk in notices_visible_to(acting).filter(pk__in=ids).values_list("pk", flat=True)
    }


def _write(group: Sequence[Delivery]) -> Outgoing:
    """The group as one message, under the number of its lead."""
    first = group[0]
    notices = [one.notice for one in group]
    by_mail = first.channel == Delivery.Channel.EMAIL
    to = first.robot if first.person is None else first.person.email if by_mail else first.person.phone
    number = f"xinmei-{first.lead_id}"
    if len(notices) == 1:
        return Outgoing(number, to, notices[0].title, notices[0].text, f"{settings.SITE}{notices[0].way}")
    text = "\n\n".join(f"{place}. {one.title}\n{one.text}".strip() for place, one in enumerate(notices, 1))
    return Outgoing(number, to, f"{notices[0].title}等 {len(notices)} 件", text, f"{settings.SITE}/notices/")


def resend(delivery: Delivery, given: Mapping[str, Any], by: Acting, at: datetime) -> Delivery:
    """重发: what was not delivered waits again, with all that belongs to the same message."""
    same = Q(pk=delivery.pk) if delivery.lead_id is None else Q(lead=delivery.lead_id)
    waiting = Delivery.objects.filter(same, state=State.FAILED)
    waiting.update(state=State.WAITING, attempts=0, next_try_at=at)
    record("resend_notice", by=by, at=at, kind="delivery", number=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def read(notices: Iterable[Notice], *, by: Acting, at: datetime) -> int:
    """阅知: notes once that somebody has opened these notices; returns how many were new to them."""
    if by.person_id is None:
        return 0
    with transaction.atomic():
        hold(f"read {by.person_id}")
        ids = {one.pk for one in notices}
        ids -= set(NoticeRead.objects.filter(person=by.person_id, notice__in=ids).values_list("notice", flat=True))
        NoticeRead.objects.bulk_create(
            [NoticeRead(notice_id=pk, person_id=by.person_id, at=at) for pk in sorted(ids)], batch_size=500
        )
        if ids:
            record("read_notice", by=by, at=at, kind="notice", number=min(ids), content={"notices": sorted(ids)})
    return len(ids)


def choose_email(wanted: bool, *, by: Acting, at: datetime) -> None:
    """Somebody turns notices by e-mail on or off."""
    if by.person_id is None:
        return
    with transaction.atomic():
        if wanted:
            NoEmail.objects.filter(person=by.person_id).delete()
        else:
            NoEmail.objects.get_or_create(person_id=by.person_id)
        record("choose_email", by=by, at=at, kind="person", number=by.person_id, content={"email": wanted})
