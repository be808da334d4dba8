"""A step on a finding carries its order along; the page of the finding shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from xinmei.compiled import Compiled, given_numbers
from xinmei.core.verbs import Verb
from xinmei.people.events import Acting
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
    for order in _ORDERS[step.name].fetch(findings=list(by)):
        acting = by[order.finding_id or 0]
        if step is RETURN:  # the unit hears of the finding itself, not twice
            move("return_order", [order], WorkOrder.Status.OPEN, acting, at, note=note)
        else:
            step.do(order, {"text": note or "已登记整改", "note": note}, acting, at)


def _orders_for(step: Verb) -> QuerySet[WorkOrder]:
    """The orders of findings that this step may be done to, held.

    Whoever acts on an order at this moment holds it, and waits for its finding: theirs is left to them.
    """
    orders = WorkOrder.objects.filter(finding__in=given_numbers("findings"), status__in=list(step.moves or ()))
    return orders.order_by("pk").select_for_update(skip_locked=True)


_ORDERS = {step.name: Compiled(partial(_orders_for, step)) for step in STEPS.values()}


part_of_page("urging/order_of_finding.html")
