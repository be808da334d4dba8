"""What happens to the accounts of a made town: looks, posts, messages, functions, patrols, samples."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.exam.world import DAY, HOUR, SHANGHAI, WEEK, Row, is_working, midnight

SECOND = timedelta(seconds=1)
TEXT = "按照年度工作安排，有关单位对防汛抗旱情况进行了督导检查。"
ADVERT = "扫码下单立减一百元，全场五折，欢迎选购。"
ASKED, ANSWERED = "外地缴纳的公积金能在本市贷款吗？", "您好，该事项办理条件和所需材料见政务服务网办事指南。"


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


def add_looks(chance: random.Random, made: Town, account: Row) -> None:
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
    if chance.random() < 0.1:
        made.bundle["observations"].append(_old_look(chance, made, account))
    while begin < stop:
        end = _end_of_look(chance, made, begin)
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


def _old_look(chance: random.Random, made: Town, account: Row) -> Row:
    """A profile that was seen once, long ago."""
    seen = [{"verification": "民生资讯平台"}, {"name": "乡音漫谈"}, {"verification": account["verification"]}]
    span = {"window_start": f"{made.year - 1}-05-06T09:00:00", "window_end": f"{made.year - 1}-05-07T09:00:00"}
    return {"account": account["id"], "feed": "rss", **span, "outcome": "complete", "profile": chance.choice(seen)}


def _end_of_look(chance: random.Random, made: Town, begin: datetime) -> datetime:
    """Now and then just where it matters to an inspection."""
    end = begin + chance.choice([WEEK, WEEK, 3 * DAY, DAY])
    before = [0 * DAY, 0 * DAY, 6 * HOUR, DAY - SECOND, DAY + SECOND, 7 * DAY, 7 * DAY - SECOND]
    for at in made.inspect_at:
        if begin < at < end and chance.random() < 0.6:
            end = max(begin + HOUR, at - chance.choice(before))
    return end


def add_posts(chance: random.Random, made: Town, account: Row) -> None:
    """Posts at the edges of weeks and of silences; some deleted, some without byline or source."""
    begin = max(midnight(date(made.year - 1, 11, 20)), midnight(date.fromisoformat(account["opened_on"])))
    stop = midnight(date(made.year + 1, 2, 1))
    if account["closed_on"]:
        stop = midnight(date.fromisoformat(account["closed_on"])) + DAY
    lively, number, at = chance.random() < 0.35, 0, begin + chance.randint(0, 86400 * 6) * SECOND
    while at < stop:
        made.bundle["posts"].append(_post(chance, account, number, at))
        number += 1
        at = max(_next_post(chance, made, at, lively), at + SECOND)


def _post(chance: random.Random, account: Row, number: int, at: datetime) -> Row:
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
        gone = at + chance.choice([HOUR, DAY - SECOND, DAY, DAY, DAY + SECOND, 5 * DAY])
        row |= {"deleted_at": written(chance, gone)}
    return row


def _next_post(chance: random.Random, made: Town, at: datetime, lively: bool) -> datetime:
    """When the next one may come: now and then just where it matters."""
    if lively and chance.random() < 0.97:
        steps = [1, 2, 3, 4]
    elif chance.random() < 0.98:
        steps = [2, 3, 4, 5, 7, 9, 14, 15, 20, 33]
    else:
        steps = [90, 150, 210]
    following = at + chance.choice(steps) * DAY + chance.randint(-40000, 40000) * SECOND
    if chance.random() < 0.3:  # Monday 00:00 and a second to either side
        monday = midnight(following.date() - DAY * following.weekday())
        following = monday + chance.choice([0 * SECOND, -SECOND, SECOND])
    if chance.random() < 0.15:  # 14×24 h before an inspection, and a second to either side
        near = min(made.inspect_at, key=lambda t: abs(t - 14 * DAY - following))
        following = near - 14 * DAY + chance.choice([0 * SECOND, -SECOND, SECOND])
    return following


def add_messages(chance: random.Random, made: Town, account: Row) -> None:
    """Messages at the edges of days, answered within a second of their term."""
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
        replies = _replies(chance, row["id"], at)
        if replies or chance.random() < 0.5:
            row["replies"] = replies
        if kind == "comment" and chance.random() < 0.7:
            row |= {"text": chance.choice([ASKED, ASKED, ADVERT])}
            row |= {"published_at": written(chance, at + chance.choice([SECOND, HOUR, DAY, 9 * DAY]))}
        made.bundle["messages"].append(row)


def _replies(chance: random.Random, message: str, at: datetime) -> list[Row]:
    """One by machine at once, perhaps, and one by a person about its term."""
    replies: list[Row] = []
    if chance.random() < 0.3:
        moment = written(chance, at + SECOND)
        replies.append({"id": message + "-a", "replied_at": moment, "text": ANSWERED, "automatic": True})
    if chance.random() < 0.85:
        base = chance.choice([DAY, 2 * DAY, DAY, 2 * DAY, 3 * HOUR])
        late = at + base + chance.choice([0 * SECOND, -SECOND, SECOND, SECOND, 12 * HOUR])
        replies.append({"id": message + "-r", "replied_at": written(chance, late), "text": ANSWERED})
    return replies


def _service(made: Town, account: Row) -> tuple[date, date]:
    """Its first and its last day, or the last day of the town."""
    last = date.fromisoformat(account["closed_on"]) if account["closed_on"] else date(made.year + 1, 1, 31)
    return date.fromisoformat(account["opened_on"]), last


def add_functions(chance: random.Random, made: Town, account: Row) -> None:
    """Checks of functions, some of them failed, at most one a day."""
    name, checks = account["id"], made.bundle["functions"]
    opened, closed = _service(made, account)
    for number in range(chance.choice([0, 0, 3])):
        for _ in range(chance.choice([1, 2, 4])):
            days = chance.choice([0, 364, 366, chance.randint(0, 390)])
            at = midnight(date(made.year, 1, 1)) + DAY * days + 10 * HOUR
            row = {"account": name, "name": f"预约服务{number}", "checked_at": written(chance, at)}
            row["works"] = chance.random() < 0.5
            if chance.random() < 0.3:
                row["announced_outage"] = chance.random() < 0.6
            day = row["checked_at"][:10]
            known = any(r["account"] == name and r["checked_at"][:10] == day for r in checks)
            if opened <= at.date() <= closed and not known:
                checks.append(row)


def add_patrols(chance: random.Random, made: Town, account: Row) -> None:
    """Of a few accounts nearly all patrols; the first working day is whole."""
    opened, closed = _service(made, account)
    if chance.random() >= 0.2:
        return
    day = max(opened, date(made.year - 1, 12, 20)) + DAY * chance.choice([0, 20, 100])
    first = True
    while day <= closed:
        for half, hour in (("am", 9), ("pm", 15)):
            if is_working(day) and (first or chance.random() > 0.01):
                row = {"account": account["id"], "day": day.isoformat(), "half": half, "by": "值班员"}
                made.bundle["patrols"].append(row | {"at": f"{day}T{hour:02d}:15:00"})
        first = first and not is_working(day)
        day += DAY


def add_samples(chance: random.Random, made: Town, account: Row) -> None:
    """What the offices above found when they looked at it."""
    periods = {"state": ["H1", "H2"], "province": ["Q2", "Q3"], "city": ["Q1"]}
    for tier, names in periods.items():
        for period in names:
            if chance.random() < {"state": 0.1, "province": 0.25, "city": 0.1}[tier]:
                result = "fail" if chance.random() < {"state": 0.12, "province": 0.4, "city": 0.5}[tier] else "pass"
                when = made.year - (chance.random() < 0.3)
                row = {"ordered_by": tier, "period": f"{when}{period}", "account": account["id"], "result": result}
                made.bundle["inspections"].append(row)
