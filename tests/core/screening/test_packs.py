"""Every rule hits what it should and spares what is near it.

A wrong pack is refused with a sentence that teaches.
"""

from datetime import date

import pytest

from xinmei.core.rulebook import RulebookError
from xinmei.core.screening import CATEGORIES, Screen, read_pack

SCREEN = Screen.load()
WORDS = {
    "id": "local",
    "title": "本地用语",
    "kind": "words",
    "category": "typo",
    "clause": "附件2 运维管理5",
    "source": "本单位",
    "entries": [{"find": "云蓝市", "suggest": "云澜市", "hit": "云蓝市人民政府", "miss": "云澜市人民政府"}],
}


def entry(**change: object) -> dict[str, object]:
    [one] = WORDS["entries"]  # type: ignore[misc]
    return WORDS | {"entries": [one | change]}


@pytest.mark.parametrize("pack", SCREEN.packs, ids=lambda pack: pack.name)
def test_every_entry_of_every_pack_passes_its_own_examples(pack):
    SCREEN.check(pack)


def test_the_packs_cover_what_is_screened_for():
    assert {pack.category for pack in SCREEN.packs} == set(CATEGORIES)


def test_there_are_several_hundred_fixed_phrases():
    assert sum(len(pack.entries) for pack in SCREEN.packs if pack.kind == "phrases") >= 500


def test_an_office_adds_its_own_entries():
    [hits] = Screen.load([WORDS]).scan(["云蓝市发布"], date(2026, 6, 1))
    assert [(hit.rule, hit.suggest) for hit in hits] == [("local/云蓝市", "云澜市")]


def test_an_added_pack_changes_the_version():
    assert Screen.load([WORDS]).version != SCREEN.version == Screen.load().version


def test_an_entry_holds_from_its_first_to_its_last_day():
    screen = Screen.load([entry(**{"from": date(2026, 3, 1), "to": date(2026, 3, 31)})])
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [bool(hits) for hits in screen.scan(["云蓝市"] * 4, days)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (entry(hit=""), "应当命中的例句"),
        (entry(miss=[]), "应当命中的例句"),
        (entry(miss="云蓝市"), "不应命中却命中了"),
        (entry(hit="云澜市"), "没有命中"),
        (entry(find="　*"), "至少要有一个字"),
        (entry(unknown=1), "不认识 unknown"),
        (entry(shelf="sure"), "可用：confident、possible"),
        (entry(**{"from": date(2026, 3, 2), "to": date(2026, 3, 1)}), "早于"),
        (WORDS | {"kind": "regex"}, "可用：words"),
        (WORDS | {"category": "fun"}, "可用：typo"),
        (WORDS | {"entries": WORDS["entries"] * 2}, "写了两次"),
        (WORDS | {"id": "typos"}, "有两份"),
        (WORDS | {"at_least": 0}, "不小于 1"),
    ],
)
def test_a_pack_that_is_not_as_it_should_be_is_refused(pack, said):
    with pytest.raises(RulebookError, match=said):
        Screen.load([pack])


def test_a_pack_without_entries_is_refused_or_empty():
    assert read_pack(WORDS | {"entries": []}).entries == ()
