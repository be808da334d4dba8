"""The doors of work orders."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import Refused, check, one_of, reach_to_do, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q, reaches
from xinmei.people.rights import VERB_LABELS
from xinmei.urging.models import WorkOrder


def orders_visible_to(acting: Acting) -> QuerySet[WorkOrder]:
    """Work orders of the units in reach, as findings sent are seen. Of a message they say when it came, not its text."""
    return WorkOrder.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")))


def order_for(acting: Acting, pk: object, to: str = "read") -> WorkOrder:
    """One order, to read, to "answer_order" or to "decide_order". Raises Http404 out of reach, Refused for lack of right."""
    order = one_of(
        orders_visible_to(acting).select_related("unit", "finding__account", "finding__unit", "message__account"), pk
    )
    if to != "read":
        check_may(acting, to, order)
    return order


def check_may(acting: Acting, verb: str, order: WorkOrder) -> None:
    """Raises Refused where `acting` lacks the right or the reach, or would decide about a unit where they hold a post."""
    if not acting.judged:
        return
    check(acting, verb, "order", order.pk)
    if not reaches(acting, reach_to_do(acting, verb), order.unit_id):
        raise Refused(
            f"督办 {order.pk} 不归{acting.unit_name}，不能{VERB_LABELS[verb]}",
            acting=acting,
            verb=verb,
            kind="order",
            number=order.pk,
        )
    if verb == "decide_order" and order.unit_id in acting.held_at:
        raise Refused(
            f"{acting}在被督办单位担任岗位，应回避，不能{VERB_LABELS[verb]}",
            acting=acting,
            verb=verb,
            kind="order",
            number=order.pk,
        )
