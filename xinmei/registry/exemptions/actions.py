"""An exemption granted, and ended before its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.screening import mask
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.registry.exemptions.models import Exemption


def grant_exemption(given: Mapping[str, Any], by: Acting, at: datetime) -> Exemption:
    """Allows more than one account of the unit on the platform, until the day.

    「一个单位原则上在同一平台只开设一个政务新媒体账号」
    """
    exemption = Exemption.objects.create(
        unit=given["unit"],
        platform=given["platform"],
        kind=given["kind"],
        reason=given["reason"],
        until=given["until"],
        granted_by=by.login,
        granted_at=at,
    )
    content = {
        "unit": exemption.unit.code,
        "platform": exemption.platform,
        "kind": exemption.kind or None,
        "reason": mask(exemption.reason),
        "until": exemption.until,
    }
    record("exemption.grant", by=by, at=at, kind="exemption", number=exemption.pk, content=content)
    return exemption


def why_over(exemption: Exemption, at: datetime) -> str:
    """What has ended, or run out, cannot be ended."""
    if exemption.ended_at is not None:
        return "这项例外已经终止"
    return f"这项例外到 {exemption.until} 为止，已经失效" if day_of(at) > exemption.until else ""


def end_exemption(exemption: Exemption, given: Mapping[str, Any], by: Acting, at: datetime) -> Exemption:
    """Ends the exemption from this moment on. The accounts stay: what becomes of them is a filing."""
    exemption.ended_by, exemption.ended_at, exemption.ended_why = by.login, at, given["reason"]
    exemption.save(update_fields=["ended_by", "ended_at", "ended_why"])
    content = {"reason": mask(exemption.ended_why)}
    record("exemption.end", by=by, at=at, kind="exemption", number=exemption.pk, content=content)
    return exemption
