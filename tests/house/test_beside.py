"""What is out of reach changes no page.

Each position reads all its pages, more happens in the units beside it, and every page still reads as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOW, PEOPLE, City
from tests.house import matrix
from tests.house.standing import Standing
from tests.house.things import make_finding
from xinmei.assessment.models import Commendation
from xinmei.interaction.models import Message, Patrol
from xinmei.jobs.models import Job
from xinmei.notices.models import Delivery, Notice
from xinmei.people.models import PositionHeld, SavedView, SignedIn
from xinmei.publishing.models import AllowListEntry, FunctionCheck, Post
from xinmei.registry.models import Look
from xinmei.supervision.models import Coverage, Finding, Inspection, SampleResult
from xinmei.urging.models import Reminder, WorkOrder

pytestmark = pytest.mark.django_db
BESIDE = ("SW-1", "GX-1")
JOBS = ("inspection", "drill", "rescreen", "try_entry", "check_links", "read_pictures", "read_feed", "import")
# A score sheet shows its rank among its neighbours; a new secret is shown each time; a refusal here is recorded there.
# The API knows no session: tests/house/test_api_doors.py asks it by tokens.
LEFT_OUT = ("api/v1/", "events/", "assessment/", "healthz", "verify/", "login/", "account/second-factor/")
# Of one load of a page: its token, its nonce, and the keys of its forms.
NONCE = re.compile(r"\b[A-Za-z0-9_-]{64}\b|nonce-?=?\"?[^\"\s]*|key\" value=\"[A-Za-z0-9_-]{16}\"")
OBJECTS = ("accounts/DH-1/", "posts/P-DH-1/", "messages/M-DH-1/", "units/DH/", "units/DH/2026/")


@pytest.fixture
def city(standing) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield standing.city


def let_more_happen(city: City) -> None:
    """Something of every kind at units beside, and of other people's own."""
    inspection = Inspection.objects.get()
    for code in BESIDE:
        account = city.accounts[code]
        unit = account.unit
        for status in ("SUSPECTED", "NOTIFIED", "RECTIFIED", "CLOSED"):
            make_finding(city, code, status, week="2026-W08")
        Coverage.objects.filter(inspection=inspection, account=account).update(observed=False, reason="登录页")
        Post.objects.create(
            code=f"Q-{code}", account=account, published_at=NOW - timedelta(hours=2), title="题二", text="文", byline={}
        )
        message = Message.objects.create(
            code=f"N-{code}", account=account, received_at=NOW - timedelta(days=3), kind="comment", text="问二"
        )
        WorkOrder.objects.create(
            unit=unit,
            message=message,
            what="尽快答复",
            issued_at=NOW - timedelta(days=3),
            due_at=NOW - timedelta(days=1),
        )
        Look.objects.create(
            account=account, feed="f", window_start=NOW - timedelta(days=1), window_end=NOW, outcome="complete"
        )
        FunctionCheck.objects.create(account=account, name="菜单", checked_at=NOW, works=False)
        Patrol.objects.create(account=account, day=NOW.date(), half="am")
        SampleResult.objects.create(ordered_by="state", period="2026H1", account=account, result="fail")
        Commendation.objects.create(unit=unit, awarded_on=NOW.date(), by="own", title="表彰")
        Reminder.objects.create(unit=unit, day=NOW.date(), at=NOW, merged=9)
        told = {
            "kind": "sent",
            "key": f"more {code}",
            "unit": unit,
            "about": unit,
            "thing": "findings_sent",
            "title": "题二",
            "at": NOW,
        }
        notice = Notice.objects.create(audience="unit", address="/", **told)
        Delivery.objects.create(
            notice=notice, channel="email", person=city.people["lin"], next_try_at=NOW, state="failed"
        )
        AllowListEntry.objects.create(
            rule="typos/帐户",
            text="帐户",
            set="assessment",
            criterion="typo",
            unit=unit,
            reason="地名",
            starts_on=NOW.date(),
            by="谭检查",
            at=NOW,
        )
        PositionHeld.objects.create(person=city.people["nopost"], unit=unit, position="editor", starts_on=NOW.date())
    Finding.objects.filter(account__code__in=BESIDE).update(inspection=inspection)
    let_somebody_ask(city)


def let_somebody_ask(city: City) -> None:
    """What is one person's own: work asked for, views kept, another place where one is signed in."""
    lin = city.people["lin"]
    SavedView.objects.create(person=lin, path="/findings/", query="status=NOTIFIED", name="别人的")
    SignedIn.objects.create(person=lin, session_key="another", started_at=NOW, seen_at=NOW)
    for kind in JOBS:
        asked = {
            "asked_by": lin,
            "position": "editor",
            "unit_code": "SW",
            "asked_at": NOW,
            "due_at": NOW,
            "next_try_at": NOW,
        }
        Job.objects.create(kind=kind, key=f"another {kind}", **asked)


def read_pages(standing: Standing, login: str) -> dict[str, str]:
    """Every list, desk and form of the site as this person reads it, and the pages of what is theirs."""
    lists = [
        address
        for address, view in matrix.addresses()
        if "GET" in matrix.declaration_of(view).methods and "<str:" not in address
    ]
    lists = [address.replace("<int:year>", "2026") for address in lists if "<path:" not in address]
    told, client = {}, standing.client(login)
    for address in [
        *lists,
        *OBJECTS,
        "search/?q=题",
        "search/?q=问",
        "search/?q=水务",
        "findings/?status=SUSPECTED",
        "allow-list/?state=all",
    ]:
        if not address.startswith(LEFT_OUT):
            answer = client.get(f"/{address}")
            text = b"".join(answer) if answer.streaming else answer.content
            told[address] = NONCE.sub("", text.decode("utf-8", "replace"))
    return told


@pytest.mark.parametrize("login", ["bian", "shen", "qian", "guan", "zhu", "wang", "zhen"])
def test_no_page_tells_what_happens_out_of_reach(standing, city, login):
    before = read_pages(standing, login)
    let_more_happen(city)
    after = read_pages(standing, login)
    for address, text in before.items():
        assert after[address] == text, f"{address}：{PEOPLE[login][0]}看到了范围以外的变化"


@pytest.mark.parametrize("login", ["cha", "tou"])
def test_no_page_tells_what_another_person_asked_for(standing, city, login):
    before = read_pages(standing, login)
    let_somebody_ask(city)
    after = read_pages(standing, login)
    for address, text in before.items():
        assert after[address] == text, f"{address}：{PEOPLE[login][0]}看到了别人的"
