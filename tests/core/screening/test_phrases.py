"""Fixed phrases one character away from the right form: all the ways to write them wrongly, and what is only near
them.
"""

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.alike import Alike
from xinmei.core.screening.matcher import AhoCorasick
from xinmei.core.screening.packs import Entry

SCREEN = Screen.load()
DAY = date(2026, 6, 1)
ALIKE = Alike(RULES / "screening/sounds.txt", RULES / "screening/looks.txt")
AROUND = [("会议强调，要坚持", "，推动各项工作落实。"), ("近日，", "有关工作取得新进展。"), ("我们学习了", "")]
NO_COMPILER = "错别字模型的扩展没有编译：请装 C 编译器后运行 python setup.py build_ext --inplace"
INSERTED = "人大上个国以时用生到作地出分对成会主发年动同工"


def spoil(phrase: str, how: str, random: Random) -> str:
    """The phrase with one character replaced by a similar one, lost, doubled or added."""
    at = random.randrange(len(phrase))
    if how == "changed":
        places = [place for place, character in enumerate(phrase) if ALIKE.others(character)]
        at = random.choice(places)
        return phrase[:at] + random.choice(ALIKE.others(phrase[at])) + phrase[at + 1 :]
    if how == "lost":
        return phrase[:at] + phrase[at + 1 :]
    if how == "doubled":
        return phrase[:at] + phrase[at] + phrase[at:]
    at = random.randrange(1, len(phrase))
    return phrase[:at] + random.choice(INSERTED) + phrase[at:]


def seed(random: Random) -> list[tuple[Entry, str, str, int, int]]:
    """(entry, how, text, start, end) of one case for each phrase and way that leaves no other right phrase."""
    entries = [
        entry for pack in SCREEN.packs if pack.kind == "phrases" for entry in pack.entries if entry.in_force(DAY)
    ]
    right = {form for entry in entries for form in (*entry.find, *entry.excepted)}
    cases = []
    for how in ("changed", "lost", "doubled", "inserted"):
        for entry in random.sample(entries, 250):
            wrong = spoil(entry.find[0], how, random)
            if wrong not in right:
                before, after = random.choice(AROUND)
                cases.append((entry, how, before + wrong + after, len(before), len(before) + len(wrong)))
    return cases


def test_of_a_thousand_seeded_faults_in_fixed_phrases_95_in_100_are_found():
    assert SCREEN.model, "没有错别字模型"
    assert SCREEN.model.fast, NO_COMPILER
    found, tried = Counter(), Counter()
    cases = seed(Random("fixed phrases"))
    for (_, how, _, start, end), hits in zip(
        cases, SCREEN.scan([text for _, _, text, _, _ in cases], DAY, shelf="confident"), strict=True
    ):
        tried[how] += 1
        found[how] += any(
            hit.category in {"typo", "grave_misstatement"} and hit.start < end and start < hit.end for hit in hits
        )
    assert tried.total() >= 900
    assert found.total() >= 0.95 * tried.total()
    assert min(found[how] / tried[how] for how in tried) >= 0.85


LOOKS = [set(line) for line in (RULES / "screening/looks.txt").read_text(encoding="utf-8").splitlines()]
SOUNDS = [
    set(line.partition("\t")[2]) for line in (RULES / "screening/sounds.txt").read_text(encoding="utf-8").splitlines()
]


def plant(phrase: str, kind: str, random: Random, usual: set[str]) -> str | None:
    """The phrase with one slip of a kind; None where it has no place for one."""
    at = random.randrange(len(phrase) - 1)
    if kind in ("sound", "look"):
        groups = SOUNDS if kind == "sound" else LOOKS
        wrong = [
            (place, other)
            for place, one in enumerate(phrase)
            for group in groups
            if one in group
            for other in sorted(group & usual - {one})
        ]
        if not wrong:
            return None
        at, other = random.choice(wrong)
        return phrase[:at] + other + phrase[at + 1 :]
    if kind == "swapped":
        if {phrase[at], phrase[at + 1]} <= set("一二三四五六七八九十"):
            return None
        return phrase[:at] + phrase[at + 1] + phrase[at] + phrase[at + 2 :]
    if kind == "word twice":
        return phrase[: at + 2] + phrase[at:]
    wrong = spoil(phrase, kind, random)
    # Another number is another congress, and no slip.
    return (
        None
        if kind == "lost" and any(wrong.count(one) < phrase.count(one) for one in "一二三四五六七八九十")
        else wrong
    )


