"""Excuses hold for their own sentence and the one beside it, and only where they speak of what they excuse."""

from datetime import date

import pytest

from xinmei.core.rulebook import RulebookError
from xinmei.core.screening import Screen

SCREEN = Screen.load()
DAY = date(2026, 6, 1)
EXCUSES = [(pack.name, excuse) for pack in SCREEN.packs for excuse in pack.excuses]


def rules(text: str) -> list[str]:
    [hits] = SCREEN.scan([text], DAY, shelf="confident", typos=False)
    return [hit.rule for hit in hits]


@pytest.mark.parametrize("pack", ["adverts", "gossip", "harmful", "outrage"])
def test_each_pack_that_excuses_says_for_each_word_where_it_does_and_where_it_is_borrowed(pack):
    words = [excuse.word for name, excuse in EXCUSES if name == pack]
    assert len(words) >= 12
    assert len(words) == len(set(words))


@pytest.mark.parametrize("excuse", [one for name, one in EXCUSES if name == "adverts"], ids=lambda one: one.word)
def test_an_advert_that_borrows_an_excuse_is_surely_an_advert(excuse):
    assert len({rule for rule in rules(excuse.borrowed) if rule.startswith("adverts/")}) >= 2
    assert rules(excuse.miss) == []


@pytest.mark.parametrize("title", ["惠民安居进社区", "整治楼市乱象，让利百姓", "反诈宣传周：守好钱袋子", "警惕涨价！"])
def test_a_title_does_not_excuse_a_whole_advert(title):
    text = f"{title}\n某楼盘盛大开盘，首付三万起，看房有礼。均价直降两千，手慢无！抢购热线等您来电。"
    assert len({rule for rule in rules(text) if rule.startswith("adverts/")}) >= 4


def test_a_warning_is_excused_and_what_stands_two_sentences_on_is_not():
    warning = "警惕“限时优惠、买一送一”一类诈骗话术。"
    assert rules(warning) == []
    assert rules(warning + "本市天气晴好。欢迎市民游园。本店全场五折，买一送一，欢迎选购。") != []


def test_an_excuse_without_its_three_examples_is_refused():
    pack = {
        "id": "local_adverts",
        "title": "本地广告",
        "kind": "words",
        "category": "advert",
        "clause": "附件1",
        "source": "本单位",
        "entries": [{"find": "甩卖大集", "hit": "甩卖大集开始", "miss": "年货大集开始"}],
    }
    word = {"word": "谨防", "hit": "甩卖大集", "miss": "谨防“甩卖大集”骗局", "borrowed": "谨防错过甩卖大集"}
    assert Screen.load([pack | {"excuses": [word]}])
    with pytest.raises(RulebookError, match="borrowed"):
        Screen.load([pack | {"excuses": [{key: word[key] for key in ("word", "hit", "miss")}]}])
    with pytest.raises(RulebookError, match="不应命中却命中了"):
        Screen.load([pack | {"excuses": [word | {"miss": "谨防错过甩卖大集"}]}])
