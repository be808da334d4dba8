"""Who hears that a filing waits for them now, or that it came back."""

from __future__ import annotations

from datetime import datetime

from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.registry.filings.models import Filing
from xinmei.units.models import Unit

Audience, State = Notice.Audience, Filing.State


def tell_next(filing: Filing, at: datetime, note: str = "") -> None:
    """Tells whoever has the filing after a change of state, and on submission the unit that shall agree."""
    told = [_to(filing)]
    if filing.state in (State.SUPERVISOR, State.REVIEW) and filing.receiver is not None and not filing.agreed_by:
        told.append((Audience.EDITORS, filing.receiver, "等本单位同意接收"))
    key = f"filing-{filing.pk}-{filing.state}-{at.timestamp():.0f}"
    notices = [write_notice(filing, audience, unit, what, note, key) for audience, unit, what in filter(None, told)]
    tell(notices, at=at)


def _to(filing: Filing) -> tuple[str, Unit | None, str] | None:
    """The audience, its unit, and what waits; None where nobody has to do anything."""
    if filing.state in (State.SUPERVISOR, State.REVIEW):
        return *audience_of(filing), "等审核"
    if filing.state == State.CITY:
        return *audience_of(filing), "等备案"
    said = {
        State.ANNOUNCE: "已审核同意，请向社会公告",
        State.CARRY_OUT: "已备案，请办理并登录国家、省系统登记",
        State.RETURNED: "已退回，请修改后重新报送",
        State.REFUSED: "未同意",
    }
    words = said.get(State(filing.state))
    return (Audience.EDITORS, filing.unit, words) if words else None


def audience_of(filing: Filing) -> tuple[str, Unit | None]:
    """Whoever has a filing that is under way: the people of its unit, of an office, or of the city office."""
    if filing.state in (State.SUPERVISOR, State.REVIEW):
        office = filing.supervisor if filing.state == State.SUPERVISOR else filing.reviewing_office
        if office is None or office.kind == Unit.Kind.CITY:
            return Audience.HEADS, None
        return Audience.SUPERVISORS, office
    if filing.state == State.CITY or (filing.state == State.ANNOUNCE and filing.announced_on is not None):
        return Audience.HEADS, None
    return Audience.EDITORS, filing.unit


def write_notice(filing: Filing, audience: str, unit: Unit | None, what: str, note: str, key: str) -> Notice:
    """What such people are told of a filing, once a key."""
    about = filing.receiver if audience != Audience.EDITORS and filing.receiver is not None else filing.unit
    name = filing.account.name if filing.account else (filing.profile or {}).get("name", "")
    return Notice(
        kind=Notice.Kind.FILING,
        key=key,
        audience=audience,
        unit=unit,
        about=unit if audience == Audience.EDITORS else about,
        thing="register_contact",
        title=f"{filing.get_matter_display()}备案“{name}”{what}",
        text=note,
        address=f"/filings/{filing.pk}/",
        urgent=False,
    )
