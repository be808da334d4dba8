"""Small made towns as rows of a bundle: every boundary of the texts, random but the same for the same seed.

`town(seed)` gives the bundle of the first day and bundles that arrive later (facts that contradict what was found).
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from tests.exam.oracle import DAY, HOUR, SHANGHAI, WEEK, Row, is_working, midnight, working_day_after

SECOND = timedelta(seconds=1)
TEXT = "按照年度工作安排，有关单位对防汛抗旱情况进行了督导检查。"
ADVERT = "扫码下单立减一百元，全场五折，欢迎选购。"
ASKED, ANSWERED = "外地缴纳的公积金能在本市贷款吗？", "您好，该事项办理条件和所需材料见政务服务网办事指南。"
UNITS = [
    ("C00", "云澜市人民政府", "city", "", "", ""),
    ("X01", "青屿县人民政府", "county", "C00", "counties", "青屿县政府;青屿县"),
    ("Z02", "禾川经济开发区管理委员会", "zone", "C00", "counties", ""),
    ("X03", "白石县人民政府", "county", "C00", "counties", ""),
    ("D04", "云澜市交通运输局", "department", "C00", "departments", "云澜交通"),
    ("D05", "云澜市水利局", "department", "C00", "departments", ""),
    ("T06", "青屿县柳河镇人民政府", "town", "X01", "", ""),
    ("I07", "云澜市公路管理处", "institution", "D04", "", ""),
    ("N08", "云澜市水利局办公室", "internal_office", "D05", "", ""),
    ("D09", "青屿县民政局", "department", "X01", "departments", ""),
]
NAMES = {unit[0]: unit[1] for unit in UNITS}
HOSTS = ["X01", "X01", "X01", "Z02", "Z02", "X03", "D04", "D04", "D05", "T06", "I07", "N08", "D09", "C00"]
PLATFORMS = ["wechat", "weibo", "douyin", "toutiao", "app", "mini_program", "wechat_channels", "other"]
BASE = {
    "X01": "青屿",
    "Z02": "禾川",
    "X03": "白石",
    "D04": "云澜交通",
    "D05": "云澜水利",
    "T06": "柳河",
    "I07": "云澜公路",
    "N08": "云澜水利",
    "D09": "青屿民政",
    "C00": "云澜",
}


@dataclass
class Town:
    """A bundle, what arrives later and when, and the moments of inspection."""

    year: int
    bundle: dict[str, list[Row]] = field(default_factory=dict)
    later: dict[int, dict[str, list[Row]]] = field(default_factory=dict)  # before the inspection of this number
    inspect_at: list[datetime] = field(default_factory=list)
    rolling: bool = False  # weeks are counted as 7×24 h of a gap in all its inspections


def written(chance: random.Random, at: datetime) -> str:
    """One moment, in one of the forms of ISO 8601."""
    form = chance.random()
    if form < 0.2:
        return at.astimezone(SHANGHAI).replace(tzinfo=None).isoformat()
    if form < 0.4:
        return (at - 8 * HOUR).replace(tzinfo=None).isoformat() + "Z"
    return at.isoformat()


def town(seed: int) -> Town:
    """The town of a seed."""
    chance = random.Random(seed)
    made = Town(chance.choice([2024, 2025]))
    year = made.year
    start = midnight(date(year, 1, 1))
    days = sorted(
        {*chance.sample(range(7, 364), 9), *(chance.choice([3, 10, 20]),), *chance.sample(range(366, 395), 2)}
    )
    made.inspect_at = [
        start + DAY * d + chance.choice([9 * HOUR, 9 * HOUR, 0 * HOUR, 15 * HOUR + SECOND]) for d in days
    ]
    made.rolling = chance.random() < 0.2
    bundle = made.bundle = {
        n: []
        for n in (
            "units",
            "accounts",
            "posts",
            "messages",
            "observations",
            "functions",
            "inspections",
            "commendations",
            "patrols",
        )
    }
    names = ("code", "name", "kind", "parent", "cohort", "short_names")
    bundle["units"] = [
        dict(zip(names, row, strict=True)) | {"vertical_system": "D04" if row[0] == "I07" else ""} for row in UNITS
    ]
    for number, host in enumerate(HOSTS):
        account = _account(chance, f"A{number:02d}", host, year)
        bundle["accounts"].append(account)
        _looks(chance, made, account)
        _posts(chance, made, account)
        _messages(chance, made, account)
        _rest(chance, made, account)
    for unit in bundle["units"]:
        if chance.random() < 0.4:
            day = date(year + chance.choice([-1, 0, 0]), *chance.choice([(1, 1), (12, 31), (6, 30)])).isoformat()
            for by in chance.choice([["own"], ["superior"], ["own", "superior"]]):
                bundle["commendations"].append({"unit": unit["code"], "awarded_on": day, "by": by, "title": "先进单位"})
    _hold_back(chance, made)
    return made


def _account(chance: random.Random, name: str, host: str, year: int) -> Row:
    opened = date(chance.choice([2020, 2022]), chance.randint(1, 12), chance.randint(1, 28))
    if host == "N08":
        opened = chance.choice([date(2021, 6, 20), date(2021, 6, 21)])
    if chance.random() < 0.25:
        opened = chance.choice(
            [
                date(year, 1, 1),
                date(year, 3, 1),
                date(year, 12, 29),
                date(year, 12, 22),
                date(year, 1, 1) + DAY * chance.randint(0, 360),
            ]
        )
    filed = working_day_after(opened, chance.randint(0, 2))
    term = working_day_after(filed, 3)
    kind = (
        chance.choice(["service", "subscription", "service"])
        if (platform := chance.choice(PLATFORMS)) == "wechat"
        else ""
    )
    last = chance.choice([working_day_after(filed, 1), term, term, term + DAY if chance.random() < 0.4 else term])
    row = {
        "id": name,
        "unit": host,
        "platform": platform,
        "kind": kind,
        "name": BASE[host] + chance.choice(["发布", "政务", "在线", "发布", "发布"]),
        "verification": f"{NAMES[host]}官方账号",
        "opened_on": opened.isoformat(),
        "status": "active",
        "closed_on": "",
        "announced_on": "",
        "filed_city_on": filed.isoformat(),
        "filed_national_on": term.isoformat(),
        "filed_provincial_on": last.isoformat(),
    }
    fate = chance.random()
    if fate < 0.25:
        closed = max(opened, date(year, 1, 1)) + DAY * chance.randint(0, 330)
        announced = closed - DAY * chance.choice([21, 22, 23, 24, 25, 26, 27, 28, 35])
        row |= {
            "status": chance.choice(["closed", "deregistered"]),
            "closed_on": closed.isoformat(),
            "announced_on": chance.choice([announced.isoformat(), announced.isoformat(), ""]),
        }
    elif fate < 0.33:
        row |= {"status": "closing", "announced_on": date(year, 5, 6).isoformat()}
    elif fate < 0.41:
        row |= chance.choice([{"status": "unfiled"}, {}]) | {
            "filed_city_on": "",
            "filed_national_on": "",
            "filed_provincial_on": "",
        }
    if chance.random() < 0.15:
        row |= {"verification": chance.choice(["", "民生资讯平台", "青屿县政府官方账号"])}
    if chance.random() < 0.08:
        row |= {"name": "乡音漫谈"}
    if chance.random() < 0.08:
        row |= {"filed_national_on": ""}
    return row


def _looks(chance: random.Random, made: Town, account: Row) -> None:
    """Windows that touch, or leave a second less than a minute, a minute, or hours.

    One feed or two; failed and partial looks.
    """
    feeds = chance.choice([["rss"], ["rss", "official_api"], ["rss"]])
    calm = chance.random() < 0.5
    first = midnight(date(made.year - 1, 11, 20)) + chance.choice([0, 9]) * HOUR
    begin = max(first, midnight(date.fromisoformat(account["opened_on"])) - chance.choice([0, 0, 20, 1]) * DAY)
    stop = midnight(date(made.year + 1, 2, 2))
    if account["closed_on"]:
        stop = midnight(date.fromisoformat(account["closed_on"])) + 9 * HOUR
    if chance.random() < 0.1:  # a profile that was seen once, long ago
        row = {
            "account": account["id"],
            "feed": "rss",
            "window_start": f"{made.year - 1}-05-06T09:00:00",
            "outcome": "complete",
        }
        profile = chance.choice(
            [{"verification": "民生资讯平台"}, {"name": "乡音漫谈"}, {"verification": account["verification"]}]
        )
        made.bundle["observations"].append(row | {"window_end": f"{made.year - 1}-05-07T09:00:00", "profile": profile})
    while begin < stop:
        end = begin + chance.choice([WEEK, WEEK, 3 * DAY, DAY])
        for at in made.inspect_at:  # a look that ends just where it matters
            if begin < at < end and chance.random() < 0.6:
                end = max(
                    begin + HOUR,
                    at
                    - chance.choice(
                        [0 * DAY, 0 * DAY, 6 * HOUR, DAY - SECOND, DAY + SECOND, 7 * DAY, 7 * DAY - SECOND]
                    ),
                )
        for feed in feeds:
            outcome = "complete" if calm or chance.random() < 0.93 else chance.choice(["failed", "partial"])
            row = {
                "account": account["id"],
                "feed": feed,
                "window_start": written(chance, begin),
                "window_end": written(chance, end),
                "outcome": outcome,
            }
            if feed == "rss" and chance.random() < 0.03 and begin.year >= made.year:
                verification = chance.choice([account["verification"], account["verification"], "", "民生资讯平台"])
                row["profile"] = {"name": account["name"], "verification": verification}
            made.bundle["observations"].append(row)
        begin = end + (
            0 * SECOND
            if calm or chance.random() < 0.9
            else chance.choice([59 * SECOND, 59 * SECOND, 60 * SECOND, 5 * HOUR, 3 * DAY, -HOUR / 2])
        )


def _posts(chance: random.Random, made: Town, account: Row) -> None:
    begin = max(midnight(date(made.year - 1, 11, 20)), midnight(date.fromisoformat(account["opened_on"])))
    stop = midnight(date(made.year + 1, 2, 1))
    if account["closed_on"]:
        stop = midnight(date.fromisoformat(account["closed_on"])) + DAY
    lively, number, at = chance.random() < 0.35, 0, begin + chance.randint(0, 86400 * 6) * SECOND
    while at < stop:
        row: Row = {
            "id": f"{account['id']}-P{number:03d}",
            "account": account["id"],
            "published_at": written(chance, at),
            "title": "工作动态",
            "text": TEXT,
        }
        style = chance.random()
        if style < 0.6:
            row |= {"origin": "original", "byline": {"drafter": "钱程", "reviewer": "李晓", "signatory": "郑洁"}}
        elif style < 0.9:
            row |= {"origin": "repost", "source": "人民日报", "byline": {"proofreader": "王静", "reviewer": "郑洁"}}
        if chance.random() < 0.02 and "origin" in row:
            row |= {"byline": chance.choice([{}, None, {"drafter": "钱程", "proofreader": "王静"}])}
        if chance.random() < 0.01 and row.get("origin") == "repost":
            row |= {"source": chance.choice(["", None])}
        if chance.random() < 0.01:
            row |= {"text": TEXT + ADVERT}
        if chance.random() < 0.08:
            row |= {
                "deleted_at": written(chance, at + chance.choice([HOUR, DAY - SECOND, DAY, DAY, DAY + SECOND, 5 * DAY]))
            }
        made.bundle["posts"].append(row)
        number += 1
        step = (
            chance.choice(
                [1, 2, 3, 4]
                if lively and chance.random() < 0.97
                else [2, 3, 4, 5, 7, 9, 14, 15, 20, 33]
                if chance.random() < 0.98
                else [90, 150, 210]
            )
            * DAY
        )
        following = at + step + chance.randint(-40000, 40000) * SECOND
        if chance.random() < 0.3:  # Monday 00:00 and a second to either side
            monday = midnight(following.date() - DAY * following.weekday())
            following = monday + chance.choice([0 * SECOND, -SECOND, SECOND])
        if chance.random() < 0.15:  # 14×24 h before an inspection, and a second to either side
            near = min(made.inspect_at, key=lambda t, f=following: abs(t - 14 * DAY - f))
            following = near - 14 * DAY + chance.choice([0 * SECOND, -SECOND, SECOND])
        at = max(following, at + SECOND)


def _messages(chance: random.Random, made: Town, account: Row) -> None:
    opened = midnight(date.fromisoformat(account["opened_on"]))
    closed = (
        midnight(date.fromisoformat(account["closed_on"]) - 4 * DAY)
        if account["closed_on"]
        else midnight(date(made.year + 1, 1, 28))
    )
    for number in range(chance.choice([0, 4, 10])):
        at = midnight(date(made.year, 1, 1) + DAY * chance.randint(-3, 380)) + chance.choice(
            [0 * SECOND, -SECOND, 10 * HOUR, 23 * HOUR, SECOND, 17 * HOUR]
        )
        if chance.random() < 0.15:
            at = midnight(date(made.year, 12, 31)) + chance.choice([-DAY, 0 * DAY, SECOND, -SECOND, -DAY + SECOND, DAY])
        if not opened <= at < closed:
            continue
        kind, mark = (
            chance.choice(["enquiry", "enquiry", "comment", "complaint"]),
            chance.choice([None, None, True, False]),
        )
        row: Row = {
            "id": f"{account['id']}-M{number:02d}",
            "account": account["id"],
            "received_at": written(chance, at),
            "kind": kind,
            "text": ASKED,
        }
        if mark is not None or chance.random() < 0.3:
            row["concrete_policy_question"] = mark
        replies = []
        if chance.random() < 0.3:
            replies.append(
                {
                    "id": row["id"] + "-a",
                    "replied_at": written(chance, at + SECOND),
                    "text": ANSWERED,
                    "automatic": True,
                }
            )
        if chance.random() < 0.85:
            base = chance.choice([DAY, 2 * DAY, DAY, 2 * DAY, 3 * HOUR])
            late = at + base + chance.choice([0 * SECOND, -SECOND, SECOND, SECOND, 12 * HOUR])
            replies.append({"id": row["id"] + "-r", "replied_at": written(chance, late), "text": ANSWERED})
        if replies or chance.random() < 0.5:
            row["replies"] = replies
        if kind == "comment" and chance.random() < 0.7:
            row |= {"text": chance.choice([ASKED, ASKED, ADVERT])}
            row |= {"published_at": written(chance, at + chance.choice([SECOND, HOUR, DAY, 9 * DAY]))}
        made.bundle["messages"].append(row)


def _rest(chance: random.Random, made: Town, account: Row) -> None:
    name, year = account["id"], made.year
    opened = date.fromisoformat(account["opened_on"])
    closed = date.fromisoformat(account["closed_on"]) if account["closed_on"] else date(year + 1, 1, 31)
    for number in range(chance.choice([0, 0, 3])):
        for _ in range(chance.choice([1, 2, 4])):
            at = midnight(date(year, 1, 1)) + DAY * chance.choice([0, 364, 366, chance.randint(0, 390)]) + 10 * HOUR
            row = {
                "account": name,
                "name": f"预约服务{number}",
                "checked_at": written(chance, at),
                "works": chance.random() < 0.5,
            }
            if chance.random() < 0.3:
                row["announced_outage"] = chance.random() < 0.6
            if opened <= at.date() <= closed and not any(
                r["account"] == name and r["checked_at"][:10] == row["checked_at"][:10]
                for r in made.bundle["functions"]
            ):
                made.bundle["functions"].append(row)
    if chance.random() < 0.2:
        day = max(opened, date(year - 1, 12, 20)) + DAY * chance.choice([0, 20, 100])
        first = True
        while day <= closed:
            for half, hour in (("am", 9), ("pm", 15)):
                if is_working(day) and (first or chance.random() > 0.01):
                    made.bundle["patrols"].append(
                        {
                            "account": name,
                            "day": day.isoformat(),
                            "half": half,
                            "by": "值班员",
                            "at": f"{day}T{hour:02d}:15:00",
                        }
                    )
            first = first and not is_working(day)
            day += DAY
    periods = {"state": ["H1", "H2"], "province": ["Q2", "Q3"], "city": ["Q1"]}
    for tier, names in periods.items():
        for period in names:
            if chance.random() < {"state": 0.1, "province": 0.25, "city": 0.1}[tier]:
                result = "fail" if chance.random() < {"state": 0.12, "province": 0.4, "city": 0.5}[tier] else "pass"
                when = year - (chance.random() < 0.3)
                made.bundle["inspections"].append(
                    {"ordered_by": tier, "period": f"{when}{period}", "account": name, "result": result}
                )


def _hold_back(chance: random.Random, made: Town) -> None:
    """Posts, looks, replies and bylines that come to light only later.

    What was found in the meantime is contradicted.
    """
    for number in sorted(chance.sample(range(2, len(made.inspect_at)), 3)):
        late: dict[str, list[Row]] = {
            "accounts": [],
            "posts": [],
            "messages": [],
            "observations": [],
            "functions": [],
            "patrols": [],
        }
        for row in made.bundle["accounts"]:
            if chance.random() < 0.1:
                late["accounts"].append(row | _corrected(chance, row))
        for row in made.bundle["functions"]:
            if chance.random() < 0.1:
                late["functions"].append(row | {"works": not row["works"]})
        for name, share in (("posts", 0.03), ("observations", 0.03), ("patrols", 0.002)):
            for row in [r for r in made.bundle[name] if chance.random() < share]:
                made.bundle[name].remove(row)
                late[name].append(row)
        for index, row in enumerate(made.bundle["messages"]):
            if row.get("replies") and chance.random() < 0.1:
                late["messages"].append(row)
                made.bundle["messages"][index] = row | {"replies": []}
        known = {r["id"] for r in made.bundle["posts"]}
        for other in [r for rows in made.later.values() for r in rows["messages"]]:
            late["messages"] = [r for r in late["messages"] if r["id"] != other["id"]]
        for row in made.bundle["posts"]:
            if (
                row["id"] in known
                and row.get("byline") in ({}, {"drafter": "钱程", "proofreader": "王静"})
                and chance.random() < 0.3
            ):
                late["posts"].append(
                    {k: row[k] for k in ("id", "account", "published_at", "title", "text")}
                    | {"byline": dict.fromkeys(("drafter", "reviewer", "signatory", "proofreader"), "李晓")}
                )
        made.later[number] = late


def _corrected(chance: random.Random, row: Row) -> Row:
    """What the register had wrong: a filing that existed after all, another name or verification, an announcement."""
    filed = dict.fromkeys(("filed_city_on", "filed_national_on", "filed_provincial_on"), row["opened_on"])
    unfiled = {"status": "active"} if row["status"] == "unfiled" else {}
    return chance.choice(
        [
            unfiled | filed,
            {"verification": f"{NAMES[row['unit']]}官方账号"},
            {"verification": "乡音资讯"},
            {"name": f"{BASE[row['unit']]}发布"},
            {"announced_on": row["announced_on"] and (date.fromisoformat(row["announced_on"]) - DAY * 20).isoformat()},
        ]
    )


def write(bundle: dict[str, list[Row]], folder: Path) -> Path:
    """The files of a bundle; tables without rows are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in bundle.items():
        if not rows:
            continue
        if name in ("posts", "messages", "observations", "functions"):
            (folder / f"{name}.jsonl").write_text(
                "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8"
            )
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder
