"""两本账: an export compared, its columns told, a difference settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
from xinmei.registry.reconciling.actions import map_columns, settle, start_comparison, why_not_settle
from xinmei.registry.reconciling.doors import RIGHT, comparisons_visible_to, differences_visible_to
from xinmei.registry.reconciling.forms import MapFields, SettleFields, StartFields
from xinmei.registry.reconciling.models import Comparison, Difference
from xinmei.registry.reconciling.showing import show_comparison, show_difference


def _last_acted(comparisons: Sequence[Comparison]) -> Mapping[Any, datetime]:
    return {one.pk: one.acted_at for one in comparisons}


def _last_settled(differences: Sequence[Difference]) -> Mapping[Any, datetime]:
    return {one.pk: one.settled_at or one.first_at for one in differences}


def _said(comparison: Comparison) -> str:
    if comparison.state == Comparison.State.DONE:
        return f"核对了 {comparison.rows} 行，不一致 {comparison.found} 处，其中新出现 {comparison.new} 处。"
    return comparison.why or "文件较大，在后台核对，可以离开，以后回来看结果。"


COMPARISON = Kind(
    name="comparison",
    label="对账",
    path="reconciling",
    model=Comparison,
    rows=comparisons_visible_to,
    show=show_comparison,
    state="state",
    unit=lambda comparison: comparison.unit_id,
    related=("unit", "of_unit"),
    page="comparison",
    last_step=_last_acted,
)
DIFFERENCE = Kind(
    name="difference",
    label="两本账的不一致",
    path="differences",
    model=Difference,
    rows=differences_visible_to,
    show=show_difference,
    state="state",
    unit=lambda difference: difference.unit_id,
    related=("unit", "account", "meant"),
    page="difference",
    last_step=_last_settled,
)

START = Verb(
    "comparison.start",
    "核对",
    of=COMPARISON,
    makes=True,
    right=RIGHT,
    fields=StartFields,
    do=start_comparison,
    page="reconciling",
    then=lambda comparison: reverse("comparison", args=[comparison.pk]),
    done=_said,
    hint="国家、省系统或平台导出的表，标题、合并的表头、多张表、表下的说明都不用改。",
    main=True,
)
MAP = Verb(
    "comparison.map",
    "对应各列",
    of=COMPARISON,
    right=RIGHT,
    moves={"UNKNOWN": ("READING", "DONE", "UNKNOWN", "FAILED")},
    fields=MapFields,
    do=map_columns,
    done=_said,
    hint="只用对应一次：以后同样表头的表自动照此读。",
    main=True,
)
SETTLE = Verb(
    "difference.settle",
    "处理",
    of=DIFFERENCE,
    right=RIGHT,
    moves={"OPEN": "SETTLED", "SETTLED": "SETTLED"},
    ready=why_not_settle,
    fields=SettleFields,
    do=settle,
    done="已处理；下次对账再有同样的不一致，不再重复提出。",
    main=True,
)
