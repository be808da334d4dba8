"""A large export is compared in the background."""

from __future__ import annotations

from django.urls import reverse

from xinmei.jobs.handlers import JobFailed, Run, handler
from xinmei.registry.reconciling.actions import compare
from xinmei.registry.reconciling.models import Comparison


@handler("reconcile", title="核对两本账", right="reconcile", long=True)
def reconcile_export(run: Run) -> str:
    """Compares an export as its person may. A second run changes nothing. Arguments: `comparison`."""
    comparison = Comparison.objects.filter(pk=run.arguments["comparison"]).select_related("file").first()
    if comparison is None:
        raise JobFailed("这次对账已经不在，请在“两本账”页重新上传。")
    steps = iter(range(1, 4))
    compare(comparison, run.by, run.now, tell=lambda said: run.progress(next(steps, 3), 3, said))
    address = reverse("comparison", args=[comparison.pk])
    run.result = {"address": address, "address_title": "看结果"}
    if comparison.state != Comparison.State.DONE:
        return f"{comparison.name}：{comparison.why}"
    return f"核对了 {comparison.rows} 行，不一致 {comparison.found} 处，其中新出现 {comparison.new} 处。"
