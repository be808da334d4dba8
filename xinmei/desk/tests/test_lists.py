"""A list shows, counts and exports the same rows."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.test import RequestFactory

from tests.cast import City, build_city
from xinmei.pages.lists import Column, Filter, Listing, write_xlsx
from xinmei.registry.models import Account


@pytest.fixture
def city(db: None) -> City:
    return build_city()


COLUMNS = (
    Column("name", "账号", lambda row: row.name, sort="name"),
    Column("platform", "平台", lambda row: row.get_platform_display()),
)
FILTERS = (
    Filter("platform", "平台", lambda rows, value: rows.filter(platform=value), Account.Platform.choices),
    Filter("q", "名称", lambda rows, value: rows.filter(name__icontains=value)),
)


def _listing(query: str) -> Listing:
    return Listing(
        RequestFactory().get(f"/{query}"),
        Account.objects.all(),
        title="账号",
        columns=COLUMNS,
        filters=FILTERS,
        order=("code",),
    )


def _rows(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_count_says_how_many_there_are_and_how_many_are_left(city: City) -> None:
    listing = _listing("?platform=weibo")
    assert (listing.total, listing.count) == (7, 1)


def test_the_export_holds_exactly_what_is_shown(city: City) -> None:
    listing = _listing("?q=东湖&sort=-name&export=xlsx")
    shown = [tuple(cell.value for cell in cells) for _, cells in listing.drawn]
    assert _rows(listing.respond("").content) == [("账号", "平台"), *shown]
    assert [row[0] for row in shown] == ["东湖教育", "东湖发布"]


def test_an_unknown_value_of_a_filter_or_sort_is_ignored(city: City) -> None:
    assert _listing("?platform=fax&sort=unit__positions_held__person&page=99999999999999999999").count == 7


def test_what_looks_like_a_formula_stays_text() -> None:
    content = write_xlsx("表", ["名称"], [["=1+1"], ["@SUM(A1)"], ["https://example.cn"]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [(cell.value, cell.data_type) for (cell,) in sheet.iter_rows(min_row=2)] == [
        ("=1+1", "s"),
        ("@SUM(A1)", "s"),
        ("https://example.cn", "s"),
    ]


def test_moments_are_written_as_in_shanghai() -> None:
    content = write_xlsx("表", ["时间"], [[datetime(2026, 5, 11, 16, 30, tzinfo=UTC)]])
    assert _rows(content)[1] == (datetime(2026, 5, 12, 0, 30),)  # noqa: DTZ001 — a workbook knows no zones


def test_a_long_list_is_counted_no_further_than_it_can_be_exported(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xinmei.pages.lists.listing.MOST_EXPORTED", 4)
    listing = _listing("?platform=wechat")
    assert (listing.says_total, listing.says_count, listing.is_exportable) == ("4 条以上", "4 条以上", False)
    assert _listing("?q=高新").says_total == "4 条以上"
    assert _listing("?q=高新").says_count == "1 条"
