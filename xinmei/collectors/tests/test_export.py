"""What goes out comes in again as it was: the same bytes, from folder, zip and workbook."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest

from xinmei.collectors.bundle.export import ExportFault, export_bundle
from xinmei.collectors.tests.bundles import CHECK, LOOK, MESSAGE, POST, Bundle, take
from xinmei.interaction.models import Message, Patrol
from xinmei.people.models import Person, PositionHeld
from xinmei.publishing.models import FunctionCheck, Image, Policy, Post
from xinmei.registry.models import Account, Look
from xinmei.supervision.models import SampleResult
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db

RICH = Bundle(
    units=[
        "code,name,kind,parent,cohort,vertical_system,duties,short_names,credit_code,reviews_from",
        "T,桃源镇,town,D,,,,,,",
        'D,"东湖县,""甲""",county,C,counties,,教育;医疗,东湖,11330000MB0000000X,2026-03-01',
        "C,澄州市,city,,,,,,,",
        "J,市教育局,department,C,departments,,,,,",
        "DJ,东湖县教育局,department,D,,J,,,,",
    ],
    accounts=[
        "id,unit,platform,kind,name,handle,url,verification,opened_on,status,closed_on,announced_on,followers,phone",
        "B2,D,weibo,,=东湖,@dh,https://example.invalid,东湖县人民政府,2020-02-29,closed,2026-03-01,2026-01-05,0,"
        "010-1234",
        "A1,T,wechat,service,桃源之声,,,,2022-03-01,active,,,1200,",
    ],
    posts=[
        POST | {"id": "Z9", "published_at": "2026-01-05T09:00:00.000001Z", "text": "\n一\r\n二\t 三 ", "title": ""},
        POST
        | {
            "id": "p1",
            "byline": {},
            "links": [],
            "reads": 0,
            "comments_enabled": False,
            "origin": "repost",
            "source": "新华社",
        },
        POST
        | {
            "id": "p2",
            "byline": {"reviewer": "孙", "drafter": "王"},
            "links": ["https://example.invalid/?a=1&b=2"],
            "form": "graphic",
        },
        POST
        | {
            "id": "p3",
            "images": ["img/a.png", "img/b.png"],
            "deleted_at": "2026-01-06T00:00:00+09:00",
            "policy": "国办发〔2018〕123号",
        },
    ],
    messages=[
        MESSAGE
        | {
            "id": "m2",
            "post": "p1",
            "author": "市民",
            "concrete_policy_question": False,
            "published_at": "2026-01-05T12:00:00",
        },
        MESSAGE
        | {
            "id": "m1",
            "replies": [{"id": "r", "replied_at": "2026-01-05T11:00:00.5", "text": "=四点", "automatic": True}],
        },
    ],
    observations=[
        LOOK | {"outcome": "failed", "reason": "登录页", "profile": {"verification": "", "avatar_sha256": "ab"}}
    ],
    functions=[CHECK | {"asks_for": ["身份证号"], "announced_outage": False, "url": "https://example.invalid"}],
    inspections=["ordered_by,period,account,result,note", 'state,2026H1,A1,fail,"一\n二"'],
    policies=[
        "number,title,issued_on,unit,why",
        "国办发〔2018〕123号,发展意见,2026/1/4,T,涉及面广",
        "甲1号,办法,2026-01-05,D,",
    ],
    commendations=["unit,awarded_on,by,title,document", "D,2026-06-30,superior,先进,澄政发〔2026〕1号"],
    people=["login,name,unit,post,from,to,phone,email", "bian,卞小编,D,editor,2026-01-01,2026-12-31,139,b@example.cn"],
    patrols=["account,day,half,by,at", "A1,2026-01-05,pm,值班员,2026-01-05T15:30:00"],
    files={"img/a.png": b"\x89PNG\0", "img/b.png": b"0" * 300_000},
)
MODELS = (Policy, Post, Message, Look, FunctionCheck, SampleResult, Patrol, PositionHeld, Person, Account, Image)


def forget() -> None:
    """Empties the database."""
    from xinmei.assessment.models import Commendation

    Message.objects.all().delete()
    Commendation.objects.all().delete()
    for model in MODELS:
        model.objects.all().delete()
    Unit.objects.update(parent=None, vertical_system=None)
    Unit.objects.all().delete()


