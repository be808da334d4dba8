"""Every page, as every post: it is there for whom it is, it costs few queries, and it says nothing raw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, City, sign_in
from tests.house.test_offers import ask_and_answer_late
from tests.lived import finding_of, live_two_months
from xinmei.publishing.models import Post
from xinmei.supervision.models import Inspection

MOST_QUERIES = 20
UNIT, OFFICE, WATCH, ADMIN = ("bian", "shen", "qian", "guan"), ("zhu", "cha", "tou"), ("wang",), ("xi", "an", "ji")
EVERYBODY = (*UNIT, *OFFICE, *WATCH, *ADMIN)
# Address -> who sees it; all others get 404 (or 403 where it is an act).
PAGES = {
    "/": EVERYBODY,
    "/search/?q=东湖": EVERYBODY,
    "/verify/?name=东湖发布": EVERYBODY,
    "/accounts/": EVERYBODY,
    "/accounts/?all=1&sort=-days": EVERYBODY,
    "/accounts/DH-1/": EVERYBODY,
    "/accounts/SW-1/": EVERYBODY,
    "/units/DH/": (*UNIT, *OFFICE, *WATCH),
    "/inspection/": (*UNIT, *OFFICE),
    "/blindness/": (*UNIT, *OFFICE),
    "/findings/": (*UNIT, *OFFICE, *WATCH),
    "/findings/?waiting=notified&sort=due": (*UNIT, *OFFICE, *WATCH),
    "/messages/": (*UNIT, *OFFICE),
    "/posts/": (*UNIT, *OFFICE, *WATCH),
    "/posts/DH-1-70/": (*UNIT, *OFFICE, *WATCH),
    "/posts/SW-1-69/": ("cha", "tou"),
    "/assessment/2026/": (*UNIT, *OFFICE),
    "/units/DH/2026/": (*UNIT, *OFFICE),
    "/units/SW/2026/": ("cha", "tou"),
    "/draft-check/": (*UNIT, *OFFICE, *WATCH),
    "/import/": ("guan", *OFFICE),
    "/findings/queue/": ("cha", "tou"),
    "/inspection/start/": ("cha", "tou"),
    "/jobs/": EVERYBODY,
    "/findings/enter/?account=SW-1": ("cha", "tou"),
}


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


@pytest.mark.parametrize("login", EVERYBODY)
def test_each_page_is_there_for_whom_it_is_and_costs_few_queries(city: City, login: str) -> None:
    client = sign_in(Client(), city.people[login])
    for address, seen_by in PAGES.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200 if login in seen_by else answer.status_code in (403, 404), (
            login,
            address,
            answer.status_code,
        )
        assert len(queries) <= MOST_QUERIES, (login, address, len(queries))


def test_no_page_shows_an_identifier(city: City) -> None:
    client = sign_in(Client(), city.people["cha"])
    for address in [*PAGES, f"/findings/{finding_of('DH-1').pk}/", f"/findings/{finding_of('TY-1').pk}/"]:
        page = client.get(address).content.decode()
        text = re.sub(
            r"<(script|style|code)\b.*?</\1>|<[^>]*translate=.no.[^>]*>.*?</|<[^>]+>", " ", page, flags=re.DOTALL
        )
        assert not re.findall(r"\b[a-z]+_[a-z_]+\b|\bNone\b|\{\{|\{%|\bSUSPECTED\b", text), address


def test_what_is_out_of_reach_is_in_no_list_count_search_or_export(city: City) -> None:
    client = sign_in(Client(), city.people["bian"])
    lists = (
        "/findings/",
        "/posts/",
        "/messages/",
        "/inspection/",
        "/search/?q=澄州水务第69期",
        "/findings/?export=xlsx",
        "/posts/?export=xlsx",
    )
    for address in lists:
        content = client.get(address).content
        if address.endswith("xlsx"):
            content = _text_of_workbook(content)
        assert "澄州水务第69期" not in content.decode().replace("搜索“澄州水务第69期”", "").replace(
            'value="澄州水务第69期"', ""
        ), address
    assert client.get(f"/findings/{finding_of('SW-1').pk}/").status_code == 404
    assert client.get("/findings/999999/").status_code == 404


def _text_of_workbook(content: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))


def test_an_account_out_of_reach_shows_the_public_register_and_no_more(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/accounts/SW-1/").content.decode()
    assert "市水务局" in page
    assert "只有公开登记的信息" in page
    assert "李联系" not in page
    assert "距今" not in page
    assert "年度" not in page


def test_an_observer_reads_the_account_but_not_what_it_scores(city: City) -> None:
    for login, scores in (("bian", True), ("zhu", True), ("cha", True), ("wang", False)):
        page = sign_in(Client(), city.people[login]).get("/accounts/DH-1/").content.decode()
        assert "距今" in page
        assert ("附件1 得分" in page) == scores, login


def test_the_list_of_accounts_begins_with_what_is_in_reach_and_offers_to_those_who_see_clocks_to_choose_by_them(
    city: City,
) -> None:
    for login, lists_all, chooses in (
        ("bian", False, True),
        ("zhu", False, True),
        ("cha", True, True),
        ("wang", True, True),
        ("xi", True, False),
    ):
        page = sign_in(Client(), city.people[login]).get("/accounts/").content.decode()
        assert "东湖发布" in page
        assert ("澄州水务" in page) == lists_all, login
        assert ("将断更" in page) == chooses, login


def test_who_chooses_by_need_in_the_whole_register_finds_only_what_is_in_reach(city: City) -> None:
    for login, found in (("zhu", True), ("cha", True), ("lin", False)):
        page = sign_in(Client(), city.people[login]).get("/accounts/?all=1&need=silent").content.decode()
        assert ("桃源之声" in page) == found, login


def test_who_follows_a_round_to_its_accounts_finds_only_what_is_in_reach(city: City) -> None:
    number = Inspection.objects.latest("pk").pk
    for login, county, water in (("cha", True, True), ("bian", True, False), ("lin", False, True)):
        page = sign_in(Client(), city.people[login]).get(f"/accounts/?all=1&round={number}").content.decode()
        assert ("东湖发布" in page, "澄州水务" in page) == (county, water), login


def test_only_those_who_remind_choose_among_the_accounts_that_lapse(city: City) -> None:
    Post.objects.filter(account__code="DH-1").update(published_at=NOW - timedelta(days=11))
    for login, chooses in (("bian", False), ("qian", True), ("zhu", True), ("cha", True), ("wang", False)):
        page = sign_in(Client(), city.people[login]).get("/accounts/?need=lapsing").content.decode()
        assert "东湖发布" in page, login
        assert ('name="ids"' in page) == chooses, login


def test_the_page_of_an_account_names_a_message_in_words_to_those_who_see_messages(city: City) -> None:
    ask_and_answer_late(city)
    for login, reads in (("bian", True), ("zhu", True), ("cha", True), ("wang", False)):
        page = sign_in(Client(), city.people[login]).get("/accounts/DH-1/").content.decode()
        assert ("雨天路灯" in page, "公众留言" in page) == (reads, not reads), login


def test_the_search_leads_to_units_in_reach_only(city: City) -> None:
    for login, found in (("cha", True), ("lin", True), ("bian", False), ("zhu", False), ("xi", False)):
        page = sign_in(Client(), city.people[login]).get("/search/?q=水务").content.decode()
        assert ('href="/units/SW/"' in page) == found, login


def test_the_desk_of_an_editor_puts_what_is_due_first_on_top(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/").content.decode()
    assert page.index("答复留言") < page.index("整改：错别字")
    # sent on Monday at 15:00, so Tuesday 24:00; the message came on Monday at 15:00, so Tuesday 15:00
    assert "5月12日 周二 24:00 前" in page
    assert "5月12日 周二 15:00 前" in page
    assert "13912345678" not in page
    assert "139****5678" in page


def test_the_desk_of_an_inspector_offers_the_queue_first(city: City) -> None:
    page = sign_in(Client(), city.people["cha"]).get("/").content.decode()
    assert "确认疑似问题" in page
    assert page.index("逐个确认") < page.index("等别人办的")


@pytest.mark.parametrize(
    ("login", "step", "address"),
    [
        ("xi", "看备份能不能恢复", "/backups/"),
        ("an", "一天来口令错误 0 次", "/staff/?state=idle"),
        ("ji", "核对留痕与最近一次检查点", "/events/"),
        ("wang", "看已反馈的问题", "/findings/"),
    ],
)
def test_a_desk_where_nothing_waits_says_the_next_step(city: City, login: str, step: str, address: str) -> None:
    page = sign_in(Client(), city.people[login]).get("/").content.decode()
    assert "没有要办的事。下一步可以：" in page
    assert step in page
    assert f'class="btn btn-plain" href="{address}"' in page


def test_whoever_holds_no_post_is_told_so(city: City) -> None:
    person = city.people["lin"]
    person.positions.all().delete()
    page = sign_in(Client(), person).get("/").content.decode()
    assert "您现在没有岗位" in page


def test_the_search_finds_two_characters_of_chinese(city: City) -> None:
    page = sign_in(Client(), city.people["cha"]).get("/search/?q=水务").content.decode()
    assert "市水务局" in page
    assert "澄州水务" in page
