"""Workbooks as clerks make them, by two writers.

Real cells hold numbers and days, formulas are refused, and the template comes in when filled.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from xinmei.collectors.bundle.workbook import write_template
from xinmei.collectors.tests.bundles import take
from xinmei.interaction.models import Message, Reply
from xinmei.people.models import PositionHeld
from xinmei.publishing.models import FunctionCheck, Post
from xinmei.registry.models import Account
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db

UNITS = [
    ["单位代码", "单位名称", "类型", "上级单位代码", "同类单位", "简称"],
    [1, "澄州市", "市", None, None, None],
    ["007", "东湖县", "县区", 1, "县区/功能区", "东湖"],
]
ACCOUNTS = [
    ["账号编号", "主办单位代码", "平台", "账号名称", "开设日期", "状态", "粉丝量", "联系电话"],
    [100200300400500, "007", "微信", "=东湖发布", date(2022, 3, 1), "在用", 1200, 13912345678],
]


def by_openpyxl(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook as openpyxl writes it; text that begins with = stays text."""
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place)
                if isinstance(value, str) and value.startswith("="):
                    cell.data_type, cell._value = "s", value
                else:
                    cell.value = value
    book.save(path)
    return path


def by_xlsxwriter(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook as xlsxwriter writes it."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    day, moment = book.add_format({"num_format": "yyyy年m月d日"}), book.add_format({"num_format": "yyyy/m/d h:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, place, value, moment if isinstance(value, datetime) else day)
                else:
                    sheet.write(number, place, value)
    book.close()
    return path


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
def test_a_register_as_clerks_keep_it_comes_in(tmp_path: Path, write: Any) -> None:
    patrols = [
        ["账号编号", "日期", "上下午", "值班人", "时间"],
        [100200300400500, date(2026, 1, 5), "上午", "王静", datetime.fromisoformat("2026-01-05T09:15")],
    ]
    path = write(
        tmp_path / "b.xlsx", {"units": UNITS, "accounts": ACCOUNTS, "patrols": patrols, "备忘": [["随便", "写写"]]}
    )
    assert take(path).refusals == []
    account = Account.objects.get()
    assert (account.code, account.unit.code) == ("100200300400500", "007")
    assert account.unit.parent is not None
    assert account.unit.parent.code == "1"
    assert (account.name, account.opened_on, account.followers, account.phone) == (
        "=东湖发布",
        date(2022, 3, 1),
        1200,
        "13912345678",
    )
    assert account.patrols.get().at.isoformat() == "2026-01-05T01:15:00+00:00"
    assert sum(take(path).counts.unchanged.values()) == 4


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
def test_the_tables_of_json_lines_may_be_sheets_too(tmp_path: Path, write: Any) -> None:
    head = ["id", "account", "published_at", "title", "text", "信息来源", "byline", "links", "comments_enabled"]
    post = [
        "P1",
        100200300400500,
        datetime.fromisoformat("2026-01-05T09:00"),
        "开学",
        None,
        "新华社",
        '{"drafter":"王静"}',
        "https://a.invalid\nhttps://b.invalid",
        True,
    ]
    messages = [
        ["id", "account", "received_at", "kind", "text", "replies"],
        ["M1", 100200300400500, "2026-01-05 10:00", "咨询", "几点？", None],
    ]
    messages[1][5] = '[{"id":"R1","replied_at":"2026-01-05T11:00:00","text":"四点"}]'
    checks = [["account", "name", "checked_at", "works"], [100200300400500, "办事", "2026-01-05T10:00:00", "否"]]
    sheets = {"units": UNITS, "accounts": ACCOUNTS, "posts": [head, post], "messages": messages, "functions": checks}
    assert take(write(tmp_path / "b.xlsx", sheets)).refusals == []
    stored = Post.objects.get()
    assert (stored.text, stored.byline, stored.links) == (
        "",
        {"drafter": "王静"},
        ["https://a.invalid", "https://b.invalid"],
    )
    assert (
        stored.comments_enabled,
        Message.objects.get().kind,
        Reply.objects.get().code,
        FunctionCheck.objects.get().works,
    ) == (
        True,
        "enquiry",
        "R1",
        False,
    )


@pytest.mark.parametrize("cell", ['["\\ud800"]', '["\\u0000"]', "[", '{"a":1}', "[1]"])
def test_a_cell_of_json_is_checked_as_a_line_of_json_is(tmp_path: Path, cell: str) -> None:
    posts = [
        ["id", "account", "published_at", "title", "text", "links"],
        ["P1", "A1", "2026-01-05T09:00:00", "开学", "", cell],
    ]
    accounts = [ACCOUNTS[0], ["A1", *ACCOUNTS[1][1:]]]
    outcome = take(by_openpyxl(tmp_path / "b.xlsx", {"units": UNITS, "accounts": accounts, "posts": posts}))
    assert outcome.places == ([] if cell.startswith("{") else [("posts", 2, "links")])


