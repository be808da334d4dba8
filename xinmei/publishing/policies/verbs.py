"""政策解读: documents listed and excused; which post explains which is settled by people."""

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
from xinmei.publishing.policies.actions import (
    add_policy,
    count_explainer,
    excuse_policy,
    point_to,
    reject_explainer,
    why_excused,
)
from xinmei.publishing.policies.forms import AddFields, CountFields, ExcuseFields, PointFields, RejectFields
from xinmei.publishing.policies.models import Explainer, Policy
from xinmei.publishing.policies.queries import explainers_visible_to, policies_visible_to
from xinmei.registry.doors import unit_named


class ShownPolicy(TypedDict):
    """What programs read of a document that needs explaining. `seen`: three-valued, as last reckoned."""

    id: str
    number: str
    title: str
    issued_on: str | None
    unit: str
    why: str | None
    excused: str | None
    owed_from: str | None
    explained_at: str | None
    seen: str
    unseen_why: str | None


class ShownExplainer(TypedDict):
    """What programs read of a post that explains a document, or may. `by` null: nobody has settled it."""

    id: str
    policy: str
    number: str
    account: str
    post: str
    published_at: str | None
    state: str
    how: str
    why: str | None
    form: str | None
    by: str | None
    at: str | None
    note: str | None


def show_policy(policy: Policy, acting: Acting) -> ShownPolicy:
    """A document as programs read it."""
    return {
        "id": str(policy.pk),
        "number": policy.number,
        "title": policy.title,
        "issued_on": show_day(policy.issued_on),
        "unit": policy.unit.code,
        "why": policy.why or None,
        "excused": mask(policy.excused) or None,
        "owed_from": show_day(policy.owed_from),
        "explained_at": show_moment(policy.explained_at),
        "seen": policy.seen,
        "unseen_why": policy.unseen_why or None,
    }


def show_explainer(one: Explainer, acting: Acting) -> ShownExplainer:
    """What explains it, as programs read it."""
    return {
        "id": str(one.pk),
        "policy": str(one.policy_id),
        "number": one.policy.number,
        "account": one.post.account.code,
        "post": one.post.code,
        "published_at": show_moment(one.post.published_at),
        "state": one.state,
        "how": one.how,
        "why": one.why or None,
        "form": one.form or None,
        "by": one.by or None,
        "at": show_moment(one.settled_at),
        "note": mask(one.note) or None,
    }


def _last_of_policies(policies: Sequence[Policy]) -> Mapping[Any, datetime]:
    moments = {one.pk: one.excused_at or one.added_at for one in policies}
    return {pk: moment for pk, moment in moments.items() if moment is not None}


def _last_of_explainers(explainers: Sequence[Explainer]) -> Mapping[Any, datetime]:
    return {one.pk: one.settled_at or one.found_at for one in explainers}


POLICY = Kind(
    name="policy",
    label="要解读的文件",
    path="policies",
    model=Policy,
    rows=policies_visible_to,
    show=show_policy,
    unit=lambda policy: policy.unit_id,
    related=("unit",),
    page="policy",
    last_step=_last_of_policies,
)
EXPLAINER = Kind(
    name="explainer",
    label="解读",
    path="explainers",
    model=Explainer,
    rows=explainers_visible_to,
    show=show_explainer,
    state="state",
    unit=lambda one: one.policy.unit_id,
    related=("policy__unit", "post__account"),
    page=lambda one: reverse("policy", args=[one.policy_id]),
    last_step=_last_of_explainers,
)

ADD_POLICY = Verb(
    "policy.add",
    "登记要解读的文件",
    of=POLICY,
    makes=True,
    right="list_policy",
    owner=unit_named,
    fields=AddFields,
    do=add_policy,
    page="policies",
    then=lambda policy: reverse("policy", args=[policy.pk]),
    done=lambda policy: f"“{policy.number}”已登记，已经发布的信息当即核对。",
    main=True,
)
POINT = Verb(
    "policy.point",
    "对上一篇解读",
    of=POLICY,
    right="settle_explainer",
    ready=why_excused,
    fields=PointFields,
    do=point_to,
    done="已对上。",
    hint="没有列出来的，在这里写；要是解读单位自己账号上看到的信息。",
)
EXCUSE = Verb(
    "policy.excuse",
    "记为不用解读",
    of=POLICY,
    right="excuse_policy",
    ready=why_excused,
    fields=ExcuseFields,
    do=excuse_policy,
    done="已记为不用解读，不再提醒。",
)
COUNT = Verb(
    "explainer.count",
    "这篇是解读",
    of=EXPLAINER,
    right="settle_explainer",
    moves={"OFFERED": "COUNTED", "REJECTED": "COUNTED"},
    fields=CountFields,
    do=count_explainer,
    done="已算作解读。",
    main=True,
)
REJECT = Verb(
    "explainer.reject",
    "不是",
    of=EXPLAINER,
    right="settle_explainer",
    moves={"OFFERED": "REJECTED", "COUNTED": "REJECTED"},
    fields=RejectFields,
    do=reject_explainer,
    done="已记为不是解读，不再提示。",
)
