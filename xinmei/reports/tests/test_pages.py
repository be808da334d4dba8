"""通报 as pages: issued ones for all posts, drafts for inspectors, the public version without annex and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, City, act, act_as, sign_in
from tests.house.things import make_finding
from tests.lived import finding_of, live_two_months
from xinmei.acts.showing import kind_named, show
from xinmei.core.refusals import NotFound, NotSo
from xinmei.files.keeping import load
from xinmei.people.doors import Refused
from xinmei.reports.doors import bulletin_for
from xinmei.reports.models import Bulletin
from xinmei.reports.queries import rows_behind

pytestmark = pytest.mark.usefixtures("keeps_contexts")

NUMBER = "澄政办函〔2026〕12号"
MONTH = "2026-05"
BUSINESS = ("bian", "shen", "qian", "guan", "zhu", "cha", "tou", "wang")
ADMINISTRATORS = ("xi", "an", "ji")


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


@pytest.fixture
def draft(city: City) -> Bulletin:
    kept: Bulletin = act("paper.draft", by="cha", period=MONTH)
    return kept


@pytest.fixture
def issued(draft: Bulletin) -> Bulletin:
    frozen: Bulletin = act("paper.issue", draft.pk, by="tou", number=NUMBER)
    return frozen


def test_a_draft_is_there_for_inspectors_only(city: City, draft: Bulletin) -> None:
    for login in (*BUSINESS, *ADMINISTRATORS):
        client = sign_in(Client(), city.people[login])
        expected = 200 if login in ("cha", "tou") else 404
        assert client.get(f"/bulletins/{draft.pk}/").status_code == expected, login
        assert client.get(f"/bulletins/{draft.pk}/docx/").status_code == expected, login
        assert (draft.title in client.get("/bulletins/").content.decode()) == (expected == 200), login
    assert Client().get(f"/bulletins/{draft.pk}/").status_code == 404


def test_inspectors_draft_and_the_head_alone_issues_whichever_way_it_comes(city: City, draft: Bulletin) -> None:
    issue = f"/bulletins/{draft.pk}/issue/"
    assert bulletin_for(act_as(city, "tou"), draft.pk) == draft
    with pytest.raises(Refused, match="无权"):
        act("paper.issue", draft.pk, by="cha", number=NUMBER)
    with pytest.raises(Refused, match="无权"):
        act("paper.draft", by="zhu", period=MONTH)
    with pytest.raises(NotFound):
        act("paper.issue", draft.pk, by="zhu", number=NUMBER)
    assert sign_in(Client(), city.people["cha"]).post(issue, {"issue-number": NUMBER}).status_code == 403
    for login, issues in (("cha", False), ("tou", True)):
        assert (
            f"/bulletins/{draft.pk}/sealed/"
            in sign_in(Client(), city.people[login]).get(f"/bulletins/{draft.pk}/").content.decode()
        ) == issues, login
        looked_at = f"/bulletins/{draft.pk}/sealed/?issue-number_0=澄政办函&issue-number_1=2026&issue-number_2=12"
        assert (issue in sign_in(Client(), city.people[login]).get(looked_at).content.decode()) == issues, login


def test_whoever_reads_an_issued_paper_hears_nothing_of_what_is_drafted_to_correct_it(
    city: City, issued: Bulletin
) -> None:
    correction = act("paper.correct", issued.pk, by="cha", at=NOW + timedelta(hours=1))
    for login, hears in (("cha", True), ("tou", True), ("bian", False), ("zhu", False), ("wang", False), ("xi", False)):
        client = sign_in(Client(), city.people[login])
        page = client.get(f"/bulletins/{issued.pk}/").content.decode()
        assert (f'/bulletins/{correction.pk}/"' in page) == hears, login
        assert (f'action="/bulletins/{issued.pk}/correct/"' in page) == hears, login
        assert (f'/bulletins/{correction.pk}/"' in client.get("/bulletins/").content.decode()) == hears, login


def test_an_issued_paper_is_whole_for_every_post_of_the_business(city: City, issued: Bulletin) -> None:
    for login in BUSINESS:
        client = sign_in(Client(), city.people[login])
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/bulletins/{issued.pk}/").content.decode()
        assert len(queries) <= 20
        assert "数据一致性：通过" in page
        assert "问题类别" in page
        assert bytes(client.get(f"/bulletins/{issued.pk}/pdf/").content) == load(issued.pdf_id)
        assert client.get(f"/bulletins/{issued.pk}/figures/assessment.typo/").status_code == 200


def test_the_public_and_administrators_see_the_text_without_annex_and_files(city: City, issued: Bulletin) -> None:
    for client in (Client(), *(sign_in(Client(), city.people[login]) for login in ADMINISTRATORS)):
        page = client.get(f"/bulletins/{issued.pk}/").content.decode()
        assert "一、总体情况" in page
        assert "问题类别" not in page
        assert "/figures/" not in page
        assert client.get(f"/bulletins/{issued.pk}/docx/").status_code in (302, 404)
        assert client.get(f"/bulletins/{issued.pk}/figures/findings/").status_code in (302, 404)


def test_every_figure_in_the_text_opens_to_as_many_rows_as_it_says(city: City, draft: Bulletin) -> None:
    client = sign_in(Client(), city.people["cha"])
    for row in draft.figures["figures"]:
        page = client.get(f"/bulletins/{draft.pk}/figures/{row['key']}/")
        assert page.status_code == 200, row["key"]
        behind = page.context["behind"]
        if row["query"]["of"] == "findings" and row["query"]["count"] == "findings":
            assert len(behind.rows) == row["value"], row["key"]
        elif row["query"]["of"] in ("accounts", "good"):
            assert len(behind.accounts) == row["value"], row["key"]
    assert client.get(f"/bulletins/{draft.pk}/figures/unknown/").status_code == 404


def test_a_row_leads_to_its_finding_only_where_that_is_in_reach(city: City, issued: Bulletin) -> None:
    address, link = f"/bulletins/{issued.pk}/figures/assessment.typo/", f'href="/findings/{finding_of("DH-1").pk}/"'
    assert link in sign_in(Client(), city.people["bian"]).get(address).content.decode()
    assert link not in sign_in(Client(), city.people["lin"]).get(address).content.decode()


def test_behind_a_figure_of_the_period_before_stand_the_findings_in_reach(city: City) -> None:
    for code in ("DH-1", "SW-1"):
        make_finding(city, code, "CLOSED")
    figure = {"key": "before.CLOSED", "query": {"of": "findings", "where": {"status": "CLOSED"}}}
    paper = Bulletin(figures={"figures": [figure], "groups": [], "findings": {}})
    for login, accounts in (("cha", {"DH-1", "SW-1"}), ("lin", {"SW-1"}), ("bian", {"DH-1"}), ("xi", set())):
        behind = rows_behind(act_as(city, login), paper, "before.CLOSED")
        assert behind is not None
        assert {one.finding.account.code for one in behind.findings if one.finding.account} == accounts, login


def test_an_inspector_drafts_and_the_head_issues_by_page(city: City) -> None:
    inspector, head = sign_in(Client(), city.people["cha"]), sign_in(Client(), city.people["tou"])
    answer = inspector.post("/bulletins/draft/", {"draft-period": "2026-05"})
    draft = Bulletin.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/bulletins/{draft.pk}/")
    assert inspector.post(f"/bulletins/{draft.pk}/issue/", {"issue-number": NUMBER}).status_code == 403
    assert head.post(f"/bulletins/{draft.pk}/issue/", {"issue-number": " "}).status_code == 422
    assert head.post(f"/bulletins/{draft.pk}/issue/", {"issue-number": NUMBER}).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "ISSUED"
    correction = head.post(f"/bulletins/{draft.pk}/correct/")
    assert correction.status_code == 302
    assert Bulletin.objects.exclude(pk=draft.pk).get().supersedes_id == draft.pk


def test_a_period_that_cannot_be_written_about_is_said_beside_the_form(city: City) -> None:
    client = sign_in(Client(), city.people["cha"])
    answer = client.post("/bulletins/draft/", {"draft-period": "2025Q1"})
    assert answer.status_code == 422
    assert "没有检查" in answer.content.decode()
    assert "可写" in client.post("/bulletins/draft/", {"draft-period": "去年"}).content.decode()
    assert (
        sign_in(Client(), city.people["bian"]).post("/bulletins/draft/", {"draft-period": "2026-05"}).status_code == 403
    )


def test_nothing_is_drafted_from_a_draft(city: City, draft: Bulletin) -> None:
    client = sign_in(Client(), city.people["cha"])
    assert client.post(f"/bulletins/{draft.pk}/correct/").status_code == 422
    assert client.post("/bulletins/99999999999999999999/correct/").status_code == 404


def test_a_paper_says_which_paper_corrected_it(city: City, issued: Bulletin) -> None:
    later = NOW + timedelta(hours=1)
    correction = act("paper.correct", issued.pk, by="cha", at=later)
    act("paper.issue", correction.pk, by="tou", at=later, number="澄政办函〔2026〕13号")
    assert "澄政办函〔2026〕13号</a> 更正" in Client().get(f"/bulletins/{issued.pk}/").content.decode()


def test_a_paper_reads_the_same_to_programs_and_whole_to_the_business_alone(city: City, issued: Bulletin) -> None:
    for login, whole in (("bian", True), ("xi", False)):
        (shown,) = show(kind_named("paper"), str(issued.pk), login=login, position=None, at=NOW, where={})
        assert (shown["number"], shown["state"], shown["issued_by"]) == (NUMBER, "ISSUED", "头负责")
        assert (shown["pdf_sha256"] == issued.pdf_id) == whole
    draft = act("paper.draft", by="cha", period=MONTH)
    assert not list(show(kind_named("paper"), None, login="bian", position=None, at=NOW, where={"id": str(draft.pk)}))


SEALED = {"issue-number_0": "澄政办函", "issue-number_1": "2026", "issue-number_2": "12", "issue-copies": "市委办公室"}


def test_the_paper_is_looked_at_as_it_will_be_and_its_number_is_written_twice(city: City, draft: Bulletin) -> None:
    head = sign_in(Client(), city.people["tou"])
    page = head.get(f"/bulletins/{draft.pk}/sealed/", SEALED).content.decode()
    for words in (NUMBER, "抄送：市委办公室。", "2026年5月12日印发", "不能再改", "再写一遍发文字号"):
        assert words in page
    issue = f"/bulletins/{draft.pk}/issue/"
    for again in ("", "澄政办函〔2026〕13号", "12"):
        refused = head.post(issue, SEALED | {"issue-again": again})
        assert refused.status_code == 422
        assert "不一样" in refused.content.decode()
        assert "2026年5月12日印发" in refused.content.decode()
    assert head.post(issue, SEALED | {"issue-again": "澄政办函[2026]12号"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("ISSUED", NUMBER)
    assert draft.paper["imprint"] == ["抄送：市委办公室。", "澄州市人民政府办公室", "2026年5月12日印发"]
    assert "抄送：市委办公室。" in Client().get(f"/bulletins/{draft.pk}/").content.decode()


@pytest.mark.parametrize("number", ["abc", "澄政办函2026-12", "澄政办函〔2026〕号", "澄政办函〔2019〕12号", "第12号"])
def test_what_is_no_number_is_refused_on_every_way(city: City, draft: Bulletin, number: str) -> None:
    with pytest.raises(NotSo):
        act("paper.issue", draft.pk, by="tou", number=number)
    head = sign_in(Client(), city.people["tou"])
    assert head.post(f"/bulletins/{draft.pk}/issue/", {"issue-number": number}).status_code == 422


def test_a_number_that_was_used_is_refused_before_anything_is_printed(city: City, issued: Bulletin) -> None:
    correction = act("paper.correct", issued.pk, by="cha", at=NOW + timedelta(hours=1))
    head = sign_in(Client(), city.people["tou"])
    page = head.get(f"/bulletins/{correction.pk}/sealed/", SEALED).content.decode()
    assert f"发文字号“{NUMBER}”已用过" in page
    assert "再写一遍" not in page
