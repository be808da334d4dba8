"""The 通报 of a small city, every number counted by hand: 7 accounts, one inspection, one confirmed fault."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from docx import Document
from docx.shared import Mm, Pt

from tests.cast import City, act, act_as
from tests.lived import INSPECTED_AT, SENT_AT, finding_of, live_two_months
from xinmei.__main__ import main
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotNow
from xinmei.people.doors import Refused
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.reports.agreement import Disagreement, check_agreement
from xinmei.reports.figures import NothingToReport, gather, percent
from xinmei.reports.making import make_bulletin
from xinmei.reports.models import Bulletin
from xinmei.reports.paper import HEADER
from xinmei.reports.periods import UnknownPeriod, periods_of, read_period, say_period
from xinmei.reports.word import write_docx
from xinmei.reports.wording import compose
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding
from xinmei.units.tree import level_of

WRITTEN_AT = datetime(2026, 7, 6, 10, tzinfo=SHANGHAI)  # a Monday
QUARTER = read_period("2026Q2")
NUMBER = "澄政办函〔2026〕12号"


@pytest.fixture
def city(db: None) -> City:
    return live_two_months()


def _confirm_silence(city: City) -> None:
    act("finding.confirm", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=SENT_AT)


def test_only_confirmed_faults_count_and_every_account_stands_once(city: City) -> None:
    facts = gather(QUARTER, WRITTEN_AT)
    # 东湖发布's typo was confirmed; the typo of 澄州水务 and the silence of 桃源之声 are suspicions
    assert (facts["findings"], facts["veto"], facts["assessment"], facts["assessment.typo"]) == (1, 0, 1, 1)
    # 高新发布 could not be seen: neither passed nor failed
    assert (facts["total"], facts["pass"], facts["fail"], facts["unobserved"], facts["checked"]) == (7, 6, 0, 1, 6)
    assert (facts["level.city"], facts["level.county"], facts["level.town"]) == (3, 3, 1)
    assert (facts["platform.wechat"], facts["platform.weibo"]) == (6, 1)
    assert "platform.weibo.rate" not in facts.figures
    assert facts["checked.share"] == Decimal("85.71")


def test_a_veto_confirmed_in_the_period_fails_the_account_even_when_cured(city: City) -> None:
    _confirm_silence(city)
    silence = finding_of("TY-1")
    act("finding.rectify", [silence.pk], by=act_as(city, "zhen"), at=SENT_AT + timedelta(hours=2))
    act("finding.recheck", [silence.pk], by=act_as(city, "cha"), at=SENT_AT + timedelta(hours=3), cured=True)
    inspect(INSPECTED_AT + timedelta(days=7), by=SYSTEM, clock=timezone.now)
    facts = gather(QUARTER, WRITTEN_AT)
    assert (facts["pass"], facts["fail"], facts["fail.veto"], facts["rate"]) == (5, 1, 1, Decimal("83.33"))
    assert facts["status.CLOSED"] == 1


def test_an_account_that_could_not_be_seen_has_not_passed_even_when_a_small_fault_is_known(city: City) -> None:
    entered = act(
        "finding.find",
        criterion="advert",
        account=city.accounts["GX-1"].code,
        by=act_as(city, "cha"),
        at=SENT_AT,
        note="文末链接商品页面",
    )
    act("finding.confirm", [entered.pk], by=act_as(city, "tan"), at=SENT_AT)
    inspect(INSPECTED_AT + timedelta(days=1), by=SYSTEM, clock=timezone.now)
    facts = gather(QUARTER, WRITTEN_AT)
    assert (facts["deduction"], facts["pass"], facts["unobserved"]) == (1, 6, 1)


def test_what_was_dismissed_is_in_no_number_and_no_row(city: City) -> None:
    act(
        "finding.dismiss",
        [finding_of("DH-1").pk],
        by=act_as(city, "tou"),
        at=SENT_AT + timedelta(hours=1),
        why="标题引用原文",
    )
    made = make_bulletin(QUARTER, WRITTEN_AT)
    assert made.facts["findings"] == 0
    assert made.paper.rows == ()
    assert "本期没有发现单项否决问题" in "".join(one.text for one in made.paper.paragraphs)


def test_an_account_closed_before_the_last_inspection_is_not_in_the_total(city: City) -> None:
    account = city.accounts["CZ-1"]
    account.status, account.closed_on = "closed", INSPECTED_AT.date() - timedelta(days=1)
    account.save()
    assert gather(QUARTER, WRITTEN_AT)["total"] == 6


def test_good_accounts_are_those_without_any_fault_even_a_suspected_one(city: City) -> None:
    assert {account.code for account in gather(QUARTER, WRITTEN_AT).good} == {"CZ-1", "JY-1", "DHJY-1"}


def test_the_last_period_is_compared_and_its_faults_are_rechecked(city: City) -> None:
    inspect(datetime(2026, 7, 6, 9, tzinfo=SHANGHAI), by=SYSTEM, clock=timezone.now)
    facts = gather(read_period("2026Q3"), WRITTEN_AT)
    assert (facts["before.findings"], facts["before.sent"], facts["before.NOTIFIED"], facts["before.CLOSED"]) == (
        1,
        1,
        1,
        0,
    )
    assert facts["before.rate"] == Decimal("100.00")


def test_a_period_without_an_inspection_says_so(city: City) -> None:
    with pytest.raises(NothingToReport, match=r"2026年第四季度.*没有检查"):
        gather(read_period("2026Q4"), WRITTEN_AT)


def test_the_sections_stand_in_their_order_with_both_denominators_named(city: City) -> None:
    _confirm_silence(city)
    paper = make_bulletin(QUARTER, WRITTEN_AT).paper
    assert paper.title == "关于2026年第二季度全市政务新媒体检查情况的通报"
    assert [one.text for one in paper.paragraphs if one.kind == "h1"] == [
        "一、总体情况",
        "二、主要做法",
        "三、存在问题",
        "四、工作要求",
    ]
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "以检查并看清的账号为基数，合格率为83.33%；以全部在用账号为基数，合格率为71.43%" in text
    assert "「桃源之声」（微信，桃源镇）" in text
    assert text.index("单项否决问题") < text.index("年度考核扣分问题")
    # five working days after Monday 6 July
    assert "于2026年7月13日17时前报送澄州市人民政府办公室" in text


def test_the_word_file_has_the_form_of_the_standard(city: City) -> None:
    document = Document(io.BytesIO(make_bulletin(QUARTER, WRITTEN_AT).docx))
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (round(page.top_margin.mm), round(page.left_margin.mm)) == (37, 28)
    assert round(page.page_width.mm - page.left_margin.mm - page.right_margin.mm) == 156
    assert round(page.page_height.mm - page.top_margin.mm - page.bottom_margin.mm) == 225
    normal = document.styles["Normal"]
    assert normal.font.size == Pt(16)
    # 22 lines fill the 225 mm, 23 would not fit; so do 28 characters the 156 mm
    pitch, char = normal.paragraph_format.line_spacing, Pt(16 - 0.25)
    assert 22 * pitch <= Mm(225) < 23 * pitch
    assert 28 * char <= Mm(156) < 29 * char
    assert document.settings.odd_and_even_pages_header_footer
    assert page.footer.paragraphs[0].text.startswith("— ")
    header = document.tables[0].rows[0]
    assert tuple(cell.text for cell in header.cells) == HEADER
    assert "w:tblHeader" in header._tr.xml


def test_the_pdf_is_a_pdf_with_its_type_inside(city: City) -> None:
    pdf = make_bulletin(QUARTER, WRITTEN_AT).pdf
    assert pdf.startswith(b"%PDF-")
    assert b"/FontFile" in pdf


def _tamper(docx: bytes, change: Callable[[object], None]) -> bytes:
    document = Document(io.BytesIO(docx))
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_number_changed_in_the_finished_text_is_refused(city: City) -> None:
    made = make_bulletin(QUARTER, WRITTEN_AT)

    def change(document: object) -> None:
        run = next(run for one in document.paragraphs for run in one.runs if "发现并确认问题1个" in run.text)
        run.text = run.text.replace("发现并确认问题1个", "发现并确认问题2个")

    with pytest.raises(Disagreement, match="一处是 2，另一处是 1"):
        check_agreement(made.facts, made.paper, _tamper(made.docx, change))


def test_a_row_lost_from_the_annex_is_refused(city: City) -> None:
    made = make_bulletin(QUARTER, WRITTEN_AT)

    def change(document: object) -> None:
        row = document.tables[0].rows[1]._tr
        row.getparent().remove(row)

    with pytest.raises(Disagreement, match=r"附件行数.*一处是 0，另一处是 1"):
        check_agreement(made.facts, made.paper, _tamper(made.docx, change))


@pytest.mark.parametrize(
    "key",
    [
        "total",
        "level.county",
        "platform.wechat",
        "pass",
        "findings",
        "assessment.typo",
        "rate",
        "status.NOTIFIED",
        "rounds",
    ],
)
def test_a_figure_that_was_tampered_with_is_refused(city: City, key: str) -> None:
    facts = gather(QUARTER, WRITTEN_AT)
    facts.figures[key] = replace(facts.figures[key], value=facts[key] + 1)
    paper = compose(facts)
    with pytest.raises(Disagreement):
        check_agreement(facts, paper, write_docx(paper, WRITTEN_AT))


def test_a_finding_decided_while_the_paper_was_written_is_refused(city: City) -> None:
    made = make_bulletin(QUARTER, WRITTEN_AT)
    _confirm_silence(city)
    with pytest.raises(Disagreement, match="应与台账重新计数相同"):
        check_agreement(made.facts, made.paper, made.docx)


def test_a_draft_is_kept_with_its_event_and_only_by_who_may(city: City) -> None:
    with pytest.raises(Refused, match="无权起草通报"):
        act("paper.draft", by="bian", at=WRITTEN_AT, period=QUARTER.name)
    draft = act("paper.draft", by="cha", at=WRITTEN_AT, period=QUARTER.name)
    assert (draft.status, draft.made_by, draft.passed > 50) == ("DRAFT", "查检查", True)
    event = Event.objects.order_by("-pk")[0]
    assert (event.verb, event.object_kind, event.object_id) == ("draft_paper", "bulletin", str(draft.pk))
    with pytest.raises(Refused, match="无权印发通报"):
        act("paper.issue", draft.pk, by="cha", at=WRITTEN_AT, number=NUMBER)


def test_an_issued_paper_is_frozen_and_corrected_by_a_new_one(city: City) -> None:
    draft = act("paper.draft", by="cha", at=WRITTEN_AT, period=QUARTER.name)
    issued = act("paper.issue", draft.pk, by="tou", at=WRITTEN_AT + timedelta(hours=1), number=NUMBER)
    assert (issued.status, issued.number, issued.issued_by) == ("ISSUED", NUMBER, "头负责")
    assert NUMBER in "\n".join(one.text for one in Document(io.BytesIO(issued.docx)).paragraphs)
    with pytest.raises(NotNow, match="现在是“已印发”，不能印发"):
        act("paper.issue", draft.pk, by="tou", at=WRITTEN_AT, number="澄政办函〔2026〕13号")
    before = Bulletin.objects.values().get(pk=issued.pk)
    _confirm_silence(city)
    again = act("paper.draft", by="cha", at=WRITTEN_AT + timedelta(days=1), period=QUARTER.name)
    with pytest.raises(NotNow, match="请在那一份上起草更正"):
        act("paper.issue", again.pk, by="tou", at=WRITTEN_AT + timedelta(days=1), number="澄政办函〔2026〕13号")
    correction = act("paper.correct", issued.pk, by="cha", at=WRITTEN_AT + timedelta(days=1))
    act("paper.issue", correction.pk, by="tou", at=WRITTEN_AT + timedelta(days=1), number="澄政办函〔2026〕13号")
    assert Bulletin.objects.values().get(pk=issued.pk) == before


def test_what_changed_since_the_draft_is_named_and_nothing_is_issued(city: City) -> None:
    draft = act("paper.draft", by="cha", at=WRITTEN_AT, period=QUARTER.name)
    _confirm_silence(city)
    with pytest.raises(NotNow, match="草稿是 1，现在是 2；请重新起草"):
        act("paper.issue", draft.pk, by="tou", at=WRITTEN_AT, number=NUMBER)


def test_a_contradicted_finding_or_an_open_objection_keeps_a_paper_from_being_issued(city: City) -> None:
    draft = act("paper.draft", by="cha", at=WRITTEN_AT, period=QUARTER.name)
    act("finding.object", finding_of("DH-1").pk, by="qian", at=SENT_AT + timedelta(hours=1), why="原文如此")
    with pytest.raises(NotNow, match="1 件申诉还没有答复"):
        act("paper.issue", draft.pk, by="tou", at=WRITTEN_AT, number=NUMBER)
    Finding.objects.filter(account__code="DH-1").update(contradicted=True)
    with pytest.raises(NotNow, match="与后到的事实矛盾"):
        act("paper.issue", draft.pk, by="tou", at=WRITTEN_AT, number=NUMBER)


def test_the_command_writes_both_files_and_prints_each_figure_with_its_query(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "通报.docx"
    assert main(["bulletin", "--period", "2026Q2", "-o", str(file), "--at", WRITTEN_AT.isoformat(), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all({"key", "label", "value", "query"} == row.keys() for row in rows)
    assert {row["key"]: row["value"] for row in rows}["checked.share"] == "85.71"
    assert file.stat().st_size
    assert file.with_suffix(".pdf").stat().st_size


@pytest.mark.parametrize(
    ("period", "output", "status", "said"),
    [("2026Q4", "a.docx", 1, "没有检查"), ("2026Q5", "a.docx", 2, "可写"), ("2026Q2", "a.txt", 2, ".docx")],
)
def test_the_command_refuses_in_chinese(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], period: str, output: str, status: int, said: str
) -> None:
    assert (
        main(["bulletin", "--period", period, "-o", str(tmp_path / output), "--at", WRITTEN_AT.isoformat()]) == status
    )
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_levels_follow_the_area_and_not_the_kind(city: City) -> None:
    units = {unit.pk: unit for unit in city.units.values()}
    levels = {code: level_of(unit, units) for code, unit in city.units.items()}
    assert levels == {
        "CZ": "city",
        "JY": "city",
        "SW": "city",
        "JY-XC": "city",
        "DH": "county",
        "GX": "county",
        "DH-JY": "county",
        "DH-TY": "town",
    }


@pytest.mark.parametrize(
    ("name", "title", "first", "last", "before"),
    [
        ("2026Q1", "2026年第一季度", "2026-01-01", "2026-03-31", "2025Q4"),
        ("2026H2", "2026年下半年", "2026-07-01", "2026-12-31", "2026H1"),
        ("2026", "2026年", "2026-01-01", "2026-12-31", "2025"),
        ("2026-01", "2026年1月", "2026-01-01", "2026-01-31", "2025-12"),
        ("2026-W01", "2026年第1周", "2025-12-29", "2026-01-04", "2025-W52"),
    ],
)
def test_a_period_is_its_days_and_knows_the_one_before(
    name: str, title: str, first: str, last: str, before: str
) -> None:
    period = read_period(name)
    assert (period.title, period.first.isoformat(), period.last.isoformat(), period.before.name) == (
        title,
        first,
        last,
        before,
    )


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2026年第三季度", "2026Q3"),
        ("2026年三季度", "2026Q3"),
        ("2026年第 3 季度", "2026Q3"),
        ("2026年上半年", "2026H1"),
        ("2026年", "2026"),
        ("2026年7月", "2026-07"),
        ("2026年第30周", "2026-W30"),
        ("2026年第30周（7月20日—26日）", "2026-W30"),
    ],
)
def test_a_period_is_read_in_words_too(words: str, name: str) -> None:
    assert read_period(words).name == name


def test_the_periods_of_some_days_are_said_in_words_that_are_read_again() -> None:
    said = [say_period(one) for one in periods_of([date(2026, 7, 20), date(2026, 7, 21), date(2026, 6, 1)])]
    assert said == [
        "2026年第三季度",
        "2026年第二季度",
        "2026年下半年",
        "2026年上半年",
        "2026年",
        "2026年7月",
        "2026年6月",
        "2026年第30周（7月20日—26日）",
        "2026年第23周（6月1日—7日）",
    ]
    assert [say_period(read_period(one)) for one in said] == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026年第五季度",
        "2026年13月",
        "2026年第54周",
        "第三季度",
        "2026Q5",
        "2026-13",
        "2026-W54",
        "２０２６",
        "26Q1",
        "2026q1",
        "2026Q1 ",
    ],
)
def test_what_is_no_period_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        read_period(text)


def test_per_cent_is_rounded_half_up_at_two_decimals() -> None:
    assert [percent(1, 3), percent(1, 16), percent(1, 800), percent(0, 0)] == [
        Decimal(n) for n in ("33.33", "6.25", "0.13", "0.00")
    ]
