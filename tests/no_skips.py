"""A plugin of pytest: a test that would be skipped fails, with the reason. What nobody runs proves nothing."""

from __future__ import annotations

from collections.abc import Generator

import pytest

ADVICE = "No test is skipped: install what it needs (tools/setup.sh dev). The reason given was"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fails a skipped test, and one that is expected to fail."""
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fails a module that skips itself while it is read."""
    report = yield
    _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped":
        return
    # A skip brings (file, line, reason); an expected failure brings its traceback and a reason of its own.
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
    if hasattr(report, "wasxfail"):
        del report.wasxfail
    report.outcome = "failed"
    report.longrepr = f"{ADVICE}: {reason or 'none'}"
