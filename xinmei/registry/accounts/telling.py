"""「told to supervisor and city at once」: who hears of an incident, and of its end."""

from __future__ import annotations

from datetime import datetime

from xinmei.notices.actions import tell
from xinmei.notices.forwarding import supervisors_above
from xinmei.notices.models import Notice
from xinmei.registry.models import Incident

Audience = Notice.Audience


def tell_incident(incident: Incident, at: datetime) -> None:
    """Whoever supervises the unit, the city's inspectors, and the unit itself: urgently."""
    account = incident.account
    title = f"账号异常：{account.name}（{account.get_platform_display()}）{incident.get_kind_display()}"
    text = f"{account.unit}，{incident.on} 发生。{incident.note}\n各项期限照算。"
    tell(_to_all(incident, f"incident-{incident.pk}", title, text, at), at=at)


def tell_recovered(incident: Incident, at: datetime) -> None:
    """The same people."""
    account = incident.account
    title = f"账号恢复：{account.name}（{account.get_platform_display()}），{incident.recovered_on} 恢复"
    notices = _to_all(incident, f"recovered-{incident.pk}", title, incident.recovered_note, at)
    for notice in notices:
        notice.urgent = False
    tell(notices, at=at)


def _to_all(incident: Incident, key: str, title: str, text: str, at: datetime) -> list[Notice]:
    unit = incident.account.unit
    to = [(Audience.INSPECTORS, None), (Audience.UNIT, unit.pk)]
    to += [(Audience.SUPERVISORS, above.pk) for above in supervisors_above(unit, at)]
    return [
        Notice(
            kind=Notice.Kind.INCIDENT,
            key=key,
            audience=audience,
            unit_id=unit_id,
            about_id=unit.pk,
            thing="register_contact",
            title=title,
            text=text,
            address=f"/accounts/{incident.account.code}/",
            urgent=True,
        )
        for audience, unit_id in to
    ]
