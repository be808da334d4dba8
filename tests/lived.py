"""澄州市 after two months of its life, for tests of pages: posts, looks, messages,
one full inspection on the Monday before `NOW`, and decisions.

What there is to find: 澄州水务 and 东湖发布 each wrote a typo; 桃源之声 was seen to be silent since 20 April; 高新发布
could not be seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from tests.cast import City, act, act_as, build_city, build_people
from tests.remembered import remembered
from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Message, Reply
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.registry.models import Look
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

SINCE = datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)
INSPECTED_AT = datetime(2026, 5, 11, 9, tzinfo=SHANGHAI)
SENT_AT = datetime(2026, 5, 11, 15, tzinfo=SHANGHAI)
SILENT_SINCE = datetime(2026, 4, 20, 8, tzinfo=SHANGHAI)
TYPO = "财政拔款已经到位"
BYLINE = {"drafter": "卞小编", "reviewer": "申科长", "signatory": "钱局长"}


@remembered
def live_two_months() -> City:
    """The city, its people, and what happened; the typo of 东湖发布 is confirmed and sent, everything else waits."""
    city = build_people(build_city())
    for code, account in city.accounts.items():
        last = SILENT_SINCE if code == "TY-1" else INSPECTED_AT
        days = (last - SINCE).days
        Post.objects.bulk_create(
            Post(
                code=f"{code}-{n}",
                account=account,
                published_at=SINCE + timedelta(days=n),
                title=f"{account.name}第{n}期",
                text=TYPO if (code, n) in (("SW-1", 69), ("DH-1", 70)) else "今日天气晴。",
                origin="original",
                byline=BYLINE,
            )
            for n in range(0, days + 1, 1)
        )
        seen_until = INSPECTED_AT - timedelta(days=20 if code == "GX-1" else 0)
        Look.objects.create(
            account=account, feed="official_api", window_start=SINCE, window_end=seen_until, outcome="complete"
        )
    Look.objects.create(
        account=city.accounts["GX-1"],
        feed="official_api",
        window_start=INSPECTED_AT - timedelta(days=1),
        window_end=INSPECTED_AT,
        outcome="failed",
        reason="打开后是登录页面",
    )
    message = Message.objects.create(
        code="M1",
        account=city.accounts["DH-1"],
        received_at=SENT_AT,
        kind="enquiry",
        text="咨询电话13912345678怎么打不通？",
    )
    answered = Message.objects.create(
        code="M2",
        account=city.accounts["DH-1"],
        received_at=SENT_AT - timedelta(days=3),
        kind="enquiry",
        text="公积金怎么提取？",
    )
    Reply.objects.create(
        message=answered,
        position=0,
        code="R1",
        replied_at=message.received_at - timedelta(days=2),
        text="请带身份证到窗口办理。",
        automatic=False,
    )
    inspect(INSPECTED_AT, by=SYSTEM, clock=timezone.now)
    act("finding.confirm", [finding_of("DH-1").pk], by=act_as(city, "cha"), at=SENT_AT)
    return city


def finding_of(account: str) -> Finding:
    """The first finding of an account."""
    return Finding.objects.filter(account__code=account).order_by("pk")[0]
