"""Small made towns as rows of a bundle: every boundary of the texts, random but the same for the same seed.

`town(seed)` gives the bundle of the first day and bundles that arrive later (facts that contradict what was found).
"""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from pathlib import Path

from tests.exam.happenings import (
    SECOND,
    Town,
    add_functions,
    add_looks,
    add_messages,
    add_patrols,
    add_posts,
    add_samples,
)
from tests.exam.world import DAY, HOUR, IDENTITY, Row, midnight, working_day_after

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
    bundle = made.bundle = {name: [] for name in IDENTITY}
    names = ("code", "name", "kind", "parent", "cohort", "short_names")
    bundle["units"] = [
        dict(zip(names, row, strict=True)) | {"vertical_system": "D04" if row[0] == "I07" else ""} for row in UNITS
    ]
    for number, host in enumerate(HOSTS):
        account = _account(chance, f"A{number:02d}", host, year)
        bundle["accounts"].append(account)
        add_looks(chance, made, account)
        add_posts(chance, made, account)
        add_messages(chance, made, account)
        add_functions(chance, made, account)
        add_patrols(chance, made, account)
        add_samples(chance, made, account)
    _praise(chance, made)
    _hold_back(chance, made)
    return made


def _praise(chance: random.Random, made: Town) -> None:
    for unit in made.bundle["units"]:
        if chance.random() < 0.4:
            day = date(made.year + chance.choice([-1, 0, 0]), *chance.choice([(1, 1), (12, 31), (6, 30)])).isoformat()
            for by in chance.choice([["own"], ["superior"], ["own", "superior"]]):
                row = {"unit": unit["code"], "awarded_on": day, "by": by, "title": "先进单位"}
                made.bundle["commendations"].append(row)


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
