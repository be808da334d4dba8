"""Every obligation of the notice has an answer in the house, and every answer exists."""

import re
from pathlib import Path

from xinmei.core.deadlines import KINDS
from xinmei.core.rulebook import criteria, read_yaml

NOTICE = (Path(__file__).parent / "notice.txt").read_text(encoding="utf-8")
CLAUSES = read_yaml("clauses.yaml")["clauses"]
ANSWERS = [(kind, name) for clause in CLAUSES for answer in clause["answers"] for kind, name in answer.items()]

SCREENED = {
    "typo",
    "grave_misstatement",
    "advert",
    "improper_content",
    "harmful_content",
    "state_secret",
    "privacy_leak",
    "style",
}
PAGES = {"工作台", "账号", "检查", "问题", "互动", "发布", "稿件", "考核", "通报", "清理优化", "关停导航", "谁管谁"}
PAGES |= {"功能", "备案", "两本账", "发稿日历", "核对签发稿", "政策解读"}
OBLIGES = re.compile("要|须|应当|应按|不得|不少于|扣\\d|加\\d+分|确保|每周|每季度")


def test_every_quote_stands_in_the_notice_word_for_word():
    assert [clause["quote"] for clause in CLAUSES if clause["quote"] not in NOTICE] == []


def test_quotes_are_distinct_and_no_clause_is_empty():
    quotes = [clause["quote"] for clause in CLAUSES]
    assert len(set(quotes)) == len(quotes)
    assert all(clause["chapter"] and clause["quote"] and clause["answers"] for clause in CLAUSES)


def test_each_quote_stands_in_the_chapter_that_is_named():
    starts = [(NOTICE.rindex("附件1\n"), "附件1"), (NOTICE.rindex("附件2\n"), "附件2")]
    starts += [(m.start(), m.group()) for m in re.finditer("^[一二三四五六七八九十]、.*$", NOTICE, re.MULTILINE)]
    for clause in CLAUSES:
        begin = {title: place for place, title in starts}[clause["chapter"]]
        end = min((place for place, _ in starts if place > begin), default=len(NOTICE))
        assert clause["quote"] in NOTICE[begin:end], clause["quote"]


def test_no_obligation_of_the_notice_is_left_without_an_answer():
    left = NOTICE[NOTICE.index("二、明确工作职责") :]
    for quote in sorted((clause["quote"] for clause in CLAUSES), key=len, reverse=True):
        left = left.replace(quote, "")
    assert [line for line in left.splitlines() if OBLIGES.search(line)] == []


def test_deadlines_screens_and_pages_that_answer_exist():
    known = {"deadline": set(KINDS), "screen": SCREENED, "page": PAGES}
    assert {kind for kind, _ in ANSWERS} == {"deadline", "indicator", "watch", "screen", "page", "people", "act"}
    assert [(kind, name) for kind, name in ANSWERS if kind in known and name not in known[kind]] == []
    assert all(isinstance(name, str) and name for _, name in ANSWERS)


def test_no_duty_and_no_account_is_left_to_people_alone():
    """Of 二 and 三, each clause has an act, but for one: that others guide and look on is no act of theirs here."""
    asked = [clause for clause in CLAUSES if clause["chapter"][0] in "二三"]
    kinds = {clause["quote"]: {kind for one in clause["answers"] for kind in one} for clause in asked}
    without = [quote for quote, answered in kinds.items() if "act" not in answered]
    assert [quote[:30] for quote in without] == ["各级政务新媒体按照主管主办和属地管理原则，接受宣传、网信部门"]


def test_indicators_that_answer_stand_in_their_sets():
    places = {
        place
        for c in criteria().values()
        for place in (c.set, f"{c.set}/{c.indicator}", f"{c.set}/{c.indicator}/{c.criterion}")
    }
    assert [name for kind, name in ANSWERS if kind == "indicator" and name not in places] == []


def test_watches_that_answer_are_criteria_which_the_system_finds_itself():
    found = {c.criterion for c in criteria().values() if c.recorded_by != "person"}
    assert [name for kind, name in ANSWERS if kind == "watch" and name not in found] == []


def test_every_criterion_answers_a_clause():
    named = {name for kind, name in ANSWERS if kind in ("watch", "screen")}
    places = {name for kind, name in ANSWERS if kind == "indicator"}
    left = [
        c
        for c in criteria().values()
        if c.criterion not in named and not {f"{c.set}/{c.indicator}", f"{c.set}/{c.indicator}/{c.criterion}"} & places
    ]
    assert left == []


def test_every_deadline_answers_a_clause():
    assert {name for kind, name in ANSWERS if kind == "deadline"} == set(KINDS)
