"""What comes in, as it comes in: forms of values, updates, references, and the event that an import leaves."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from xinmei.collectors.tests.bundles import CHECK, LOOK, MESSAGE, POST, Bundle, take, without
from xinmei.files.keeping import load
from xinmei.interaction.models import Message, Patrol, Reply
from xinmei.people.models import Event, Person, PositionHeld
from xinmei.publishing.models import FunctionCheck, Image, Policy, Post
from xinmei.registry.models import Account, Look
from xinmei.supervision.models import SampleResult
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db


def test_a_sound_bundle_comes_in_whole_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    bundle = Bundle(
        messages=[
            MESSAGE
            | {"post": "P1", "replies": [{"id": "R1", "replied_at": "2026-01-05T11:00:00+08:00", "text": "四点"}]}
        ],
        observations=[LOOK],
        functions=[CHECK],
        inspections=["ordered_by,period,account,result", "state,2026H1,A1,pass"],
        commendations=["unit,awarded_on,by,title", "D,2026-06-30,own,先进"],
        people=["login,name,unit,post,from", "bian,卞小编,D,editor,2026-01-01"],
        patrols=["account,day,half,by,at", "A1,2026-01-05,am,值班员,2026-01-05T09:15:00"],
    ).write(tmp_path / "b")
    first, second = take(bundle), take(bundle)
    assert (first.created, first.updated, first.refusals) == (11, 0, [])
    assert (second.created, second.updated, sum(second.counts.unchanged.values())) == (0, 0, 11)
    assert first.counts.created == {
        "units": 2,
        "accounts": 1,
        "posts": 1,
        "messages": 1,
        "observations": 1,
        "functions": 1,
        "inspections": 1,
        "commendations": 1,
        "people": 1,
        "patrols": 1,
    }
    assert Reply.objects.get().replied_at == datetime(2026, 1, 5, 3, tzinfo=UTC)


def test_units_may_stand_before_their_parents_and_their_paths_follow_the_tree(tmp_path: Path) -> None:
    take(
        Bundle(units=[Bundle().units[0], "T,桃源镇,town,D,", "D,东湖县,county,C,", "C,澄州市,city,,"]).write(
            tmp_path / "b"
        )
    )
    paths = dict(Unit.objects.values_list("code", "path"))
    assert paths["T"].startswith(paths["D"])
    assert paths["D"].startswith(paths["C"])
    assert len(paths["T"]) == 1 + 9 * 3


@pytest.mark.parametrize("text", ["2022-03-01", "2022/3/1", "2022/03/01", "2022年3月1日"])
def test_a_day_may_be_written_in_each_named_form(tmp_path: Path, text: str) -> None:
    take(Bundle(accounts=[Bundle().accounts[0], f"A1,D,wechat,东湖发布,{text},active,"]).write(tmp_path / "b"))
    assert Account.objects.get().opened_on == date(2022, 3, 1)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-05T09:00:00", datetime(2026, 1, 5, 1, tzinfo=UTC)),
        ("2026-01-05 09:00", datetime(2026, 1, 5, 1, tzinfo=UTC)),
        ("2026-01-05T09:00:00Z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T09:00:00.123456-05:00", datetime(2026, 1, 5, 14, 0, 0, 123456, tzinfo=UTC)),
        ("20260105T090000+0800", datetime(2026, 1, 5, 1, tzinfo=UTC)),
        ("2026-01-05T24:00:00+08:00", datetime(2026, 1, 5, 16, tzinfo=UTC)),
    ],
)
def test_a_time_is_iso_8601_and_means_shanghai_without_an_offset(tmp_path: Path, text: str, moment: datetime) -> None:
    assert take(Bundle(posts=[POST | {"published_at": text}]).write(tmp_path / "b")).refusals == []
    assert Post.objects.get().published_at == moment


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_labels_are_accepted_in_csv_in_any_column_order_and_encoding(
    tmp_path: Path, encoding: str
) -> None:
    folder = tmp_path / "b"
    folder.mkdir()
    units = (
        "单位名称,单位代码,类型,同类单位,上级单位代码,职责关键词\n澄州市,C,市,,,\n"
        "东湖县,D,县区,县区/功能区,C,教育；医疗; 社保 \n桃源,T,乡镇,,D,\n"
    )
    accounts = (
        "账号编号,主办单位代码,平台,类型,账号名称,开设日期,状态,粉丝量\n"
        "A1,D,微信,服务号,东湖发布,2022年3月1日,拟关停,1200\n"
    )
    samples = "检查单位,期次,账号编号,结果,说明\n国办,2026H1,A1,不合格,两周未更新\n"
    people = (
        "登录名,姓名,单位代码,岗位,起\nbian,卞小编,D,编辑,2026-01-01\nshen,申科长,D,审核（处科室负责人）,2026-01-01\n"
    )
    patrols = "账号编号,日期,上下午,值班人,时间\nA1,2026-01-05,上午,值班员,2026-01-05T09:15:00\n"
    for name, text in {
        "units": units,
        "accounts": accounts,
        "inspections": samples,
        "people": people,
        "patrols": patrols,
    }.items():
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    assert take(folder).refusals == []
    assert Unit.objects.get(code="D").duties == ["教育", "医疗", "社保"]
    assert Unit.objects.get(code="T").kind == "town"
    account = Account.objects.get()
    assert (account.platform, account.kind, account.status, account.followers) == ("wechat", "service", "closing", 1200)
    assert (SampleResult.objects.get().ordered_by, SampleResult.objects.get().result) == ("state", "fail")
    assert set(PositionHeld.objects.values_list("position", flat=True)) == {"editor", "section_head"}
    assert Patrol.objects.get().half == "am"


def test_json_lines_may_be_gb18030_too(tmp_path: Path) -> None:
    folder = Bundle(posts=[]).write(tmp_path / "b")
    (folder / "posts.jsonl").write_bytes(
        '{"id":"P1","account":"A1","published_at":"2026-01-05T09:00:00","title":"开学","text":"㐀今天开学。"}\n'.encode(
            "gb18030"
        )
    )
    assert take(folder).refusals == []
    assert Post.objects.get().text == "㐀今天开学。"


def test_text_keeps_its_blanks_and_line_breaks_and_an_equals_sign_is_text(tmp_path: Path) -> None:
    note = '"=1+1\r\n第二行，""引号"""'
    bundle = Bundle(
        inspections=["ordered_by,period,account,result,note", f"city,2026Q2,A1,pass,{note}"],
        posts=[POST | {"title": " 开学 ", "text": ""}],
    )
    assert take(bundle.write(tmp_path / "b")).refusals == []
    assert SampleResult.objects.get().note == '=1+1\r\n第二行，"引号"'
    assert (Post.objects.get().title, Post.objects.get().text) == (" 开学 ", "")


