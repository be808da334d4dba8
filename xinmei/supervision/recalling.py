"""重看清单: a person decides what a changed rule has found in an old post.

A fault is entered as one that a person found, so somebody else confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.refusals import NotSo, Wrong
from xinmei.core.rulebook import criteria
from xinmei.core.screening import CATEGORIES, mask_found
from xinmei.pages.fields import Fields, YesNo, show_moment
from xinmei.pages.texts import say_day
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.screening.models import Recall
from xinmei.supervision.actions import enter
from xinmei.supervision.models import Finding
from xinmei.supervision.watches.posts import CRITERIA

KIND = "recall"


class DecideFields(Fields):
    """Whether the place is a fault."""

    fault = YesNo("决定", "有问题，录入", "不是问题")


def stand_back(acting: Acting, recall: Recall, right: str) -> str:
    """Who holds a position at the host says neither."""
    return f"{acting}在该单位担任岗位，应回避" if recall.post.account.unit_id in acting.held_at else ""


def decide(recall: Recall, given: Mapping[str, Any], by: Acting, at: datetime) -> Recall:
    """It is no fault; or it is one, and a finding is entered unless the same one stands already.

    `recall.finding` is what was entered, or None. Raises NotSo where the category is no fault of any indicator.
    """
    finding = _enter(recall, by, at) if given["fault"] else None
    recall.decision = Recall.Decision.FAULT if given["fault"] else Recall.Decision.NO_FAULT
    recall.decided_by, recall.decided_at = by.login, at
    recall.save(update_fields=["decision", "decided_by", "decided_at"])
    content = {"after": recall.decision, "finding": finding.pk if finding else None}
    record("decide_recall", by=by, at=at, kind=KIND, number=recall.pk, content=content)
    recall.finding = finding  # type: ignore[attr-defined]
    return recall


def _enter(recall: Recall, by: Acting, at: datetime) -> Finding | None:
    if recall.category not in CRITERIA:
        why = f"“{CATEGORIES[recall.category]}”不对应任何扣分指标，只能提醒单位改正，不能录入问题。"
        raise NotSo(errors=(Wrong("fault", why, True),))
    criterion = criteria()[CRITERIA[recall.category]]
    post = recall.post
    if Finding.objects.filter(account=post.account, criterion=criterion.criterion, subject=post.code).exists():
        return None
    note = f"规则变动后重看：{say_day(day_of(post.published_at))}发布的信息中有“{recall.text}”"
    return enter(criterion, post.account, post.account.unit, post.code, {"note": note}, by=by, at=at)


def say_decided(recall: Recall) -> str:
    """What came of it."""
    if recall.decision == Recall.Decision.NO_FAULT:
        return "已记为不是问题。"
    finding = recall.finding  # type: ignore[attr-defined]
    return f"已录入为第 {finding.pk} 号问题，等他人确认。" if finding else "这条信息的同类问题已有记录。"


class ShownRecall(TypedDict):
    """What programs read of a place."""

    id: str
    post: str
    account: str
    rule: str
    category: str
    shelf: str
    start: int
    end: int
    text: str
    decision: str
    decided_by: str | None
    decided_at: str | None


def show_recall(recall: Recall, acting: Acting) -> ShownRecall:
    """A place as programs read it."""
    return {
        "id": str(recall.pk),
        "post": recall.post.code,
        "account": recall.post.account.code,
        "rule": recall.rule,
        "category": recall.category,
        "shelf": recall.shelf,
        "start": recall.start,
        "end": recall.end,
        "text": mask_found(recall.rule, recall.text),
        "decision": recall.decision,
        "decided_by": recall.decided_by or None,
        "decided_at": show_moment(recall.decided_at),
    }
