"""例外: granted and ended by the head of the city's inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.registry.exemptions.actions import end_exemption, grant_exemption, why_over
from xinmei.registry.exemptions.forms import EndFields, GrantFields
from xinmei.registry.exemptions.models import Exemption
from xinmei.registry.exemptions.queries import exemptions_visible_to


class ShownEnd(TypedDict):
    """How an exemption ended before its day."""

    by: str
    at: str | None
    reason: str


class ShownExemption(TypedDict):
    """What programs read of an exemption."""

    id: str
    unit: str
    platform: str
    kind: str | None
    reason: str
    until: str | None
    by: str
    at: str | None
    ended: ShownEnd | None


def show_exemption(exemption: Exemption, acting: Acting) -> ShownExemption:
    """An exemption as programs read it. `kind` null: all kinds of accounts."""
    ended: ShownEnd | None = None
    if exemption.ended_at is not None:
        ended = {
            "by": exemption.ended_by,
            "at": show_moment(exemption.ended_at),
            "reason": mask(exemption.ended_why),
        }
    return {
        "id": str(exemption.pk),
        "unit": exemption.unit.code,
        "platform": exemption.platform,
        "kind": exemption.kind or None,
        "reason": mask(exemption.reason),
        "until": show_day(exemption.until),
        "by": exemption.granted_by,
        "at": show_moment(exemption.granted_at),
        "ended": ended,
    }


def _last_step(exemptions: Sequence[Exemption]) -> Mapping[Any, datetime]:
    return {one.pk: one.ended_at or one.granted_at for one in exemptions}


EXEMPTION = Kind(
    name="exemption",
    label="例外",
    path="exemptions",
    model=Exemption,
    rows=exemptions_visible_to,
    show=show_exemption,
    unit=lambda exemption: exemption.unit_id,
    related=("unit",),
    page=lambda exemption: reverse("exemptions"),
    last_step=_last_step,
)

GRANT = Verb(
    "exemption.grant",
    "批准例外",
    of=EXEMPTION,
    makes=True,
    right="grant_exemption",
    fields=GrantFields,
    do=grant_exemption,
    page="exemptions",
    done=lambda exemption: f"已批准{exemption.unit}的例外，到 {exemption.until} 为止。",
    hint="一个单位在同一平台原则上只开设一个账号；确需多开的，在这里批准到哪一天为止。",
    main=True,
)
END = Verb(
    "exemption.end",
    "终止例外",
    of=EXEMPTION,
    right="grant_exemption",
    ready=why_over,
    fields=EndFields,
    do=end_exemption,
    done=lambda exemption: f"{exemption.unit}的例外已终止。",
)