def test_an_absent_key_leaves_the_value_and_null_or_nothing_empties_it(tmp_path: Path) -> None:
    full = POST | {
        "source": "新华社",
        "url": "https://example.invalid/1",
        "reads": 7,
        "byline": {"drafter": "王静", "reviewer": "孙立"},
    }
    take(Bundle(posts=[full]).write(tmp_path / "b"))
    changed = take(
        Bundle(posts=[POST | {"source": None, "reads": "", "byline": {"proofreader": "周敏"}}]).write(tmp_path / "b")
    )
    post = Post.objects.get()
    assert changed.counts.updated["posts"] == 1
    assert (post.source, post.reads, post.url) == ("", None, "https://example.invalid/1")
    assert post.byline == {"proofreader": "周敏"}


def test_an_absent_column_leaves_the_value_and_an_empty_cell_empties_it(tmp_path: Path) -> None:
    head = "id,unit,platform,name,opened_on,status"
    take(
        Bundle(accounts=[f"{head},phone,contact", "A1,D,wechat,东湖发布,2022-03-01,active,123,李"]).write(
            tmp_path / "b"
        )
    )
    take(Bundle(accounts=[f"{head},phone", "A1,D,wechat,东湖发布,2022-03-01,active,"]).write(tmp_path / "b"))
    assert (Account.objects.get().phone, Account.objects.get().contact) == ("", "李")


