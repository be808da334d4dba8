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
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import groupby, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any

from xinmei.core.rulebook import RULES, Row, RulebookError
from xinmei.core.screening import detectors
from xinmei.core.screening.alike import Alike
from xinmei.core.screening.allowing import Allowance, leave_out
from xinmei.core.screening.folding import Folding, folding, places
from xinmei.core.screening.hits import Hit
from xinmei.core.screening.matcher import ADDED, SAME, Compiled, Narrowing, build, folder
from xinmei.core.screening.packs import Entry, Pack, read_pack
from xinmei.core.screening.placenames import PlaceNames
from xinmei.core.screening.typos import TypoHit, TypoModel, is_by_place, is_masked_name
from xinmei.core.screening.variants import Variants

# Changes when the same packs would give other hits.
ENGINE = "6"
# Characters on each side of a hit that count as close by.
CLOSE = 40
CONFIDENCE = {"confident": 0.95, "possible": 0.5}
MODEL_CLAUSE = "附件2 运维管理5：抽查检查发现政务新媒体发布信息内容中出现错别字，每次扣2分"
# How much the typo model reads at a time, up to the mark that ends it, and how many sentences it remembers.
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")
DIGIT = re.compile(r"[0-9０-９]")
REMEMBERED = 100_000
LOSS = {"typo", "grave_misstatement", "style"}

# A match as in `matcher.Match`, as a bare tuple because there are many.
BareMatch = tuple[Any, ...]
NO_ROW: tuple[int, Sequence[BareMatch]] = (-1, ())


