"""三 「报市政府办公室备案后，于3个工作日内登录国家、省政务新媒体系统登记备案」: the system records it itself, once a
filing.

The subject is the account of an OPEN filing, else `filing/ID`; so it is too of an OPEN whose account is not there yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from xinmei.core.calendar import midnight
from xinmei.core.deadlines import registration_due
from xinmei.core.rulebook import indicator_set
from xinmei.registry.models import Account, Filing
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.models import Finding
from xinmei.supervision.raising import owner_of, raise_findings
from xinmei.supervision.watches.facts import Fault, Window, day_of, write_moment
from xinmei.units.models import Unit

CRITERION = "late_registration"
ABOUT_A_FILING = "filing/"
SYSTEMS = (("national", "国家系统"), ("provincial", "省系统"))
_FILED = (Filing.State.CARRY_OUT, Filing.State.REGISTER, Filing.State.DONE)


def watch_filings(scope: Q, window: Window) -> list[tuple[Account | None, Unit, Fault]]:
    """The filings whose term ended in the window and that are not in both systems by then."""
    filings = (
        Filing.objects.filter(scope, state__in=_FILED, register_by__gt=window.start, register_by__lte=window.at)
        .select_related("account", "unit")
        .order_by("pk")
    )
    return [
        (filing.account, filing.unit, fault)
        for filing in filings
        if (late := say_late(filing, window.at, is_over=True))
        for fault in [make_fault(filing, late, window.at)]
    ]


def say_late(filing: Filing, at: datetime, *, is_over: bool) -> list[str]:
    """What is late, in Chinese. `is_over`: the term has ended, so that what is missing is late too.

    「Late is judged by the `on` of the later number」
    """
    assert filing.register_by is not None
    late = []
    for system, label in SYSTEMS:
        on = getattr(filing, f"{system}_on")
        if on is None or on > day_of(at):
            if is_over:
                late.append(f"{label}：没有登记")
        elif midnight(on) >= filing.register_by:
            late.append(f"{label}：{on} 才登记")
    return late


def make_fault(filing: Filing, late: list[str], at: datetime) -> Fault:
    """The fault; it belongs to the day on which the term ended."""
    assert filing.register_by is not None
    assert filing.filed_city_on is not None
    due = registration_due(filing.filed_city_on, readings_on(day_of(at)))
    is_opened = filing.matter == Filing.Matter.OPEN and filing.account is not None
    days = {f"{system}_on": getattr(filing, f"{system}_on") for system, _ in SYSTEMS}
    return Fault(
        "duty",
        CRITERION,
        filing.account.code if is_opened and filing.account else f"{ABOUT_A_FILING}{filing.pk}",
        day_of(filing.register_by - timedelta(microseconds=1)),
        (*due.steps, *late),
        "备案记录",
        {
            "filing": filing.pk,
            "filed_city_on": str(filing.filed_city_on),
            **{name: on and str(on) for name, on in days.items()},
            "due_at": write_moment(filing.register_by),
        },
        at,
        {"filing": filing.pk},
    )


def record_late(filing: Filing, at: datetime) -> None:
    """Records a registration that comes late. Part of the act's transaction."""
    if filing.register_by is not None and (late := say_late(filing, at, is_over=False)):
        edition = indicator_set("inspection", on=day_of(at)).edition
        raise_findings([(filing.account, filing.unit, make_fault(filing, late, at))], at, edition)


def give_account(filing: Filing) -> None:
    """What was found of an OPEN before its account was there is about the account from now on."""
    if filing.account is None:
        return
    found = Finding.objects.filter(criterion=CRITERION, subject=f"{ABOUT_A_FILING}{filing.pk}", account=None)
    found.update(account=filing.account, subject=filing.account.code, owner=owner_of(filing.account, filing.unit))
