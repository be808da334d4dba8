"""Runs commands whose caller may lack the right.

A command that is refused explains why, leaves its event, and ends with status 1. Before the first edition nothing is
judged.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from xinmei.commands.arguments import UsageError, tell
from xinmei.core.rulebook import UnknownSet


def run_judged(run: Callable[[argparse.Namespace], int | None], options: argparse.Namespace) -> int:
    """Runs a command with the database open. A refusal becomes its event and status 1. What the command recorded is
    sealed when it ends.
    """
    from xinmei.people.doors import Refused, record_refusal
    from xinmei.people.sealing import seal_rest

    try:
        return int(run(options) or 0)
    except Refused as refused:
        record_refusal(refused, datetime.now(UTC))
        tell(str(refused))
        return 1
    except UnknownSet as error:
        raise UsageError(str(error)) from None
    finally:
        seal_rest()
