"""What sounds alike, looks alike and is a word: the tables from which candidates come."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pypinyin

from xinmei.core.screening.typos.symbols import SHIFT, SIZE, character, class_of

from .counting import Counts, Kept, hash_of

# 百家姓 by today's frequency, and the characters used to write foreign names: general knowledge, nobody's list.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺"
    "顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘"
    "祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲"
)
FOREIGN = (
    "阿埃艾奥巴贝比波布达德迪杜厄恩尔法菲费弗福盖戈格古哈海赫霍基吉加杰卡凯科克库拉莱兰劳勒雷黎里利林卢鲁"
    "罗洛马麦曼梅蒙米莫姆穆娜纳南内尼涅努诺欧"
    "帕佩皮普奇乔切萨塞桑沙斯苏索塔泰坦特廷托瓦维温沃乌西希锡夏谢辛雅亚延耶伊尤约扎兹茨"
)
PLACES = "省市县区乡镇村州盟旗街路桥河江湖山岛港湾站寨屯庄营沟岭坝堡埠"

NUMERALS = "〇零一二两三四五六七八九十百千万亿"
COUNTRIES = (
    "中美俄英法德日韩朝越老柬缅泰马新印巴伊以阿埃南肯加澳奥意西葡希波匈捷斯塞克乌白哈吉塔土沙叙黎约也苏刚"
    "坦埃利摩尼智秘墨古委荷比瑞挪芬丹冰欧非亚拉蒙文菲孟尼卡科佛斐汤萨瓦东"
    "喀圭哥赞贝多加几冈莱利毛纳突圣瑙基库图帕立爱危洪伯厄赤列安京津沪渝冀豫云辽黑湘皖鲁浙赣鄂桂甘晋陕闽贵"
    "粤青藏川宁琼港台"
)

PARTNERS = "中美俄在访赴驻对同与和方"

_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_ENDS = (("ing", "in"), ("eng", "en"), ("ang", "an"))
_READINGS = 3
MOST_SEEN = 100
LEAST_SEEN, LEAST_KNOWN = 30, 6  # how often a pair is seen to be offered as a word; one of the word list


def _near(syllable: str) -> str:
    for begin, plain in _NEAR:
        if syllable.startswith(begin):
            syllable = plain + syllable[len(begin) :]
            break
    for end, plain in _ENDS:
        if syllable.endswith(end):
            return syllable[: -len(end)] + plain
    return syllable


def _readings_of(char: str) -> list[tuple[str, int]]:
    found = pypinyin.pinyin(
        char, style=pypinyin.Style.TONE3, heteronym=True, errors="ignore", neutral_tone_with_five=True
    )
    return [(tone[:-1], int(tone[-1])) for tone in (found[0] if found else []) if tone[-1:].isdigit()][:_READINGS]


def sounds(unigram: np.ndarray, common: int) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Sections about pronunciation, and the number of each syllable.

    Only characters seen `common` times are offered as the right one.
    """
    chars = [symbol for symbol in range(SHIFT, SIZE) if unigram[symbol]]
    readings = {symbol: _readings_of(character(symbol)) for symbol in chars}
    names = sorted({syllable for found in readings.values() for syllable, _ in found})
    number = {name: i for i, name in enumerate(names)}
    table = np.zeros((SIZE, _READINGS), dtype=np.uint16)
    members: list[list[int]] = [[] for _ in names]
    for symbol in sorted(chars, key=lambda symbol: -unigram[symbol]):
        for k, (syllable, tone) in enumerate(readings[symbol]):
            table[symbol, k] = number[syllable] << 3 | tone
            if unigram[symbol] >= common and symbol not in members[number[syllable]]:
                members[number[syllable]].append(symbol)
    groups = sorted({_near(name) for name in names})
    fuzzy = np.array([groups.index(_near(name)) for name in names], dtype=np.uint16)
    kin = [[i for i, group in enumerate(fuzzy) if group == g] for g in range(len(groups))]
    at, flat = ragged(members)
    kin_at, kin_flat = ragged(kin)
    return {
        "readings": table,
        "syl_at": at,
        "syl_char": flat,
        "fuzzy": fuzzy,
        "fuzzy_at": kin_at,
        "fuzzysyl": kin_flat,
    }, number


