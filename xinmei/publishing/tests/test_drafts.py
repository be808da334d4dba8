"""三级审核: what is allowed when, to whom, and what each act leaves behind."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.cast import NOW, act, build_city, build_people, make_account, make_person
from tests.drafting import TEXT, TITLE, TYPO, WRITTEN, check, later, release, send, shown, sign, write
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.notices.doors import notices_visible_to
from xinmei.people.doors import Refused, actings_by_login
from xinmei.people.models import Delegation, Event, PositionHeld
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft
from xinmei.registry.models import Account, ReadingChange

pytestmark = pytest.mark.django_db
PICTURE = {"name": "图.png", "base64": base64.b64encode(b"picture").decode()}


@pytest.fixture
def city():
    return build_people(build_city())


def wrong(refused) -> list[str]:
    return [error.field for error in refused.value.errors]


# ── writing ──


def test_a_draft_begins_as_the_first_version_of_its_unit(city):
    draft = write()
    assert (draft.state, draft.version, draft.unit.code, draft.drafter) == ("DRAFT", 1, "DH", "")
    assert Event.objects.get(verb="draft.write").object_id == str(draft.pk)


@pytest.mark.parametrize(
    ("change", "version"),
    [
        ({"title": "春耕补贴申领办法"}, 2),
        ({"text": TEXT + "咨询请到镇里。"}, 2),
        ({"images": [PICTURE]}, 2),
        ({"accounts": ["DH-2"]}, 2),
        ({"accounts": ["DH-1", "DH-2"]}, 2),
        ({"origin": "repost", "source": "新华社"}, 2),
        ({"source": "新华社"}, 2),
        ({"form": "graphic", "policy": "东政发〔2026〕1号", "source_reason": "无"}, 1),
        ({"title": f" {TITLE} ", "text": TEXT}, 1),
        ({}, 1),
    ],
)
def test_only_title_text_images_accounts_origin_and_source_make_a_version(city, change, version):
    make_account("DH-2", city.units["DH"], platform="weibo")
    assert act("draft.write", write().pk, by="bian", **change).version == version


def test_the_order_of_accounts_makes_no_version_and_given_fields_replace_whole(city):
    make_account("DH-2", city.units["DH"], platform="weibo")
    draft = write(accounts=["DH-1", "DH-2"])
    assert act("draft.write", draft.pk, by="bian", accounts=["DH-2", "DH-1"]).version == 1
    assert shown(draft)["accounts"] == ["DH-2", "DH-1"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"accounts": ["DH-1", "DH-1"]}, "accounts"),
        ({"accounts": ["GX-1"]}, "accounts"),
        ({"accounts": ["DH-1", "GX-1"]}, "accounts"),
        ({"accounts": []}, "accounts"),
        ({"accounts": "DH-1"}, "accounts"),
        ({"accounts": None}, "accounts"),
        ({"origin": "copy"}, "origin"),
        ({"origin": None}, "origin"),
        ({"title": "  "}, "title"),
        ({"title": None}, "title"),
        ({"text": " \n "}, "text"),
        ({"origin": "repost"}, "source"),
        ({"origin": "repost", "source": "某自媒体工作室"}, "source_reason"),
        ({"images": "图"}, "images"),
        ({"images": [{"name": "图.png"}]}, "images"),
        ({"form": "诗"}, "form"),
        ({"corrects": "999"}, "corrects"),
        ({"colour": "红"}, "colour"),
        ({"version": "一"}, "version"),
    ],
)
def test_what_is_wrong_in_a_draft_is_said_at_its_field(city, given, field):
    draft = write()
    for on in ((), draft.pk):
        with pytest.raises(NotSo) as refused:
            act("draft.write", on, by="bian", **(WRITTEN | given if on == () else given))
        assert field in wrong(refused)
    assert Draft.objects.get().version == 1


def test_a_repost_of_another_source_needs_a_reason_and_pictures_need_no_text(city):
    assert write(origin="repost", source="某自媒体工作室", source_reason="上级要求转载").version == 1
    assert write(text=None, images=[PICTURE]).current.text == ""
    draft = write(images=[PICTURE])
    assert act("draft.write", draft.pk, by="bian", text=None).version == 2
    with pytest.raises(NotSo):
        act("draft.write", draft.pk, by="bian", images=[])


def test_accounts_are_looked_at_only_where_they_are_given(city):
    draft = write()
    Account.objects.filter(code="DH-1").update(status="closed", closed_on=NOW.date())
    assert act("draft.write", draft.pk, by="bian", title="改题").version == 2
    with pytest.raises(NotSo):
        act("draft.write", draft.pk, by="bian", accounts=["DH-1"])


def test_a_version_that_is_not_current_is_a_question_of_state_before_any_other_field(city):
    draft = write()
    with pytest.raises(NotNow):
        act("draft.write", draft.pk, by="bian", version=0, colour="红")
    with pytest.raises(NotNow):
        act("draft.send", draft.pk, by="bian", version=2)
    for version in (None, "1", "一", 1.0, True):
        with pytest.raises(NotSo):
            act("draft.send", draft.pk, by="bian", version=version)


def test_only_the_editors_of_the_unit_write(city):
    for login in ("shen", "qian", "guan", "zhu", "cha"):
        with pytest.raises(Refused):
            write(by=login)
    with pytest.raises(NotSo):
        write(by="zhen")  # an editor, of another unit


def test_a_draft_is_nobody_elses_business_until_it_is_released(city):
    draft = send(write())
    for login in ("zhen", "zhu", "jiao", "cha", "tou", "wang", "xi"):
        with pytest.raises(NotFound):
            act("draft.check", draft.pk, by=login, version=1)
    assert [shown(draft, login)["id"] for login in ("bian", "shen", "qian", "guan")] == [str(draft.pk)] * 4


# ── the three signatures ──


def test_three_people_release_a_draft_and_their_names_make_the_byline(city):
    draft = release()
    assert draft.state == "RELEASED"
    found = shown(draft)
    assert (found["drafter"], found["reviewer"], found["signatory"]) == ("bian", "shen", "qian")
    assert found["byline"] == "拟稿人：卞小编　审核人：申科长　审签人：钱局长"
    assert [step["verb"] for step in found["steps"]] == ["draft.write", "draft.send", "draft.check", "draft.sign"]


def test_the_digests_are_over_title_text_byline_and_pictures(city):
    draft = release(images=[PICTURE])
    picture = hashlib.sha256(b"picture").hexdigest()
    sealed = f"{TITLE}\n{TEXT}\n拟稿人：卞小编　审核人：申科长　审签人：钱局长\n{picture}".encode()
    released = shown(draft)["released"]
    assert released == {
        "at": NOW.isoformat(),
        "version": 1,
        "sha256": hashlib.sha256(sealed).hexdigest(),
        "sm3": hashlib.new("sm3", sealed).hexdigest(),
    }
    assert is_intact(draft.release)


def test_a_repost_names_its_source_and_who_proofread_it(city):
    draft = release(origin="repost", source="新华社")
    assert shown(draft)["byline"] == "信息来源：新华社　编校人：卞小编　审核人：申科长"
    assert shown(draft)["signatory"] == "qian"


def test_by_the_other_reading_a_repost_is_released_by_the_second_signature(city):
    change = {"name": "repost_review", "choice": "two", "starts_on": NOW.date(), "reason": "转载", "state": "approved"}
    ReadingChange.objects.create(**change, proposed_by="cha", proposed_name="查", proposed_at=NOW, decided_by="tou")
    draft = check(send(write(origin="repost", source="新华社")))
    assert (draft.state, draft.signatory) == ("RELEASED", "")
    assert shown(draft)["byline"] == "信息来源：新华社　编校人：卞小编　审核人：申科长"
    assert check(send(write())).state == "SIGNING"
    faulty = send(write(origin="repost", source="新华社", text=TYPO))
    with pytest.raises(NotNow):
        check(faulty)


def also(city, login, position):
    PositionHeld.objects.create(
        person=city.people[login], unit=city.units["DH"], position=position, starts_on=NOW.date()
    )


def test_a_person_is_one_person_whatever_positions_they_hold(city):
    for login in ("bian", "shen"):
        for position in ("section_head", "leader"):
            if (login, position) != ("shen", "section_head"):
                also(city, login, position)
    draft = send(write())
    with pytest.raises(Refused):
        check(draft, by="bian")
    check(draft, by="shen")
    for login in ("bian", "shen"):
        with pytest.raises(Refused):
            sign(draft, by=login)
    assert sign(draft).state == "RELEASED"


def test_who_stands_in_for_another_is_still_one_person(city):
    held = PositionHeld.objects.get(person=city.people["qian"])
    day = NOW.date()
    Delegation.objects.create(position_held=held, person=city.people["shen"], starts_on=day, ends_on=day, given_at=NOW)
    draft = check(send(write()))
    with pytest.raises(Refused):
        sign(draft, by="shen")
    draft = check(send(write()), by=make_head(city))
    assert sign(draft, by="shen").signatory == "shen"


def make_head(city) -> str:
    return make_person("fu", "副科长", city.units["DH"], "section_head").login


def test_who_sends_it_is_the_drafter_and_may_recall_it(city):
    make_person("hua", "华小编", city.units["DH"], "editor")
    draft = send(write(by="bian"), by="hua")
    assert draft.drafter == "hua"
    with pytest.raises(Refused):
        act("draft.recall", draft.pk, by="bian")
    check(draft)
    draft = act("draft.recall", draft.pk, by="hua")
    assert (draft.state, draft.reviewer, draft.version) == ("DRAFT", "", 1)
    with pytest.raises(NotNow):
        act("draft.recall", draft.pk, by="hua")
    with pytest.raises(Refused):
        act("draft.recall", draft.pk, by="bian")


def test_nobody_is_bound_as_drafter_or_reviewer_in_a_draft_that_came_back(city):
    also(city, "bian", "section_head")
    draft = send(write())
    act("draft.return", draft.pk, by="bian", reason="自己退回", passages=["春耕补贴"])
    # the state refuses, not the person
    with pytest.raises(NotNow):
        check(draft, by="bian")
    with pytest.raises(NotNow):
        check(draft, by="shen")


def test_an_amendment_is_a_new_version_that_is_checked_from_the_start(city):
    draft = check(send(write()))
    draft = act("draft.amend", draft.pk, by="qian", version=1, text=TEXT.replace("村里", "镇里"))
    assert (draft.state, draft.version, draft.drafter, draft.reviewer) == ("CHECKING", 2, "bian", "")
    assert draft.current.difference == {
        "text": [
            ["same", "东湖县发布春耕补贴办法，符合条件的农户可到"],
            ["out", "村"],
            ["in", "镇"],
            ["same", "里申领。"],
        ]
    }
    for nothing in ({}, {"title": TITLE}, {"text": ""}):
        with pytest.raises(NotSo):
            act("draft.amend", draft.pk, by="shen", version=2, **nothing)
    with pytest.raises(Refused):
        act("draft.amend", draft.pk, by="qian", version=2, title="改题")
    assert sign(check(draft)).state == "RELEASED"


def test_a_return_says_why_and_which_passages(city):
    draft = act("draft.return", send(write()).pk, by="shen", reason="数据要核实", passages=["符合条件的农户"])
    assert draft.state == "RETURNED"
    step = draft.steps.last()
    assert (step.note, step.passages) == ("数据要核实", ["符合条件的农户"])
    assert act("draft.write", draft.pk, by="bian", title="改题").state == "RETURNED"
    with pytest.raises(NotSo):
        act("draft.return", send(draft).pk, by="shen", reason=" ")


def test_what_happened_before_the_last_step_cannot_be_registered(city):
    draft = write(at=later(60))
    with pytest.raises(NotNow):
        send(draft, at=NOW)
    assert send(draft, at=later(60)).state == "CHECKING"


def test_whoever_must_act_next_is_told(city):
    def told(login):
        (acting,) = actings_by_login(login, NOW)
        return [notice.title for notice in notices_visible_to(acting).filter(kind="draft").order_by("pk")]

    draft = send(write())
    assert told("shen") == [f"等您审核的稿件：{TITLE}"]
    act("draft.return", draft.pk, by="shen", reason="数据要核实")
    assert told("bian") == [f"退回修改的稿件：{TITLE}"]
    sign(check(send(draft, later(1)), later(2)), later(3))
    assert told("qian") == [f"等您审签的稿件：{TITLE}"]
    assert told("bian")[0] == f"退回修改的稿件：{TITLE}"
    assert len(told("bian")) == 2
    assert (told("guan"), told("zhen"), told("cha")) == ([], [], [])
