"""How each declared verb is tried by `test_both_ways.py`. The things are those of `matrix.make_things`."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import NOW, City, act
from tests.house.both_ways import Case
from xinmei.jobs.models import Job
from xinmei.supervision.models import Finding


def finding(status: str) -> Callable[[City], object]:
    """A finding of 东湖发布 in that state, confirmed by 谭检查 where it was sent."""

    def of(city: City) -> object:
        first = Finding.objects.filter(account__code="DH-1", status__in=("SUSPECTED", "NOTIFIED"))
        if status == "SUSPECTED":
            return first.get(status="SUSPECTED").pk
        sent = first.get(status="NOTIFIED").pk
        if status == "RECTIFIED":
            act("finding.rectify", sent, by="bian", at=NOW, note="已更正")
        if status == "OBJECTED":
            act("finding.object", sent, by="qian", at=NOW, why="系引用原文")
        return sent

    return of


def failed_job(city: City) -> object:
    """A job of 查检查 that failed."""
    job = Job.objects.get(key="cha")
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=NOW, failure="没有这个单位")
    return job.pk


SEEN = {"account": "SW-1", "criterion": "misnamed", "note": "名称与职责无关"}
WHY = {"why": "核对原文，不属于差错"}

CASES: dict[str, Case] = {
    "finding.find": Case("cha", "bian", given=SEEN),
    "finding.confirm": Case("cha", "", finding("SUSPECTED")),
    "finding.rectify": Case("bian", "qian", finding("NOTIFIED"), {"note": "已更正并重新发布"}),
    "finding.recheck": Case("cha", "bian", finding("RECTIFIED"), {"cured": True, "note": "已复查"}),
    "finding.object": Case("qian", "bian", finding("NOTIFIED"), WHY),
    "finding.answer_objection": Case("tou", "cha", finding("OBJECTED"), {"upheld": False, **WHY}),
    "finding.dismiss": Case("tou", "cha", finding("NOTIFIED"), WHY, again="state"),
    "job.retry": Case("cha", "", failed_job),
}
