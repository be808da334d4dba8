"""Approved = live, by examples worked out by hand. 东湖县 works under review from 2026-03-01."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.supervision.tests.facts_cast import at, make_facts, window
from xinmei.supervision.watches.approval import bare_text, match, watch_reviewed, watch_unchanged
from xinmei.supervision.watches.facts import AccountFacts, Approved, Live

LOOK = window("2026-04-30T09:00")
TEXT = "东湖县发布春耕补贴办法，每亩补贴120元。"
BYLINE = "拟稿人：卞小编　审核人：申科长　审签人：钱局长"


def under_review(since: date | None = date(2026, 3, 1)) -> AccountFacts:
    facts = make_facts()
    facts.unit.reviews_from = since
    return facts


def approve(facts, number, released, title="春耕补贴开始申领", text=TEXT, **named) -> None:
    """A draft released at that moment in Shanghai."""
    named = {key: frozenset(value) if key in ("posts", "urls") else value for key, value in named.items()}
    facts.approved.append(
        Approved(number, at(released), title, text, BYLINE, "ab" * 32, **({"corrects": None} | named))
    )


def go_live(facts, code, moment, title="春耕补贴开始申领", text=TEXT, url="", deleted=None) -> None:
    """A post at that moment in Shanghai."""
    facts.live.append(Live(code, at(moment), deleted and at(deleted), title, text, url))


def unreviewed(facts, look=LOOK) -> list[str]:
    return [fault.subject for fault in watch_reviewed(facts, look)]


def changed(facts, look=LOOK) -> list[str]:
    return [fault.subject for fault in watch_unchanged(facts, look)]


def test_what_nobody_approved_is_unreviewed():
    facts = under_review()
    go_live(facts, "P1", "2026-03-10T10:00")
    (fault,) = watch_reviewed(facts, LOOK)
    assert (fault.set, fault.criterion, fault.subject, fault.fault_on) == (
        "duty",
        "unreviewed_post",
        "P1",
        date(2026, 3, 10),
    )
    assert changed(facts) == []


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ("2026-03-10T10:00:00", []),  # at the very moment of the release
        ("2026-03-10T09:59:59", ["P1"]),  # a second before it
        ("2026-03-17T10:00:00", []),  # exactly 7 × 24 h after it
        ("2026-03-17T10:00:01", ["P1"]),
    ],
)
def test_a_post_of_the_same_title_belongs_to_a_draft_released_in_the_seven_days_before_it(posted, expected):
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00:00")
    go_live(facts, "P1", posted)
    assert unreviewed(facts) == expected


@pytest.mark.parametrize("title", ["春耕 补贴\u3000开始申领", "春耕补贴开始申领 ", "春耕补贴\n开始申领"])
def test_white_space_and_width_make_no_other_title(title):
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    go_live(facts, "P1", "2026-03-10T11:00", title)
    assert unreviewed(facts) == []


def test_width_of_letters_and_digits_makes_no_other_title():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00", "２０２６年ＡＩ培训（第１期）")
    go_live(facts, "P1", "2026-03-10T11:00", "2026年AI培训(第1期)")
    assert unreviewed(facts) == []


def test_a_post_that_a_draft_names_belongs_to_it_whatever_its_title_and_day():
    facts = under_review()
    approve(facts, 1, "2026-03-02T10:00", "另一个标题", posts={"P1"})
    approve(facts, 2, "2026-03-02T10:00", "又一个标题", urls={"https://mp.example.cn/s/2"})
    go_live(facts, "P1", "2026-04-10T10:00")
    go_live(facts, "P2", "2026-04-10T10:00", url="https://mp.example.cn/s/2")
    assert unreviewed(facts) == []


def test_a_draft_has_one_post_an_account_and_the_nearest_gets_it():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    go_live(facts, "P1", "2026-03-10T12:00")
    go_live(facts, "P2", "2026-03-10T11:00")
    assert unreviewed(facts) == ["P1"]
    assert match(facts, LOOK)["P2"].number == 1


def test_of_two_drafts_the_nearest_is_taken_and_the_other_is_left_for_the_next_post():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    approve(facts, 2, "2026-03-12T10:00")
    go_live(facts, "P1", "2026-03-12T11:00")
    assert {code: draft.number for code, draft in match(facts, LOOK).items()} == {"P1": 2}
    go_live(facts, "P2", "2026-03-13T11:00")
    assert {code: draft.number for code, draft in match(facts, LOOK).items()} == {"P1": 2, "P2": 1}


def test_a_draft_that_names_a_post_is_not_free_for_another_of_its_title():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00", posts={"P2"})
    go_live(facts, "P1", "2026-03-10T10:30")
    go_live(facts, "P2", "2026-03-10T12:00")
    assert unreviewed(facts) == ["P1"]


def test_what_was_posted_before_the_unit_began_or_deleted_at_once_is_not_judged():
    facts = under_review()
    go_live(facts, "P0", "2026-02-28T23:59:59")
    go_live(facts, "P1", "2026-03-01T00:00")
    go_live(facts, "P2", "2026-03-02T10:00", deleted="2026-03-03T10:00")
    assert unreviewed(facts) == ["P1"]
    assert unreviewed(under_review(None)) == []


@pytest.mark.parametrize(
    ("live", "differs"),
    [
        (TEXT, False),
        (f"{TEXT}\n\n{BYLINE}", False),  # the byline apart
        (f"{TEXT}\n（拟稿：卞小编 审核：申科长 审签：钱局长）", False),
        (f"{TEXT}拟稿人：卞小编审核人：申科长审签人：钱局长", False),
        ("东湖县发布春耕补贴办法， 每亩补贴１２０元。", False),  # white space and width apart
        (TEXT.replace("120", "150"), True),
        (TEXT + "欢迎转发。", True),
        (TEXT.replace("办法", "方案"), True),
    ],
)
def test_text_that_differs_is_changed_after_approval(live, differs):
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    go_live(facts, "P1", "2026-03-10T11:00", text=live)
    assert changed(facts) == (["P1"] if differs else [])
    assert unreviewed(facts) == []


def test_the_difference_is_kept_word_by_word():
    facts = under_review()
    approve(facts, 7, "2026-03-10T10:00")
    go_live(facts, "P1", "2026-03-10T11:00", text=TEXT.replace("120", "150"))
    (fault,) = watch_unchanged(facts, LOOK)
    assert fault.proof["difference"] == [
        ["same", "东湖县发布春耕补贴办法,每亩补贴"],
        ["out", "120"],
        ["in", "150"],
        ["same", "元。"],
    ]
    assert (fault.proof["draft"], fault.steps[-1]) == ("7", "所见文字与签发稿不同：删去“120”，加上“150”")


def test_a_corrected_draft_is_compared_with_the_last_correction_released_until_the_look():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    approve(facts, 2, "2026-03-20T10:00", text=TEXT.replace("120", "150"), corrects=1)
    approve(facts, 3, "2026-03-25T10:00", text=TEXT.replace("120", "160"), corrects=2)
    go_live(facts, "P1", "2026-03-10T11:00", text=TEXT.replace("120", "150"))
    assert changed(facts, window("2026-03-19T09:00")) == ["P1"]  # not yet corrected
    assert changed(facts, window("2026-03-24T09:00")) == []
    assert changed(facts, window("2026-03-26T09:00")) == ["P1"]  # corrected once more


def test_a_text_that_was_not_seen_is_not_seen_to_differ():
    facts = under_review()
    approve(facts, 1, "2026-03-10T10:00")
    go_live(facts, "P1", "2026-03-10T11:00", text="")
    assert changed(facts) == []


def test_only_the_byline_is_left_out_not_a_name_in_the_text():
    assert bare_text("审核人员共三名。", BYLINE) == "审核人员共三名。"
    assert bare_text("全文\n拟稿人：甲　审核人：乙", "") == "全文"
