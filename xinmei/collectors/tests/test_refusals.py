"""Dirty bundles: each fault is refused with file, line and column.

The good rows beside it stand or fall as the caller chose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xinmei.collectors.tests.bundles import CHECK, LOOK, MESSAGE, POST, UNITS, Bundle, take, without
from xinmei.interaction.models import Message
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db
SAMPLES = "ordered_by,period,account,result"
PEOPLE = "login,name,unit,post,from,to"
PATROLS = "account,day,half,by,at"
REPLY = {"id": "R1", "replied_at": "2026-01-05T11:00:00+08:00", "text": "四点"}

BAD_JSON: list[tuple[str, str, Any, str | None]] = [
    ("posts", "a key that is missing", without(POST, "published_at"), "published_at"),
    ("posts", "a text that is missing", without(POST, "text"), "text"),
    ("posts", "an id that is a number", POST | {"id": 7}, "id"),
    ("posts", "an account that is a number", POST | {"account": 1}, "account"),
    ("posts", "an empty id", POST | {"id": ""}, "id"),
    ("posts", "an unknown key", POST | {"likes": 3}, "likes"),
    ("posts", "a Chinese key", POST | {"信息来源": "新华社"}, "信息来源"),
    ("posts", "a Chinese label in JSON", POST | {"origin": "原创"}, "origin"),
    ("posts", "a time that is none", POST | {"published_at": "昨天"}, "published_at"),
    ("posts", "a day that does not exist", POST | {"published_at": "2026-02-30T10:00:00+08:00"}, "published_at"),
    ("posts", "a day where a moment belongs", POST | {"published_at": "2026-02-03"}, "published_at"),
    ("posts", "a time beyond the calendar", POST | {"published_at": "0001-01-01T00:00:00+08:00"}, "published_at"),
    ("posts", "a number as time", POST | {"published_at": 1767571200}, "published_at"),
    ("posts", "an origin that is none", POST | {"origin": "copied"}, "origin"),
    ("posts", "reads as text", POST | {"reads": "7"}, "reads"),
    ("posts", "reads as a fraction", POST | {"reads": 1.5}, "reads"),
    ("posts", "negative reads", POST | {"reads": -1}, "reads"),
    ("posts", "reads beyond all numbers", POST | {"reads": 1 << 63}, "reads"),
    ("posts", "true as reads", POST | {"reads": True}, "reads"),
    ("posts", "yes as text", POST | {"comments_enabled": "true"}, "comments_enabled"),
    ("posts", "a byline that is text", POST | {"byline": "王静"}, "byline"),
    ("posts", "an unknown role", POST | {"byline": {"editor": "王静"}}, "byline"),
    ("posts", "a role that is a list", POST | {"byline": {"drafter": ["王静"]}}, "byline"),
    ("posts", "links that are text", POST | {"links": "https://example.invalid"}, "links"),
    ("posts", "a link that is a number", POST | {"links": [1]}, "links"),
    ("posts", "a picture that is not there", POST | {"images": ["a.png"]}, "images"),
    ("posts", "an unknown account", POST | {"account": "A9"}, "account"),
    ("posts", "deleted before published", POST | {"deleted_at": "2026-01-05T08:59:59+08:00"}, "deleted_at"),
    ("posts", "NUL", POST | {"text": "a\0b"}, "text"),
    ("posts", "a lone surrogate", POST | {"title": "\ud800"}, "title"),
    ("posts", "a lone surrogate deep inside", POST | {"byline": {"drafter": "\udfff"}}, "byline"),
    ("posts", "more than 1 MiB", POST | {"text": "a" * ((1 << 20) + 1)}, "text"),
    ("posts", "more than 1 MiB in Chinese", POST | {"text": "字" * 349_526}, "text"),
    ("posts", "an id that is too long", POST | {"id": "x" * 201}, "id"),
    ("posts", "no object", [1], None),
    ("posts", "cut short", '{"id":"P1","account"', None),
    ("posts", "a key twice", '{"id":"P1","id":"P2"}', None),
    ("posts", "NaN", '{"id":"P1","reads":NaN}', None),
    ("posts", "a number without end", '{"id":"P1","reads":' + "9" * 5000 + "}", None),
    ("posts", "nested without end", "[" * 100_000, None),
    ("posts", "two objects on a line", "{}{}", None),
    (
        "messages",
        "a reply before its message",
        MESSAGE | {"replies": [REPLY | {"replied_at": "2026-01-05T09:59:00+08:00"}]},
        "replies",
    ),
    ("messages", "a reply without id", MESSAGE | {"replies": [without(REPLY, "id")]}, "replies"),
    ("messages", "a reply whose id is a number", MESSAGE | {"replies": [REPLY | {"id": 1}]}, "replies"),
    ("messages", "a reply with an unknown key", MESSAGE | {"replies": [REPLY | {"by": "王静"}]}, "replies"),
    ("messages", "a reply at no time", MESSAGE | {"replies": [REPLY | {"replied_at": "明天"}]}, "replies"),
    ("messages", "two replies of one id", MESSAGE | {"replies": [REPLY, REPLY]}, "replies"),
    ("messages", "replies that are no list", MESSAGE | {"replies": REPLY}, "replies"),
    ("messages", "an unknown post", MESSAGE | {"post": "P9"}, "post"),
    ("messages", "an unknown kind", MESSAGE | {"kind": "praise"}, "kind"),
    ("messages", "an empty text", MESSAGE | {"text": " "}, "text"),
    ("observations", "ends before it starts", LOOK | {"window_end": "2026-01-04T00:00:00+08:00"}, "window_end"),
    ("observations", "an unknown outcome", LOOK | {"outcome": "ok"}, "outcome"),
    ("observations", "an unknown part of the profile", LOOK | {"profile": {"fans": "3"}}, "profile"),
    ("functions", "works as a number", CHECK | {"works": 1}, "works"),
    ("functions", "works not said", CHECK | {"works": None}, "works"),
    ("functions", "asks for a number", CHECK | {"asks_for": [None]}, "asks_for"),
]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [pytest.param(table, row, column, id=f"{table}: {what}") for table, what, row, column in BAD_JSON],
)
def test_a_bad_json_row_is_refused_with_its_line_and_the_good_rows_around_it_are_kept(
    tmp_path: Path, table: str, row: Any, column: str | None
) -> None:
    good = {"posts": POST, "messages": MESSAGE, "observations": LOOK, "functions": CHECK}[table]
    first, last = (
        {**good, "id": key} if "id" in good else {**good, "account": "A1", "feed": key, "name": key}
        for key in ("G1", "G2")
    )
    rows = [without(first, *({"feed", "name"} - good.keys())), row, without(last, *({"feed", "name"} - good.keys()))]
    bundle = Bundle(**{table: rows}).write(tmp_path / "b")  # type: ignore[arg-type]
    all_or_nothing = take(bundle)
    assert all_or_nothing.places == [(f"{table}.jsonl", 2, column)]
    assert all_or_nothing.created == 0
    assert not Unit.objects.exists()
    kept = take(bundle, keep=True)
    assert kept.places == [(f"{table}.jsonl", 2, column)]
    assert kept.counts.created[table] == 2
    assert all("\n" not in refusal.error and len(refusal.error) > 5 for refusal in kept.refusals)


BAD_CSV: list[tuple[str, str, list[str], tuple[int | None, str | None]]] = [
    ("units", "an unknown column", [f"{UNITS},colour", "C,澄州市,city,,,red"], (1, "colour")),
    ("units", "a column twice", [f"{UNITS},name", "C,澄州市,city,,,x"], (1, "name")),
    ("units", "both headers of a column", [f"{UNITS},单位名称", "C,澄州市,city,,,x"], (1, "name")),
    ("units", "a column that is missing", ["code,name,kind", "C,澄州市,city"], (1, "cohort")),
    ("units", "an empty header", [f"{UNITS},", "C,澄州市,city,,,"], (1, "")),
    ("units", "an unknown kind", [UNITS, "C,澄州市,village,,"], (2, "kind")),
    ("units", "an empty name", [UNITS, "C, ,city,,"], (2, "name")),
    ("units", "too few cells", [UNITS, "C,澄州市,city"], (2, None)),
    ("units", "too many cells", [UNITS, "C,澄州市,city,,,"], (2, None)),
    ("units", "its own parent", [UNITS, "C,澄州市,city,C,"], (2, "parent")),
    ("units", "an unknown parent", [UNITS, "C,澄州市,city,Z,"], (2, "parent")),
    ("units", "a quote that does not end", [UNITS, 'C,"澄州市,city,,'], (2, None)),
    ("units", "text after a quote", [UNITS, 'C,"澄州"市,city,,'], (2, None)),
    ("units", "NUL", [UNITS, "C,澄\0州市,city,,"], (2, "name")),
    ("units", "two of one code", [UNITS, "C,澄州市,city,,", "C,澄州市,city,,"], (3, "code")),
    ("inspections", "an unknown period", [SAMPLES, "state,2026H3,A1,pass"], (2, "period")),
    ("inspections", "an unknown result", [SAMPLES, "state,2026H1,A1,good"], (2, "result")),
    ("inspections", "two of one identity", [SAMPLES, "state,2026H1,A1,pass", "国办,2026H1,A1,fail"], (3, "ordered_by")),
    ("people", "an unknown post", [PEOPLE, "a,甲,D,boss,2026-01-01,"], (2, "post")),
    ("people", "ends before it starts", [PEOPLE, "a,甲,D,editor,2026-01-02,2026-01-01"], (2, "to")),
    (
        "people",
        "an administrator with another post",
        [PEOPLE, "a,甲,C,system_admin,2026-01-01,", "a,甲,D,editor,2026-02-01,"],
        (3, "post"),
    ),
    ("people", "an inspector of a county", [PEOPLE, "a,甲,D,inspector,2026-01-01,"], (2, "post")),
    (
        "people",
        "two names of one person",
        [PEOPLE, "a,甲,D,editor,2026-01-01,", "a,乙,D,leader,2026-01-01,"],
        (3, "name"),
    ),
    ("patrols", "an unknown half", [PATROLS, "A1,2026-01-05,noon,王静,2026-01-05T09:00:00"], (2, "half")),
    ("patrols", "nobody", [PATROLS, "A1,2026-01-05,am,,2026-01-05T09:00:00"], (2, "by")),
]


@pytest.mark.parametrize(
    ("table", "lines", "place"),
    [pytest.param(table, lines, place, id=f"{table}: {what}") for table, what, lines, place in BAD_CSV],
)
def test_a_bad_csv_row_is_refused_with_its_line(
    tmp_path: Path, table: str, lines: list[str], place: tuple[int | None, str | None]
) -> None:
    parts: dict[str, Any] = {"accounts": [], "posts": []} if table == "units" else {}
    outcome = take(Bundle(**{**parts, table: lines}).write(tmp_path / "b"))
    assert outcome.places == [(f"{table}.csv", *place)]
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A1,D,wechat,东湖发布,2022-03-01,closed,", "closed_on"),
        ("A1,D,wechat,东湖发布,2022-03-01,closed,2022-02-28", "closed_on"),
        ("A1,D,wechat,东湖发布,2022-02-30,active,", "opened_on"),
        ("A1,D,wechat,东湖发布,2022-3-1,active,", "opened_on"),
        ("A1,D,wechat,东湖发布,20220301,active,", "opened_on"),
        ("A1,D,myspace,东湖发布,2022-03-01,active,", "platform"),
        ("A1,Z,wechat,东湖发布,2022-03-01,active,", "unit"),
    ],
)
def test_a_bad_account_is_refused(tmp_path: Path, row: str, column: str) -> None:
    assert take(Bundle(accounts=[Bundle().accounts[0], row], posts=[]).write(tmp_path / "b")).places == [
        ("accounts.csv", 2, column)
    ]


def test_a_record_of_several_lines_counts_from_its_first(tmp_path: Path) -> None:
    lines = [UNITS, 'C,"澄州\n市\n",city,,', "", "D,东湖县,county,C,", 'X,"a\nb",village,C,', "Y,y,village,C,"]
    assert take(Bundle(units=lines).write(tmp_path / "b")).places == [
        ("units.csv", 7, "kind"),
        ("units.csv", 9, "kind"),
    ]


def test_contradictions_are_judged_on_the_row_as_it_will_stand(tmp_path: Path) -> None:
    reply = [REPLY | {"replied_at": "2026-01-05T11:00:00+08:00"}]
    deleted = POST | {"deleted_at": "2026-01-06T09:00:00+08:00"}
    take(Bundle(posts=[deleted], messages=[MESSAGE | {"replies": reply}]).write(tmp_path / "b"))
    later = Bundle(
        posts=[POST | {"published_at": "2026-01-07T09:00:00+08:00"}],
        messages=[MESSAGE | {"received_at": "2026-01-05T12:00:00+08:00"}],
    )
    assert take(later.write(tmp_path / "b")).places == [
        ("posts.jsonl", 1, "deleted_at"),
        ("messages.jsonl", 1, "replies"),
    ]
    mended = Bundle(posts=[POST | {"published_at": "2026-01-07T09:00:00+08:00", "deleted_at": None}])
    assert take(mended.write(tmp_path / "c")).refusals == []


def test_a_row_that_refers_to_a_refused_one_is_refused_too_however_far_away(tmp_path: Path) -> None:
    bundle = Bundle(
        units=[*Bundle().units, "X,坏,village,C,", "X1,下,town,X,", "X2,更下,town,X1,"],
        accounts=[*Bundle().accounts, "A2,X2,weibo,更下发布,2022-03-01,active,"],
        posts=[POST, POST | {"id": "P2", "account": "A2"}],
        messages=[MESSAGE, MESSAGE | {"id": "M2", "post": "P2"}],
    ).write(tmp_path / "b")
    only_its_own = take(bundle)
    assert only_its_own.places == [("units.csv", 4, "kind")]
    kept = take(bundle, keep=True)
    assert sorted(kept.places, key=str) == [
        ("accounts.csv", 3, "unit"),
        ("messages.jsonl", 2, "post"),
        ("posts.jsonl", 2, "account"),
        ("units.csv", 4, "kind"),
        ("units.csv", 5, "parent"),
        ("units.csv", 6, "parent"),
    ]
    assert (Unit.objects.count(), Account.objects.count(), Post.objects.count(), Message.objects.count()) == (
        2,
        1,
        1,
        1,
    )


def test_a_row_with_a_fault_of_its_own_is_named_although_what_it_refers_to_is_refused(tmp_path: Path) -> None:
    # 「one line a refused row」: a person who mends the account must not meet the post's fault only the next time
    posts = [
        POST,
        POST | {"id": "P2", "deleted_at": "2026-01-05T08:00:00+08:00"},
        POST | {"id": "P3", "images": ["none.png"]},
    ]
    messages = [MESSAGE | {"post": "nowhere"}]
    accounts = [Bundle().accounts[0], "A1,D,myspace,东湖发布,2022-03-01,active,"]
    assert take(Bundle(accounts=accounts, posts=posts, messages=messages).write(tmp_path / "b")).places == [
        ("accounts.csv", 2, "platform"),
        ("posts.jsonl", 2, "deleted_at"),
        ("posts.jsonl", 3, "images"),
        ("messages.jsonl", 1, "post"),
    ]


def test_a_refused_update_leaves_the_old_row_and_what_refers_to_it_is_refused(tmp_path: Path) -> None:
    take(Bundle().write(tmp_path / "b"))
    bundle = Bundle(
        accounts=[Bundle().accounts[0], "A1,D,myspace,东湖发布,2022-03-01,active,"], posts=[POST | {"id": "P2"}]
    )
    assert take(bundle.write(tmp_path / "b"), keep=True).places == [
        ("accounts.csv", 2, "platform"),
        ("posts.jsonl", 1, "account"),
    ]
    assert Account.objects.get().platform == "wechat"


def test_a_refused_file_takes_along_what_refers_to_its_rows(tmp_path: Path) -> None:
    bundle = Bundle(
        accounts=["id,unit,platform,name,opened_on,status,colour", "A1,D,wechat,东湖发布,2022-03-01,active,red"]
    ).write(tmp_path / "b")
    assert take(bundle).places == [("accounts.csv", 1, "colour")]
    assert take(bundle, keep=True).places == [("accounts.csv", 1, "colour"), ("posts.jsonl", 1, "account")]


def test_a_ring_of_parents_is_refused_and_the_units_below_it_fall_with_it(tmp_path: Path) -> None:
    units = [UNITS, "C,澄州市,city,,", "X,甲,county,Z,", "Y,乙,county,X,", "Z,丙,county,Y,", "W,丁,town,X,"]
    bundle = Bundle(units=units, accounts=[], posts=[]).write(tmp_path / "b")
    assert sorted(take(bundle).places, key=str) == [("units.csv", line, "parent") for line in (3, 4, 5)]
    assert sorted(take(bundle, keep=True).places, key=str) == [("units.csv", line, "parent") for line in (3, 4, 5, 6)]
    assert Unit.objects.get().code == "C"


def test_a_ring_that_closes_over_the_database_is_refused(tmp_path: Path) -> None:
    take(Bundle(units=[UNITS, "C,澄州市,city,,", "D,东湖县,county,C,"]).write(tmp_path / "b"))
    assert take(Bundle(units=[UNITS, "C,澄州市,city,D,"], accounts=[], posts=[]).write(tmp_path / "b")).places == [
        ("units.csv", 2, "parent")
    ]


def test_a_ring_that_only_a_refused_row_would_have_opened_is_refused(tmp_path: Path) -> None:
    take(
        Bundle(units=[UNITS, "A,甲,city,,", "B,乙,county,A,", "E,戊,town,B,"], accounts=[], posts=[]).write(
            tmp_path / "b"
        )
    )
    bundle = Bundle(units=[UNITS, "A,甲,city,E,", "B,乙,village,,"], accounts=[], posts=[])
    assert take(bundle.write(tmp_path / "b"), keep=True).places == [
        ("units.csv", 3, "kind"),
        ("units.csv", 2, "parent"),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("units.csv", b""),
        ("units.csv", b"\xef\xbb\xbf"),
        ("posts.jsonl", b""),
        ("posts.jsonl", b"\n \n"),
        ("units.csv", (UNITS + "\nC,澄州市,city,,\n").encode("utf-16")),
        ("units.csv", (UNITS + "\nC,澄州市,city,,\n").encode("utf-16-le")),
        ("units.csv", "单位代码,单位名称,类型,上级单位代码,同类单位\nC,澄州市,市,,\n".encode("utf-16-be")),
        ("posts.jsonl", json.dumps(POST).encode("utf-32")),
        ("posts.jsonl", json.dumps(POST).encode("utf-32-be")),
    ],
)
def test_a_file_that_is_empty_or_in_another_encoding_is_refused_whole(tmp_path: Path, name: str, data: bytes) -> None:
    bundle = Bundle(files={name: data}) if name == "posts.jsonl" else Bundle(accounts=[], posts=[], files={name: data})
    assert take(bundle.write(tmp_path / "b")).places == [(name, None, None)]


def test_bytes_that_are_no_text_cost_their_row_only(tmp_path: Path) -> None:
    rows = [json.dumps(POST | {"id": f"P{n}"}, ensure_ascii=False).encode() for n in range(5)]
    rows[2] = rows[2].replace("今天".encode(), b"\xff\xfe")
    bundle = Bundle(posts=[], files={"posts.jsonl": b"\n".join(rows)}).write(tmp_path / "b")
    assert take(bundle, keep=True).places == [("posts.jsonl", 3, "text")]
    assert Post.objects.count() == 4


def test_exactly_1_mib_is_allowed(tmp_path: Path) -> None:
    assert take(Bundle(posts=[POST | {"text": "a" * (1 << 20)}]).write(tmp_path / "b")).refusals == []


def test_a_field_too_long_in_a_csv_costs_its_row_only(tmp_path: Path) -> None:
    lines = [f"{SAMPLES},note", f"state,2026H1,A1,pass,{'a' * ((1 << 20) + 1)}", "state,2025H1,A1,pass,短"]
    outcome = take(Bundle(inspections=lines).write(tmp_path / "b"), keep=True)
    assert outcome.places == [("inspections.csv", 2, "note")]
    assert outcome.counts.created["inspections"] == 1
