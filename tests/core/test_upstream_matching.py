"""What an export of another system is found to say about the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.upstream import KINDS, made, write_sheet
from xinmei.core.spreadsheets.grids import read_grids
from xinmei.core.upstream.comparing import reconcile
from xinmei.core.upstream.links import plain_link
from xinmei.core.upstream.ours import Ours
from xinmei.core.upstream.reading import UpstreamRow, read_export
from xinmei.core.upstream.rules import upstream


def test_five_thousand_rows_with_differences_of_nine_kinds_are_all_found_and_nothing_else(tmp_path: Path):
    town = made(5000)
    assert sorted(town.planted) == sorted(KINDS)
    assert sum(town.planted.values()) == 250
    write_sheet(tmp_path / "导出.xlsx", town.rows)
    export = read_export(read_grids(tmp_path / "导出.xlsx"), upstream())
    told = {
        (one.kind, one.account, one.row, one.field, one.near) for one in reconcile(town.ours, export.rows, upstream())
    }
    assert told == town.expected


def account(code: str, **more: Any) -> Ours:
    usual: dict[str, Any] = {
        "platform": "wechat", "kind": "", "name": "澄州教育", "handle": "", "url": "", "unit": "市教育局",
        "unit_names": ("JY", "教育局"), "verification": "", "status": "active", "in_service": True, "filed": True,
    }  # fmt: skip
    return Ours(id=code, **(usual | more))


def row(number: int, **more: Any) -> UpstreamRow:
    usual: dict[str, Any] = {
        "name": "澄州教育", "platform": "wechat", "kind": "", "handle": "", "url": "", "unit": "市教育局",
        "verification": "", "verified": None, "status": "", "filed": None,
    }  # fmt: skip
    return UpstreamRow(row=number, **(usual | more))


def told(ours: list[Ours], rows: list[UpstreamRow]) -> list[tuple[Any, ...]]:
    """Kind, account, row, field, ours, theirs; near accounts last, where there are any."""
    return [
        (one.kind, one.account, one.row, one.field, one.ours, one.theirs, *([one.near] if one.near else []))
        for one in reconcile(ours, rows, upstream())
    ]


def test_what_is_the_same_leaves_nothing_to_tell():
    assert told([account("A")], [row(2)]) == []
    assert told([account("A", handle="Gov_1")], [row(2, handle="＠gov_1 ", unit="教育局")]) == []
    assert told([account("A", status="closed", in_service=False)], []) == []
    assert told([account("A", status="closed", in_service=False)], [row(2, status="closed")]) == []
    assert told([account("A", status="unfiled")], [row(2, status="active")]) == []


def test_a_handle_goes_before_a_link_and_a_link_before_name_and_unit():
    one, other = account("A", handle="a", name="甲"), account("B", url="https://b.cn/1", name="乙")
    assert told([one, other], [row(2, handle="a", url="https://b.cn/1", name="丙")]) == [
        ("different", "A", 2, "name", "甲", "丙"),
        ("different", "A", 2, "url", None, "https://b.cn/1"),
        ("missing", "B", None, None, "乙", None),
    ]
    by_link = account("C", url="https://c.cn/1", name="丁")
    assert told([by_link, account("D")], [row(2, url="http://www.c.cn/1/")]) == [
        ("different", "C", 2, "name", "丁", "澄州教育"),
        ("missing", "D", None, None, "澄州教育", None),
    ]


def test_a_handle_mistyped_as_that_of_another_account_does_not_outweigh_link_and_name_together():
    right = account("A", handle="a", url="https://a.cn/1", name="甲")
    other = account("B", handle="b", url="https://b.cn/1", name="乙")
    rows = [row(2, handle="b", url="https://a.cn/1", name="甲"), row(3, handle="b", url="https://b.cn/1", name="乙")]
    assert told([right, other], rows) == [("different", "A", 2, "handle", "a", "b")]


def test_the_same_handle_on_another_platform_is_another_account():
    assert told([account("A", handle="a", name="甲")], [row(2, handle="a", platform="weibo", name="乙")]) == [
        ("extra", None, 2, None, None, "乙"),
        ("missing", "A", None, None, "甲", None),
    ]


def test_an_account_that_comes_twice_there_is_an_extra_row_of_that_account():
    assert told([account("A")], [row(2), row(3)]) == [("extra", "A", 3, None, None, "澄州教育")]


def test_an_account_in_service_goes_before_a_closed_one_of_the_same_name():
    closed = account("A", status="closed", in_service=False)
    assert told([closed, account("B")], [row(2)]) == []
    assert told([closed, account("B")], [row(2), row(3)]) == [("different", "A", 3, "status", "closed", None)]


def test_two_accounts_that_agree_alike_are_both_offered_and_neither_assumed():
    assert told([account("A"), account("B")], [row(2)]) == [
        ("near", None, 2, None, None, "澄州教育", ("A", "B")),
        ("missing", "A", None, None, "澄州教育", None),
        ("missing", "B", None, None, "澄州教育", None),
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"name": "澄州 教育"},
        {"name": "澄洲教育"},
        {"name": "澄州教"},
        {"name": "澄州教育号"},
        {"unit": "教育局"},
        {"unit": "澄州市教育局", "name": "澄州教育局"},
        {"unit": "市水务局"},
        {"unit": "", "name": "澄州教育局"},
        {"platform": ""},
        {"platform": "other"},
    ],
)
def test_what_is_nearly_the_same_is_offered(said):
    found = told([account("A")], [row(2, **said)])
    assert found[0][-1] == ("A",)
    assert [one[0] for one in found] == ["near", "missing"]


@pytest.mark.parametrize(
    "said",
    [
        {"name": "澄州水务"},
        {"name": "澄洲教育", "unit": "市水务局"},
        {"platform": "weibo"},
        {"name": "教育", "unit": "市水务局"},
    ],
)
def test_what_is_further_away_is_not_offered(said):
    assert [one[0] for one in told([account("A")], [row(2, **said)])] == ["extra", "missing"]


def test_an_account_that_is_answered_is_offered_to_no_other_row():
    rows = [row(2), row(3, name="澄洲教育")]
    assert told([account("A")], rows) == [("extra", None, 3, None, None, "澄洲教育")]


def test_what_the_other_system_does_not_say_is_not_compared():
    one = account("A", handle="a", url="https://a.cn/1", kind="service", verification="市教育局")
    assert told([one], [row(2, unit="市教育局")]) == []
    assert told([one], [row(2, url=None, verified=True)]) == [("different", "A", 2, "url", "https://a.cn/1", None)]
    denied = row(2, handle="a", verified=False, filed=False)
    object.__setattr__(denied, "told", {"verified": "否", "filed": "未备案"})
    assert told([one], [denied]) == [
        ("different", "A", 2, "verification", "市教育局", "否"),
        ("different", "A", 2, "filed", "是", "未备案"),
    ]


def test_an_account_closed_here_that_still_stands_there_differs_in_its_status():
    closed = account("A", status="closed", in_service=False)
    assert told([closed], [row(2, status="active")]) == [("different", "A", 2, "status", "closed", "active")]
    assert told([closed], [row(2)]) == [("different", "A", 2, "status", "closed", None)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://weibo.com/u/12", "http://m.weibo.com/u/12/"),
        ("mp.weixin.qq.com/s?__biz=a&mid=1#rd", "https://mp.weixin.qq.com/s?mid=1&__biz=a&from=timeline"),
        ("HTTPS://WWW.Example.CN:443/a", "example.cn/a"),
    ],
)
def test_two_ways_to_write_one_link_are_the_same_link(one, other):
    assert plain_link(one, upstream().ignored_in_links) == plain_link(other, upstream().ignored_in_links)


def test_a_link_to_a_whole_site_names_no_account():
    ours = [account("A", url="https://www.douyin.com/", name="甲", unit="子局")]
    assert [one[0] for one in told(ours, [row(2, url="https://www.douyin.com", name="乙")])] == ["extra", "missing"]
