"""Suggestions about replies: each kind by one that is and one that only looks like it; nothing is held up."""

import pytest

from xinmei.core.replies import KINDS, check_reply, rules


def kinds(reply: str, question: str = "", author: str = "") -> set[str]:
    return {one.kind for one in check_reply(reply, question, author)}


def test_each_rule_does_what_its_examples_say():
    assert set(rules()) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        ("empty", "感谢您的关注，我们将进一步加强管理。"),
        ("curt", "您好，不清楚。"),
        ("angry", "你急什么，排队去。"),
        ("machine_like", "作为人工智能，我无法办理。"),
        ("promise", "您放心，我们保证下周办好。"),
        ("personal_data", "已回电13912345678。"),
    ],
)
def test_what_strikes_is_said_with_what_to_do(kind, reply):
    assert kind in kinds(reply)
    assert all(one.advice and one.label for one in check_reply(reply))


@pytest.mark.parametrize(
    "reply",
    [
        "感谢您的关注，路灯6月3日前修好。",
        "您好，请拨打12345或0527-84367000咨询。",
        "根据《社会保险法》第二条，我们保证按月发放。",
    ],
)
def test_what_only_looks_like_it_is_left_alone(reply):
    assert kinds(reply) == set()


def test_a_reply_without_anything_of_the_question_is_off_it():
    asked = "居住证到期了怎么续签？"
    assert kinds("本市图书馆周末延长开放，欢迎前来借阅。", asked) == {"off_topic"}
    assert kinds("居住证可在派出所窗口续签，带身份证。", asked) == set()


def test_the_name_of_who_asked_is_personal_data_and_a_single_character_is_not():
    assert kinds("李建国同志，您的申请已受理，请到窗口领证。", author="李建国") == {"personal_data"}
    assert kinds("李先生，您的申请已受理，请到窗口领证。", author="李") == set()


def test_nothing_is_no_reply():
    assert check_reply("  ") == []
