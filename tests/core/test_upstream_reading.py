"""Exports as other systems and offices really write them."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from xinmei.core.spreadsheets.archives import Refused
from xinmei.core.spreadsheets.grids import Grid, read_grids
from xinmei.core.upstream.reading import Export, NoTable, layout_key, read_export
from xinmei.core.upstream.rules import upstream

FORM = ["序号", "账号名称", "注册平台", "账号链接（没链接的填无）", "粉丝量（万）", "是否认证", "单位名称"]


def read(path: Path, **more) -> Export:
    return read_export(read_grids(path), upstream(), **more)


def write_form(book: xlsxwriter.Workbook, sheet_name: str, unit: str, rows: list[list[object]]) -> None:
    """The form in use: a merged title, who fills it in, the header, the rows, a sum and a note."""
    sheet = book.add_worksheet(sheet_name)
    sheet.merge_range(0, 0, 0, 6, "政务新媒体账号信息登记表")
    sheet.write_row(1, 0, ["填报单位", unit, "填报人", "张三", "审核人", "李四"])
    sheet.write_row(3, 0, FORM)
    for number, row in enumerate(rows, 4):
        sheet.write_row(number, 0, row)
    end = 4 + len(rows) + 1
    sheet.write_row(end, 0, ["合计", "", "", "", 12.5])
    sheet.merge_range(end + 1, 0, end + 1, 6, "注：1.粉丝量以万为单位；2.没有链接的填无。")


def test_a_workbook_of_one_sheet_a_unit_is_read_below_its_titles_and_above_its_notes(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx"), {"strings_to_urls": False}) as book:
        book.add_worksheet("填报说明").write_column(0, 0, ["请各单位如实填写", "逾期不候"])
        rows = [
            [1, " 澄州教育 ", "微信", "无", 1.2, "是", ""],
            [],
            [2, "澄州教育", "新浪微博", "https://weibo.com/u/1", 3, "否", ""],
        ]
        write_form(book, "市教育局", "市教育局", rows)
        write_form(book, "市水务局", "", [[1, "澄州水务", "抖音号", "无", "", "", "市水务局"]])
        book.add_worksheet("空表")
    export = read(tmp_path / "表.xlsx")
    assert [(one.row, one.name, one.platform, one.url, one.verified, one.unit) for one in export.rows] == [
        ("市教育局!5", "澄州教育", "wechat", None, True, "市教育局"),
        ("市教育局!7", "澄州教育", "weibo", "https://weibo.com/u/1", False, "市教育局"),
        ("市水务局!5", "澄州水务", "douyin", None, None, "市水务局"),
    ]
    assert export.sheets == ["市教育局", "市水务局"]
    assert export.headers["url"] == "账号链接（没链接的填无）"


def test_heads_of_two_rows_and_a_unit_merged_over_its_accounts_are_understood(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx"), {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "序号")
        sheet.merge_range(0, 1, 1, 1, "主办单位")
        sheet.merge_range(0, 2, 0, 4, "账号情况")
        sheet.write_row(1, 2, ["*账号名称", "类型", "状态"])
        sheet.merge_range(2, 1, 3, 1, "市教育局")
        sheet.write_row(2, 2, ["澄州教育", "微信服务号", "正常运行"])
        sheet.write_row(3, 2, ["教育看点", "百家号", "已注销"])
    export = read(tmp_path / "表.xlsx")
    assert [(one.row, one.unit, one.name, one.platform, one.kind, one.status) for one in export.rows] == [
        (3, "市教育局", "澄州教育", "wechat", "service", "active"),
        (4, "市教育局", "教育看点", "other", "", "deregistered"),
    ]


def test_heads_of_two_rows_in_a_csv_are_read_together(tmp_path):
    text = "账号情况,,,主办单位\n账号名称,平台,链接,\n澄州教育,微信,无,市教育局\n"
    (tmp_path / "表.csv").write_text(text, encoding="gb18030")
    assert [(one.row, one.name, one.unit) for one in read(tmp_path / "表.csv").rows] == [(3, "澄州教育", "市教育局")]


def test_the_head_of_a_second_page_begins_anew(tmp_path):
    pages = ["填报单位：市教育局\n名称,平台,链接\n甲,微信,无\n,,\n", "填报单位：市水务局\n平台,名称,链接\n微博,乙,无\n"]
    text = "".join(pages)
    (tmp_path / "表.csv").write_text(text, encoding="utf-8-sig")
    found = [(one.name, one.platform, one.unit) for one in read(tmp_path / "表.csv").rows]
    assert found == [("甲", "wechat", "市教育局"), ("乙", "weibo", "市水务局")]


def test_long_numbers_are_read_as_their_digits_and_words_that_nobody_knows_are_told(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["昵称", "UID", "平台", "状态"])
        sheet.write_row(1, 0, ["澄州发布", 5044281310, "新平台", "待定"])
    export = read(tmp_path / "表.xlsx")
    assert [(one.handle, one.platform, one.status) for one in export.rows] == [("5044281310", "", "")]
    assert export.unknown_words == {"platform": {"新平台"}, "status": {"待定"}}


def test_examples_sums_and_notes_are_no_accounts(tmp_path):
    accounts = "序号,账号名称,平台,单位\n例,某某发布,微信,某局\n1,甲,微信,乙局\n"
    text = accounts + "合计,,微信,1\n说明：以上属实,,,\n注2,见上,微信,\n"
    (tmp_path / "表.csv").write_text(text, encoding="utf-8")
    assert [one.name for one in read(tmp_path / "表.csv").rows] == ["甲"]


def test_a_header_that_nobody_knows_is_shown_to_be_told_once_and_read_from_then_on():
    header = ["号", "哪家的", "叫什么", "在哪里"]
    grid = Grid("导出", [(1, ["一览表"]), (3, header), (4, ["1", "市教育局", "澄州教育", "微信"])])
    with pytest.raises(NoTable) as unknown:
        read_export([grid], upstream())
    assert unknown.value.headers == [("导出", 3, header)]
    told = {"name": "叫什么", "unit": "哪家的", "platform": "在哪里"}
    export = read_export([grid], upstream(), {layout_key(header): told})
    assert [(one.row, one.name, one.unit, one.platform) for one in export.rows] == [
        (4, "澄州教育", "市教育局", "wechat")
    ]


def test_what_is_no_sheet_is_refused_in_chinese(tmp_path):
    (tmp_path / "表.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(Refused, match="是旧的"):
        read_grids(tmp_path / "表.xls")
    (tmp_path / "表.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(Refused, match="打不开"):
        read_grids(tmp_path / "表.xlsx")
