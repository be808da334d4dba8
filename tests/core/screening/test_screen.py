"""What an inspector relies on: published faults are found, and what is right or only quoted is not."""

import json
import subprocess
import sys
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinmei.core.screening import Allowance, Screen, detectors, mask, mask_found, words_around

SCREEN = Screen.load()
DAY = date(2026, 6, 1)


def hits(text, **settings):
    [found] = SCREEN.scan([text], DAY, **settings)
    return found


def rules(text):
    return {hit.category for hit in hits(text, shelf="confident")}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("中华人民共合国成立", "中华人民共和国"),
        ("中华人民大和国", "中华人民共和国"),
        ("市人民攻府", "政府"),
        ("工作领导小姐", "领导小组"),
        ("开展扫黑险恶斗争", "扫黑除恶"),
        ("狠杀“四风”", "狠刹“四风”"),
        ("财政拔款", "拨款"),
        ("焚烧秸杆", "秸秆"),
        ("国家权利机关", "权力机关"),
    ],
)
def test_wrong_words_that_were_really_published_are_found(wrong, right):
    assert right in {hit.suggest for hit in hits(wrong, shelf="confident")}
    assert hits(wrong.replace(wrong, right), shelf="confident") == []


def test_a_locked_name_is_flagged_and_not_rewritten():
    [hit] = hits("以习近平新时代中国特色的社会主义思想为指导")
    assert (hit.category, hit.suggest, hit.shelf) == ("grave_misstatement", None, "confident")


@pytest.mark.parametrize("text", ["财　政拔 款", "财政拔\u200b款", "財政拔款", "财政拔*款", "财政拔·款"])
def test_width_traditional_forms_invisible_and_inserted_signs_hide_nothing(text):
    [hit] = hits(text)
    assert hit.rule == "typos/拔款"
    assert hit.text == text[hit.start : hit.end]


@pytest.mark.parametrize(
    "text",
    [
        "【啄木鸟】常见差错辨析：“财政拔款”应为“财政拨款”，“秸杆”应为“秸秆”，请各单位校对时留意。",
        "市场监督管理部门、乡、镇人民政府、全国政协副主席",
        "近期有人以“全场五折，扫码下单立减100元”等话术实施诈骗，请市民提高警惕。",
        "咨询电话0527-84361234，监督热线12345。",
        "统一社会信用代码93321302MA1X2Y3Z4K",
        "张某某，身份证号321302********1234，电话138****1234。",
        "中华人民\n共和国",
    ],
)
def test_what_is_right_or_only_quoted_is_no_confident_hit(text):
    assert rules(text) == set()


def test_one_advert_phrase_is_possible_and_two_are_confident():
    assert {hit.shelf for hit in hits("新品上市，买一送一")} == {"possible"}
    assert rules("限时特惠，买一送一，扫码下单") == {"advert"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("名单：刘某某，手机号13984241168", "名单：刘某某，手机号139****1168"),
        ("手机号１３９ 8424 1168", "手机号１３９ **** 1168"),
        ("身份证号11010519491231002X", "身份证号11*************02X"),
        ("热线12345", "热线12345"),
    ],
)
def test_personal_data_is_masked_star_for_character(text, masked):
    assert mask(text) == masked
    assert len(mask(text)) == len(text)


def test_a_citizens_number_with_a_wrong_check_digit_is_only_possible():
    assert [hit.shelf for hit in hits("身份证号110105194912310021")] == ["possible"]


