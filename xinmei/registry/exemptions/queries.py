"""Which exemptions there are, and whether one is in force."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from xinmei.people.doors import day_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.exemptions.models import Exemption


def exemptions_visible_to(acting: Acting) -> QuerySet[Exemption]:
    """「Exemptions: as the register」: all positions but the administrators'."""
    return Exemption.objects.filter(reach_q(acting, reach_to_see(acting, "register")))


def in_force(at: datetime) -> QuerySet[Exemption]:
    """The exemptions that stand at that moment: granted, not ended, and their last day not over."""
    lasting = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    return Exemption.objects.filter(lasting, granted_at__lte=at, until__gte=day_of(at))


def exemptions_by_unit() -> dict[int, list[Exemption]]:
    """All exemptions that were ever granted, by unit. One query."""
    found: dict[int, list[Exemption]] = {}
    for one in Exemption.objects.order_by("pk"):
        found.setdefault(one.unit_id, []).append(one)
    return found


def is_exempt(unit_id: int, platform: str, kind: str, at: datetime) -> bool:
    """Whether the unit may have more than one account of this kind on this platform at that moment."""
    return in_force(at).filter(unit=unit_id, platform=platform, kind__in=("", kind)).exists()