def test_a_byline_may_be_unknown_or_missing_and_a_profile_may_lack_or_show_no_verification(tmp_path: Path) -> None:
    bundle = Bundle(
        posts=[
            POST,
            POST | {"id": "P2", "byline": {}},
            POST | {"id": "P3", "byline": {"drafter": "", "reviewer": None}},
        ],
        observations=[
            LOOK | {"profile": {"name": "东湖发布", "verification": None}},
            LOOK | {"feed": "api", "profile": {"verification": ""}},
        ],
    )
    take(bundle.write(tmp_path / "b"))
    assert list(Post.objects.order_by("code").values_list("byline", flat=True)) == [None, {}, {}]
    assert dict(Look.objects.values_list("feed", "profile")) == {
        "rss": {"name": "东湖发布"},
        "api": {"verification": ""},
    }


def test_replies_are_replaced_whole(tmp_path: Path) -> None:
    one, two = (
        {"id": f"R{n}", "replied_at": f"2026-01-05T1{n}:00:00+08:00", "text": "四点", "automatic": n == 1}
        for n in (1, 2)
    )
    take(Bundle(messages=[MESSAGE | {"replies": [one, two]}]).write(tmp_path / "b"))
    assert take(Bundle(messages=[MESSAGE]).write(tmp_path / "b")).counts.unchanged["messages"] == 1
    assert Reply.objects.count() == 2
    assert take(Bundle(messages=[MESSAGE | {"replies": [two]}]).write(tmp_path / "b")).counts.updated["messages"] == 1
    assert list(Reply.objects.values_list("position", "code", "automatic")) == [(0, "R2", False)]
    take(Bundle(messages=[MESSAGE | {"replies": None}]).write(tmp_path / "b"))
    assert not Reply.objects.exists()


def test_a_row_that_vanished_is_not_deleted(tmp_path: Path) -> None:
    take(Bundle(posts=[POST, POST | {"id": "P2"}]).write(tmp_path / "b"))
    take(Bundle(posts=[POST]).write(tmp_path / "b"))
    assert Post.objects.count() == 2


def test_references_may_lead_to_the_database(tmp_path: Path) -> None:
    take(Bundle().write(tmp_path / "b"))
    rest = Bundle(units=[], accounts=[], posts=[], messages=[MESSAGE | {"post": "P1"}], functions=[CHECK])
    assert take(rest.write(tmp_path / "c")).refusals == []
    assert (Message.objects.get().post, FunctionCheck.objects.get().works) == ("P1", True)


def test_written_rows_of_one_import_share_a_new_revision_and_unchanged_ones_keep_theirs(tmp_path: Path) -> None:
    take(Bundle(posts=[POST, POST | {"id": "P2"}], messages=[MESSAGE]).write(tmp_path / "b"))
    take(Bundle(posts=[POST, POST | {"id": "P2", "title": "改"}], messages=[MESSAGE]).write(tmp_path / "b"))
    assert dict(Post.objects.values_list("code", "revision")) == {"P1": 1, "P2": 2}
    assert Message.objects.get().revision == 1


def test_pictures_are_kept_by_hash_and_must_be_in_the_bundle(tmp_path: Path) -> None:
    bundle = Bundle(posts=[POST | {"images": ["img/a.png", "b.png"]}], files={"img/a.png": b"1", "b.png": b"1"})
    assert take(bundle.write(tmp_path / "b")).refusals == []
    assert [name for name, _ in Post.objects.get().images] == ["img/a.png", "b.png"]
    assert load(str(Image.objects.get())) == b"1"
    missing = Bundle(posts=[POST | {"images": ["../b/b.png"]}])
    assert take(missing.write(tmp_path / "c")).places == [("posts.jsonl", 1, "images")]


