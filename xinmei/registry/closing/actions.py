"""An account kept until a day; a case opened, and brought to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.people.events import Acting, record
from xinmei.registry.closing.models import Case, Kept


def keep_account(given: Mapping[str, Any], by: Acting, at: datetime) -> Kept:
    """The account is left out of the list until the day. 「对不同平台上功能相近……要进行清理优化」: people decide."""
    account = given["account"]
    kept = Kept.objects.create(account=account, reason=given["reason"], until=given["until"], by=by.login, at=at)
    content = {"account": account.code, "reason": mask(kept.reason), "until": kept.until}
    record("cleaning.keep", by=by, at=at, kind="cleaning", number=kept.pk, content=content)
    return kept


def open_case(given: Mapping[str, Any], by: Acting, at: datetime) -> Case:
    """A unit is responsible for what was found, until the day."""
    account = given["account"]
    if account is not None:
        standing = Case.objects.filter(account=account, kind=given["kind"], state=Case.State.OPEN).first()
        if standing is not None:
            raise NotNow(f"这个账号已有同样情形的案件（第 {standing.pk} 号）没有结，请先结那一件")
    names = ("kind", "account", "about", "unit", "due_on", "report", "note")
    case = Case.objects.create(opened_by=by.login, opened_at=at, **{name: given[name] for name in names})
    content = {
        "kind": case.kind,
        "account": account.code if account is not None else None,
        "about": mask(case.about) or None,
        "unit": case.unit.code,
        "due_on": case.due_on,
        "note": mask(case.note),
    }
    record("case.open", by=by, at=at, kind="case", number=case.pk, content=content)
    return case


def close_case(case: Case, given: Mapping[str, Any], by: Acting, at: datetime) -> Case:
    """The case has its outcome."""
    case.state, case.outcome, case.closed_note = Case.State.CLOSED, given["outcome"], given["note"]
    case.closed_by, case.closed_at = by.login, at
    case.save(update_fields=["state", "outcome", "closed_note", "closed_by", "closed_at"])
    content = {"outcome": case.outcome, "note": mask(case.closed_note)}
    record("case.close", by=by, at=at, kind="case", number=case.pk, content=content)
    return case
