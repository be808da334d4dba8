"""A step on a finding carries its order along; the page of the finding shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinmei.people.events import Acting
from xinmei.rows import batches
from xinmei.supervision.following import after_step, part_of_page
from xinmei.supervision.models import Finding
from xinmei.urging.actions import move
from xinmei.urging.models import WorkOrder
from xinmei.urging.verbs import ANSWER, CLOSE, RETURN

# What each step on a finding does to its order.
STEPS = {"rectify": ANSWER, "recheck_not_cured": RETURN, "recheck_cured": CLOSE, "dismiss": CLOSE}


@after_step
def follow(verb: str, findings: Sequence[Finding], actings: Sequence[Acting], at: datetime, note: str) -> None:
    """Answers, returns or closes the orders of these findings, where they stand open. Part of the act's transaction."""
    step = STEPS.get(verb)
    if step is None:
        return
    by = {finding.pk: acting for finding, acting in zip(findings, actings, strict=True)}
    for ids in batches(list(by), 500):
        rows = WorkOrder.objects.filter(finding__in=ids, status__in=list(step.moves or ())).order_by("pk")
        # The log is held by now, and whoever acts on an order waits for it with the order held: theirs is left to them.
        for order in rows.select_for_update(skip_locked=True):
            acting = by[order.finding_id or 0]
            if step is RETURN:  # the unit hears of the finding itself, not twice
                move("return_order", [order], WorkOrder.Status.OPEN, acting, at, note=note)
            else:
                step.do(order, {"text": note or "已登记整改", "note": note}, acting, at)


part_of_page("urging/order_of_finding.html")
