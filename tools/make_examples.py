"""Makes `examples/`: a county's register as clerks keep it in .xlsx, and six weeks of its posts and messages.

The posts and messages are as a collector hands them over.

    python tools/make_examples.py [FOLDER]

The county is one of the made city (`xinmei.collectors.demo`), with a few faults added by hand. The same content each
time.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from xinmei.collectors.demo import write_demo_bundle
from xinmei.core.calendar import SHANGHAI

UNTIL = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
SINCE = "2026-10-12"
COUNTY = "X01"
LABELS = {
    "city": "市",
    "county": "县区",
    "zone": "功能区",
    "department": "部门",
    "town": "街道/乡镇",
    "institution": "事业单位",
    "internal_office": "内设机构",
    "wechat": "微信",
    "weibo": "微博",
    "douyin": "抖音",
    "kuaishou": "快手",
    "toutiao": "今日头条",
    "xiaohongshu": "小红书",
    "bilibili": "哔哩哔哩",
    "wechat_channels": "视频号",
    "app": "客户端",
    "mini_program": "小程序",
    "subscription": "订阅号",
    "service": "服务号",
    "active": "在用",
    "closing": "拟关停",
    "closed": "已关停",
    "deregistered": "已注销",
    "unfiled": "未备案",
    "counties": "县区/功能区",
    "editor": "编辑（拟稿）",
    "section_head": "审核（处科室负责人）",
    "leader": "审签（分管领导）",
    "unit_admin": "单位管理员",
    "supervisor": "主管（县区、系统）",
    "observer": "宣传、网信观察员",
}
# The columns of each sheet: name in the bundle, Chinese header, width
SHEETS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "units": (
        ("code", "单位代码", 10),
        ("name", "单位名称", 30),
        ("kind", "类型", 11),
        ("parent", "上级单位代码", 13),
        ("cohort", "同类单位", 12),
        ("duties", "职责关键词", 60),
    ),
    "accounts": (
        ("id", "账号编号", 10),
        ("unit", "主办单位代码", 13),
        ("platform", "平台", 10),
        ("kind", "类型", 9),
        ("name", "账号名称", 18),
        ("handle", "平台账号ID", 14),
        ("url", "链接", 32),
        ("verification", "认证信息", 34),
        ("opened_on", "开设日期", 12),
        ("status", "状态", 9),
        ("closed_on", "关停日期", 12),
        ("announced_on", "公告开始日期", 13),
        ("filed_city_on", "报市政府办公室备案日期", 22),
        ("filed_national_on", "国家系统备案日期", 17),
        ("filed_provincial_on", "省系统备案日期", 15),
        ("followers", "粉丝量", 9),
        ("contact", "联系人", 9),
        ("phone", "联系电话", 14),
    ),
    "people": (
        ("login", "登录名", 22),
        ("name", "姓名", 9),
        ("unit", "单位代码", 10),
        ("post", "岗位", 22),
        ("from", "起", 12),
        ("to", "止", 12),
    ),
}
LABELLED = ("kind", "cohort", "platform", "status", "post")
# Added by hand: what an inspector should find in this county
BY_HAND_POST = {
    "title": "柳叶湾镇抓好秸秆禁烧工作",
    "text": "连日来，柳叶湾镇组织干部巡查田间地头，推广秸杆综合利用，建设收储点12处。请广大群众自觉守护蓝天。",
    "published_at": "2026-11-18T10:20:00+08:00",
}
BY_HAND_MESSAGE = {
    "kind": "enquiry",
    "text": "请问农机购置补贴怎样申请？",
    "received_at": "2026-11-11T09:30:00+08:00",
    "replies": [],
}


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="\n")


def write_register(path: Path, tables: dict[str, list[dict[str, str]]]) -> None:
    """The workbook: Chinese headers and labels, days as date cells, everything else as text."""
    with xlsxwriter.Workbook(path) as book:
        created = datetime(2026, 11, 23)  # noqa: DTZ001  the file format has no time zone
        book.set_properties({"title": "望溪县政务新媒体登记表", "created": created})
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, columns in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 2)
            for at, (column, header, width) in enumerate(columns):
                sheet.set_column(at, at, width)
                sheet.write_string(0, at, header, head)
                for number, row in enumerate(tables[name], 1):
                    value = LABELS[row[column]] if column in LABELLED and row[column] else row[column]
                    if column.endswith("_on") or column in ("from", "to"):
                        if value:
                            sheet.write_datetime(number, at, datetime.fromisoformat(value), day)
                    elif column == "followers":
                        sheet.write_number(number, at, int(value))
                    elif value:
                        sheet.write_string(number, at, value)


def make_examples(folder: Path) -> None:
    """Writes `county_register.xlsx` and the folder `county_posts` of an exchange bundle into `folder`."""
    with tempfile.TemporaryDirectory() as place:
        city = Path(place)
        write_demo_bundle(city, until=UNTIL, accounts=112, posts_per_account_day=0.4)
        units = [row for row in read_table(city / "units.csv") if row["code"].startswith(COUNTY)]
        units[0]["parent"] = ""  # the county keeps no row for the city
        accounts = [row for row in read_table(city / "accounts.csv") if row["unit"].startswith(COUNTY)]
        people = [row for row in read_table(city / "people.csv") if row["unit"].startswith(COUNTY)]
        ids = {row["id"] for row in accounts}

        def recent(name: str, key: str) -> list[dict[str, Any]]:
            rows = (json.loads(line) for line in (city / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
            return [row for row in rows if row["account"] in ids and row[key] >= SINCE]

        posts, messages, looks = (
            recent("posts", "published_at"),
            recent("messages", "received_at"),
            recent("observations", "window_start"),
        )
    kept = {post["id"] for post in posts}
    messages = [message | ({} if message.get("post") in kept else {"post": None}) for message in messages]
    town = next(row["id"] for row in accounts if row["unit"] == "X0153")
    farming = next(row["id"] for row in accounts if row["unit"] == "X0103")
    byline = next(post["byline"] for post in posts if post["account"] == town and post.get("origin") == "original")
    posts.append({"id": f"{town}-90001", "account": town, **BY_HAND_POST, "origin": "original", "byline": byline})
    messages.append({"id": f"M{farming}-9001", "account": farming, **BY_HAND_MESSAGE})
    unfiled = next(row for row in accounts if row["platform"] == "weibo" and row["unit"] == COUNTY)
    unfiled |= {"status": "unfiled", "filed_city_on": "", "filed_national_on": "", "filed_provincial_on": ""}
    folder.mkdir(parents=True, exist_ok=True)
    write_register(folder / "county_register.xlsx", {"units": units, "accounts": accounts, "people": people})
    (folder / "county_posts").mkdir(exist_ok=True)
    write_lines(folder / "county_posts" / "posts.jsonl", posts)
    write_lines(folder / "county_posts" / "messages.jsonl", messages)
    write_lines(folder / "county_posts" / "observations.jsonl", looks)


if __name__ == "__main__":
    make_examples(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "examples")
