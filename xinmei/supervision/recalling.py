"""重看清单: a person decides what a changed rule named in an old post; a fault is entered as found by a person, so somebody else confirms it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinmei.core.refusals import NotNow
from xinmei.core.rulebook import criteria
from xinmei.core.screening import CATEGORIES
from xinmei.people.events import Acting, record
from xinmei.people.naming import name_people
from xinmei.screening.models import Recall
from xinmei.supervision.actions import enter
from xinmei.supervision.doors import check_may_find
from xinmei.supervision.models import Finding
from xinmei.supervision.watches.posts import CRITERIA

KIND = "recall"


def decide_recall(recall: Recall, *, is_fault: bool, by: Acting, at: datetime) -> Finding | None:
    """It is no fault, or it is one: then a finding is entered, or the one that stands already answers for it (None).

    Raises NotNow where it was decided before or its category is no fault of any indicator, Refused for lack of right.
    """
    check_may_find(by, recall.post.account.unit_id)
    with transaction.atomic():
        now = Recall.objects.select_for_update().get(pk=recall.pk)
        if now.decision != Recall.Decision.WAITING:
            raise NotNow(
                f"这一处已由{name_people([now.decided_by])[now.decided_by]}处理：{now.get_decision_display()}。"
            )
        finding = _enter(recall, by, at) if is_fault else None
        now.decision = Recall.Decision.FAULT if is_fault else Recall.Decision.NO_FAULT
        now.decided_by, now.decided_at = by.login, at
        now.save(update_fields=["decision", "decided_by", "decided_at"])
        content = {"after": now.decision, "finding": finding.pk if finding else None}
        record("decide_recall", by=by, at=at, kind=KIND, number=recall.pk, content=content)
    return finding


def _enter(recall: Recall, by: Acting, at: datetime) -> Finding | None:
    if recall.category not in CRITERIA:
        raise NotNow(f"“{CATEGORIES[recall.category]}”不对应任何扣分指标，只能提醒单位改正，不能录入问题。")
    criterion = criteria()[CRITERIA[recall.category]]
    post = recall.post
    if Finding.objects.filter(account=post.account, criterion=criterion.criterion, subject=post.code).exists():
        return None
    note = f"规则变动后重看：{post.published_at:%Y-%m-%d} 发布的信息中有“{recall.text}”"
    return enter(criterion, post.account, post.account.unit, post.code, {"note": note}, by=by, at=at)
