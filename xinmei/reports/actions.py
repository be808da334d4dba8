"""The acts of a 通报: draft and issue.

One function is one transaction and one event. What has been issued stays; a correction is a new paper.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.people.doors import check, resolve_acting
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.reports.making import Made, make_bulletin
from xinmei.reports.models import Bulletin
from xinmei.reports.periods import Period, read_period
from xinmei.supervision.models import Objection

KIND = "bulletin"
Who = Acting | str


class StepRefused(Exception):
    """The step cannot be taken. The Chinese text says why and what to do."""


def draft_bulletin(
    period: Period, *, by: Who, at: datetime, supersedes: Bulletin | None = None, made: Made | None = None
) -> Bulletin:
    """Keeps a draft of the 通报 on `period` as known at `at`. `made` is a paper already made from the same data.

    Raises NothingToReport, Disagreement, NoChineseFont, StepRefused for a paper that cannot be corrected, Refused for
    lack of right.
    """
    with transaction.atomic():
        acting = _resolve(by, "draft_paper", at)
        if supersedes is not None and (supersedes.status != Bulletin.Status.ISSUED or supersedes.period != period.name):
            raise StepRefused("只能更正同一期、已经印发的通报；草稿请重新起草")
        made = made or make_bulletin(period, at)
        bulletin = Bulletin.objects.create(
            period=period.name,
            title=made.paper.title,
            supersedes=supersedes,
            made_by=str(acting),
            made_at=at,
            **_content(made),
        )
        record("draft_paper", by=acting, at=at, kind=KIND, number=bulletin.pk, content=_summary(bulletin))
        return bulletin


def issue_bulletin(pk: int, *, by: Who, at: datetime, number: str) -> Bulletin:
    """Issues a draft under its 发文字号, with the date of `at`. From then on it is frozen.

    The figures are counted once more. StepRefused is raised where one differs from the draft, where a finding in the
    draft is contradicted, or where an objection to one waits for its answer. Raises Refused for lack of right.
    """
    number = " ".join(number.split())
    if not number or len(number) > 100:
        raise StepRefused("发文字号应为 1 至 100 字，如 澄政办函〔2026〕12号")
    with transaction.atomic():
        acting = _resolve(by, "issue_paper", at, pk)
        hold(KIND)
        bulletin = Bulletin.objects.select_for_update().filter(pk=pk).first()
        if bulletin is None or bulletin.status != Bulletin.Status.DRAFT:
            raise StepRefused("没有这份草稿，或已经印发；已印发的不能改，只能另发更正")
        if Bulletin.objects.filter(number=number).exists():
            raise StepRefused(f"发文字号“{number}”已用过，请换一个")
        issued = Bulletin.objects.filter(period=bulletin.period, status=Bulletin.Status.ISSUED).exclude(
            corrections__status=Bulletin.Status.ISSUED
        )
        standing = issued.first()
        if standing is not None and standing.pk != bulletin.supersedes_id:
            raise StepRefused(f"本期通报已印发（{standing.number}）：要更正，请在那一份上起草更正")
        made = make_bulletin(read_period(bulletin.period), at, number=number)
        _check_unchanged(bulletin, made)
        for name, value in _content(made).items():
            setattr(bulletin, name, value)
        bulletin.number, bulletin.status, bulletin.issued_by, bulletin.issued_at = (
            number,
            Bulletin.Status.ISSUED,
            str(acting),
            at,
        )
        bulletin.save()
        record("issue_paper", by=acting, at=at, kind=KIND, number=bulletin.pk, content=_summary(bulletin))
        return bulletin


def _resolve(by: Who, verb: str, at: datetime, number: object = "") -> Acting:
    if isinstance(by, str):
        return resolve_acting(by, at, verb=verb)
    if by.judged:
        check(by, verb, KIND, number)
    return by


def _check_unchanged(bulletin: Bulletin, made: Made) -> None:
    if made.facts.doubted:
        raise StepRefused(f"有 {made.facts.doubted} 个问题与后到的事实矛盾，须先复核，才能印发")
    findings = {one.finding.pk for kind in made.facts.kinds for one in kind.found}
    waiting = len(
        findings.intersection(Objection.objects.filter(decided_at__isnull=True).values_list("finding_id", flat=True))
    )
    if waiting:
        raise StepRefused(f"有 {waiting} 件申诉还没有答复，须先答复，才能印发")
    drafted = {row["key"]: (row["label"], row["value"]) for row in bulletin.figures["figures"]}
    now = {key: (figure.label, figure.as_row()["value"]) for key, figure in made.facts.figures.items()}
    for key in {**drafted, **now}:
        if drafted.get(key) != now.get(key):
            label = (drafted.get(key) or now[key])[0]
            was, is_now = (str(one[1]) if one else "没有" for one in (drafted.get(key), now.get(key)))
            raise StepRefused(f"起草以后数据有变化：{label}，草稿是 {was}，现在是 {is_now}；请重新起草")


def _content(made: Made) -> dict[str, Any]:
    """What is kept of a paper: its data, text and files."""
    facts = made.facts
    rows: dict[str, list[int]] = {kind.key: [one.finding.pk for one in kind.found] for kind in facts.kinds}
    return {
        "as_of": facts.as_of,
        "figures": {
            "figures": [figure.as_row() for figure in facts.figures.values()],
            "findings": rows,
            "groups": {kind.key: kind.group for kind in facts.kinds},
            "accounts": [
                [one.account.pk, one.level, one.account.platform, one.verdict, one.cause] for one in facts.judged
            ],
            "good": [account.pk for account in facts.good],
        },
        "paper": made.paper.as_data(),
        "passed": made.passed,
        "doubted": facts.doubted,
        "docx": made.docx,
        "pdf": made.pdf,
        "docx_sha256": hashlib.sha256(made.docx).hexdigest(),
        "pdf_sha256": hashlib.sha256(made.pdf).hexdigest(),
    }


def _summary(bulletin: Bulletin) -> dict[str, Any]:
    hashes = {"docx_sha256": bulletin.docx_sha256, "pdf_sha256": bulletin.pdf_sha256}
    return {
        "period": bulletin.period,
        "number": bulletin.number,
        "status": bulletin.status,
        "supersedes": bulletin.supersedes_id,
        **hashes,
    }
