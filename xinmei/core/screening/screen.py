"""The screening itself: rule packs over texts, hits out.

    screen = Screen.load()
    for hits in screen.scan(texts, day): ...

Pure: no clock, no network; reads `rules/screening/` once. The same rules and text give the same hits on every machine.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, cached_property, lru_cache
from itertools import islice, repeat
from pathlib import Path
from typing import Any

from xinmei.core.rulebook import RULES, Row, RulebookError
from xinmei.core.screening import detectors, style
from xinmei.core.screening.alike import Alike
from xinmei.core.screening.allowing import Allowance, leave_out
from xinmei.core.screening.excusing import is_excused
from xinmei.core.screening.folding import Folding, folding, places
from xinmei.core.screening.hits import CONFIDENCE, Hit
from xinmei.core.screening.matcher import ADDED, Behind, Compiled, Narrowing, build, folder
from xinmei.core.screening.packs import Entry, Pack, read_pack
from xinmei.core.screening.placenames import PlaceNames
from xinmei.core.screening.settling import settle
from xinmei.core.screening.texts import Texts, of_arrow
from xinmei.core.screening.typos import Memory, TypoModel, is_by_place, is_masked_name
from xinmei.core.screening.variants import NEARBY, Reading, Variants

# Changes when the same packs would give other hits.
ENGINE = "6"
# Characters on each side of a hit that count as close by.
CLOSE = 40
SURELY_ACROSS = 36 << 8  # how clearly a word must stand there, in 1/256 bits
OF_TWO_WORDS = 3  # so many characters may be met where two words meet
MODEL_CLAUSE = "附件2 运维管理5：抽查检查发现政务新媒体发布信息内容中出现错别字，每次扣2分"
# How many texts `scan` takes at a time.
BATCH = 500
LOSS = {"typo", "grave_misstatement", "style"}

# A match as in `matcher.Match`, as a bare tuple because there are many.
BareMatch = tuple[Any, ...]
# What was found in a text at first sight: matches, and the sentences that the typo model named.
Sight = tuple[list[BareMatch], list[tuple[int, int]]]


class Screen:
    """Rule packs made ready to scan.

    It is cheap to use and safe to share between threads: scanning changes nothing in it but what it remembers.
    """

    def __init__(
        self,
        packs: Iterable[Pack],
        rules: Path,
        model: TypoModel | None = None,
        usual: Sequence[str] | None = None,
    ) -> None:
        self.packs = tuple(packs)
        self.model = model
        self._memory = Memory()
        self._table = folding(rules / "traditional.txt")
        self._fold = folder(self._table)
        self._corrections = re.compile(
            "|".join(map(re.escape, (rules / "corrections.txt").read_text(encoding="utf-8").split()))
        )
        self._usual = re.compile("|".join(map(re.escape, (rules / "usual.txt").read_text(encoding="utf-8").split())))
        self._excuses = {entry.name: pack.excuses for pack in self.packs if pack.excuses for entry in pack.entries}
        self._at_least = {
            entry.name: (pack.name, pack.at_least) for pack in self.packs for entry in pack.entries if pack.at_least > 1
        }
        entries = [entry for pack in self.packs for entry in pack.entries]
        alike = Alike(rules / "sounds.txt", rules / "looks.txt")
        words = [entry for entry in entries if entry.kind == "words"]
        self._words = [(self._fold(term), entry) for entry in words if not entry.alike for term in entry.find]
        self._words += [
            (self._fold(term), entry)
            for entry in words
            if entry.alike
            for right in entry.find
            for term in alike.miswrite_name(right)
        ]
        self._phrases = [entry for entry in entries if entry.kind == "phrases"]
        self._detectors: dict[str, list[Entry]] = defaultdict(list)
        for term, entry in self._words:
            if not term:
                raise RulebookError(f"{entry.name}：要查找的文字只有分隔符，至少要有一个字")
        for entry in self._phrases:
            if len(self._fold(entry.find[0])) < 4:
                raise RulebookError(f"{entry.name}：固定表述至少四个字，更短的请写成 words 规则包")
        self._places = PlaceNames(rules / "places.txt")
        self._finders = {**detectors.ALL, "place": self._places.find}
        for entry in entries:
            if entry.kind == "detectors":
                if entry.find[0] not in self._finders:
                    raise RulebookError(
                        f"{entry.name}：没有名为 {entry.find[0]} 的检测器，可用：{'、'.join(self._finders)}"
                    )
                self._detectors[entry.find[0]].append(entry)
        self._triggers = [
            (self._fold(term), name)
            for name, terms in {**detectors.TRIGGERS, "place": self._places.wrong}.items()
            if name in self._detectors
            for term in terms
        ]
        usual = _read_usual_forms(rules / "variants") if usual is None else usual
        self.usual_forms = tuple(usual)
        self._variants = _variants_of(tuple(self._phrases), self.usual_forms, rules, model)

    @classmethod
    def load(cls, extra_packs: Iterable[Pack | Mapping[str, Any]] = (), *, rules: Path | None = None) -> Screen:
        """The packs of `rules/screening/` and what an office added. All must pass their own examples.

        Raises RulebookError where a pack is wrong.
        """
        rules = rules or RULES / "screening"
        added = [pack if isinstance(pack, Pack) else read_pack(pack) for pack in extra_packs]
        screen = cls([*read_packs(rules), *added], rules, _load_model())
        names = [pack.name for pack in screen.packs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise RulebookError(f"规则包 {'、'.join(sorted(twice))} 有两份，请改名")
        for pack in added:
            screen.check(pack)
        return screen

    @cached_property
    def version(self) -> str:
        """A short hash that changes when the packs, the engine or the model change.

        Texts screened under another version are screened again.
        """
        state = repr(
            (
                ENGINE,
                [(pack, pack.entries, pack.excuses) for pack in self.packs],
                self.usual_forms,
                self.model.version if self.model else None,
            )
        )
        return hashlib.sha256(state.encode()).hexdigest()[:12]

    @property
    def engine(self) -> str:
        """The name of the engine in use."""
        return str(self._matcher.name)

    def scan(
        self,
        texts: Iterable[str],
        days: date | Iterable[date],
        *,
        shelf: str = "possible",
        allow: Collection[Allowance] = (),
        typos: bool = True,
    ) -> Iterator[list[Hit]]:
        """One list of hits for each text, sorted by place. Overlapping hits are all reported.

        `days` is the day of all texts, or one day for each: the rules in force on that day judge. `shelf="confident"`
        leaves the possible hits out. `allow` is what this unit does not want to see again. `typos=False` applies the
        rules alone, without the typo model, which takes most of the time.
        """
        dated = zip(texts, repeat(days) if isinstance(days, date) else days, strict=not isinstance(days, date))
        while batch := list(islice(dated, BATCH)):
            seen = self._look_through([text for text, _ in batch], typos, shelf)
            for row, (text, day) in enumerate(batch):
                yield _wanted(self._decide(text, day, *seen[row], shelf), text, shelf, allow) if row in seen else []

    def scan_arrow(
        self,
        column: Any,
        days: date | Iterable[date],
        *,
        shelf: str = "possible",
        allow: Collection[Allowance] = (),
        typos: bool = True,
    ) -> Iterator[tuple[int, list[Hit]]]:
        """As `scan`, for a pyarrow array or chunked array of texts: (row, hits) in order, only for rows that have hits.

        The engines in C read the column where it lies; a Python text is made only of a row in which they saw something.
        A null is an empty text.
        """
        each = repeat(days) if isinstance(days, date) else iter(days)
        in_place = isinstance(self._matcher, Compiled) and (self.model is None or self.model.fast)
        row = 0
        for chunk in getattr(column, "chunks", [column]):
            texts = of_arrow(chunk) if in_place else [text or "" for text in chunk.to_pylist()]
            seen = self._look_through(texts, typos, shelf)
            for at, day in zip(range(len(chunk)), each, strict=False):
                if at in seen:
                    text = chunk[at].as_py() or ""
                    hits = self._decide(text, day, *seen[at], shelf)
                    if hits and (hits := _wanted(hits, text, shelf, allow)):
                        yield row + at, hits
            row += len(chunk)

    def _look_through(self, texts: Texts, typos: bool, shelf: str) -> dict[int, Sight]:
        """What the engines saw, by row, of the rows in which they saw something."""
        seen: dict[int, Sight] = defaultdict(lambda: ([], []))
        for found in struct.iter_unpack("6i", self._matcher.find_all(texts)):
            seen[found[0]][0].append(found[1:])
        if typos and self.model:
            for row, start, end in self.model.list_sentences(texts, self._memory, shelf):
                seen[row][1].append((start, end))
        return seen

    def check(self, pack: Pack) -> None:
        """Tries every entry on its own examples.

        Raises RulebookError naming the first that misses its hit or hits its near miss.
        """
        for entry in pack.entries:
            day = min(max(entry.start, date(2026, 1, 1)), entry.end)
            if not any(hit.rule == entry.name for hit in self._hits(entry.hit, day)):
                raise RulebookError(f"{entry.name}：例句“{entry.hit}”应当命中而没有命中")
            for miss in entry.misses:
                if any(hit.rule == entry.name for hit in self._hits(miss, day)):
                    raise RulebookError(f"{entry.name}：例句“{miss}”不应命中却命中了")
        for excuse in pack.excuses:
            for text, wanted in ((excuse.hit, True), (excuse.miss, False), (excuse.borrowed, True)):
                if any(hit.rule in pack.names for hit in self._hits(text, date(2026, 1, 1))) != wanted:
                    fault = "应当命中而没有命中" if wanted else "不应命中却命中了"
                    raise RulebookError(f"{pack.name}：免责词“{excuse.word}”的例句“{text}”{fault}")

    @cached_property
    def _matcher(self) -> Any:
        return build(*self._looked_for())

    def _looked_for(self) -> tuple[list[str], list[str], Folding, Narrowing]:
        """What an engine is built from.

        Terms in the order of `_decide`, phrases, folding, and which near matches are worth a look.
        """
        terms = [
            *(term for terms in (self._words, self._triggers) for term, _ in terms),
            *self._variants.swaps.windows,
            *(one.text for one in self._variants.doubled),
        ]
        narrowing = self._variants.narrowing._replace(behind=dict(self._list_behind()))
        return terms, [self._fold(entry.find[0]) for entry in self._phrases], self._table, narrowing

    def _list_behind(self) -> Iterator[tuple[int, Behind]]:
        """The triggers that call a detector only behind certain characters, by their number among the terms."""
        short = {self._fold(form): ends for form, ends in self._places.behind.items()}
        for number, (term, name) in enumerate(self._triggers, len(self._words)):
            characters, reach = (short.get(term), 1) if name == "place" else style.BEHIND.get(name, (None, 0))
            if characters:
                yield number, Behind(frozenset(self._fold("".join(characters))), reach)

    def _hits(self, text: str, day: date) -> list[Hit]:
        """All hits, including those that another hit makes superfluous."""
        seen = self._look_through([text], True, "possible")
        return self._decide(text, day, *seen[0], every=True)

    def _decide(
        self,
        text: str,
        day: date,
        matches: Iterable[BareMatch],
        sentences: Sequence[tuple[int, int]],
        shelf: str = "possible",
        every: bool = False,
    ) -> list[Hit]:
        """The hits among the matches of one text, and what the typo model adds in the sentences that it named."""
        hits: set[Hit] = set()
        called: dict[str, list[tuple[int, int]]] = {}
        words = len(self._words)
        swaps = words + len(self._triggers)
        doubled = swaps + len(self._variants.swaps.windows)
        phrases = doubled + len(self._variants.doubled)
        digits = phrases + len(self._phrases)
        for start, end, number, how, at in matches:
            if number < words:
                hit = self._judge(text, day, start, end, self._words[number][1])
            elif number < swaps:
                called.setdefault(self._triggers[number - words][1], []).append((start, end))
                continue
            elif number < doubled:
                hits.update(self._judge_swaps(text, day, start, number - swaps))
                continue
            elif number < phrases:
                _, phrase, place = self._variants.doubled[number - doubled]
                hit = self._judge_near(text, day, start, end, phrase, ADDED, place)
            elif number < digits:
                hit = self._judge_near(text, day, start, end, number - phrases, how, at)
            else:
                for name, least in detectors.BY_DIGITS.items():
                    if end - start >= least:
                        called.setdefault(name, []).append((start, end))
                continue
            if hit:
                hits.add(hit)
        if called:
            hits.update(self._detect(text, day, called, shelf))
        if sentences:
            hits.update(self._suspect(text, hits, sentences))
        if every or not hits:
            return sorted(hits)
        return settle(self._weigh(hits))

    def _judge_swaps(self, text: str, day: date, start: int, window: int) -> Iterator[Hit]:
        """What a window says that stands there where two characters changed places or a word stands twice."""
        begin = max(0, start - CLOSE)
        near = text[begin : start + CLOSE]
        folded, where = self._fold(near), places(near) or range(len(near))
        for swap, first, last in self._variants.swaps.find(folded, where.index(start - begin), window):
            stop = begin + where[last - 1] + 1
            hit = self._judge_near(text, day, begin + where[first], stop, swap.phrase, swap.how, swap.at)
            if hit:
                yield hit

    def _judge_near(self, text: str, day: date, start: int, end: int, phrase: int, how: int, at: int) -> Hit | None:
        """The hit of a phrase for what stands there and is near it."""
        entry = self._phrases[phrase]
        reading = self._variants.of(phrase, how, at, text, start, end) if entry.in_force(day) else None
        return self._judge(text, day, start, end, entry, reading) if reading else None

    def _judge(
        self, text: str, day: date, start: int, end: int, entry: Entry, reading: Reading | None = None
    ) -> Hit | None:
        if not entry.in_force(day):
            return None
        begin = max(0, start - CLOSE)
        window = text[begin : end + CLOSE]
        close = self._fold(window)
        where = places(window) or range(len(window))
        first, last = where.index(start - begin), where.index(end - 1 - begin) + 1
        if reading:
            first, last, legitimate = first + reading.before, last - reading.after, reading.legitimate
        else:
            legitimate = tuple(map(self._fold, entry.excepted))
        if any(close.find(longer, max(0, last - len(longer)), first + len(longer)) >= 0 for longer in legitimate):
            return None
        if entry.near and not any(self._fold(word) in close for word in entry.near):
            return None
        if any(self._fold(word) in close for word in entry.unless):
            return None
        if entry.category in LOSS and self._is_corrected(entry, close, close[first:last]):
            return None
        if entry.kind == "words" and entry.category == "typo" and self._is_part_of_words(close, first, last):
            return None
        start, end = begin + where[first], begin + where[last - 1] + 1
        if entry.name in self._excuses and is_excused(text, start, end, self._excuses[entry.name]):
            return None
        shelf = entry.shelf if reading is None or reading.sure else "possible"
        return Hit(
            start,
            end,
            entry.name,
            text[start:end],
            entry.category,
            entry.severity,
            shelf,
            entry.suggest,
            entry.clause,
            CONFIDENCE[shelf],
            entry.why or (f"固定表述：{entry.find[0]}" if reading else ""),
        )

    def _is_part_of_words(self, close: str, first: int, last: int) -> bool:
        """Whether a wrong word is only what two right ones have in common: 发布署名, 湿法冶炼."""
        if self.model is None or last - first > OF_TWO_WORDS:
            return False
        low, near = max(0, first - NEARBY), close[max(0, first - NEARBY) : last + NEARBY]
        return any(self.model.borders.crosses(near, place - low, SURELY_ACROSS) for place in (first, last))

    def _is_corrected(self, entry: Entry, close: str, here: str) -> bool:
        """A text that quotes the wrong form beside the right one in order to correct it: “秸杆”应为“秸秆”."""
        if not self._corrections.search(close):
            return False
        right = self._fold(entry.find[0] if entry.kind == "phrases" else entry.suggest or "")
        return right in close or f"“{here}”" in close

    def _detect(
        self, text: str, day: date, called: Mapping[str, Sequence[tuple[int, int]]], wanted: str
    ) -> Iterator[Hit]:
        """What the detectors find around the places that called them."""
        for name, callers in called.items():
            entries = [
                entry
                for entry in self._detectors.get(name, ())
                if entry.in_force(day) and (wanted == "possible" or entry.shelf == "confident")
            ]
            if name == "place":  # most are part of something else
                callers = [one for one in callers if self._places.may_be(text, *one)]
            if not entries or not callers:
                continue
            for begin, window in _windows(text, callers, detectors.REACH.get(name, detectors.USUAL_REACH)):
                plain, where = detectors.see_through(window)
                if name == "place":  # only there, since most windows hold no other
                    called_at = sorted({start - begin for start, _ in callers}.intersection(where))
                    spans = self._places.find(plain, map(where.index, called_at))
                else:
                    spans = self._finders[name](plain)
                for first, last, sure in spans:
                    start, end = where[first], where[last - 1] + 1
                    suggest = self._places.suggest(plain, first, last) if name == "place" else None
                    for entry in entries:
                        shelf = entry.shelf if sure else "possible"
                        yield self._hit_of(entry, begin + start, window[start:end], shelf, suggest)

    def _hit_of(self, entry: Entry, start: int, piece: str, shelf: str, suggest: str | None) -> Hit:
        return Hit(
            start,
            start + len(piece),
            entry.name,
            piece,
            entry.category,
            entry.severity,
            shelf,
            suggest,
            entry.clause,
            CONFIDENCE[shelf],
            entry.why,
        )

    def _suspect(self, text: str, known: set[Hit], sentences: Sequence[tuple[int, int]]) -> Iterator[Hit]:
        """What the typo model finds beside the rules. A place that a rule surely names is not named twice.

        Names of places, masked names and the words of these accounts that news has not (`usual.txt`) are left alone.
        """
        taken = [(hit.start, hit.end) for hit in known if hit.category in LOSS and hit.shelf == "confident"]
        assert self.model is not None
        for found in self.model.find_in(text, sentences, self._memory):
            if any(start < found.end and found.start < end for start, end in taken):
                continue
            usual = self._usual.finditer(text, max(0, found.start - 8), found.end + 8)
            if any(word.start() < found.end and found.start < word.end() for word in usual):
                continue
            if is_by_place(text, found) or is_masked_name(text, found):
                continue
            close = self._fold(text[max(0, found.start - CLOSE) : found.end + CLOSE])
            if self._corrections.search(close) and self._fold(found.suggest) in close:
                continue
            piece = text[found.start : found.end]
            yield Hit(
                found.start,
                found.end,
                "model/typo",
                piece,
                "typo",
                "medium",
                found.shelf,
                found.suggest,
                MODEL_CLAUSE,
                found.confidence,
                found.why,
            )

    def _weigh(self, hits: Iterable[Hit]) -> list[Hit]:
        """Where a pack says so (adverts), one phrase alone is only possible; several different ones are confident."""
        seen = defaultdict(set)
        for hit in hits:
            if hit.rule in self._at_least:
                seen[self._at_least[hit.rule][0]].add(hit.rule)
        weighed = []
        for hit in hits:
            if hit.rule in self._at_least:
                pack, enough = self._at_least[hit.rule]
                if len(seen[pack]) < enough:
                    hit = hit.on_shelf("possible")
            weighed.append(hit)
        return weighed


def _wanted(hits: list[Hit], text: str, shelf: str, allow: Collection[Allowance]) -> list[Hit]:
    kept = [hit for hit in hits if shelf != "confident" or hit.shelf == "confident"]
    return leave_out(kept, text, allow) if allow else kept


def _windows(text: str, places: Sequence[tuple[int, int]], reach: int) -> Iterator[tuple[int, str]]:
    """(start, text) around places in the order of their starts. Those that touch become one."""
    begin = max(0, places[0][0] - reach)
    stop = begin
    for start, end in places:
        if start - reach > stop > begin:
            yield begin, text[begin:stop]
            begin = start - reach
        stop = max(stop, end + reach)
    yield begin, text[begin:stop]


@cache
def _load_model() -> TypoModel | None:
    """The model that ships with the package. None where it was not installed: then the rules work alone."""
    try:
        return TypoModel.load()
    except FileNotFoundError:
        return None


def read_packs(rules: Path) -> list[Pack]:
    """All packs of a folder, by file name. Raises RulebookError where one is wrong."""
    return [_read_file(path, path.stat().st_mtime_ns) for path in sorted(rules.glob("*.yaml"))]


@lru_cache(maxsize=2)
def _variants_of(phrases: tuple[Entry, ...], usual: tuple[str, ...], rules: Path, model: TypoModel | None) -> Variants:
    """The variants of these phrases: the same for every screen that differs by an office's own words alone."""
    fold, alike = folder(folding(rules / "traditional.txt")), Alike(rules / "sounds.txt", rules / "looks.txt")
    return Variants(phrases, fold, alike, model, usual)


@lru_cache(maxsize=256)
def _read_file(path: Path, _changed_at: int) -> Pack:
    """One pack. It is read once: a process makes a screen anew whenever an office changes its own entries."""
    from xinmei.core.rulebook.files import read_table

    return read_pack(_checked(read_table(path), path))


def _read_usual_forms(folder: Path) -> list[str]:
    """Forms near some phrase that are used and right, one a line; `#` begins a remark."""
    lines = (line for path in sorted(folder.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines())
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _checked(row: Row, path: Path) -> Row:
    if row.get("id") != path.stem:
        raise row.fault(f"id 应与文件名相同，即 {path.stem}")
    return row
