"""问题 as an object of acts: of those of this room, and of what becomes a finding (模拟提问)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinmei.core.verbs import Kind
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.models import Finding
from xinmei.supervision.showing import show_finding


def _last_steps(findings: Sequence[Finding]) -> dict[int, datetime]:
    """The moment of the last step of each, by number."""
    return {one.pk: one.last_step_at for one in findings if one.last_step_at is not None}


FINDING = Kind(
    name="finding",
    label="问题",
    path="findings",
    model=Finding,
    rows=findings_visible_to,
    show=show_finding,
    state="status",
    unit=lambda finding: finding.unit_id,
    related=("account", "unit", "evidence"),
    page="finding",
    last_step=_last_steps,
    where="，可用 xinmei findings 查看编号",
)