WORDS = [
    "手机号",
    "名单：",
    "银行卡",
    "家庭电话",
    "咨询电话",
    "护照",
    "，",
    "。",
    "某某",
    "与会人员认真讨论了有关工作" * 6,
    "。" + "云澜" * 70,
]
PHONES = ["13984241168", "１３９ 8424 1168", "+86 139-8424-1168", "0527-84361234", "(0527)84361234"]
PHONES += ["139\u200b8424\u20601168", "①③⑨⑧④②④①①⑥⑧", "①", "²"]
NUMBERS = ["11010519491231002X", "6222021234567890128", "E12345678", "20251231", "2024-2025", "138", "6222", "1.5", "E"]
PIECES = st.sampled_from([*WORDS, *PHONES, *NUMBERS])


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_numbers_are_found_around_what_calls_for_them_as_in_the_whole_text(text):
    privacy = ("mobile", "landline", "identity", "bank_card", "passport")
    found = {
        (hit.rule, hit.start, hit.end, hit.shelf)
        for hit in hits(text, typos=False)
        if hit.rule.removeprefix("privacy/") in privacy
    }
    plain, where = detectors.see_through(text)
    whole = {
        (f"privacy/{name}", where[start], where[end - 1] + 1, "confident" if sure else "possible")
        for name in privacy
        for start, end, sure in detectors.ALL[name](plain)
    }
    assert found == whole


@pytest.mark.parametrize(
    "number",
    [
        "139\u200b8424\u200b1168",
        "139\u20608424116\ufeff8",
        "①③⑨⑧④②④①①⑥⑧",
        "①39⑧424①①68",
        "𝟏𝟑𝟗𝟖𝟒𝟐𝟒𝟏𝟏𝟔𝟖",
        "𝟷𝟹𝟿 𝟾𝟺𝟸𝟺 𝟷𝟷𝟼𝟾",
        "❶❸❾❽❹❷❹❶❶❻❽",
        "¹³⁹⁸⁴²⁴¹¹⁶⁸",
        "\ufe0f\u20e3".join("13984241168"),
        "１３９８４２４１１６８",
    ],
)
def test_a_number_is_one_number_however_its_digits_are_written(number):
    text = f"投诉人李某，手机{number}，住东湖。"
    start = text.index(number)
    assert [(hit.rule, hit.start, hit.end) for hit in hits(text)] == [("privacy/mobile", start, start + len(number))]
    masked = mask(text)
    assert len(masked) == len(text)
    assert masked.count("*") == 4
    assert mask_found("privacy/mobile", number).count("*") == 4


@pytest.mark.parametrize("text", ["①13984241168", "13984241168②", "13984241168²"])
def test_the_mark_of_a_list_or_of_a_note_is_no_digit_of_the_number_beside_it(text):
    assert [hit.text for hit in hits(f"手机{text}")] == ["13984241168"]


def test_marks_of_a_list_are_no_number():
    assert hits("①②③④⑤⑥⑦⑧⑨各项任务按时完成。") == []


@pytest.mark.parametrize(
    "day",
    ["2025年2月29日", "2月30日", "11月31日", "13月1日", "41月21日", "5月0日", "5月32日", "2025年0月5日", "4月31日"],
)
def test_a_day_that_no_calendar_has_is_named_to_the_author(day):
    assert [hit.text for hit in hits(f"请于{day}前报送")] == [day]


@pytest.mark.parametrize("day", ["2024年2月29日", "2月29日", "10月31日", "12月30日", "1月31日", "10月1日"])
def test_a_day_that_a_calendar_has_is_not(day):
    assert hits(f"请于{day}前报送") == []


def test_what_is_allowed_is_left_out_and_only_that():
    allowed = [Allowance("typos/秸杆", "秸杆")]
    assert hits("焚烧秸杆", allow=allowed) == []
    assert [hit.text for hit in hits("焚烧秸杆，区攻府通知", allow=allowed)] == ["攻府"]
    assert [hit.text for hit in hits("焚烧秸杆", allow=[Allowance("typos/攻府", "秸杆")])] == ["秸杆"]


def test_a_sentence_that_is_remembered_is_allowed_for_whom_it_was_allowed_and_for_nobody_else():
    text = "会议强调，必需坚持依法行证。"
    found = [hit for hit in hits(text) if hit.rule == "model/typo"]
    assert found
    allowed = [Allowance(hit.rule, words_around(text, hit.start, hit.end)) for hit in found]
    assert not [hit for hit in hits(text, allow=allowed) if hit.rule == "model/typo"]
    assert [hit for hit in hits(text) if hit.rule == "model/typo"] == found


