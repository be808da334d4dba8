"""备案: what people do with filings, on the path of `rules/filings/`.

`DRAFT → SUPERVISOR → REVIEW → ANNOUNCE or CITY → CARRY_OUT → REGISTER → DONE`; besides `RETURNED`, `REFUSED`,
`WITHDRAWN`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.verbs import Kind, Verb
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.registry.doors import host_named, unit_named
from xinmei.registry.filings import actions, foreseeing
from xinmei.registry.filings.doors import RELATED, filings_visible_to
from xinmei.registry.filings.forms import (
    AnnounceFields,
    ApproveFields,
    CarryOutFields,
    NoteFields,
    RefuseFields,
    RegisterFields,
    ReturnFields,
    WithdrawFields,
)
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import acts_for_office, belongs_to, is_admin_of, stands_back
from xinmei.registry.filings.showing import show_filing
from xinmei.registry.filings.writing import WriteFields


def _last_steps(filings: Sequence[Filing]) -> Mapping[Any, datetime]:
    return {one.pk: one.last_step_at for one in filings}


def is_within(acting: Acting, filing: Filing, right: str) -> bool:
    """Whether the filing lies within the reach of the right: of its unit, or of an office of it."""
    if right == "agree_filing":
        return is_admin_of(acting, filing.receiver_id)
    if right == "support_filing":
        return acts_for_office(acting, filing.supervisor, filing)
    if right == "approve_filing":
        return acts_for_office(acting, filing.reviewing_office, filing)
    if right == "file_filing":
        return True
    return belongs_to(acting, filing.unit_id)


def may_announce(acting: Acting, filing: Filing, right: str) -> bool:
    """The unit announces; the city only announces again."""
    if right == "file_filing":
        return filing.announced_on is not None or filing.state != Filing.State.ANNOUNCE
    return is_within(acting, filing, right)


def stand_back(acting: Acting, filing: Filing | None, right: str) -> str:
    """「Who holds a position at the host or the receiving unit does not support, approve, file, return or refuse」."""
    is_office = acting.position in (Position.SUPERVISOR, Position.INSPECTOR_HEAD)
    return stands_back(acting, filing) if filing is not None and is_office else ""


def owner_of(given: Mapping[str, Any]) -> int | None:
    """The unit whose account is named, or the unit that is."""
    named = given.get("account")
    return host_named(given) if isinstance(named, str) and named.strip() else unit_named(given)


FILING = Kind(
    name="filing",
    label="备案",
    path="filings",
    model=Filing,
    rows=lambda acting: filings_visible_to(acting).prefetch_related("steps", "announcements"),
    show=show_filing,
    state="state",
    unit=lambda filing: filing.unit_id,
    related=RELATED,
    page="filing",
    stands_in=belongs_to,
    last_step=_last_steps,
)

SUBMIT = Verb(
    "filing.submit",
    "报送",
    of=FILING,
    right="submit_filing",
    within=is_within,
    moves=dict.fromkeys(("DRAFT", "RETURNED"), ("SUPERVISOR", "REVIEW")),
    ready=actions.why_not_submit,
    do=actions.submit,
    done="已报送。",
    main=True,
)
WRITE = Verb(
    "filing.write",
    "拟写备案",
    of=FILING,
    makes=True,
    also=True,
    right="write_filing",
    within=is_within,
    owner=owner_of,
    moves={"DRAFT": "DRAFT", "RETURNED": "RETURNED"},
    fields=WriteFields,
    do=actions.write,
    foresees=foreseeing.foresee_written,
    done="已保存，还没有报送。",
    hint="开设、变更、关停、注销账号，先在这里写，由单位管理员报送。",
)
AGREE = Verb(
    "filing.agree",
    "同意接收",
    of=FILING,
    right="agree_filing",
    within=is_within,
    moves={state: state for state in ("DRAFT", "SUPERVISOR", "REVIEW", "RETURNED")},
    do=actions.agree,
    done="已同意接收这个账号。",
)
SUPPORT = Verb(
    "filing.support",
    "审核同意并转报",
    of=FILING,
    right="support_filing",
    within=is_within,
    bars=stand_back,
    moves={"SUPERVISOR": "REVIEW"},
    fields=NoteFields,
    do=actions.support,
    done="已转同级政府办公室审核。",
    main=True,
)
APPROVE = Verb(
    "filing.approve",
    "审核同意",
    of=FILING,
    right="approve_filing",
    within=is_within,
    bars=stand_back,
    moves={"REVIEW": ("ANNOUNCE", "CITY", "CARRY_OUT")},
    ready=actions.why_not_approve,
    fields=ApproveFields,
    do=actions.approve,
    done="已审核同意。",
    main=True,
)
ANNOUNCE = Verb(
    "filing.announce",
    "登记公告",
    of=FILING,
    right=("submit_filing", "file_filing"),
    within=may_announce,
    bars=stand_back,
    moves={"ANNOUNCE": "ANNOUNCE"},
    fields=AnnounceFields,
    do=actions.announce,
    foresees=foreseeing.foresee_announced,
    done=lambda filing: f"已登记公告，{filing.allowed_from} 起可以办理。",
    main=True,
)
FILE = Verb(
    "filing.file",
    "市政府办公室备案",
    of=FILING,
    right="file_filing",
    within=is_within,
    bars=stand_back,
    moves=dict.fromkeys(("CITY", "ANNOUNCE"), "CARRY_OUT"),
    ready=actions.why_not_file,
    fields=NoteFields,
    do=actions.file,
    done="已备案。",
    main=True,
)
CARRY_OUT = Verb(
    "filing.carry_out",
    "登记办理",
    of=FILING,
    right="submit_filing",
    within=is_within,
    moves={"CARRY_OUT": ("REGISTER", "DONE")},
    fields=CarryOutFields,
    do=actions.carry_out,
    foresees=foreseeing.foresee_carried_out,
    done="已登记办理，账号资料已更新。",
    main=True,
)
REGISTER = Verb(
    "filing.register",
    "登记国家、省系统",
    of=FILING,
    right="submit_filing",
    within=is_within,
    moves={"CARRY_OUT": "CARRY_OUT", "REGISTER": ("REGISTER", "DONE")},
    fields=RegisterFields,
    do=actions.register,
    foresees=foreseeing.foresee_registered,
    done="登记号已记下。",
    main=True,
)
RETURN = Verb(
    "filing.return",
    "退回修改",
    of=FILING,
    right={
        "SUPERVISOR": "support_filing",
        "REVIEW": "approve_filing",
        **dict.fromkeys(("CITY", "ANNOUNCE", "CARRY_OUT"), "file_filing"),
    },
    within=is_within,
    bars=stand_back,
    moves=dict.fromkeys(("SUPERVISOR", "REVIEW", "CITY", "ANNOUNCE", "CARRY_OUT"), "RETURNED"),
    fields=ReturnFields,
    do=actions.return_filing,
    done="已退回，单位会收到消息。",
)
REFUSE = Verb(
    "filing.refuse",
    "不同意",
    of=FILING,
    right={"REVIEW": "approve_filing", **dict.fromkeys(("CITY", "ANNOUNCE"), "file_filing")},
    within=is_within,
    bars=stand_back,
    moves=dict.fromkeys(("REVIEW", "CITY", "ANNOUNCE"), "REFUSED"),
    fields=RefuseFields,
    do=actions.refuse,
    done="已记为不同意。",
    grave="不同意以后，这件备案就结束了；要再办，单位须另写一件。",
)
WITHDRAW = Verb(
    "filing.withdraw",
    "撤回备案",
    of=FILING,
    right={
        "DRAFT": "write_filing",
        **dict.fromkeys(("SUPERVISOR", "REVIEW", "ANNOUNCE", "CITY", "CARRY_OUT", "RETURNED"), "submit_filing"),
    },
    within=is_within,
    moves=dict.fromkeys(("DRAFT", "SUPERVISOR", "REVIEW", "ANNOUNCE", "CITY", "CARRY_OUT", "RETURNED"), "WITHDRAWN"),
    fields=WithdrawFields,
    do=actions.withdraw,
    done="已撤回。",
    grave="撤回以后，这件备案就结束了；公告也同时撤销。",
)
