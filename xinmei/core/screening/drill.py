"""自测: plants known faults into copies of real texts, so that what the screening misses can be counted.

    planter = Planter(packs, rules, day)
    planted = planter.plant("phrase", text, random.Random("2026-W19"))

The same packs, text and generator give the same copy. A planted fault is one that is known because it was made: a
character that sounds alike, a fixed phrase with one character wrong, words of the packs, an identity number that passes
its check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from xinmei.core.screening.matcher import is_han
from xinmei.core.screening.packs import Entry, Pack
from xinmei.core.screening.slips import PARTICLES

# By identifier, what pages call them.
KINDS = {
    "sound": "错别字：同音字",
    "word": "错别字：常见错写",
    "phrase": "固定表述错一字",
    "wording": "名称、称谓不规范",
    "advert": "商业广告",
    "gossip": "娱乐追星",
    "outrage": "雷人雷语",
    "secret": "涉密标志",
    "privacy": "个人信息",
}
# The packs whose words are planted as sentences of their own.
_FROM_PACKS = {
    "wording": ("names", "hong_kong_macao_taiwan"),
    "advert": ("adverts",),
    "gossip": ("gossip",),
    "outrage": ("outrage",),
    "secret": ("state_secrets",),
}
END = re.compile(r"[。！？；\n]")
# Of the characters that sound alike only the first, common ones are used: nobody types the rare ones by mistake.
COMMON, SHORTEST_PHRASE = 6, 6
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2


@dataclass(frozen=True, slots=True)
class Planted:
    """A copy of a text with one fault at `text[start:end]`."""

    kind: str
    category: str
    text: str
    start: int
    end: int


class Planter:
    """What can be planted, prepared from the packs in force on `day`."""

    def __init__(self, packs: Iterable[Pack], rules: Path, day: date) -> None:
        self._alike = _read_sounds(rules / "sounds.txt")
        self._words: list[Entry] = []
        self._phrases: list[Entry] = []
        self._sentences: dict[str, list[Entry]] = {}
        self._at_least: dict[str, int] = {}
        for pack in packs:
            entries = [
                entry
                for entry in pack.entries
                if entry.in_force(day) and (entry.shelf == "confident" or pack.at_least > 1)
            ]
            if pack.name == "typos":
                self._words = [entry for entry in entries if entry.suggest]
            elif pack.kind == "phrases":
                self._phrases += [
                    entry
                    for entry in entries
                    if len(entry.find[0]) >= SHORTEST_PHRASE and all(map(is_han, entry.find[0]))
                ]
            for kind, names in _FROM_PACKS.items():
                if pack.name in names:
                    self._sentences.setdefault(kind, []).extend(entries)
                    self._at_least[kind] = pack.at_least

    def plant(self, kind: str, text: str, random: Random) -> Planted | None:
        """The text with one fault of the kind. None where it has no place for one, or where no pack knows the kind."""
        if kind == "sound":
            return self._plant_sound(text, random)
        if kind == "word":
            return self._plant_word(text, random)
        if kind == "phrase":
            return self._plant_phrase(text, random)
        if kind == "privacy":
            return _insert(kind, "privacy_leak", text, "", _write_personal_data(random), "。", random)
        entries = self._sentences.get(kind, [])
        if len(entries) < self._at_least.get(kind, 1):
            return None
        chosen = random.sample(entries, self._at_least[kind])
        return _insert(kind, chosen[0].category, text, "", "，".join(entry.hit for entry in chosen), "。", random)

    def _plant_sound(self, text: str, random: Random) -> Planted | None:
        places = [place for place, character in enumerate(text) if character in self._alike]
        if not places:
            return None
        place = random.choice(places)
        wrong = random.choice(self._alike[text[place]])
        return Planted("sound", "typo", text[:place] + wrong + text[place + 1 :], place, place + 1)

    def _plant_word(self, text: str, random: Random) -> Planted | None:
        if not self._words:
            return None
        fitting = [entry for entry in self._words if entry.suggest and entry.suggest in text]
        if not fitting:
            entry = random.choice(self._words)
            return _insert("word", entry.category, text, "", entry.hit, "。", random)
        entry = random.choice(fitting)
        assert entry.suggest is not None
        start = text.index(entry.suggest)
        wrong = entry.find[0]
        return Planted(
            "word", entry.category, text[:start] + wrong + text[start + len(entry.suggest) :], start, start + len(wrong)
        )

    def _plant_phrase(self, text: str, random: Random) -> Planted | None:
        if not self._phrases:
            return None
        fitting = [entry for entry in self._phrases if entry.find[0] in text]
        entry = random.choice(fitting or self._phrases)
        wrong = self._spoil(entry.find[0], random)
        if not fitting:
            return _insert("phrase", entry.category, text, "会议强调，", wrong, "，各单位要抓好落实。", random)
        start = text.index(entry.find[0])
        return Planted(
            "phrase",
            entry.category,
            text[:start] + wrong + text[start + len(entry.find[0]) :],
            start,
            start + len(wrong),
        )

    def _spoil(self, phrase: str, random: Random) -> str:
        """The phrase with one character inside it wrong, lost or doubled."""
        places = [
            place
            for place in range(1, len(phrase) - 1)
            if phrase[place] not in PARTICLES and phrase[place] in self._alike
        ]
        place = random.choice(places or [1])
        how = random.choice(("change", "change", "lose", "double")) if places else "double"
        if how == "change":
            return phrase[:place] + random.choice(self._alike[phrase[place]]) + phrase[place + 1 :]
        return (
            phrase[:place] + phrase[place + 1 :] if how == "lose" else phrase[:place] + phrase[place] + phrase[place:]
        )


def _read_sounds(path: Path) -> dict[str, str]:
    """For each common character, the common characters that sound like it."""
    alike = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        characters = line.partition("\t")[2][: COMMON + 1]
        for character in characters:
            if others := characters.replace(character, ""):
                alike[character] = others
    return alike


def _insert(kind: str, category: str, text: str, before: str, wrong: str, after: str, random: Random) -> Planted:
    """The text with one more sentence, behind one of its own."""
    places = [found.end() for found in END.finditer(text)] or [len(text)]
    place = random.choice(places)
    start = place + len(before)
    return Planted(kind, category, f"{text[:place]}{before}{wrong}{after}{text[place:]}", start, start + len(wrong))


def _write_personal_data(random: Random) -> str:
    """Data of a person who does not exist, with a number of the right form."""
    name = random.choice("王李张刘陈杨赵黄周吴") + "某某"
    mobile = f"1{random.choice('35789')}{random.randrange(10**9):09d}"
    return random.choice((f"名单：{name}，手机号{mobile}", f"申请人{name}，身份证号{_write_identity(random)}"))


def _write_identity(random: Random) -> str:
    """An identity number with a right last character by GB 11643. Its region is not assigned."""
    day = date(1950, 1, 1) + timedelta(days=random.randrange(20_000))
    body = f"199999{day:%Y%m%d}{random.randrange(1000):03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]