def read(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("ending", ["", ".zip", ".xlsx"])
def test_an_export_imported_into_an_empty_database_and_exported_again_gives_the_same_bytes(
    tmp_path: Path, ending: str
) -> None:
    assert take(RICH.write(tmp_path / "b")).refusals == []
    export_bundle(tmp_path / f"one{ending}", with_people=True)
    export_bundle(tmp_path / "facts", with_people=True)
    forget()
    assert take(tmp_path / f"one{ending}").refusals == []
    export_bundle(tmp_path / f"two{ending}", with_people=True)
    export_bundle(tmp_path / "facts again", with_people=True)
    one, two = tmp_path / f"one{ending}", tmp_path / f"two{ending}"
    assert (one.read_bytes() == two.read_bytes()) if ending else (read(one) == read(two))
    if ending != ".xlsx":  # a workbook holds no pictures
        assert read(tmp_path / "facts") == read(tmp_path / "facts again")
    assert take(RICH.write(tmp_path / "b")).updated == (1 if ending == ".xlsx" else 0)


def test_what_was_imported_is_exported_as_it_was(tmp_path: Path) -> None:
    take(RICH.write(tmp_path / "b"))
    export_bundle(tmp_path / "out")
    out = read(tmp_path / "out")
    posts = [json.loads(line) for line in out["posts.jsonl"].decode().splitlines()]
    assert posts[0] == POST | {
        "id": "Z9",
        "published_at": "2026-01-05T17:00:00.000001+08:00",
        "text": "\n一\r\n二\t 三 ",
        "title": "",
    }
    assert posts[1]["byline"] == {}
    assert posts[1]["links"] == []
    assert "byline" not in posts[0]
    assert posts[3]["images"] == ["img/a.png", "img/b.png"]
    assert out["img/a.png"] == b"\x89PNG\0"
    rows = list(csv.DictReader(out["units.csv"].decode().splitlines()))
    assert rows[1] == {
        "code": "D",
        "name": '东湖县,"甲"',
        "kind": "county",
        "parent": "C",
        "cohort": "counties",
        "vertical_system": "",
        "duties": "教育;医疗",
        "short_names": "东湖",
        "credit_code": "11330000MB0000000X",
        "reviews_from": "2026-03-01",
    }
    assert "people.csv" not in out


def test_tables_without_rows_are_left_out_and_an_empty_database_gives_an_empty_bundle(tmp_path: Path) -> None:
    for ending in ("", ".zip", ".xlsx"):
        export_bundle(tmp_path / f"empty{ending}")
        assert take(tmp_path / f"empty{ending}").counts.created == {}
    take(Bundle().write(tmp_path / "b"))
    export_bundle(tmp_path / "out")
    assert set(read(tmp_path / "out")) == {"units.csv", "accounts.csv", "posts.jsonl"}


def test_two_pictures_of_one_name_both_find_their_place(tmp_path: Path) -> None:
    for number in (1, 2):
        take(
            Bundle(posts=[POST | {"id": f"P{number}", "images": ["a.png"]}], files={"a.png": b"%d" % number}).write(
                tmp_path / f"b{number}"
            )
        )
    export_bundle(tmp_path / "one")
    names = [
        json.loads(line)["images"][0]
        for line in (tmp_path / "one" / "posts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [(tmp_path / "one" / name).read_bytes() for name in names] == [b"1", b"2"]
    forget()
    assert take(tmp_path / "one").refusals == []
    export_bundle(tmp_path / "two")
    assert read(tmp_path / "one") == read(tmp_path / "two")


def test_an_export_never_overwrites_a_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(ExportFault):
        export_bundle(tmp_path / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportFault):
        export_bundle(tmp_path / "file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "out"]


def test_a_zip_bears_no_time_and_stays_below_the_ratio_that_an_import_allows(tmp_path: Path) -> None:
    take(Bundle(posts=[POST | {"text": "a" * (1 << 20)}]).write(tmp_path / "b"))
    export_bundle(tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert take(tmp_path / "one.zip").refusals == []
