"""A small city with something to find in every account, and what a round made of it, byte for byte."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from tests.cast import build_city, make_account
from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Message
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.screening.models import Rescreening, ScreeningHit, ScreeningMark
from xinmei.supervision.models import Coverage, Evidence, Finding, Inspection

SINCE = datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)
AT = datetime(2026, 5, 11, 9, tzinfo=SHANGHAI)
FAULTY = ("财政拔款已经到位。", "加微信领取红包，扫码下单立减。", "咨询请拨张三13912345678。", "今日天气晴。")


def build_round_city(accounts: int = 24) -> list[Account]:
    """Accounts of all units, their numbers far apart, so that they lie in several buckets of the screening."""
    city = build_city()
    units = list(city.units.values())
    first = max(account.pk for account in city.accounts.values()) + 1000
    made = [
        make_account(f"R{n:03}", units[n % len(units)], pk=first + 37 * n, name=f"账号{n}", verification="别的单位")
        for n in range(accounts)
    ]
    for n, account in enumerate(made):
        _live(account, n)
    return made


def _live(account: Account, n: int) -> None:
    """Ten weeks of posts with faults among them, one look over all, one question without an answer."""
    last = AT - timedelta(days=25 if n % 5 == 0 else 1)
    Post.objects.bulk_create(
        Post(
            code=f"{account.code}-{day}",
            account=account,
            published_at=SINCE + timedelta(days=day),
            title=f"{account.name}第{day}期",
            text=FAULTY[(n + day) % len(FAULTY)] if day % 9 == 0 else "今日天气晴。",
            origin="repost" if day % 20 == 3 else "original",
            byline={"drafter": "卞小编"} if day % 11 == 0 else None,
            revision=1 + day % 3,
        )
        for day in range((last - SINCE).days)
    )
    Look.objects.create(
        account=account, feed="official_api", window_start=SINCE, window_end=AT, outcome="complete", profile={}
    )
    Message.objects.create(
        code=f"{account.code}-M",
        account=account,
        kind="enquiry",
        text="请问财政拔款何时发放？",
        received_at=AT - timedelta(days=6),
        published_at=AT - timedelta(days=5),
        revision=2,
    )


def picture() -> str:
    """Findings with their evidence, coverage and hits, in the order in which they were written; no numbers of rows."""
    findings = [
        [
            one.owner,
            *(getattr(one, name) for name in ("set", "indicator", "criterion", "subject", "occurrence", "status")),
            one.fault_on,
            one.reasoning,
            one.detail,
            one.evidence.sha256,
            bytes(one.evidence.data).decode(),
        ]
        for one in Finding.objects.select_related("evidence").order_by("pk")
    ]
    coverage = list(Coverage.objects.order_by("pk").values_list("account", "observed", "reason"))
    hits = sorted(
        ScreeningHit.objects.values_list("post__code", "message__code", "start", "end", "rule", "text"),
        key=lambda row: [str(value) for value in row],
    )
    rounds = list(Inspection.objects.values_list("at", "inspected", "could_not_observe", "raised", "screening"))
    return json.dumps([findings, coverage, hits, rounds], ensure_ascii=False, default=str, indent=1)


def forget_the_round() -> None:
    """As before the first round: nothing read, nothing found."""
    for model in (Finding, Evidence, Coverage, Inspection, ScreeningHit, Rescreening, ScreeningMark):
        model.objects.all().delete()


def hold_on_one_machine() -> str:
    """The round in one go, without the ledger; what it made, and everything forgotten again."""
    from django.utils import timezone

    from xinmei.supervision.inspecting import inspect

    inspect(AT, by=SYSTEM, clock=timezone.now)
    made = picture()
    assert Finding.objects.count() > Account.objects.count()
    forget_the_round()
    return made
