"""Like questions find each other, others do not; grounds for holding back stand on a law."""

from fractions import Fraction

from xinmei.core.likeness import group, likeness, nearest, pairs_of
from xinmei.core.moderation import grounds, never


def test_the_same_question_in_other_words_around_it_is_the_same():
    assert likeness(pairs_of("您好，请问居住证怎么办理？"), pairs_of("居住证怎么办理")) == 1


def test_likeness_is_twice_what_is_shared_by_what_there_is():
    # 公积 积金 金提 提取 / 公积 积金 金贷 贷款: 2 × 2 / 8
    assert likeness(pairs_of("公积金提取"), pairs_of("公积金贷款")) == Fraction(1, 2)


def test_nothing_is_like_nothing():
    assert likeness(pairs_of("？？"), pairs_of("")) == 0
    assert pairs_of("好") == {"好"}


def test_like_questions_stand_together_in_the_order_they_came():
    asked = [(1, "居住证怎么办理？"), (2, "停水到什么时候？"), (3, "请问居住证怎么办理呢"), (4, "停水到什么时候啊")]
    assert group(asked) == [[1, 3], [2, 4]]


def test_the_likest_comes_first_and_too_little_is_nothing():
    known = [("a", "社保卡怎么补办"), ("b", "居住证怎么办理"), ("c", "居住证到期怎么办理")]
    assert [key for key, _ in nearest("居住证怎么办理？", known, least=Fraction(1, 2), most=5)] == ["b", "c"]


def test_each_ground_quotes_a_law_and_criticism_is_none():
    assert len(grounds()) == 6
    assert all(one.source.startswith("《") and one.hit != one.miss for one in grounds().values())
    assert "批评" in never()["says"]
