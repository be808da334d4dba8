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
        ("personal_data", "您家阳光花园3栋2单元501室的水表已换。"),
        ("personal_data", "车主您好，苏N12345的罚单已撤销。"),
        ("empty", "您反映的问题我们将认真研究，努力让群众更加满意。"),
        ("curt", "已转相关部门。"),
        ("angry", "您除了会发帖还会什么？"),
        ("machine_like", "您好，{{name}}，您的事项已受理。"),
        ("promise", "这条路年底前肯定修好，放心。"),
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
        "可以，带身份证就行。",
        "他说“你去告啊”，我们听了录音，已停他的班。",
        "洪泽湖路156号政务中心三楼301窗口，每周一到周五。",
        "能不能批要看评审，我们不能先答应您。",
        "自动扶梯修好了，今早试运行。",
    ],
)
def test_what_only_looks_like_it_is_left_alone(reply):
    assert kinds(reply) == set()


def test_a_reply_without_anything_of_the_question_is_off_it():
    asked = "居住证到期了怎么续签？"
    assert kinds("本市图书馆周末延长开放，欢迎前来借阅。", asked) == {"off_topic"}
    assert kinds("居住证可在派出所窗口续签，带身份证。", asked) == set()
    assert kinds("我市居住证工作获评全省先进单位，受到各方好评。", asked) == {"off_topic"}  # news, and no answer


def test_the_name_of_who_asked_is_personal_data_and_a_single_character_is_not():
    assert kinds("李建国同志，您的申请已受理，请到窗口领证。", author="李建国") == {"personal_data"}
    assert kinds("李先生，您的申请已受理，请到窗口领证。", author="李") == set()
    assert kinds("网友您好，您的申请已受理，请到窗口领证。", author="网友") == set()


def test_nothing_is_no_reply():
    assert check_reply("  ") == []
