"""A document listed or excused, and what explains it settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.people.events import Acting, record
from xinmei.publishing.policies.models import Explainer, Policy
from xinmei.publishing.policies.reckoning import reckon, stand_again

KIND, EXPLAINER = "policy", "explainer"
State = Explainer.State


def add_policy(given: Mapping[str, Any], by: Acting, at: datetime) -> Policy:
    """Lists a document that needs explaining. What was posted about it already is matched at once.

    「对涉及面广、社会关注度高、实施难度大、专业性强的政策文件，要制作……解读产品」
    """
    number = given["number"]
    if Policy.objects.filter(number=number).exists():
        raise NotNow(f"文号“{number}”已经登记，不能再登记一次")
    said = {name: given[name] for name in ("number", "title", "issued_on", "unit", "why")}
    policy = Policy.objects.create(**said, added_by=by.login, added_at=at)
    reckon([policy], at)
    content = said | {"unit": policy.unit.code}
    record("policy.add", by=by, at=at, kind=KIND, number=policy.pk, content=content)
    return policy


def why_excused(policy: Policy, at: datetime) -> str:
    """What need not be explained is done with."""
    return f"“{policy.number}”已记为不用解读" if policy.excused else ""


def excuse_policy(policy: Policy, given: Mapping[str, Any], by: Acting, at: datetime) -> Policy:
    """It need not be explained after all. It stays on the list, with the reason."""
    policy.excused, policy.excused_by, policy.excused_at = given["reason"], by.login, at
    policy.save(update_fields=["excused", "excused_by", "excused_at"])
    record("policy.excuse", by=by, at=at, kind=KIND, number=policy.pk, content={"reason": policy.excused})
    return policy


def point_to(policy: Policy, given: Mapping[str, Any], by: Acting, at: datetime) -> Policy:
    """A person says which post explains it, whether it was offered or not."""
    post = given["post"]
    one = Explainer.objects.filter(policy=policy, post=post).first()
    if one is not None and one.state == State.COUNTED:
        raise NotNow(f"信息 {post.code} 已经算作“{policy.number}”的解读")
    if one is None:
        form = post.form if post.form in Explainer.FORM_LABELS else ""
        one = Explainer(policy=policy, post=post, how=Explainer.How.PERSON, form=form, found_at=at)
    _settle(one, State.COUNTED, by, at, form=given["form"])
    stand_again([policy], at)
    record("policy.point", by=by, at=at, kind=KIND, number=policy.pk, content={"post": post.code, "form": one.form})
    return policy


def count_explainer(one: Explainer, given: Mapping[str, Any], by: Acting, at: datetime) -> Explainer:
    """这篇是解读."""
    _settle(one, State.COUNTED, by, at, form=given["form"])
    return _after("explainer.count", one, by, at)


def reject_explainer(one: Explainer, given: Mapping[str, Any], by: Acting, at: datetime) -> Explainer:
    """不是解读: it is not offered again for this document."""
    _settle(one, State.REJECTED, by, at, note=given["note"])
    return _after("explainer.reject", one, by, at)


def _settle(one: Explainer, state: str, by: Acting, at: datetime, *, form: str = "", note: str = "") -> None:
    one.state, one.by, one.settled_at, one.note = state, by.login, at, note
    one.form = form or one.form
    one.save()


def _after(verb: str, one: Explainer, by: Acting, at: datetime) -> Explainer:
    stand_again([one.policy], at)
    content = {"policy": one.policy_id, "post": one.post.code, "form": one.form, "note": one.note}
    record(verb, by=by, at=at, kind=EXPLAINER, number=one.pk, content=content)
    return one
