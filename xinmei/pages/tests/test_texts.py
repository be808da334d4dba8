"""Sentences of the system's own say dates as people write them."""

from __future__ import annotations

import pytest

from xinmei.pages.texts import say_dates


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-02-05 已关停，早于可以关停之日", "2026年2月5日 已关停，早于可以关停之日"),
        ("值守登记自2025-11-03起", "值守登记自2025年11月3日起"),
        ("2026年1月9日 周五 17:00:00.123456 收到", "2026年1月9日 周五 17:00:00 收到"),
        ("信息写的是“截至2026-02-05”", "信息写的是“截至2026-02-05”"),
        ("附件 A-2026-02-05-1 和 2026-02-051", "附件 A-2026-02-05-1 和 2026-02-051"),
    ],
)
def test_dates_are_said_and_what_is_quoted_stays(written: str, said: str) -> None:
    assert say_dates(written) == said
