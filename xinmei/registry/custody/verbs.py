"""掌管: recorded by the unit's administrator, proved by the holder, handed over by two signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.registry.custody import actions
from xinmei.registry.custody.forms import AcceptFields, OfferFields, RecordFields, masked_number
from xinmei.registry.custody.models import Custody
from xinmei.registry.custody.queries import custody_of, in_custody_visible_to
from xinmei.registry.models import AccountInCustody


class ShownOffer(TypedDict):
    """A hand-over that waits to be accepted."""

    to: str
    checklist: list[str]
    by: str
    at: str | None


class ShownCustody(TypedDict):
    """What programs read of the custody of an account; null where nothing is recorded."""

    id: str
    unit: str
    holder: str | None
    admins: list[str]
    terminals: list[str]
    bound_phone: str | None
    certified_until: str | None
    supplier: str | None
    offer: ShownOffer | None
    proved_at: str | None
    missing: list[str]


def show_custody(account: AccountInCustody, acting: Acting) -> ShownCustody:
    """Who holds the account and with what, phones masked."""
    custody = custody_of(account) or Custody()
    return {
        "id": account.code,
        "unit": account.unit.code,
        "holder": custody.holder.login if custody.holder_id else None,
        "admins": [mask(one) for one in custody.admins],
        "terminals": [mask(one) for one in custody.terminals],
        "bound_phone": masked_number(custody.bound_phone) or None,
        "certified_until": show_day(custody.certified_until),
        "supplier": mask(custody.supplier) or None,
        "offer": _show_offer(custody),
        "proved_at": show_moment(custody.proved_at),
        "missing": [mask(one) for one in custody.missing],
    }


def _show_offer(custody: Custody) -> ShownOffer | None:
    if custody.offered_to is None:
        return None
    return {
        "to": custody.offered_to.login,
        "checklist": [mask(one) for one in custody.checklist],
        "by": custody.offered_by,
        "at": show_moment(custody.offered_at),
    }


def _last_step(accounts: Sequence[AccountInCustody]) -> Mapping[Any, datetime]:
    return {one.pk: custody.acted_at for one in accounts if (custody := custody_of(one)) is not None}


CUSTODY = Kind(
    name="custody",
    label="掌管情况",
    path="custody",
    model=AccountInCustody,
    rows=in_custody_visible_to,
    show=show_custody,
    key="code",
    unit=lambda account: account.unit_id,
    related=("unit", "custody__holder", "custody__offered_to"),
    page=lambda account: account.get_absolute_url(),
    last_step=_last_step,
)

RECORD = Verb(
    "custody.record",
    "登记掌管情况",
    of=CUSTODY,
    right="record_custody",
    fields=RecordFields,
    do=actions.record_custody,
    done="已登记。",
    hint="只登记谁掌管、用什么登录，不登记口令。",
)
PROVE = Verb(
    "custody.prove",
    "核实掌管",
    of=CUSTODY,
    bars=actions.not_the_holder,
    ready=actions.why_nothing_recorded,
    do=actions.prove_custody,
    done="已核实：账号在您手里。",
    hint="登录平台看过、能发能改的，点一下。",
)
OFFER = Verb(
    "custody.offer",
    "提出交接账号",
    of=CUSTODY,
    bars=actions.neither_holder_nor_admin,
    ready=actions.why_nothing_recorded,
    fields=OfferFields,
    do=actions.offer_custody,
    done="已提出，等接手人对照清单接手。再提的代替这一次的。",
)
ACCEPT = Verb(
    "custody.accept",
    "接手账号",
    of=CUSTODY,
    bars=actions.not_whom_it_is_offered,
    ready=actions.why_nothing_offered,
    fields=AcceptFields,
    do=actions.accept_custody,
    done="已接手，从现在起您是掌管人。",
)