def test_refusals_name_the_sheet_and_the_row_and_blank_rows_count(tmp_path: Path) -> None:
    rows = [
        *ACCOUNTS,
        [None] * 8,
        ["A2", "007", "微信", "乙", "2022-02-30", "在用", 1, ""],
        ["A3", "007", "微信", "丙", date(2022, 3, 1), "在用", 1.5, ""],
    ]
    outcome = take(by_openpyxl(tmp_path / "b.xlsx", {"units": UNITS, "accounts": rows}), keep=True)
    assert outcome.places == [("accounts", 4, "opened_on"), ("accounts", 5, "followers")]
    assert outcome.counts.created == {"units": 2, "accounts": 1}


def test_formulas_and_errors_are_refused_and_cost_their_row_only(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "b.xlsx"))
    sheet = book.add_worksheet("units")
    for place, header in enumerate(["code", "name", "kind", "cohort"]):
        sheet.write_string(0, place, header)
    for row in (1, 2, 3):
        for place, value in enumerate([f"U{row}", "甲", "city", ""]):
            sheet.write(row, place, value)
    sheet.write_formula(2, 1, '="甲"&"乙"', None, "甲乙")
    sheet.write_formula(5, 0, "=A1")
    book.close()
    outcome = take(tmp_path / "b.xlsx", keep=True)
    assert outcome.places == [("units", 3, "name"), ("units", 6, "code")]
    assert set(Unit.objects.values_list("code", flat=True)) == {"U1", "U3"}


def test_headers_are_judged_as_in_csv(tmp_path: Path) -> None:
    for number, (rows, column) in enumerate(
        [
            ([["code", "name", "kind", "cohort", "colour"]], "colour"),
            ([["code", "单位代码", "name", "kind", "cohort"]], "code"),
            ([["code"]], "name"),
            ([], None),
        ]
    ):
        line = 1 if rows else None
        assert take(by_openpyxl(tmp_path / f"{number}.xlsx", {"units": rows})).places == [("units", line, column)]


def test_a_long_number_is_refused_where_its_digits_are_lost(tmp_path: Path) -> None:
    rows = [
        ["code", "name", "kind", "cohort"],
        [123456789012345, "甲", "city", None],
        [123456789012345678, "乙", "city", None],
    ]
    outcome = take(by_openpyxl(tmp_path / "b.xlsx", {"units": rows}), keep=True)
    assert Unit.objects.get().code == "123456789012345"
    assert outcome.places == [("units", 3, "code")]


def test_a_stray_cell_far_out_and_a_document_type_are_refused(tmp_path: Path) -> None:
    path = by_openpyxl(tmp_path / "b.xlsx", {"units": [["code", "name", "kind", "cohort"], ["U", "甲", "city", None]]})
    book = openpyxl.load_workbook(path)
    book["units"]["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    assert take(tmp_path / "far.xlsx").places == [("units", None, None)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            target.writestr(name, data)
    (tmp_path / "entity.xlsx").write_bytes(buffer.getvalue())
    assert take(tmp_path / "entity.xlsx").places == [("units", None, None)]


def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(tmp_path: Path) -> None:
    data = by_xlsxwriter(tmp_path / "b.xlsx", {"units": UNITS}).read_bytes()
    for place in range(0, len(data), 61):
        (tmp_path / "d.xlsx").write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        take(tmp_path / "d.xlsx")
        (tmp_path / "c.xlsx").write_bytes(data[:place])
        assert take(tmp_path / "c.xlsx").counts.refused == 1


def test_the_empty_template_is_sound_and_filled_in_it_comes_in(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    assert take(tmp_path / "t.xlsx").created == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows: dict[str, dict[str, Any]] = {
        "units": {"单位代码": "D", "单位名称": "东湖县", "类型": "县区", "同类单位": "县区/功能区"},
        "accounts": {
            "账号编号": "A1",
            "主办单位代码": "D",
            "平台": "抖音",
            "类型": "服务号",
            "账号名称": "东湖",
            "开设日期": "2022年3月1日",
            "状态": "在用",
        },
        "people": {"登录名": "bian", "姓名": "卞小编", "单位代码": "D", "岗位": "编辑（拟稿）", "起": "2026/1/1"},
        "posts": {
            "id": "P1",
            "账号编号": "A1",
            "published_at": "2026-01-05T09:00:00",
            "title": "开学",
            "text": "今天开学。",
            "origin": "原创",
        },
    }
    for name, values in rows.items():
        headers = [str(cell.value) for cell in book[name][1]]
        assert all(cell.comment is not None for cell in book[name][1])
        for header, value in values.items():
            book[name].cell(2, headers.index(header) + 1, value)
    listed = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in book["accounts"].data_validations.dataValidation}
    assert listed["C2"].startswith('"微信,微博,抖音')
    book.save(tmp_path / "filled.xlsx")
    assert take(tmp_path / "filled.xlsx").refusals == []
    assert (Account.objects.get().kind, PositionHeld.objects.get().position, Post.objects.get().origin) == (
        "service",
        "editor",
        "original",
    )
