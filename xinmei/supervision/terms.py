"""附件2 「对反馈的问题未在1个工作日整改到位的」: the system records it itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from xinmei.registry.models import Account
from xinmei.supervision.models import Finding
from xinmei.supervision.watches.facts import Fault, Window, day_of, say_moment, write_moment
from xinmei.units.models import Unit


def watch_terms(scope: Q, window: Window) -> list[tuple[Account | None, Unit, Fault]]:
    """The findings whose term ended before T and that are still not rectified, those of closed accounts too."""
    late = (
        Finding.objects.filter(scope, status=Finding.Status.NOTIFIED, rectify_by__lt=window.at)
        .select_related("account", "unit")
        .order_by("pk")
    )
    return [(finding.account, finding.unit, make_late_fault(finding, None, window.at)) for finding in late]


def make_late_fault(finding: Finding, rectified_at: datetime | None, at: datetime) -> Fault:
    """The fault of having cured a finding late, or not at all by `at`.

    It belongs to the day on which the term ended.
    """
    assert finding.rectify_by is not None
    said = f"{say_moment(rectified_at)} 才整改" if rectified_at else f"至 {say_moment(at)} 仍未整改到位"
    return Fault(
        "assessment",
        "late_rectification",
        str(finding.pk),
        day_of(finding.rectify_by - timedelta(microseconds=1)),
        (
            f"问题于 {say_moment(finding.confirmed_at or finding.observed_at)} 反馈，"
            f"整改期限至 {say_moment(finding.rectify_by)}",
            said,
        ),
        "整改记录",
        {
            "finding": finding.pk,
            "rectify_by": write_moment(finding.rectify_by),
            "rectified_at": rectified_at and write_moment(rectified_at),
        },
        at,
        {"finding": finding.pk},
    )