@pytest.mark.parametrize(
    ("kind", "least"),
    [("sound", 97), ("look", 97), ("lost", 90), ("inserted", 90), ("doubled", 97), ("swapped", 97), ("word twice", 97)],
)
def test_grave_slips_of_each_kind_are_found_and_called_grave(kind: str, least: int) -> None:
    random = Random(f"grave {kind}")
    entries = [
        entry
        for pack in SCREEN.packs
        if pack.kind == "phrases" and pack.category == "grave_misstatement"
        for entry in pack.entries
        if entry.in_force(DAY)
    ]
    usual = {one for entry in entries for one in entry.find[0]}
    right = {form for entry in entries for form in (*entry.find, *entry.excepted)} | set(SCREEN.usual_forms)
    numerals = set("一二三四五六七八九十")
    texts = []
    for entry in random.sample(entries, 300):
        wrong = plant(entry.find[0], kind, random, usual)
        if wrong and wrong not in right and not (set(wrong) ^ set(entry.find[0])) & numerals:
            before, after = random.choice(AROUND)
            texts.append((before + wrong + after, len(before), len(before) + len(wrong)))
    found = sum(
        any(hit.category == "grave_misstatement" and hit.start < end and start < hit.end for hit in hits)
        for (_, start, end), hits in zip(
            texts, SCREEN.scan([text for text, _, _ in texts], DAY, shelf="confident"), strict=True
        )
    )
    assert len(texts) >= 200
    assert 100 * found >= least * len(texts), f"{found} of {len(texts)}"


FALLBACK = Screen(SCREEN.packs, RULES / "screening", SCREEN.model)
FALLBACK.__dict__["_matcher"] = AhoCorasick(*SCREEN._looked_for())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 1 << 32),
    st.text(st.sampled_from("的了在和中国人民政府一二。，“” 1Ａ國\u200b"), max_size=12),
    st.sampled_from(("confident", "possible")),
)
def test_what_the_c_engine_leaves_out_is_no_hit_of_the_other_engine(number: int, around: str, shelf: str) -> None:
    """The C engine asks the typo model itself about short phrases; the other engine hands everything to Python."""
    assert SCREEN.model, "没有错别字模型"
    assert SCREEN.model.fast, NO_COMPILER
    random = Random(number)
    entries = [entry for pack in SCREEN.packs if pack.kind == "phrases" for entry in pack.entries]
    texts = [
        around[:at] + spoil(entry.find[0], how, random) + around[at:]
        for entry, how, at in zip(
            random.sample(entries, 40), ("changed", "lost", "doubled", "inserted") * 10, range(40), strict=True
        )
    ]
    assert list(SCREEN.scan(texts, DAY, shelf=shelf, typos=False)) == list(
        FALLBACK.scan(texts, DAY, shelf=shelf, typos=False)
    )
    column = dict(SCREEN.scan_arrow(pa.array(texts), DAY, shelf=shelf, typos=False))
    assert [column.get(row, []) for row in range(len(texts))] == list(
        FALLBACK.scan(texts, DAY, shelf=shelf, typos=False)
    )


def test_both_engines_leave_another_character_in_a_short_strict_name_alone():
    texts = ["中国共产主会义青年团", "中国共产的党"]
    for shelf in ("confident", "possible"):
        found = list(SCREEN.scan(texts, DAY, shelf=shelf, typos=False))
        assert found == list(FALLBACK.scan(texts, DAY, shelf=shelf, typos=False))
        assert "中国共产党" not in {hit.suggest for hit in found[0]}


@pytest.mark.parametrize(
    ("text", "suggest", "wrong"),
    [
        ("推进雄安区建设", "雄安新区", "雄安区"),
        ("保护黄河域生态", "黄河流域", "黄河域"),
        ("中央政治局常委、务院总理李强作出批示", "国务院总理", "务院总理"),
        ("四四个自信", "四个自信", "四四个自信"),
        ("认真开展主题教教育", "主题教育", "主题教教育"),
        ("依法向人主民法院提起诉讼", "人民法院", "人主民法院"),
        ("住房和城乡建没部", "住房和城乡建设部", "住房和城乡建没部"),
    ],
)
def test_a_short_phrase_is_found_with_a_character_lost_doubled_or_put_in(text, suggest, wrong):
    [hits] = SCREEN.scan([text], DAY, shelf="confident")
    assert (suggest, wrong) in {(hit.suggest, hit.text) for hit in hits}


