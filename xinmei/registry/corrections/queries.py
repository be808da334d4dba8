"""Which reports a position sees, and the one that a receipt belongs to."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from xinmei.core.deadlines import reply_moment
from xinmei.people.doors import day_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.corrections.models import Report
from xinmei.registry.readings.queries import readings_on


def reports_visible_to(acting: Acting) -> QuerySet[Report]:
    """「Reports of the public: the unit they are about O, S, C」. What is about no unit is the city's."""
    return Report.objects.filter(reach_q(acting, reach_to_see(acting, "register_contact")))


def digest_of(code: str) -> str:
    """What is kept of the code of a receipt."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def report_by_receipt(number: str, code: str) -> Report | None:
    """The report of this number, for whoever has its code."""
    if not (number.isascii() and number.isdigit() and len(number) < 19 and code.strip()):
        return None
    return Report.objects.filter(pk=number, code=digest_of(code)).first()


def due_at(report: Report) -> datetime:
    """Until when it should be answered: the term of questions of the public holds for these too."""
    moment, _ = reply_moment(report.made_at, readings_on(day_of(report.made_at)))
    return moment
