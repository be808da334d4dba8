"""A report taken in from the public with a receipt, and answered."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from xinmei.core.refusals import NotNow
from xinmei.core.screening import mask
from xinmei.notices.actions import tell
from xinmei.notices.forwarding import receiver_of
from xinmei.notices.models import Notice
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.registry.corrections.models import Report
from xinmei.registry.corrections.queries import digest_of

# No letters and digits that look alike.
_LETTERS, _LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 10
A_DAY = timedelta(days=1)


def make_report(given: Mapping[str, Any], by: Acting, at: datetime) -> Report:
    """Takes the report in. Number and code are its receipt; the code is kept hashed and shown this once."""
    source = _source_of(by.address)
    _refuse_too_many(source, at)
    account, code = given["account"], "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    report = Report.objects.create(
        account=account,
        unit=account.unit if account else None,
        about=given["about"],
        text=given["text"],
        contact=given["contact"],
        code=digest_of(code),
        source=source,
        made_at=at,
    )
    content = {"account": account.code if account else None, "about": mask(report.about) or None}
    record("report.make", by=by, at=at, kind="report", number=report.pk, content=content)
    tell([_notice_of(report, at)], at=at)
    report.once = code  # type: ignore[attr-defined]
    return report


def _source_of(address: str) -> str:
    """The address, so that it can be counted and not read. "" on the command line, which has none."""
    return hmac.new(settings.SECRET_KEY.encode(), f"report {address}".encode(), "sha256").hexdigest() if address else ""


def _refuse_too_many(source: str, at: datetime) -> None:
    if not source:
        return
    hold(f"report {source}")
    if Report.objects.filter(source=source, made_at__gt=at - A_DAY).count() >= settings.REPORTS_PER_DAY:
        raise NotNow(f"同一地址 24 小时内最多提交 {settings.REPORTS_PER_DAY} 件，请明天再提交，或者打电话告诉主办单位")


def _notice_of(report: Report, at: datetime) -> Notice:
    about = f"{report.account.name}（{report.account.get_platform_display()}）" if report.account else report.about
    notice = Notice(
        kind=Notice.Kind.REPORT,
        key=f"{report.pk}",
        audience=Notice.Audience.INSPECTORS,
        about=report.unit,
        thing="register_contact" if report.unit else "",
        title=f"公众纠错：{about}",
        text=report.text,
        address="/reports/?state=OPEN",
    )
    if report.unit is not None:
        receiver = receiver_of(report.unit, at)
        notice.audience, notice.unit = receiver.audience, receiver.unit
    return notice


def answer_report(report: Report, given: Mapping[str, Any], by: Acting, at: datetime) -> Report:
    """Answers it; whoever has the receipt reads the answer."""
    report.state, report.answer = Report.State.ANSWERED, given["text"]
    report.answered_by, report.answered_at = by.login, at
    report.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    content = {"text": mask(report.answer)}
    record("report.answer", by=by, at=at, kind="report", number=report.pk, content=content)
    return report
