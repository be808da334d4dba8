"""A comparison and a difference as programs read them."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.registry.reconciling.models import Comparison, Difference


class ShownComparison(TypedDict):
    """What programs read of a comparison."""

    id: str
    system: str
    platform: str | None
    unit: str | None
    name: str
    state: str
    why: str | None
    header: list[str]
    rows: int
    found: int
    new: int
    gone: int
    by: str
    at: str | None


def show_comparison(comparison: Comparison, acting: Acting) -> ShownComparison:
    """A comparison. `header` is that of a sheet of which nobody has told the columns yet."""
    return {
        "id": str(comparison.pk),
        "system": comparison.system,
        "platform": comparison.platform or None,
        "unit": comparison.of_unit.code if comparison.of_unit else None,
        "name": comparison.name,
        "state": comparison.state,
        "why": comparison.why or None,
        "header": [cell for cell in comparison.header if cell] if comparison.state == "UNKNOWN" else [],
        "rows": comparison.rows,
        "found": comparison.found,
        "new": comparison.new,
        "gone": comparison.gone,
        "by": comparison.by,
        "at": show_moment(comparison.at),
    }


class ShownSettlement(TypedDict):
    """What people decided about a difference."""

    how: str
    account: str | None
    why: str | None
    by: str
    at: str | None


class ShownDifference(TypedDict):
    """What programs read of a difference; the first keys are those of `xinmei reconcile`."""

    id: str
    kind: str
    account: str | None
    row: str | None
    field: str | None
    ours: str | None
    theirs: str | None
    near: list[str]
    system: str
    unit: str
    state: str
    standing: bool
    settled: ShownSettlement | None


def show_difference(difference: Difference, acting: Acting) -> ShownDifference:
    """A difference with its settlement."""
    settled: ShownSettlement | None = None
    if difference.how and difference.settled_at is not None:
        settled = {
            "how": difference.how,
            "account": difference.meant.code if difference.meant else None,
            "why": mask(difference.why) or None,
            "by": difference.by,
            "at": show_moment(difference.settled_at),
        }
    return {
        "id": str(difference.pk),
        "kind": difference.kind,
        "account": difference.account.code if difference.account else None,
        "row": difference.row or None,
        "field": difference.field or None,
        "ours": mask(difference.ours) or None,
        "theirs": mask(difference.theirs) or None,
        "near": list(difference.near),
        "system": difference.system,
        "unit": difference.unit.code,
        "state": difference.state,
        "standing": difference.standing,
        "settled": settled,
    }