@pytest.mark.parametrize(
    "text",
    [
        "深入学习习近平总书记重要讲话精神",
        "在中国国家统计局发布的数据中",
        "中国渔政服务平台和市政服务",
        "创新、协调、绿色、开放、共享的发展理念",
        "脱贫攻坚，取得了历史性成就",
        "5月7日，国务院原副总理的文章",
        "提供更高质量国际协作",
        "党的十一届三中全会以来",
        "大渡河流域的水电站",
    ],
)
def test_what_is_near_a_fixed_phrase_and_right_is_left_alone(text):
    [hits] = SCREEN.scan([text], DAY, shelf="confident")
    assert hits == []


@pytest.mark.parametrize(
    "text",
    [
        "到本世纪中叶全面建成社会主义现代化强国",
        "大力发展中国企业改革创新的经验",
        "为乡村的振兴注入新的活力",
        "党是领导我们事业的核心力量",
        "他曾任全国政协常委、市政协常委",
        "从党的一大到党的二十大",
        "党的八大以来和党的十四大",
        "十四五规划和十五五规划相衔接",
        "会对中国资产有何影响",
        "广西自治区财政",
        "打造国际化营商新环境",
        "市财政局、财政部原部长出席，交警一大队执勤",
        "有色旗下的湿法冶炼公司发布署名文章",
        "实现第二个一百年奋斗目标",
        "数说云澜：一图读懂前三季度经济运行",
    ],
)
def test_sister_phrases_other_words_grammar_and_numbers_are_no_slips(text: str) -> None:
    [hits] = SCREEN.scan([text], DAY, shelf="confident")
    assert [(hit.text, hit.suggest) for hit in hits] == []


@pytest.mark.parametrize(
    ("text", "suggest"),
    [
        ("庆祝中华人民和共国成立", "中华人民共和国"),
        ("中国特色社会主义主义制度", "中国特色社会主义制度"),
        ("全国人民代大表会", "全国人民代表大会"),
        ("坚持把为民人服务作为宗旨", "为人民服务"),
    ],
)
def test_characters_that_changed_places_and_words_that_stand_twice_are_found(text: str, suggest: str) -> None:
    [hits] = SCREEN.scan([text], DAY, shelf="confident")
    assert [hit.category for hit in hits] == ["grave_misstatement"]
    assert hits[0].suggest in suggest


def test_one_place_has_one_hit_the_gravest() -> None:
    [hits] = SCREEN.scan(["以习近平新时代中国特色社会主意思想为指导，全国人民代表大会常物委员会"], DAY)
    words = [hit for hit in hits if hit.category in {"typo", "grave_misstatement", "style"}]
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert {hit.category for hit in words} == {"grave_misstatement"}


def test_the_notice_that_binds_us_has_no_wrong_phrase():
    notice = (Path(__file__).parent.parent / "notice.txt").read_text(encoding="utf-8")
    [hits] = SCREEN.scan([notice], DAY, shelf="confident", typos=False)
    assert [hit for hit in hits if hit.category == "grave_misstatement"] == []


@pytest.mark.parametrize(
    "text", ["赵乐季委员长出席会议", "副总理丁薛详主持会议", "毛泽冬思想", "习进平总书记", "周思来总理"]
)
def test_a_leaders_name_with_one_wrong_character_is_flagged_and_not_rewritten(text):
    [hits] = SCREEN.scan([text], DAY, shelf="confident")
    assert {hit.suggest for hit in hits if hit.category == "grave_misstatement"} == {None}


def test_a_name_like_a_leaders_without_an_office_beside_it_is_left_alone():
    [hits] = SCREEN.scan(["选手胡金涛获得第三名"], DAY)
    assert [hit for hit in hits if hit.category == "grave_misstatement"] == []


def test_phrases_are_judged_without_a_model_too():
    screen = Screen(SCREEN.packs, RULES / "screening")
    assert [bool(hits) for hits in screen.scan(["中华人民共合国成立", "中华人民共和国成立", "四个自信"], DAY)] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "政务公开开放日活动走进社区。",
        "全市政务公开开启新篇章。",
        "政府信息公开开展培训。",
        "防电信网络诈骗宣传进校园。",
    ],
)
def test_a_character_doubled_at_the_edge_may_belong_to_the_next_word(text):
    assert [list(hits) for hits in SCREEN.scan([text], [DAY], shelf="confident")] == [[]]


def test_a_character_doubled_at_the_edge_is_found_where_no_word_begins_with_it():
    (hits,) = SCREEN.scan(["加强政务公开开工作，由人民政府府办公室印发。"], [DAY])
    assert [hit.text for hit in hits] == ["政务公开开", "人民政府府办公室"]
