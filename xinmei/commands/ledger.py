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
    from xinmei.people.events import SYSTEM
    from xinmei.supervision.showing import show_finding

    for finding in findings:
        if as_rows:
            print_json(show_finding(finding, SYSTEM))
        else:
            say(as_line(finding))


def decide(options: argparse.Namespace, verb: str, ids: list[Any], given: Any) -> int:
    """Performs an act on findings, all or nothing, and prints them.

    The status is 1 where one is unknown or its state does not allow it. Who lacks the right is told by `run_judged`,
    which writes the event.
    """
    from xinmei.acts.performing import perform
    from xinmei.core.refusals import NotYours, Refusal
    from xinmei.people.doors import actings_by_login

    at = at_or_now(options)
    try:
        changed = perform(verb, ids, by=actings_by_login(options.by, at), at=at, given=given).objects
    except NotYours:
        raise
    except Refusal as refused:
        tell(str(refused))
        return 1
    show(changed, options.json)
    return 0


def show_progress(what: str, done: int, total: int) -> None:
    """One line on standard error that grows; on a terminal it is drawn over itself."""
    bar = "█" * (20 * done // max(total, 1))
    text = f"{what} {bar:░<20} {done:,}/{total:,}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}" + ("\n" if done >= total else ""))
    else:
        tell(text)
    sys.stderr.flush()
