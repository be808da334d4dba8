"""Findings as the command line shows them: one JSON object, or one line for a person."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from xinmei.commands.arguments import SHANGHAI, add_json, moment, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.supervision.models import Finding


def add_deciding(parser: argparse.ArgumentParser) -> None:
    """What every decision needs: the findings, who decides, and when."""
    parser.add_argument("--by", required=True, metavar="登录名", help="办理人的登录名")
    parser.add_argument("--at", type=moment, metavar="时间", help="办理时间，不写为现在")
    add_json(parser)


def at_or_now(options: argparse.Namespace) -> datetime:
    """The moment given, or now. This is the one place where the clock is read for a decision."""
    return options.at or datetime.now(UTC)


def write_time(at: datetime | None) -> str | None:
    """ISO 8601 with the offset of Shanghai."""
    return at.astimezone(SHANGHAI).isoformat() if at else None


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding with the fields of the ledger. `account`, `unit` and `evidence` are to be selected with it."""
    row: dict[str, Any] = {
        "id": str(finding.pk),
        "account": finding.account.code if finding.account else None,
        "unit": finding.unit.code,
        "set": finding.set,
        "indicator": finding.indicator,
        "criterion": finding.criterion,
        "subject": finding.subject,
        "observed_at": write_time(finding.observed_at),
        "status": finding.status,
        "confirmed_by": finding.confirmed_by or None,
        "rectify_by": write_time(finding.rectify_by),
        "clause": finding.clause,
        "steps": finding.steps,
        "evidence": {
            "sha256": finding.evidence.sha256,
            "sm3": finding.evidence.sm3,
            "seen_at": write_time(finding.evidence.seen_at),
            "source": finding.evidence.source,
            "media_type": finding.evidence.media_type,
        },
    }
    return {**row, "contradicted": True} if finding.contradicted else row


def as_line(finding: Finding) -> str:
    """A finding on one line, as a person reads it."""
    from xinmei.core.rulebook import criteria

    title = criteria()[finding.set, finding.criterion].title
    who = (
        f"{finding.account.name}（{finding.account.get_platform_display()}）" if finding.account else finding.unit.name
    )
    term = f" 整改期限 {finding.rectify_by.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if finding.rectify_by else ""
    again = " 〔与后到事实矛盾，待人工复核〕" if finding.contradicted else ""
    return f"{finding.pk}\t{finding.get_status_display()}\t{who}\t{title}\t{finding.subject}{term}{again}"


def show(findings: Iterable[Finding], as_rows: bool) -> None:
    """Prints findings."""
    for finding in findings:
        if as_rows:
            print_json(as_json(finding))
        else:
            say(as_line(finding))


def show_progress(what: str, done: int, total: int) -> None:
    """One line on standard error that grows; on a terminal it is drawn over itself."""
    bar = "█" * (20 * done // max(total, 1))
    text = f"{what} {bar:░<20} {done:,}/{total:,}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}" + ("\n" if done >= total else ""))
    else:
        tell(text)
    sys.stderr.flush()