def ragged(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Where each list starts (one more at the end), and all of them in one row."""
    at = np.zeros(len(lists) + 1, dtype=np.uint32)
    at[1:] = np.cumsum([len(one) for one in lists])
    return at, np.array([x for one in lists for x in one], dtype=np.uint16)


def shapes(alike: dict[str, list[str]], unigram: np.ndarray, common: int) -> dict[str, np.ndarray]:
    """The section about look-alikes: for each character, those that may have been meant."""
    lists: list[list[int]] = [[] for _ in range(SIZE)]
    for char, others in alike.items():
        if len(char) == 1 and class_of(char) >= SHIFT:
            symbols = dict.fromkeys(class_of(other) for other in others if len(other) == 1)
            lists[class_of(char)] = [symbol for symbol in symbols if symbol >= SHIFT and unigram[symbol] >= common]
    at, flat = ragged(lists)
    return {"shape_at": at, "shapes": flat}


def words(
    kept: Kept, counts: Counts, known: set[str], number: dict[str, int], fuzzy: np.ndarray
) -> dict[str, np.ndarray]:
    """The section of two-character words by sound: pairs that are frequent in the corpus and closer together than by
    chance.
    """
    total, seen = counts.unigram.sum(), counts.of[2]
    first, second = kept.before[2], kept.after[2]
    closeness = np.log2(np.maximum(seen, 1) * total / np.maximum(counts.unigram[first] * counts.unigram[second], 1))
    likely = (np.minimum(first, second) >= SHIFT) & (seen >= LEAST_KNOWN)
    rows = []
    for i in np.flatnonzero(likely).tolist():
        a, b = int(first[i]), int(second[i])
        word = character(a) + character(b)
        if (seen[i] >= LEAST_SEEN and closeness[i] >= 4) or word in known:
            sound = pypinyin.lazy_pinyin(word, style=pypinyin.Style.NORMAL)
            if len(sound) == 2 and all(s in number for s in sound):
                rows.append((int(fuzzy[number[sound[0]]]) << 16 | int(fuzzy[number[sound[1]]]), -float(seen[i]), a, b))
    rows.sort()
    return {
        "word_key": np.array([row[0] for row in rows], dtype=np.uint32),
        "words": np.array([row[2:] for row in rows], dtype=np.uint16),
    }


def lexicon_hashes(known: set[str]) -> np.ndarray:
    """Hashes of all words of two to four characters."""
    hashes = []
    for size in (2, 3, 4):
        symbols = np.array(
            [[class_of(c) for c in word] for word in known if len(word) == size], dtype=np.uint16
        ).reshape(-1, size)
        symbols = symbols[(symbols >= SHIFT).all(axis=1)]
        hashes.append(hash_of(symbols.ravel(), np.arange(len(symbols)) * size, size))
    return np.unique(np.concatenate(hashes))


def flags() -> np.ndarray:
    """The section of name cues by character.

    1 surname, 2 writes foreign names, 4 ends a place name, 8 numeral, 16 is short for a country or province, 32 stands
    beside a country that is called by one character.
    """
    table = np.zeros(SIZE, dtype=np.uint8)
    for bit, chars in ((1, SURNAMES), (2, FOREIGN), (4, PLACES), (8, NUMERALS), (16, COUNTRIES), (32, PARTNERS)):
        for char in chars:
            if class_of(char) >= SHIFT:
                table[class_of(char)] |= bit
    return table


def confusions(listed: set[tuple[str, str]], seen: Counter[tuple[str, str]]) -> dict[str, np.ndarray]:
    """Sections of single confusions (wrong, right), sorted.

    1 when listed as a wrong word, and 2 for each time seen as a typing error.
    """
    known: dict[int, int] = {}
    for wrong, right in listed | seen.keys():
        if class_of(wrong) >= SHIFT and class_of(right) >= SHIFT:
            known[class_of(wrong) << 16 | class_of(right)] = ((wrong, right) in listed) + 2 * min(
                seen[wrong, right], MOST_SEEN
            )
    keys = sorted(known)
    return {
        "pairs": np.array(keys, dtype=np.uint32),
        "pairkind": np.array([known[key] for key in keys], dtype=np.uint8),
    }
