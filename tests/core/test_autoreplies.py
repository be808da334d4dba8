"""Automatic replies that lead nowhere."""

from __future__ import annotations

import pytest

from xinmei.core.autoreplies import CONTAIN, EQUAL, KEYWORD, MESSAGE, Rule, look_through


def kinds(*told: Rule) -> list[list[str]]:
    return [[one.kind for one in found] for found in look_through(told)]


def on(word: str, text: str, mode: str = EQUAL) -> Rule:
    return Rule(KEYWORD, text, ((mode, word),))


def test_a_keyword_whose_reply_asks_for_itself_goes_in_circles():
    assert kinds(on("1", "详情请回复“1”")) == [["loop"]]
    assert kinds(on("社保", "您好，请回复【社保】了解", CONTAIN)) == [["loop"]]


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_circle_of_any_length_is_one(length):
    told = [on(str(number), f"请回复{(number + 1) % length}") for number in range(length)]
    assert kinds(*told) == [["loop"]] * length


def test_what_leads_into_a_circle_is_not_in_it():
    assert kinds(Rule("follow", "回复“1”"), on("1", "请回复“2”"), on("2", "请回复“1”")) == [[], ["loop"], ["loop"]]


def test_a_reply_to_all_else_that_asks_for_what_nobody_answers_comes_back_to_itself():
    assert kinds(Rule(MESSAGE, "请回复“人工”转人工")) == [["loop"]]
    assert kinds(Rule(MESSAGE, "请回复“人工”转人工"), on("人工", "工作日9时至17时，电话12345")) == [[], []]


def test_a_menu_and_its_way_back_are_none():
    menu = on("0", "请回复数字：1 社保 2 医保")
    answers = [on(word, f"{what}在市民中心办，电话12345。回复“0”返回") for word, what in (("1", "社保"), ("2", "医保"))]
    assert kinds(menu, *answers) == [[], [], []]


def test_a_word_of_a_menu_that_nothing_answers_is_named():
    (found, _) = look_through([on("0", "请回复数字：1 社保 2 医保"), on("1", "社保在市民中心二楼办理。")])
    assert [(one.kind, one.found) for one in found] == [("dead", "2")]