class Screen:
    """Rule packs made ready to scan.

    It is cheap to use and safe to share between threads: scanning changes nothing in it but what it remembers.
    """

    def __init__(self, packs: Iterable[Pack], rules: Path, model: TypoModel | None = None) -> None:
        self.packs = tuple(packs)
        self.model = model
        self._sentences: dict[str, list[TypoHit]] = {}
        self._table = folding(rules / "traditional.txt")
        self._fold = folder(self._table)
        self._corrections = re.compile(
            "|".join(map(re.escape, (rules / "corrections.txt").read_text(encoding="utf-8").split()))
        )
        self._usual = re.compile("|".join(map(re.escape, (rules / "usual.txt").read_text(encoding="utf-8").split())))
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
            for term in alike.miswrite(right)
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
        self._variants = Variants(self._phrases, self._fold, alike, model)

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
            (ENGINE, [(pack, pack.entries) for pack in self.packs], self.model.version if self.model else None)
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
        for text, day in zip(
            texts, repeat(days) if isinstance(days, date) else days, strict=not isinstance(days, date)
        ):
            yield _wanted(self._decide(text, day, self._matcher.find(text), typos, shelf), text, shelf, allow)

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

        The C engine reads the column where it lies; a Python text is made only of a row in which it saw something. The
        typo model reads every row as a Python text. A null is an empty text.
        """
        each = repeat(days) if isinstance(days, date) else iter(days)
        row = 0
        for chunk in getattr(column, "chunks", [column]):
            found = self._look_through(chunk)
            coming, waiting = next(found, NO_ROW)
            for at, day in zip(range(len(chunk)), each, strict=False):
                matches: Sequence[BareMatch] = ()
                if at == coming:
                    matches = waiting
                    coming, waiting = next(found, NO_ROW)
                elif not (typos and self.model):
                    continue
                text = chunk[at].as_py() or ""
                hits = self._decide(text, day, matches, typos, shelf)
                if hits and (hits := _wanted(hits, text, shelf, allow)):
                    yield row + at, hits
            row += len(chunk)

    def _look_through(self, chunk: Any) -> Iterator[tuple[int, Sequence[BareMatch]]]:
        """(row, matches) of the rows of an Arrow array that have some, in order."""
        if not isinstance(self._matcher, Compiled):
            yield from (
                (at, matches)
                for at, text in enumerate(chunk.to_pylist())
                if (matches := self._matcher.find(text or ""))
            )
            return
        _, offsets, data = chunk.buffers()
        if not len(chunk):
            return
        flat = self._matcher.find_arrow(
            data or b"", offsets, chunk.offset, len(chunk), str(chunk.type) == "large_string"
        )
        for row, here in groupby(struct.iter_unpack("6i", flat), itemgetter(0)):
            yield row, [found[1:] for found in here]

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

    @cached_property
    def _matcher(self) -> Any:
        return build(*self._looked_for())

    def _looked_for(self) -> tuple[list[str], list[str], Folding, Narrowing]:
        """What an engine is built from.

        Terms in the order of `_decide`, phrases, folding, and which near matches are worth a look.
        """
        terms = [
            *(term for terms in (self._words, self._triggers) for term, _ in terms),
            *(one.text for one in self._variants.doubled),
        ]
        return terms, [self._fold(entry.find[0]) for entry in self._phrases], self._table, self._variants.narrowing()

    def _hits(self, text: str, day: date) -> list[Hit]:
        """All hits, including those that another hit makes superfluous."""
        return self._decide(text, day, self._matcher.find(text), every=True)

    def _decide(
        self,
        text: str,
        day: date,
        matches: Iterable[BareMatch],
        typos: bool = True,
        shelf: str = "possible",
        every: bool = False,
    ) -> list[Hit]:
        """The hits among the matches of one text, and what the typo model adds."""
        hits: set[Hit] = set()
        lesser: set[Hit] = set()  # wrong words found by phrases
        called: dict[str, list[tuple[int, int]]] = {}
        words = len(self._words)
        doubled = words + len(self._triggers)
        phrases = doubled + len(self._variants.doubled)
        digits = phrases + len(self._phrases)
        for start, end, number, how, at in matches:
            if number < words:
                hit = self._judge(text, day, start, end, self._words[number][1])
            elif number < doubled:
                called.setdefault(self._triggers[number - words][1], []).append((start, end))
                continue
            elif number < phrases:
                _, phrase, place = self._variants.doubled[number - doubled]
                hit = self._judge(text, day, start, end, self._phrases[phrase], ADDED, place)
            elif number < digits:
                hit = self._judge(text, day, start, end, self._phrases[number - phrases], how, at)
            else:
                for name, least in detectors.BY_DIGITS.items():
                    if end - start >= least:
                        called.setdefault(name, []).append((start, end))
                continue
            if hit:
                (hits if number < doubled or hit.category != "typo" else lesser).add(hit)
        if lesser:
            hits.update(lesser if every else _name_once(lesser, hits))
        if called:
            hits.update(self._detect(text, day, called, shelf))
        if typos and self.model:
            hits.update(self._suspect(text, hits))
        return self._weigh(hits) if hits else []

    def _judge(
        self, text: str, day: date, start: int, end: int, entry: Entry, how: int = SAME, at: int = 0
    ) -> Hit | None:
        reading = None
        if how != SAME:
            reading = self._variants.of(entry, how, at, text, start, end)
            if reading is None:
                return None
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
        start, end = begin + where[first], begin + where[last - 1] + 1
        return Hit(
            start,
            end,
            entry.name,
            text[start:end],
            entry.category,
            entry.severity,
            entry.shelf,
            entry.suggest,
            entry.clause,
            CONFIDENCE[entry.shelf],
            entry.why or (f"固定表述：{entry.find[0]}" if how != SAME else ""),
        )

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
            if not entries:
                continue
            for begin, window in _windows(text, callers, detectors.REACH.get(name, detectors.USUAL_REACH)):
                plain, where = detectors.see_through(window)
                for first, last, sure in self._finders[name](plain):
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

    def _suspect(self, text: str, known: set[Hit]) -> Iterator[Hit]:
        """What the typo model finds beside the rules. A place that a rule names already is not named twice.

        Names of places, masked names and the words of these accounts that news has not (`usual.txt`) are left alone.
        """
        taken = [(hit.start, hit.end) for hit in known if hit.category in LOSS]
        for found in self._read_sentences(text):
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

    def _read_sentences(self, text: str) -> Iterator[TypoHit]:
        """The model reads sentence by sentence and remembers them: official texts repeat themselves but for their
        numbers.
        """
        assert self.model is not None
        for match in SENTENCE.finditer(DIGIT.sub("0", text)):
            sentence = match.group()
            if (hits := self._sentences.get(sentence)) is None:
                if len(self._sentences) >= REMEMBERED:
                    self._sentences.clear()
                hits = self._sentences[sentence] = self.model.find(sentence)
            for hit in hits:
                yield replace(hit, start=hit.start + match.start(), end=hit.end + match.start())

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
                    hit = replace(hit, shelf="possible", confidence=CONFIDENCE["possible"])
            weighed.append(hit)
        return sorted(weighed)


def _wanted(hits: list[Hit], text: str, shelf: str, allow: Collection[Allowance]) -> list[Hit]:
    kept = [hit for hit in hits if shelf != "confident" or hit.shelf == "confident"]
    return leave_out(kept, text, allow) if allow else kept


def _name_once(phrases: Iterable[Hit], known: Iterable[Hit]) -> list[Hit]:
    """Wrong words found by phrases, the longest first. A place that a rule names already is not named twice."""
    taken = [(hit.start, hit.end) for hit in known if hit.category in LOSS]
    named = []
    for hit in sorted(phrases, key=lambda hit: (hit.start - hit.end, hit)):
        if all(hit.end <= start or end <= hit.start for start, end in taken):
            taken.append((hit.start, hit.end))
            named.append(hit)
    return named


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


def _load_model() -> TypoModel | None:
    """The model that ships with the package. None where it was not installed: then the rules work alone."""
    try:
        return TypoModel.load()
    except FileNotFoundError:
        return None


def read_packs(rules: Path) -> list[Pack]:
    """All packs of a folder, by file name. Raises RulebookError where one is wrong."""
    from xinmei.core.rulebook.files import read_table

    return [read_pack(_checked(read_table(path), path)) for path in sorted(rules.glob("*.yaml"))]


def _checked(row: Row, path: Path) -> Row:
    if row.get("id") != path.stem:
        raise row.fault(f"id 应与文件名相同，即 {path.stem}")
    return row
