"""What spreadsheet programs do to what people type: read where nothing is lost, else refused with the cause."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xinmei.collectors.bundle.artefacts import read_count, read_day, read_digits
from xinmei.collectors.bundle.faults import Fault
from xinmei.collectors.tests.bundles import take
from xinmei.registry.models import Account, Unit

UNITS = ["单位代码", "单位名称", "类型", "同类单位", "统一社会信用代码"]
TOWN = ["T1", "桃源镇人民政府", "乡镇", "", ""]
ACCOUNTS = ["账号编号", "主办单位代码", "平台", "账号名称", "开设日期", "状态", "联系电话", "粉丝量"]
FIRST = ["W1", "T1", "微信", "桃源发布", "2026-01-05", "在用", "13912345678", "1200"]


def other(row: list[str], **changes: str) -> list[str]:
    """The row of accounts with other values under these headers."""
    return [changes.get(header, value) for header, value in zip(ACCOUNTS, row, strict=True)]


def write_csv(folder: Path, accounts: list[list[str]], units: list[list[str]] | None = None) -> Path:
    for name, rows in (("units", units or [UNITS, TOWN]), ("accounts", [ACCOUNTS, *accounts])):
        quoted = ('"{}"'.format(cell.replace('"', '""')) for row in rows for cell in row)
        lines = (",".join(next(quoted) for _ in row) for row in rows)
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_book(folder: Path, accounts: list[list[str]], change: Callable[[Worksheet], None] | None = None) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("units", [UNITS, TOWN]), ("accounts", [ACCOUNTS, *accounts])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book["accounts"])
    book.save(folder / "登记.xlsx")
    return folder / "登记.xlsx"


WRITERS = pytest.mark.parametrize("write", [write_csv, write_book])


@WRITERS
@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\t", "\u2060", "\u200e"])
@pytest.mark.django_db
def test_a_blank_at_the_end_of_a_code_makes_no_second_account(write, blank: str, tmp_path: Path) -> None:
    take(write(tmp_path, [FIRST]))
    row = other(FIRST, 账号编号=f"W1{blank}", 主办单位代码=f"{blank}T1", 账号名称="桃源之声")
    assert not take(write(tmp_path, [row])).refusals
    assert Account.objects.values_list("code", "name").get() == ("W1", "桃源之声")


@WRITERS
@pytest.mark.django_db
def test_rows_that_hold_only_blanks_are_no_rows(write, tmp_path: Path) -> None:
    blank = ["", " ", "\u00a0", "", "\u200b", "", "", ""]
    assert not take(write(tmp_path, [blank, FIRST, [""] * 8, blank])).refusals
    assert Account.objects.count() == 1


@pytest.mark.django_db
def test_what_a_program_put_around_a_value_is_read_through(tmp_path: Path) -> None:
    row = other(FIRST, 账号编号='="W1"', 联系电话='="13912345678"', 粉丝量="12,000", 开设日期="2026/1/5 0:00:00")
    assert not take(write_csv(tmp_path, [row])).refusals
    account = Account.objects.get()
    assert (account.code, account.phone, account.followers, f"{account.opened_on}") == (
        "W1", "13912345678", 12000, "2026-01-05",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_formula_that_is_only_a_text_is_read_and_any_other_refused(tmp_path: Path) -> None:
    text = other(FIRST, 联系电话='="13912345678"')
    assert not take(write_book(tmp_path, [text])).refusals
    assert Account.objects.get().phone == "13912345678"
    refusals = take(write_book(tmp_path, [other(FIRST, 联系电话='="139"&"12345678"')])).refusals
    assert "公式" in str(refusals)


@WRITERS
@pytest.mark.django_db
def test_a_number_that_lost_its_digits_is_refused_with_the_cause(write, tmp_path: Path) -> None:
    refusals = take(write(tmp_path, [other(FIRST, 联系电话="1.39E+10")])).refusals
    assert "科学计数法" in str(refusals)
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_a_merged_cell_a_title_and_a_star_are_named(tmp_path: Path) -> None:
    second = other(FIRST, 账号编号="W2", 平台="微博")
    book = write_book(tmp_path, [FIRST, second], lambda sheet: sheet.merge_cells("B2:B3"))
    assert "合并的单元格（B2:B3）" in str(take(book).refusals)
    title = [["桃源镇账号登记表", *[""] * 4], UNITS, TOWN]
    assert "像是标题" in str(take(write_csv(tmp_path, [FIRST], title)).refusals)
    starred = [[f"*{UNITS[0]}", f"{UNITS[1]}（必填）", *UNITS[2:]], TOWN]
    assert "带了星号" in str(take(write_csv(tmp_path, [FIRST], starred)).refusals)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1.3912345678E+10", "13912345678"), ("1E+00", "1"), ("13912345678.0", "13912345678"), ("'0573", "0573"),
        ("3E12", "3E12"), ("A-1.5E+3", "A-1.5E+3"), ("0012", "0012"), ('="00""12"', '00"12'), (" \u200bW1\u00a0", "W1"),
    ],
)  # fmt: skip
def test_a_code_is_what_was_typed(typed: str, read: str) -> None:
    assert read_digits(typed) == read


@pytest.mark.parametrize("typed", ["1.13E+17", "1E+05", "9.13E+10", "#REF!", "#N/A", "########"])
def test_a_code_of_which_something_is_lost_is_refused(typed: str) -> None:
    with pytest.raises(Fault):
        read_digits(typed)


def test_counts_and_days() -> None:
    assert [read_count(text) for text in ("1,234,567", "1200.00", "12,00")] == ["1234567", "1200", "12,00"]
    assert [read_day(text) for text in ("2026/1/5 0:00", "2026-01-05", "2026年1月5日 00:00:00")] == [
        "2026/1/5", "2026-01-05", "2026年1月5日",
    ]  # fmt: skip
    with pytest.raises(Fault, match="序号"):
        read_day("46027")