@pytest.mark.parametrize("top", ["", "东湖县/", "./"])
def test_a_zip_may_hold_the_files_or_their_folder_and_other_things_beside_it(tmp_path: Path, top: str) -> None:
    folder = Bundle(posts=[POST | {"images": ["a.png"]}], files={"a.png": b"1"}).write(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("__MACOSX/units", "x")
        for file in folder.iterdir():
            archive.write(file, top + file.name)
    assert take(tmp_path / "b.zip").refusals == []
    assert Post.objects.count() == 1


def test_a_picture_may_have_a_chinese_name_in_a_zip_made_on_windows(tmp_path: Path) -> None:
    folder = Bundle(posts=[POST | {"images": ["图片.png"]}]).write(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
        archive.writestr("XXXX.png", b"1")
    path = tmp_path / "b.zip"
    path.write_bytes(path.read_bytes().replace(b"XXXX.png", "图片.png".encode("gbk")))
    assert take(path).refusals == []


def test_a_person_new_to_the_house_cannot_log_in_and_a_later_row_may_end_a_post(tmp_path: Path) -> None:
    head = "login,name,unit,post,from,to,phone"
    take(Bundle(people=[head, "bian,卞小编,D,editor,2026-01-01,,139"]).write(tmp_path / "b"))
    assert not Person.objects.get().has_usable_password()
    outcome = take(Bundle(people=[head, "bian,卞小编,D,editor,2026-01-01,2026-06-30,139"]).write(tmp_path / "b"))
    assert outcome.counts.updated["people"] == 1
    assert PositionHeld.objects.get().ends_on == date(2026, 6, 30)


def test_an_import_leaves_one_event_with_its_counts_and_a_refused_one_leaves_none(tmp_path: Path) -> None:
    take(Bundle(posts=[POST | {"reads": -1}]).write(tmp_path / "b"))
    assert not Event.objects.exists()
    take(Bundle().write(tmp_path / "b"))
    event = Event.objects.get()
    assert (event.verb, event.object_kind, event.actor) == ("import", "bundle", "系统")
    assert '"posts": 1' in event.content


def test_rows_out_of_reach_are_refused_one_by_one_and_leave_an_event(tmp_path: Path) -> None:
    take(
        Bundle(
            units=[*Bundle().units, "G,高新区,zone,C,"],
            accounts=[*Bundle().accounts, "A2,G,weibo,高新发布,2022-03-01,active,"],
        ).write(tmp_path / "b")
    )
    mine = Bundle(
        units=[Bundle().units[0], "D,东湖县,county,C,counties", "T,桃源镇,town,D,", "G,高新技术区,zone,D,"],
        accounts=[
            Bundle().accounts[0],
            "A1,D,wechat,改名,2022-03-01,active,",
            "A2,D,weibo,高新发布,2022-03-01,active,",
        ],
        posts=[POST | {"id": "P2", "account": "A2"}, POST | {"id": "P3"}],
    )
    outcome = take(mine.write(tmp_path / "c"), keep=True, may_write=lambda table, lineage: "D" in lineage)
    # 高新区 is not theirs, even where the row would put it below them; nor is its account.
    assert outcome.places == [("units.csv", 4, None), ("accounts.csv", 3, None), ("posts.jsonl", 1, "account")]
    assert outcome.counts.out_of_reach == 2
    assert Unit.objects.filter(code="T").exists()
    refused = take(mine.write(tmp_path / "c"), may_write=lambda table, lineage: False)
    assert refused.created == 0
    assert "out_of_reach" in Event.objects.order_by("-pk")[0].content


def test_unknown_files_and_an_empty_folder_are_no_fault(tmp_path: Path) -> None:
    bundle = Bundle(files={"README.txt": b"\xff", "posts.csv": b"x", "sub/units.csv": b""}).write(tmp_path / "b")
    assert take(bundle).refusals == []
    (tmp_path / "e").mkdir()
    assert take(tmp_path / "e").counts.created == {}


def test_a_missing_key_of_a_row_that_is_known_is_still_a_fault(tmp_path: Path) -> None:
    take(Bundle().write(tmp_path / "b"))
    assert take(Bundle(posts=[without(POST, "text")]).write(tmp_path / "b")).places == [("posts.jsonl", 1, "text")]


def test_documents_to_explain_are_matched_with_the_posts_of_the_same_bundle(tmp_path):
    rows = [
        "文号,文件名称,印发日期,单位代码,为什么要解读",
        "东政办发〔2026〕8号,居住证办理办法,2026年1月4日,D,涉及面广",
    ]
    posts = [POST | {"policy": "东政办发[2026]8号", "form": "graphic"}]

    assert take(Bundle(posts=posts, policies=rows).write(tmp_path / "b")).refusals == []

    (policy,) = Policy.objects.all()
    assert (policy.seen, policy.owed_from, policy.explained_at) == (
        "explained",
        date(2026, 1, 8),
        datetime(2026, 1, 5, 1, tzinfo=UTC),
    )
    take(Bundle(posts=[POST | {"policy": "甲1号"}]).write(tmp_path / "c"))
    assert Policy.objects.get().seen == "unseen"
