"""An export of the national system, held against the register from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cast import build_city
from tests.upstream import write_sheet
from xinmei.commands import export_bundle, reconcile
from xinmei.commands.arguments import Parser, UsageError
from xinmei.registry.models import Account

HEADER = ["序号", "账号名称", "注册平台", "账号链接（没链接的填无）", "单位名称", "状态"]
ROWS = [
    ["1", "澄州发布", "微信订阅号", "无", "澄州市", "正常运行"],
    ["2", "东湖发布", "微信订阅号", "无", "东湖县", "已关停"],
    ["3", "高新发部", "微博", "无", "高新区", "正常运行"],
    ["4", "澄州教育", "微信服务号", "无", "市教育局", "正常运行"],
    ["5", "桃源之声", "微信", "无", "桃源镇", ""],
    ["6", "外地发布", "抖音", "无", "外地某局", "正常运行"],
    ["7", "东湖教育", "微信公众号", "无", "东湖县教育局", "正常运行"],
]


def run(*words: str) -> int:
    parser = Parser(prog="reconcile")
    reconcile.add_arguments(parser)
    return reconcile.run(parser.parse_args(words))


@pytest.mark.django_db
def test_each_difference_is_a_line_row_by_row_and_then_what_is_missing(tmp_path: Path, capsys) -> None:
    build_city()
    write_sheet(tmp_path / "国家系统.xlsx", ROWS, HEADER)
    assert run(str(tmp_path / "国家系统.xlsx"), "--system", "national", "--json") == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    nothing = {"account": None, "row": None, "field": None, "ours": None, "theirs": None, "near": []}
    assert lines == [
        nothing
        | {"kind": "different", "account": "DH-1", "row": 3, "field": "status", "ours": "active", "theirs": "closed"},
        nothing | {"kind": "near", "row": 4, "theirs": "高新发部", "near": ["GX-1"]},
        nothing | {"kind": "extra", "row": 7, "theirs": "外地发布"},
        nothing | {"kind": "missing", "account": "GX-1", "ours": "高新发布"},
        nothing | {"kind": "missing", "account": "SW-1", "ours": "澄州水务"},
    ]
    assert list(lines[0]) == ["kind", "account", "row", "field", "ours", "theirs", "near"]


@pytest.mark.django_db
def test_where_both_agree_nothing_is_said_and_the_status_is_0(tmp_path: Path, capsys) -> None:
    build_city()
    Account.objects.exclude(code__in=["CZ-1", "TY-1"]).delete()
    write_sheet(tmp_path / "省系统.xlsx", [ROWS[0], ROWS[4]], HEADER)
    assert run(str(tmp_path / "省系统.xlsx"), "--system", "provincial", "--json") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_what_is_no_register_is_refused_and_what_is_not_there_is_wrong_use(tmp_path: Path, capsys) -> None:
    (tmp_path / "表.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    assert run(str(tmp_path / "表.csv"), "--system", "national", "--json") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "没有认出表头" in said.err
    with pytest.raises(UsageError, match="找不到"):
        run(str(tmp_path / "没有.xlsx"), "--system", "national")


@pytest.mark.django_db
def test_the_register_written_in_the_national_form_is_read_back_without_a_difference(tmp_path: Path, capsys) -> None:
    build_city()
    form = str(tmp_path / "国家表式.xlsx")
    parser = Parser(prog="export")
    export_bundle.add_arguments(parser)
    assert export_bundle.run(parser.parse_args(["--national", form, "--json"])) == 0
    assert json.loads(capsys.readouterr().out) == {"national": form}
    assert run(form, "--system", "national", "--json") == 0
    for words in ([], ["包", "--national", form], ["--national", "表.csv"]):
        with pytest.raises(UsageError):
            export_bundle.run(parser.parse_args(words))
