"""A made register and an export of it, with differences of nine kinds that are known beforehand.

`made(5000)` gives the accounts, the rows of the other system's sheet, and what must be told of them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import xlsxwriter

from xinmei.core.upstream.ours import Ours

HEADER = ["序号", "账号名称", "注册平台", "平台账号ID", "账号链接（没链接的填无）", "粉丝量（万）", "单位名称", "状态"]
PLATFORMS = {"wechat": "微信订阅号", "weibo": "新浪微博", "douyin": "抖音", "toutiao": "今日头条", "kuaishou": "快手"}
STATUSES = {"active": "正常运行", "closing": "拟关停"}
_PLACES = "东湖西山南江北原中洲桃源柳河青石白马黄桥红旗新塘古城长安永宁太平安乐丰收团结前进"
_WORK = "教育水务公安司法财政民政卫生文旅交通农业统计审计林业气象消防医保税务人社环保应急"
PLACES, WORK = ([words[at : at + 2] for at in range(0, len(words), 2)] for words in (_PLACES, _WORK))
KINDS = (
    "renamed", "other handle", "other link", "closed there", "missing there", "extra there", "doubled there",
    "other unit", "character lost",
)  # fmt: skip
Line = tuple[str, str | None, int | None, str | None, tuple[str, ...]]


@dataclass
class Made:
    """`expected`: kind, account, row, field and near of each line that must come, and no other may."""

    ours: list[Ours] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    expected: set[Line] = field(default_factory=set)
    planted: dict[str, int] = field(default_factory=dict)


def _account(number: int) -> Ours:
    place, work = PLACES[number // len(WORK) % len(PLACES)], WORK[number % len(WORK)]
    unit = f"{place}{work}局{number // 400:03d}"
    platform = list(PLATFORMS)[number % 5]
    has_handle, has_link = number % 3 != 0, number % 4 != 1
    return Ours(
        id=f"A{number:06d}",
        platform=platform,
        kind="subscription" if platform == "wechat" else "",
        name=f"{place}{work}{number // 400:03d}发布厅",
        handle=f"gov_{number:06d}" if has_handle else "",
        url=f"https://{platform}.example.cn/u/{number:06d}" if has_link else "",
        unit=unit,
        unit_names=(f"U{number:06d}",),
        verification=unit,
        status="active" if number % 50 else "closing",
        in_service=True,
        filed=True,
    )


def _row(one: Ours) -> list[str]:
    platform = PLATFORMS[one.platform]
    return ["", one.name, platform, one.handle, one.url or "无", "1.2", one.unit, STATUSES[one.status]]


def made(count: int, share: float = 0.05, seed: int = 7) -> Made:
    """`count` accounts; this share of them with a difference, the kinds in turn."""
    luck = random.Random(seed)
    found = Made(ours=[_account(number) for number in range(count)])
    chosen = luck.sample(range(count), int(count * share))
    what = {place: KINDS[turn % len(KINDS)] for turn, place in enumerate(chosen)}
    lines: list[tuple[list[str], tuple[str, str | None, str | None, tuple[str, ...]] | None]] = []
    for place, one in enumerate(found.ours):
        kind = what.get(place, "")
        if kind:
            found.planted[kind] = found.planted.get(kind, 0) + 1
        lines += _lines(found, place, kind, luck)
        if kind == "missing there":
            found.expected.add(("missing", one.id, None, None, ()))
    luck.shuffle(lines)
    # of two rows of one account the earlier is its row
    seen: set[tuple[str, ...]] = set()
    for number, (row, told) in enumerate(lines, 2):
        if told is None and (key := tuple(row[1:])) in seen:
            told = ("extra", next(one.id for one in found.ours if [*_row(one)][1:] == list(key)), None, ())
        seen.add(tuple(row[1:]))
        found.rows.append([str(number - 1), *row[1:]])
        if told is not None:
            found.expected.add((told[0], told[1], number, told[2], told[3]))
    return found


def _lines(found: Made, place: int, kind: str, luck: random.Random) -> list:
    """The rows of one account, each with what must be told of it."""
    one = found.ours[place]
    row = _row(one)
    if kind in ("renamed", "other unit", "other handle") and not (one.handle and one.url):
        one = found.ours[place] = replace(one, handle=f"gov_{place:06d}", url=f"https://x.example.cn/u/{place}")
        row = _row(one)
    if kind == "missing there":
        return []
    if kind == "renamed":
        row[1] = f"{PLACES[place % 20]}新声{place}"
        return [(row, ("different", one.id, "name", ()))]
    if kind == "other handle":
        row[3] = f"new_{place}"
        return [(row, ("different", one.id, "handle", ()))]
    if kind == "other link":
        row[4] = f"https://elsewhere.example.cn/{place}"
        return [(row, ("different", one.id, "url", ()))]
    if kind == "closed there":
        row[7] = luck.choice(["已关停", "已注销"])
        return [(row, ("different", one.id, "status", ()))]
    if kind == "extra there":
        new = [f"{place}", f"无主之地{place}资讯", "抖音", f"zzz{place}", "无", "3", "外地某单位", "正常运行"]
        return [(row, None), (new, ("extra", None, None, ()))]
    if kind == "doubled there":
        return [(row, None), (list(row), None)]
    if kind == "other unit":
        row[6] = found.ours[(place + 1) % len(found.ours)].unit
        return [(row, ("different", one.id, "unit", ()))]
    if kind == "character lost":
        at = luck.randrange(len(one.name))
        found.ours[place] = replace(one, handle="", url="")
        row = _row(found.ours[place])
        row[1] = one.name[:at] + one.name[at + 1 :]
        found.expected.add(("missing", one.id, None, None, ()))
        return [(row, ("near", None, None, (one.id,)))]
    return [(row, None)]


def write_sheet(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> None:
    """A workbook of one sheet with its header in row 1."""
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet("导出")
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
