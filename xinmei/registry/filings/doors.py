"""The doors of filings.

「In DRAFT by the positions of its unit (and the agreeing one) alone; from `submit` on O, S, C as contact and custody
are」; within reach also of the offices fixed for it. Who stands in for a unit sees its filings as its own `unit_admin`.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.people.reach import reach_q
from xinmei.people.rights import AT_A_UNIT
from xinmei.registry.filings.models import Announcement, Filing
from xinmei.registry.filings.offices import stood_in_by

RELATED = ("unit", "account__unit", "receiver", "supervisor", "reviewing_office", "incident", "consent_file")
_ENDED_BADLY = (Filing.State.WITHDRAWN, Filing.State.REFUSED)


def filings_visible_to(acting: Acting) -> QuerySet[Filing]:
    """The filings that exist for this position."""
    rows = Filing.objects.all()
    if not acting.judged:
        return rows
    if acting.position in AT_A_UNIT:
        own = frozenset({acting.unit_id}) | stood_in_by(acting)
        return rows.filter(Q(unit__in=own) | Q(receiver__in=own) & ~Q(state__in=_ENDED_BADLY))
    submitted = rows.filter(supervisor__isnull=False)
    seen = reach_q(acting, reach_to_see(acting, "register_contact"))
    if acting.position == Position.SUPERVISOR:
        seen |= Q(supervisor=acting.unit_id) | Q(reviewing_office=acting.unit_id)
    return submitted.filter(seen)


def filing_for(acting: Acting, pk: object) -> Filing:
    """One filing to read. Raises Http404 out of reach."""
    return one_of(filings_visible_to(acting).select_related(*RELATED), pk)


def announcements_visible_to(acting: Acting) -> QuerySet[Announcement]:
    """Announcements are public."""
    return Announcement.objects.all()
