"""三级审核 in its acts: 拟稿 → 审核 → 审签 → 发布."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.verbs import Kind, Verb
from xinmei.publishing.drafts import actions
from xinmei.publishing.drafts.doors import drafts_visible_to, must_be_another, must_be_the_drafter
from xinmei.publishing.drafts.forms import (
    OnVersion,
    PublishedFields,
    ReturnFields,
    SettleFields,
    TakenDownFields,
    WithdrawFields,
)
from xinmei.publishing.drafts.showing import show_draft
from xinmei.publishing.drafts.writing import AmendFields, WriteFields
from xinmei.publishing.models import Draft
from xinmei.registry.models import Account


def _last_step(drafts: Sequence[Draft]) -> Mapping[Any, datetime]:
    return {one.pk: one.acted_at for one in drafts}


def _owner(given: Mapping[str, Any]) -> int | None:
    """The unit of the first account that is named."""
    codes = given.get("accounts")
    first = codes[0] if isinstance(codes, list) and codes and isinstance(codes[0], str) else None
    if first is None or "\0" in first:
        return None
    return Account.objects.filter(code=first.strip()).values_list("unit", flat=True).first()


DRAFT = Kind(
    name="draft",
    label="稿件",
    path="drafts",
    model=Draft,
    rows=drafts_visible_to,
    show=show_draft,
    state="state",
    unit=lambda draft: draft.unit_id,
    related=("unit", "current", "release__version"),
    page="draft",
    last_step=_last_step,
)

_BY_STATE = {"CHECKING": "check_draft", "SIGNING": "sign_draft"}
_WRITING = {"DRAFT": "write_draft", "RETURNED": "write_draft"}

SEND = Verb(
    "draft.send",
    "送审",
    of=DRAFT,
    right="write_draft",
    moves={"DRAFT": "CHECKING", "RETURNED": "CHECKING"},
    fields=OnVersion,
    ready=actions.why_not_sent,
    do=actions.send,
    done="已送审，等审核人审核。",
    main=True,
)
CHECK = Verb(
    "draft.check",
    "审核通过",
    of=DRAFT,
    right="check_draft",
    moves={"CHECKING": ("SIGNING", "RELEASED")},
    fields=OnVersion,
    bars=must_be_another,
    ready=actions.why_not_checked,
    do=actions.check,
    done=lambda draft: "审核通过，等分管领导审签。" if draft.state == "SIGNING" else "审核通过，可以发布。",
    main=True,
)
SIGN = Verb(
    "draft.sign",
    "签发",
    of=DRAFT,
    right="sign_draft",
    moves={"SIGNING": "RELEASED"},
    fields=OnVersion,
    bars=must_be_another,
    ready=actions.why_not_signed,
    do=actions.sign,
    done="已签发，稿件已封存，可以发布。",
    main=True,
)
PUBLISHED = Verb(
    "draft.published",
    "登记发布",
    of=DRAFT,
    right="write_draft",
    moves={"RELEASED": ("RELEASED", "PUBLISHED"), "PUBLISHED": "PUBLISHED"},
    fields=PublishedFields,
    ready=actions.why_not_registered,
    do=actions.register_publication,
    done=lambda draft: "已登记。" if draft.state == "RELEASED" else "各账号都已登记，这篇稿件发布完毕。",
    main=True,
)
WRITE = Verb(
    "draft.write",
    "拟写稿件",
    of=DRAFT,
    right="write_draft",
    moves={"DRAFT": "DRAFT", "RETURNED": "RETURNED"},
    fields=WriteFields,
    do=actions.write,
    makes=True,
    also=True,
    owner=_owner,
    page="write_draft",
    done="已保存。",
)
SETTLE = Verb(
    "draft.settle",
    "说明可以保留",
    of=DRAFT,
    right=_WRITING | _BY_STATE,
    moves={"DRAFT": "DRAFT", "RETURNED": "RETURNED", "CHECKING": "CHECKING", "SIGNING": "SIGNING"},
    fields=SettleFields,
    bars=must_be_another,
    do=actions.settle,
    done="已记下：相同的文字在这一稿和以后各稿里都算说明过。",
)
AMEND = Verb(
    "draft.amend",
    "直接修改",
    of=DRAFT,
    right=_BY_STATE,
    moves={"CHECKING": "CHECKING", "SIGNING": "CHECKING"},
    fields=AmendFields,
    bars=must_be_another,
    do=actions.amend,
    done="已改成新的一稿，从审核开始。",
)
RETURN = Verb(
    "draft.return",
    "退回修改",
    of=DRAFT,
    right=_BY_STATE,
    moves={"CHECKING": "RETURNED", "SIGNING": "RETURNED"},
    fields=ReturnFields,
    do=actions.send_back,
    done="已退回，拟稿人会收到消息。",
)
RECALL = Verb(
    "draft.recall",
    "撤回送审",
    of=DRAFT,
    moves={"CHECKING": "DRAFT", "SIGNING": "DRAFT"},
    bars=must_be_the_drafter,
    do=actions.recall,
    done="已撤回，可以继续修改。",
)
TAKEN_DOWN = Verb(
    "draft.taken_down",
    "登记撤下",
    of=DRAFT,
    right="take_down",
    moves={"PUBLISHED": "PUBLISHED"},
    fields=TakenDownFields,
    do=actions.register_removal,
    done="已登记撤下。",
)
WITHDRAW = Verb(
    "draft.withdraw",
    "不再发布",
    of=DRAFT,
    right=_WRITING | {"RELEASED": ("stop_draft", "")},
    moves={"DRAFT": "WITHDRAWN", "RETURNED": "WITHDRAWN", "RELEASED": "WITHDRAWN"},
    fields=WithdrawFields,
    bars=must_be_the_drafter,
    do=actions.withdraw,
    done="已撤回，这篇稿件不再发布。",
)
