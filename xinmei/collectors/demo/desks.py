"""What people of the made city did at their desks in the weeks before the inspection, by acts, each with its event."""

from __future__ import annotations

from datetime import datetime

from xinmei.collectors.demo.asking import ask_all
from xinmei.collectors.demo.doing import Days
from xinmei.collectors.demo.filings import file_all
from xinmei.collectors.demo.functions import offer_all
from xinmei.collectors.demo.keeping import keep_all
from xinmei.collectors.demo.writing import write_all


def work_at_desks(until: datetime) -> None:
    """Filings in every state, articles on their way, custody, cases, reports, sources, 两本账, 模拟提问, functions."""
    days = Days(until)
    file_all(days)
    keep_all(days)
    write_all(days)
    ask_all(days)
    offer_all(days)
