"""Who gets which notice: the holders of the positions it is addressed to, as far as they reach what it is about.

This is judged whenever a notice is read or sent. Whoever lost the position gets nothing more; the successor gets what
is there.
"""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q, QuerySet

from xinmei.notices.models import Delivery, Notice
from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.people.reach import reach_q
from xinmei.people.rights import AT_A_UNIT, CITY_INSPECTION

Audience = Notice.Audience
POSITIONS_OF: dict[str, tuple[Position, ...]] = {
    Audience.EDITORS: (Position.EDITOR, Position.UNIT_ADMIN),
    Audience.SECTION_HEADS: (Position.SECTION_HEAD,),
    Audience.LEADERS: (Position.LEADER,),
    Audience.UNIT: AT_A_UNIT,
    Audience.SUPERVISORS: (Position.SUPERVISOR,),
    Audience.INSPECTORS: CITY_INSPECTION,
    Audience.HEADS: (Position.INSPECTOR_HEAD,),
}
# What a notice may be about; "" is its reader alone.
THINGS = ("findings_sent", "messages", "posts", "drafts", "register_contact")


def notices_visible_to(acting: Acting) -> QuerySet[Notice]:
    """The notices for the acting position, and those for the person."""
    if not acting.judged:
        return Notice.objects.all()
    audiences = [audience for audience, positions in POSITIONS_OF.items() if acting.position in positions]
    to_me = Q(audience__in=audiences) & (Q(unit=acting.unit_id) if acting.unit_id else Q(pk__in=[]))
    to_me |= Q(audience__in=audiences, unit__isnull=True, person__isnull=True)
    if acting.person_id is not None:
        to_me |= Q(person=acting.person_id)
    within, things = Q(thing=""), defaultdict[str, list[str]](list)
    for thing in THINGS:
        things[reach_to_see(acting, thing)].append(thing)
    for letter, reached in things.items():
        within |= Q(thing__in=reached) & reach_q(acting, letter, "about")
    return Notice.objects.filter(to_me & within)


def notice_for(acting: Acting, pk: object) -> Notice:
    """One notice; Http404 for those it is not addressed to."""
    return one_of(notices_visible_to(acting), pk)


def deliveries_visible_to(acting: Acting) -> QuerySet[Delivery]:
    """Deliveries to people in reach (「people and posts held」): who could not be reached, by which channel, and why.

    What the notice was about is not shown.
    """
    return Delivery.objects.filter(reach_q(acting, reach_to_see(acting, "people"), "notice__unit"))
