"""Every kind of row that formats.md does not allow: the table, a word about it, the column that must be named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.exam.world import Row

JSONL = ("posts", "messages", "observations", "functions")
COLUMNS = {
    "units": "code name kind parent cohort vertical_system? duties? short_names? credit_code? reviews_from?",
    "accounts": "id unit platform kind? name handle? url? verification? opened_on status closed_on? announced_on? "
    "filed_city_on? filed_national_on? filed_provincial_on? followers? contact? phone?",
    "posts": (
        "id account published_at title text url? origin? source? byline? links? images? comments_enabled? reads? "
        "deleted_at? policy? form?"
    ),
    "messages": "id account received_at kind text author? post? concrete_policy_question? published_at? replies?",
    "observations": "account feed window_start window_end outcome reason? profile?",
    "functions": "account name url? checked_at works announced_outage? asks_for?",
    "inspections": "ordered_by period account result indicator? note?",
    "commendations": "unit awarded_on by title document?",
    "patrols": "account day half by at",
}
KINDS = {
    "day": "opened_on closed_on announced_on filed_city_on filed_national_on filed_provincial_on awarded_on day",
    "time": "published_at deleted_at received_at window_start window_end checked_at at",
    "flag": "comments_enabled concrete_policy_question works announced_outage",
    "whole": "followers reads",
    "parts": "byline profile",
    "list": "links images asks_for replies",
}
CHOICES = {
    ("units", "kind"),
    ("units", "cohort"),
    ("accounts", "platform"),
    ("accounts", "status"),
    ("posts", "origin"),
    ("posts", "form"),
    ("messages", "kind"),
    ("observations", "outcome"),
    ("inspections", "ordered_by"),
    ("inspections", "result"),
    ("inspections", "period"),
    ("commendations", "by"),
    ("patrols", "half"),
}
REFERENCES = {
    ("units", "parent"): "units",
    ("units", "vertical_system"): "units",
    ("accounts", "unit"): "units",
    ("messages", "post"): "posts",
    ("commendations", "unit"): "units",
} | {(t, "account"): "accounts" for t in COLUMNS if "account" in COLUMNS[t].split()}
MAY_BE_EMPTY = {("posts", "title"), ("posts", "text"), ("units", "parent"), ("units", "cohort")}
TIMES = [
    "昨天",
    "2025-02-30T09:00:00",
    "2025-01-05T25:00:00",
    "2025-13-05T09:00:00",
    "2025/1/5 9:00",
    "1736038800",
    "2025-01-05T09:00:00+99:00",
]
DAYS = ["昨天", "2025-02-30", "2025-13-01", "2025-1-5", "20250105", "2025年2月29日", "5.1.2025", "2025-01-05T09:00:00"]


def kind_of(table: str, column: str) -> str:
    """What stands in a column."""
    if (table, column) in CHOICES:
        return "choice"
    return next((kind for kind, names in KINDS.items() if column in names.split()), "text")


def wrong_values(table: str, column: str) -> Iterator[tuple[str, Any]]:
    """Values that formats.md does not allow in a column, each with a word about it."""
    kind, in_json = kind_of(table, column), table in JSONL
    needed = column in COLUMNS[table].split()
    if needed and (table, column) not in MAY_BE_EMPTY:
        yield "empty", ""
        if in_json:
            yield "null", None
    if needed and in_json:
        yield "missing", ...
    if (table, column) in REFERENCES:
        yield "leads nowhere", "nobody"
    if kind == "day":
        yield from (("day", text) for text in DAYS)
    if kind == "time":
        yield from (("time", text) for text in TIMES)
        if in_json:
            yield from (("time", value) for value in (1736038800, True, ["2025-01-05T09:00:00"]))
    if kind == "choice":
        yield from (("choice", text) for text in ("nothing", "ACTIVE", "公章"))
        if in_json:
            yield from (("choice", value) for value in (1, "原创", "评论", "完整"))
    if kind == "whole":
        yield from (
            ("whole", value) for value in (["-1", "1.5", "多", "1e3"] if not in_json else ["7", -1, 1.5, True, [1]])
        )
    if kind == "flag":
        yield from (("flag", value) for value in ("true", 1, 0, "是", []))
    if kind == "parts":
        yield from (("parts", value) for value in ("王静", [], 3, {"boss": "王静"}, {"drafter": 1, "name": 1}))
    if kind == "list":
        yield from (("list", value) for value in ("x", {}, 3, [1], [None], [["x"]]))
    if kind == "text" and in_json:
        yield from (("text", value) for value in (7, True, {}, ["x"]))
    if kind == "text":
        yield "NUL", "前\0后"
        yield "too long", "长" * 349_526
        if in_json:
            yield "surrogate", "\ud83d"


def contradictions() -> Iterator[tuple[str, str, str, Callable[[Row], Row]]]:
    """「Contradictions are refused」."""
    yield "accounts", "closed without a day", "closed_on", lambda r: r | {"status": "closed", "closed_on": ""}
    yield (
        "accounts",
        "closed before opened",
        "closed_on",
        lambda r: r | {"status": "closed", "opened_on": "2024-03-02", "closed_on": "2024-03-01"},
    )
    yield (
        "posts",
        "deleted before published",
        "deleted_at",
        lambda r: r | {"published_at": "2025-01-05T09:00:00", "deleted_at": "2025-01-05T00:59:59Z"},
    )
    yield "observations", "ends before it starts", "window_end", lambda r: r | {"window_end": "2020-01-01T00:00:00"}
    reply = {"id": "r", "replied_at": "2020-01-01T00:00:00", "text": "您好"}
    yield "messages", "a reply before its message", "replies", lambda r: r | {"replies": [reply]}
    for word, change in {
        "two of one id": [reply | {"replied_at": "2030-01-01T00:00:00"}] * 2,
        "without a time": [{"id": "r", "text": "您好"}],
        "an id that is a number": [reply | {"id": 1}],
        "a flag that is text": [reply | {"replied_at": "2030-01-01T00:00:00", "automatic": "是"}],
        "an unknown key": [reply | {"replied_at": "2030-01-01T00:00:00", "who": "王静"}],
    }.items():
        yield "messages", f"replies: {word}", "replies", partial(with_replies, change)
    yield "posts", "a picture that is not in the bundle", "images", lambda r: r | {"images": ["images/none.png"]}
    yield "units", "its own parent", "parent", lambda r: r | {"parent": r["code"]}
    for table in JSONL:
        yield table, "an unknown key", "colour", lambda r: r | {"colour": "red"}


RAW = {
    "cut short": '{"id": "x',
    "no object": "[1]",
    "NaN": '{"id": "x", "reads": NaN}',
    "a key twice": '{"id": "x", "id": "y"}',
    "text": "x",
}
FEW_CELLS = "only,two"


def instead(line: str, row: Row) -> str:
    """The line, whatever the row was."""
    return line


def with_replies(replies: list[Row], row: Row) -> Row:
    """The row with these replies."""
    return row | {"replies": replies}


def spoilings() -> list[tuple[str, str, str | None, Callable[[Row], Any]]]:
    """Every kind: table, description, the column that must be named, and the change of a row.

    A change that gives text gives the line itself.
    """
    kinds: list[tuple[str, str, str | None, Callable[[Row], Any]]] = list(contradictions())
    for table, columns in COLUMNS.items():
        for column in columns.replace("?", "").split():
            for word, value in wrong_values(table, column):

                def change(row: Row, column: str = column, value: Any = value) -> Row:
                    return {k: v for k, v in row.items() if k != column} if value is ... else row | {column: value}

                kinds.append((table, f"{column} {word} {str(value)[:20]!r}", column, change))
        if table in JSONL:
            kinds += [(table, f"a line: {word}", None, partial(instead, line)) for word, line in RAW.items()]
        else:
            kinds.append((table, "a line of two cells", None, lambda row: FEW_CELLS))
    return kinds
