"""三级审核: what the screening holds up."""

from __future__ import annotations

import pytest

from tests.cast import act, build_city, build_people, make_person
from tests.drafting import GRAVE, TEXT, TITLE, TYPO, check, send, shown, sign, write
from xinmei.core.refusals import NotNow, NotSo
from xinmei.people.doors import Refused
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


def hit_of(draft, by="bian", text=""):
    return next(hit["id"] for hit in shown(draft, by)["hits"] if text in hit["text"])


def test_each_version_is_screened_and_a_hit_says_where_it_stands(city):
    draft = write(title="关于财政拔款的通知", text=f"第一段。\n{TYPO}")
    hits = [(hit["in"], hit["start"], hit["end"], hit["text"], hit["category"]) for hit in shown(draft)["hits"]]
    assert hits == [("title", 4, 6, "拔款", "typo"), ("text", 7, 9, "拔款", "typo")]
    assert act("draft.write", draft.pk, by="bian", title=TITLE, text=TEXT).current.hits.count() == 0


def test_a_grave_hit_holds_up_the_sending_until_it_is_settled(city):
    draft = write(text=GRAVE)
    with pytest.raises(NotNow, match="中华人名共和国"):
        act("draft.send", draft.pk, by="bian")  # before the missing version is asked for
    act("draft.settle", draft.pk, by="bian", hit=hit_of(draft), why="引用展品原文")
    draft = check(send(draft))
    with pytest.raises(NotNow, match="只有拟稿人"):
        sign(draft)
    act("draft.settle", draft.pk, by="qian", hit=hit_of(draft), why="已核对展品")
    assert sign(draft).state == "RELEASED"


def test_another_confident_hit_holds_up_the_signing_alone(city):
    draft = check(send(write(text=TYPO)))
    with pytest.raises(NotNow):
        sign(draft)
    act("draft.settle", draft.pk, by="qian", hit=hit_of(draft), why="引用原文")
    assert sign(draft).state == "RELEASED"


def test_settling_is_of_rule_and_text_in_this_and_later_versions(city):
    draft = write(title="财政拔款", text=TYPO)
    act("draft.settle", draft.pk, by="bian", hit=hit_of(draft), why="引用")
    act("draft.settle", draft.pk, by="bian", hit=int(hit_of(draft)), why="引用原文")
    make_person("hua", "华小编", city.units["DH"], "editor")
    act("draft.settle", draft.pk, by="hua", hit=hit_of(draft), why="同意")
    act("draft.write", draft.pk, by="bian", text=TYPO + "请查收。")
    said = [{"why": "引用原文", "by": "bian"}, {"why": "同意", "by": "hua"}]
    assert [hit["settled"] for hit in shown(draft)["hits"]] == [said, said]


def test_a_hit_of_another_version_cannot_be_settled(city):
    draft = write(text=TYPO)
    old = hit_of(draft)
    act("draft.write", draft.pk, by="bian", text=TYPO + "请查收。")
    for hit in (old, "999999", "一"):
        with pytest.raises(NotSo):
            act("draft.settle", draft.pk, by="bian", hit=hit, why="引用")


def test_who_may_settle_changes_with_the_state(city):
    draft = send(write(text=TYPO))
    for login in ("bian", "qian", "guan"):
        with pytest.raises(Refused):
            act("draft.settle", draft.pk, by=login, hit=hit_of(draft), why="引用")
    act("draft.settle", draft.pk, by="shen", hit=hit_of(draft), why="引用")
    check(draft)
    with pytest.raises(Refused):
        act("draft.settle", draft.pk, by="shen", hit=hit_of(draft), why="引用")


def test_nothing_is_signed_for_an_account_that_is_out_of_service(city):
    draft = check(send(write()))
    Account.objects.filter(code="DH-1").update(status="deregistered")
    with pytest.raises(NotNow, match="东湖发布"):
        sign(draft)


def test_words_of_a_machine_that_were_declared_say_so_before_they_are_sent_and_signed(city):
    draft = write(generated="text")
    with pytest.raises(NotNow, match="还没有提示"):
        send(draft)
    act("draft.write", draft.pk, by="bian", text=f"{TEXT}本文部分内容由人工智能生成。")
    check(send(draft))
    act("draft.amend", draft.pk, by="qian", text=TEXT, version=2)
    check(draft)
    with pytest.raises(NotNow, match="还没有提示"):
        sign(draft)
    assert shown(draft)["generated"] == "text"
