"""Makes the small lived town of tests/house/old_town with the release before: run it in a checkout of that release.

    cd CHECKOUT
    export XINMEI_VAR=/tmp/town XINMEI_DATABASE=sqlite:////tmp/town.sqlite3
    .venv/bin/python PATH/tools/make_old_town.py
    tools/with_postgres.sh bash -c '.venv/bin/python PATH/tools/make_old_town.py &&
        pg_dump --no-owner --inserts --rows-per-insert=200 -d "$XINMEI_DATABASE" > /tmp/town.sql'

澄州市 of tests/cast.py and tests/lived.py, and then what its people did: nearly every act of the release, findings in
every state, a row in every table. It uses the release's own functions, so it runs with 8c20762 and is not kept up with
the code of today. tests/house/test_migration.py says how the files were made of it.

The same town each time: keys come from a counter, moments are given, passwords are unusable. People, numbers and words
are invented.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
os.environ["XINMEI_SECOND_FACTOR"] = "off"
import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

call_command("migrate", verbosity=0)

from xinmei.screening.packs import current_screen, shipped  # noqa: E402
from xinmei.supervision.drilling import drill, monday_of  # noqa: E402
from xinmei.supervision.orders import answer_order, decide_order, escalate, issue_order  # noqa: E402
from xinmei.supervision.reminders import send_reminders  # noqa: E402
from xinmei.supervision.screening import screen_new_texts  # noqa: E402
from xinmei.supervision.trying import try_entry  # noqa: E402

from tests.cast import City, act_as, make_person  # noqa: E402
from tests.lived import BYLINE, INSPECTED_AT, SENT_AT, SINCE, finding_of, live_two_months  # noqa: E402
from xinmei.assessment.models import Commendation, Standing  # noqa: E402
from xinmei.collectors.models import Feed, Upload, UploadPart  # noqa: E402
from xinmei.core.calendar import SHANGHAI  # noqa: E402
from xinmei.core.screening.allowing import Allowance  # noqa: E402
from xinmei.interaction import actions as interaction  # noqa: E402
from xinmei.interaction.models import Message  # noqa: E402
from xinmei.interaction.search import INDEX as MESSAGES_INDEX  # noqa: E402
from xinmei.jobs import actions as jobs  # noqa: E402
from xinmei.jobs.models import Job  # noqa: E402
from xinmei.notices import actions as notices  # noqa: E402
from xinmei.notices.models import Delivery, Notice  # noqa: E402
from xinmei.people import events  # noqa: E402
from xinmei.people.actions import personal_data, posts, saved_views, sessions  # noqa: E402
from xinmei.people.events import SYSTEM  # noqa: E402
from xinmei.people.models import (  # noqa: E402
    Attempt,
    OldPassword,
    Person,
    PostHeld,
    RecoveryCode,
    SecondFactor,
    SignedIn,
)
from xinmei.publishing.allowing import actions as allowing  # noqa: E402
from xinmei.publishing.models import FunctionCheck, Image, LinkSeen, PictureRead, Post  # noqa: E402
from xinmei.publishing.search import INDEX as POSTS_INDEX  # noqa: E402
from xinmei.registry.models import Look  # noqa: E402
from xinmei.registry.readings import actions as readings  # noqa: E402
from xinmei.reports import actions as papers  # noqa: E402
from xinmei.reports.models import Bulletin  # noqa: E402
from xinmei.reports.periods import read_period  # noqa: E402
from xinmei.screening import actions as screening  # noqa: E402
from xinmei.supervision import actions as findings  # noqa: E402
from xinmei.supervision.inspecting import inspect  # noqa: E402
from xinmei.supervision.models import Finding, Recall, SampleResult, WorkOrder  # noqa: E402
from xinmei.supervision.recalling import decide_recall  # noqa: E402

WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
TUESDAY = datetime(2026, 5, 12, 9, tzinfo=SHANGHAI)
SECOND, THIRD = INSPECTED_AT + WEEK, INSPECTED_AT + 2 * WEEK
END = datetime(2026, 7, 2, 10, tzinfo=SHANGHAI)
PICTURE = b"\x89PNG made for a test"
RARE = "本周按排如下，联系电话13900007777"
SEEN = "截图所见，电话13911112222"
WORDS = {
    "suggest": "安排",
    "category": "typo",
    "severity": "high",
    "shelf": "confident",
    "longer": [],
    "unless": [],
    "former_title": False,
}
WORDS |= {"reason": "常见错字", "starts_on": None, "ends_on": None}
_keys: Iterator[int] = count(1)


def main() -> None:
    """The town, week by week."""
    # Nothing random and no clock: the same bytes each time.
    events.secrets.token_hex = lambda size: f"{next(_keys):0{2 * size}x}"
    timezone.now = lambda: END.astimezone(UTC)
    city = live_two_months()
    live_three_weeks(city)
    people_and_posts(city)
    first_week(city)
    messages_and_looks(city)
    words_and_readings(city)
    second_week(city)
    papers_of_may(city)
    notices_and_jobs(city)
    rows_without_an_act(city)
    inspect(datetime(2026, 6, 1, 9, tzinfo=SHANGHAI), by=SYSTEM)
    forget_passwords()
    complain_of_empty_tables()


def live_three_weeks(city: City) -> None:
    """Posts, looks, functions, a picture and links after the first inspection; some accounts fall silent."""
    for code in ("CZ-1", "DH-1", "SW-1", "JY-1", "TY-1"):
        account = city.accounts[code]
        for n in range(1, 22):
            at = INSPECTED_AT + n * DAY - HOUR
            text = (
                RARE
                if n in (3, 9)
                else "财政拔款到位"
                if (code, n) in (("CZ-1", 5), ("JY-1", 12), ("SW-1", 12))
                else "今日天气晴。"
            )
            origin = "repost" if n % 7 == 4 else "original"
            fields = {
                "account": account,
                "published_at": at,
                "title": f"{account.name}新{n}期",
                "text": text,
                "origin": origin,
            }
            Post.objects.create(code=f"{code}-b{n}", byline=BYLINE if n % 5 else {}, revision=2, **fields)
        for start in (INSPECTED_AT, SECOND, THIRD):
            Look.objects.create(
                account=account, feed="rss", window_start=start, window_end=start + WEEK, outcome="complete"
            )
        FunctionCheck.objects.create(
            account=account,
            name="办事指南",
            checked_at=INSPECTED_AT + DAY,
            works=code != "JY-1",
            announced_outage=False,
        )
    picture = Image.objects.create(sha256=hashlib.sha256(PICTURE).hexdigest(), data=PICTURE)
    shown = Post.objects.get(code="CZ-1-b2")
    shown.images, shown.links = [["images/a.png", picture.sha256]], ["https://example.gov.cn/a"]
    shown.save()
    PictureRead.objects.create(
        image=picture,
        post=shown,
        read_at=INSPECTED_AT + 3 * DAY,
        outcome="read",
        text="通知",
        codes=["https://example.gov.cn"],
    )
    LinkSeen.objects.create(
        address="https://example.gov.cn/a", leads_to="government", outcome="alive", checked_at=SECOND
    ).posts.add(shown)


def people_and_posts(city: City) -> None:
    """Posts given, ended, proposed, approved, rejected, stood in for, handed over; somebody leaves and is erased."""
    guan, xi, an, bian = (act_as(city, login) for login in ("guan", "xi", "an", "bian"))
    dh, cz = city.units["DH"], city.units["CZ"]
    posts.make_single_use_password = lambda: "not-a-secret-of-anybody"
    new, _ = posts.add_person(
        posts.Newcomer("he", "何新来", "13900002222", "he@example.cn"),
        posts.FirstPost("editor", date(2026, 5, 1)),
        by=guan,
        at=SENT_AT,
    )
    posts.add_person(posts.Newcomer("kong", "孔待岗"), None, by=xi, at=SENT_AT)
    city.people["he"] = new
    held = posts.give_post(new, dh.pk, "county", "section_head", date(2026, 5, 2), None, by=guan, at=SENT_AT)
    posts.end_post(held, date(2026, 6, 30), by=guan, at=SENT_AT)
    kong = Person.objects.get(login="kong")
    give = [
        posts.propose_post(kong, cz.pk, "city", post, date(2026, 5, 13), None, reason="任命", by=xi, at=SENT_AT)
        for post in ("inspector", "observer", "inspector_head")
    ]
    posts.decide_proposal(give[0], approve=True, unit_kind="city", by=an, at=SENT_AT + HOUR)
    posts.decide_proposal(give[1], approve=False, unit_kind="city", by=an, at=SENT_AT + HOUR)
    wang = PostHeld.objects.get(person=city.people["wang"])
    end = posts.propose_end(wang, date(2026, 12, 31), reason="调离", by=xi, at=SENT_AT)
    posts.decide_proposal(end, approve=True, unit_kind="county", by=an, at=SENT_AT + HOUR)
    mine = PostHeld.objects.get(person=city.people["bian"])
    first = posts.delegate_post(mine, city.people["shen"], date(2026, 5, 13), date(2026, 5, 20), by=bian, at=SENT_AT)
    posts.end_delegation(first, by=bian, at=TUESDAY)
    posts.delegate_post(mine, new, date(2026, 6, 1), date(2026, 6, 30), by=bian, at=TUESDAY)
    for step in range(3):
        over = posts.open_hand_over(mine, new, by=bian, at=TUESDAY + step * HOUR)
        if step > 0:
            posts.confirm_hand_over(over, list(posts.HAND_OVER_ITEMS), by=bian, at=TUESDAY + (step + 1) * HOUR)
        if step > 1:
            posts.confirm_hand_over(over, [], by=act_as(city, "he"), at=TUESDAY + (step + 2) * HOUR)
    gone = make_person("li", "离岗人", city.units["SW"], "editor", until=date(2026, 3, 31))
    personal_data.erase_person(gone.login, by=SYSTEM, at=TUESDAY)
    personal_data.reveal(
        "phone", kind="account", number="DH-1", reason="联系整改事宜", by=act_as(city, "cha"), at=TUESDAY
    )
    kept = saved_views.save_view("/accounts/", "platform=weibo", "微博", by=bian, at=TUESDAY)
    saved_views.save_view("/findings/", "status=NOTIFIED", "待整改", by=bian, at=TUESDAY)
    saved_views.drop_view(kept, by=bian, at=TUESDAY)
    sessions.unlock(city.people["lin"], by=an, at=TUESDAY)


def first_week(city: City) -> None:
    """Findings through all their states, with objections, orders and reminders."""
    bian, lin, qian, cha, tou = (act_as(city, login) for login in ("bian", "lin", "qian", "cha", "tou"))
    send_reminders(TUESDAY)
    typo = finding_of("DH-1")
    findings.rectify([typo.pk], by=bian, at=TUESDAY + HOUR, note="已更正")
    findings.recheck([typo.pk], by=cha, at=TUESDAY + 2 * HOUR, cured=False, note="标题没有改")
    findings.rectify([typo.pk], by=bian, at=TUESDAY + 2 * DAY, note="标题也改了")
    findings.recheck([typo.pk], by=cha, at=TUESDAY + 2 * DAY + HOUR, cured=True, note="已复查")
    entered = [
        findings.enter(name, account=city.accounts[code], subject=subject, note=SEEN, by=cha, at=TUESDAY)
        for name, code, subject in (
            ("advert", "DH-1", "DH-1-60"), ("improper_content", "DH-1", "DH-1-61"), ("advert", "DH-1", "DH-1-62"),
            ("misnamed", "DH-1", "DH-1"),
            ("grave_misstatement", "GX-1", "GX-1-40"), ("advert", "SW-1", "SW-1-61"),
            ("dead_function", "JY-1", "办事指南"),
            ("advert", "CZ-1", "CZ-1-50"), ("improper_content", "TY-1", "TY-1-5"), ("late_reply", "DHJY-1", "M9"),
        )
    ]  # fmt: skip
    findings.enter(
        "rules_missing",
        unit=city.units["SW"],
        note="没有制度",
        by=cha,
        at=TUESDAY,
        file=(b"%PDF-1.4 made for a test", "application/pdf"),
    )
    waits = entered.pop()
    assert waits.status == "SUSPECTED"
    findings.confirm([one.pk for one in entered], by=tou, at=TUESDAY)
    upheld, refused, waiting = (one.pk for one in entered[:3])
    for pk in (upheld, refused, waiting):
        findings.object_to(pk, by=qian, at=TUESDAY + HOUR, note="平台自动插入，非本单位所为")
    findings.rectify([entered[4].pk], by=SYSTEM, at=TUESDAY + HOUR, note="电话报告")
    order = issue_order(Finding.objects.get(pk=entered[5].pk), by=cha, at=TUESDAY + HOUR)
    answer_order(order, by=lin, at=TUESDAY + 2 * HOUR, text="正在办理")
    decide_order(WorkOrder.objects.get(pk=order.pk), by=cha, at=TUESDAY + 3 * HOUR, done=False, note="没有说明措施")
    answer_order(WorkOrder.objects.get(pk=order.pk), by=lin, at=TUESDAY + 4 * HOUR, text="已删除广告")
    decide_order(WorkOrder.objects.get(pk=order.pk), by=cha, at=TUESDAY + 5 * HOUR, done=True, note="")
    findings.rectify([entered[5].pk], by=lin, at=TUESDAY + 3 * DAY, note="已删除")
    # The head confirmed, so another head answers.
    posts_of_head = make_person("tou2", "另负责", city.units["CZ"], "inspector_head")
    city.people["tou2"] = posts_of_head
    head = act_as(city, "tou2")
    findings.decide_objection(upheld, by=head, at=TUESDAY + DAY, upheld=True, note="情况属实")
    findings.decide_objection(refused, by=head, at=TUESDAY + DAY, upheld=False, note="应由单位负责")
    for day in range(1, 6):
        send_reminders(TUESDAY + day * DAY)
        escalate(TUESDAY + day * DAY)


def messages_and_looks(city: City) -> None:
    """Messages answered, handed over, moderated; patrols of one unit."""
    bian = act_as(city, "bian")
    account = city.accounts["DH-1"]
    made = [
        Message.objects.create(code=f"M{n + 3}", account=account, received_at=TUESDAY + n * HOUR, kind=kind, text=text)
        for n, (kind, text) in enumerate(
            (
                ("comment", "写得好"),
                ("comment", "加我微信领奖"),
                ("complaint", "路灯不亮，电话13912340000"),
                ("enquiry", "怎么办证"),
                ("enquiry", "何时停水"),
            )
        )
    ]
    interaction.moderate(made[0], release=True, note="", by=bian, at=TUESDAY + 6 * HOUR)
    interaction.moderate(made[1], release=False, note="广告", by=bian, at=TUESDAY + 6 * HOUR)
    interaction.hand_over(made[2], "县住建局", "请核实", by=bian, at=TUESDAY + 6 * HOUR)
    interaction.answer(made[3], "请到政务大厅窗口办理。", by=bian, at=TUESDAY + 7 * HOUR)
    interaction.answer(Message.objects.get(code="M1"), "电话线路已修复。", by=bian, at=TUESDAY + 5 * DAY)
    for at in (TUESDAY, TUESDAY + 6 * HOUR, TUESDAY + DAY):
        interaction.patrol([account], ["messages", "page"], "正常", by=bian, at=at)
    MESSAGES_INDEX.update()
    POSTS_INDEX.update()


def words_and_readings(city: City) -> None:
    """Own entries, demotions, words set aside, readings, what is read again and its drill."""
    cha, tou, tou2 = (act_as(city, login) for login in ("cha", "tou", "tou2"))
    at = SECOND - DAY
    screen_new_texts(current_screen())
    good = screening.draft_entry(
        WORDS | {"terms": ["按排如下"], "hit": "按排如下工作", "miss": "安排如下工作"}, by=cha, at=at
    )
    screening.revise_entry(
        good, WORDS | {"terms": ["按排如"], "hit": "按排如下工作", "miss": "安排如下工作"}, by=cha, at=at
    )
    good.refresh_from_db()
    try_entry(good, by=cha, at=at)
    screening.release_entry(good, by=tou, at=at)
    other = screening.draft_entry(WORDS | {"terms": ["帐蓬"], "hit": "发放帐蓬", "miss": "发放帐篷"}, by=cha, at=at)
    screening.end_entry(other, why="词典已收", by=cha, at=at)
    screening.draft_entry(WORDS | {"terms": ["座谈会会"], "hit": "召开座谈会会", "miss": "召开座谈会"}, by=cha, at=at)
    rules = sorted(name for pack in shipped().packs if pack.category == "style" for name in pack.names)[:4]
    rules = rules if len(rules) == 4 else sorted(name for pack in shipped().packs for name in pack.names)[:4]
    down = [screening.propose_demotion(rule, why="误报多", by=cha, at=at) for rule in rules]
    for one, approve in zip(down[:3], (True, False, True), strict=True):
        screening.decide_demotion(one, approve=approve, by=tou, at=at)
    screening.restore_rule(down[0], by=tou, at=at)
    allowing.allow(
        Allowance("typos/按排", "按排"), of=("assessment", "typo"), unit=city.units["DH"], reason="地名", by=cha, at=at
    )
    ended = allowing.allow(
        Allowance("typos/帐户", "帐户"), of=("assessment", "typo"), unit=None, reason="旧称", by=tou, at=at
    )
    allowing.end_allowance(ended, by=tou, at=at + HOUR)
    suspected = Finding.objects.filter(account__code="SW-1", status="SUSPECTED", criterion="typo").order_by("pk")[:1]
    findings.never_again([one.pk for one in suspected], by=cha, at=at, why="单位简称", everywhere=False)
    change = readings.propose_reading("week", "rolling", date(2026, 6, 1), "会议纪要", by=cha, at=at)
    readings.decide_reading(change, approve=False, why="再研究", by=tou, at=at)
    agreed = readings.propose_reading("week", "rolling", date(2026, 7, 1), "上级答复", by=cha, at=at + HOUR)
    readings.decide_reading(agreed, approve=True, why="同意", by=tou2, at=at + 2 * HOUR)
    readings.propose_reading("week", "iso", date(2026, 8, 1), "恢复", by=cha, at=at + 3 * HOUR)
    screen_new_texts(current_screen())
    recalls = list(Recall.objects.order_by("pk"))
    decide_recall(recalls[0], is_fault=True, by=cha, at=at + 4 * HOUR)
    decide_recall(recalls[1], is_fault=False, by=cha, at=at + 4 * HOUR)
    drill(monday_of(SECOND), current_screen(), SECOND)


def second_week(city: City) -> None:
    """The inspections of the next two Mondays, decided in part, so that some wait and some are late."""
    cha, tou = act_as(city, "cha"), act_as(city, "tou")
    for at in (SECOND, THIRD):
        inspect(at, by=SYSTEM)
        suspected = list(
            Finding.objects.filter(status="SUSPECTED", observed_at=at).order_by("pk").values_list("pk", flat=True)
        )
        findings.confirm(suspected[::2], by=cha, at=at + 2 * HOUR)
        if suspected[1:2]:
            findings.dismiss(suspected[1:2], by=cha, at=at + 2 * HOUR, why="核对原文，不属于差错")
        send_reminders(at + DAY)
        escalate(at + 3 * DAY)
    sent = Finding.objects.filter(status="NOTIFIED").order_by("-pk")[0]
    findings.dismiss([sent.pk], by=tou, at=THIRD + 4 * DAY, why="经核实属实情有可原")
    # A look that came late shows a post: what was suspected for its lack is contradicted by the next inspection.
    silent = city.accounts["GX-1"]
    Post.objects.create(
        code="GX-1-late",
        account=silent,
        published_at=SECOND - 2 * DAY,
        title="补采",
        text="补采的信息",
        origin="original",
        byline=BYLINE,
        revision=3,
    )


def papers_of_may(city: City) -> None:
    """A paper issued, its correction issued, and a draft. A few bytes stand for the files, which are big."""
    cha, tou = act_as(city, "cha"), act_as(city, "tou")
    for objection in Finding.objects.filter(objections__decided_at__isnull=True, objections__isnull=False):
        findings.decide_objection(objection.pk, by=act_as(city, "tou2"), at=THIRD, upheld=False, note="应由单位负责")
    first = papers.draft_bulletin(read_period("2026-05"), by=cha, at=END)
    papers.issue_bulletin(first.pk, by=tou, at=END, number="澄政办函〔2026〕12号")
    first.refresh_from_db()
    again = papers.draft_bulletin(read_period("2026-05"), by=cha, at=END + HOUR, supersedes=first)
    papers.issue_bulletin(again.pk, by=tou, at=END + HOUR, number="澄政办函〔2026〕13号")
    papers.draft_bulletin(read_period("2026Q2"), by=cha, at=END + 2 * HOUR)
    Bulletin.objects.update(docx=b"PK docx of a test", pdf=b"%PDF of a test")
    open_again = Finding.objects.filter(status="NOTIFIED", account__code="DH-1").order_by("pk")[0]
    findings.object_to(open_again.pk, by=act_as(city, "qian"), at=END + 3 * HOUR, note="情况已变化")


def notices_and_jobs(city: City) -> None:
    """Notices read, mail that failed and is sent again, jobs in every state."""
    bian, cha, xi = (act_as(city, login) for login in ("bian", "cha", "xi"))
    notices.tell_of_standing_in(TUESDAY + DAY)
    own = list(Notice.objects.filter(unit=city.units["DH"], audience="editors").order_by("pk")[:2])
    notices.read(own, by=bian, at=END)
    notices.choose_email(False, by=cha, at=END)
    for notice, state in zip(
        Notice.objects.filter(unit=city.units["DH"]).order_by("pk")[:4],
        ("waiting", "sent", "failed", "dropped"),
        strict=True,
    ):
        Delivery.objects.create(
            notice=notice,
            channel="email",
            person=city.people["guan"],
            next_try_at=END,
            state=state,
            last_error="无法连接" if state == "failed" else "",
        )
    notices.resend(Delivery.objects.get(state="failed"), by=act_as(city, "guan"), at=END)
    Delivery.objects.filter(state="dropped").update(state="failed", lead=Delivery.objects.order_by("pk")[0])
    jobs.start("inspection", by=cha, at=END)
    jobs.start("back_up", by=xi, at=END)
    jobs.make_due(END)
    jobs.make_due(END + DAY)
    jobs.beat("test", END)
    base = {"asked_at": END, "due_at": END, "next_try_at": END, "attempts": 1, "started_at": END}
    Job.objects.create(
        kind="drill", key="done", state="done", finished_at=END, outcome="办完", result={"address": "/"}, **base
    )
    Job.objects.create(kind="drill", key="failed", state="failed", finished_at=END, failure="没有网络", **base)
    Job.objects.create(kind="drill", key="running", state="running", worker="test:1", lease_until=END + HOUR, **base)
    jobs.retry(Job.objects.get(key="failed"), by=xi, at=END)


def rows_without_an_act(city: City) -> None:
    """What comes in by import, by log-in or by a worker."""
    for code, by, on in (("DH", "own", date(2026, 4, 1)), ("SW", "superior", date(2026, 5, 1))):
        Commendation.objects.create(
            unit=city.units[code], awarded_on=on, by=by, title="先进单位", document="澄政发〔2026〕1号"
        )
    SampleResult.objects.create(
        ordered_by="province", period="2026Q1", account=city.accounts["DHJY-1"], result="fail", indicator="单项否决"
    )
    SampleResult.objects.create(ordered_by="state", period="2026H1", account=city.accounts["CZ-1"], result="pass")
    for rank, code in enumerate(("DH", "GX"), 1):
        Standing.objects.create(year=2026, unit=city.units[code], kept_on=date(2026, 5, 1), rank=rank)
    Feed.objects.create(account=city.accounts["CZ-1"], kind="rss", address="https://example.gov.cn/rss")
    upload = Upload.objects.create(name="posts.zip", at=END)
    UploadPart.objects.create(upload=upload, place=0, data=b"PK of a test")
    bian = city.people["bian"]
    OldPassword.objects.create(person=bian, password="!of-a-test", replaced_at=END)
    Attempt.objects.create(login="bian", address="192.0.2.1", at=END, wrong=True)
    SignedIn.objects.create(
        person=bian, session_key="key-of-a-test", started_at=END, seen_at=END, address="192.0.2.1", agent="Test"
    )
    SecondFactor.objects.create(
        person=city.people["tou"], sealed_secret="sealed-of-a-test", enrolled_at=END, last_step=1
    )
    RecoveryCode.objects.create(person=city.people["tou"], digest="00" * 32)


def forget_passwords() -> None:
    """No hash of anything leaves the maker."""
    for person in Person.objects.all():
        person.password = f"!{person.login}"
        person.password_changed_at = SINCE
        person.save()


def complain_of_empty_tables() -> None:
    """Every table must have rows; sessions of the framework and its own tables aside."""
    empty = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ("auth", "contenttypes", "sessions") and not model._default_manager.exists():
            empty.append(model._meta.db_table)
    for status in Finding.Status.values:
        print(status, Finding.objects.filter(status=status).count())
    print("events", events.Event.objects.count())
    if empty:
        raise SystemExit(f"without rows: {', '.join(empty)}")


if __name__ == "__main__":
    main()