def test_one_character_is_allowed_with_those_beside_it_only():
    assert words_around("会议强调，必需坚持。", 6, 7) == "必需坚持"
    assert words_around("焚烧秸杆", 2, 4) == "秸杆"
    one = Allowance("model/typo", "必需坚持")
    assert one.covers("model/typo", 6, 7, "会议强调，必需坚持。")
    assert not one.covers("model/typo", 3, 4, "市场需求")


@given(st.text(alphabet="必需坚持，。", min_size=1, max_size=30), st.data())
def test_what_is_remembered_of_a_hit_covers_that_hit(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Allowance("r", words_around(text, start, end)).covers("r", start, end, text)


def test_a_column_gives_the_same_hits_as_its_texts():
    texts = ["", "焚烧秸杆", "无事", "中华人民共合国，手机号13984241168", None, "𠀀秸杆"]
    column = pa.chunked_array([texts[:3], texts[3:]])
    wanted = [(row, found) for row, found in enumerate(SCREEN.scan([text or "" for text in texts], DAY)) if found]
    assert list(SCREEN.scan_arrow(column, DAY)) == wanted
    assert list(SCREEN.scan_arrow(pa.array(texts[1:]).slice(2), DAY)) == [
        (row - 3, found) for row, found in wanted if row >= 3
    ]


@settings(deadline=None, max_examples=300)
@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("中华人民共和国秸杆1380000@身份证号苏Nab ，。\ud800\x00")),
        max_size=80,
    )
)
def test_any_text_is_scanned_and_every_hit_slices_back(text):
    found = hits(text)
    assert all(hit.text == text[hit.start : hit.end] for hit in found)
    assert found == sorted(found) == hits(text)
    assert len(mask(text)) == len(text)


def test_a_text_of_a_mebibyte_is_scanned():
    assert hits("１３８" * 350_000) == hits("名单@" * 350_000) == []


def run(*words, given):
    done = subprocess.run(
        [sys.executable, "-m", "xinmei", "screen", *words], input=given.encode(), capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode()


def test_the_command_prints_json_lines_with_personal_data_masked():
    status, said = run(
        "--jsonl", "--json", "--on", "2026-01-05", given=json.dumps({"id": 7, "text": "手机号13984241168"}) + "\n"
    )
    row = json.loads(said)
    assert (status, row["id"], row["start"], row["end"], row["text"]) == (1, 7, 3, 14, "139****1168")
    assert set(row) >= {"id", "start", "end", "text", "rule", "category", "severity", "shelf", "suggest", "clause"}


def test_the_command_ends_with_0_where_nothing_was_found_and_2_where_it_was_called_wrongly():
    assert run(given="平安")[0] == 0
    assert (
        run("--jsonl", given="不是 JSON")[0]
        == run("--on", "2026-02-30", given="")[0]
        == run("/no/such/file", given="")[0]
        == 2
    )


def test_the_version_changes_with_a_single_entry_of_a_pack():
    def version(**entry: object) -> str:
        pack = {"id": "own", "title": "自定", "kind": "words", "category": "typo", "clause": "依据", "source": "公报"}
        return Screen.load(
            [{**pack, "entries": [{"find": "澄洲市", "hit": "澄洲市", "miss": "澄州市", **entry}]}]
        ).version

    assert version() == version()
    assert len({version(), version(suggest="澄州市"), version(shelf="possible"), version(unless="应为")}) == 4


@pytest.mark.parametrize(
    "text",
    [
        "近日，云澜市交通运输局召开专题会议",
        "下一步，云澜市人民政府办公室将加强督促",
        "图说生态环境保护",
        "云蓝县融媒体中心",
    ],
)
def test_places_and_words_that_news_does_not_know_are_no_wrong_words(text):
    assert hits(text, shelf="confident") == []


def test_one_wrong_word_in_nested_phrases_is_named_once():
    assert [hit.rule for hit in hits("成立专项整治工作领导小姐，统筹推进", shelf="confident")] == ["typos/领导小姐"]
    assert [hit.rule for hit in hits("扎实推进农村人居环境整制", shelf="confident")] == ["set_phrases/人居环境整治"]
