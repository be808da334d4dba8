"""What the verbs of a 通报 do: draft, correct, issue.

What has been issued stays; a correction is a new paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow, NotSo, Wrong
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.reports.agreement import Disagreement
from xinmei.reports.figures import NothingToReport
from xinmei.reports.fonts import NoChineseFont
from xinmei.reports.making import Made, content_of, keep_files, make_bulletin
from xinmei.reports.models import Bulletin
from xinmei.reports.periods import Period, read_period
from xinmei.supervision.models import Objection

KIND = "bulletin"


def draft(given: Mapping[str, Any], by: Acting, at: datetime) -> Bulletin:
    """Keeps a draft of the 通报 on a period as known at `at`."""
    return _keep_draft(given["period"], by, at)


def correct(issued: Bulletin, given: Mapping[str, Any], by: Acting, at: datetime) -> Bulletin:
    """Keeps a draft that corrects an issued paper of the same period; the draft is returned."""
    return _keep_draft(read_period(issued.period), by, at, supersedes=issued)


def issue(bulletin: Bulletin, given: Mapping[str, Any], by: Acting, at: datetime) -> Bulletin:
    """Issues a draft under its 发文字号, with the date of `at`. From then on it is frozen.

    The figures are counted once more. The act is refused where one differs from the draft, where a finding in the
    draft is contradicted, or where an objection to one waits for its answer.
    """
    number = given["number"]
    hold(KIND)
    if Bulletin.objects.filter(number=number).exists():
        raise NotSo(errors=(Wrong("number", f"发文字号“{number}”已用过，请换一个", number),))
    issued = Bulletin.objects.filter(period=bulletin.period, status=Bulletin.Status.ISSUED).exclude(
        corrections__status=Bulletin.Status.ISSUED
    )
    standing = issued.first()
    if standing is not None and standing.pk != bulletin.supersedes_id:
        raise NotNow(f"本期通报已印发（{standing.number}）：要更正，请在那一份上起草更正")
    made = _make(read_period(bulletin.period), at, number=number, copies=given.get("copies") or "")
    _check_unchanged(bulletin, made)
    kept = {"number": number, "status": Bulletin.Status.ISSUED, "issued_by": str(by), "issued_at": at}
    for name, value in (content_of(made) | keep_files(made, at) | kept).items():
        setattr(bulletin, name, value)
    bulletin.save()
    record("issue_paper", by=by, at=at, kind=KIND, number=bulletin.pk, content=_summary(bulletin))
    return bulletin


def _keep_draft(period: Period, by: Acting, at: datetime, *, supersedes: Bulletin | None = None) -> Bulletin:
    made = _make(period, at)
    bulletin = Bulletin.objects.create(
        period=period.name,
        title=made.paper.title,
        supersedes=supersedes,
        made_by=str(by),
        made_at=at,
        **content_of(made),
        **keep_files(made, at),
    )
    record("draft_paper", by=by, at=at, kind=KIND, number=bulletin.pk, content=_summary(bulletin))
    return bulletin


def _make(period: Period, at: datetime, *, number: str = "", copies: str = "") -> Made:
    """The paper. Where it cannot be made now, the reason is the refusal."""
    try:
        return make_bulletin(period, at, number=number, copies=copies)
    except (NothingToReport, Disagreement, NoChineseFont) as why:
        raise NotNow(str(why)) from why


def _check_unchanged(bulletin: Bulletin, made: Made) -> None:
    if made.facts.doubted:
        raise NotNow(f"有 {made.facts.doubted} 个问题与后到的事实矛盾，须先复核，才能印发")
    findings = {one.finding.pk for kind in made.facts.kinds for one in kind.found}
    waiting = len(
        findings.intersection(Objection.objects.filter(decided_at__isnull=True).values_list("finding_id", flat=True))
    )
    if waiting:
        raise NotNow(f"有 {waiting} 件申诉还没有答复，须先答复，才能印发")
    drafted = {row["key"]: (row["label"], row["value"]) for row in bulletin.figures["figures"]}
    now = {key: (figure.label, figure.as_row()["value"]) for key, figure in made.facts.figures.items()}
    for key in {**drafted, **now}:
        if drafted.get(key) != now.get(key):
            label = (drafted.get(key) or now[key])[0]
            was, is_now = (str(one[1]) if one else "没有" for one in (drafted.get(key), now.get(key)))
            raise NotNow(f"起草以后数据有变化：{label}，草稿是 {was}，现在是 {is_now}；请重新起草")


def _summary(bulletin: Bulletin) -> dict[str, Any]:
    hashes = {"docx_sha256": bulletin.docx_id, "pdf_sha256": bulletin.pdf_id}
    return {
        "period": bulletin.period,
        "number": bulletin.number,
        "status": bulletin.status,
        "supersedes": bulletin.supersedes_id,
        **hashes,
    }
