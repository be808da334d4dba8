"""`examples/` is what its script makes, and its workbook is a register as clerks keep it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh run of the script."""
    folder = tmp_path_factory.mktemp("examples")
    subprocess.run([sys.executable, ROOT / "tools" / "make_examples.py", folder], check=True, cwd=ROOT)
    return folder


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def test_the_committed_examples_are_those_of_the_script(made: Path) -> None:
    for path in sorted((EXAMPLES / "county_posts").iterdir()):
        assert path.read_bytes() == (made / "county_posts" / path.name).read_bytes()
    assert sheets(EXAMPLES / "county_register.xlsx") == sheets(made / "county_register.xlsx")


def test_the_register_is_written_in_chinese() -> None:
    register = sheets(EXAMPLES / "county_register.xlsx")
    assert list(register) == ["units", "accounts", "people"]
    assert register["accounts"][0][:6] == ["账号编号", "主办单位代码", "平台", "类型", "账号名称", "平台账号ID"]
    assert {row[2] for row in register["accounts"][1:]} <= {
        "微信",
        "微博",
        "抖音",
        "快手",
        "今日头条",
        "小红书",
        "哔哩哔哩",
        "视频号",
        "客户端",
        "小程序",
    }
    assert {row[9] for row in register["accounts"][1:]} >= {"在用", "未备案"}
