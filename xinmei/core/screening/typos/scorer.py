"""The inner loop of the typo model in Python, for machines without a compiler.

It takes the same steps with the same whole numbers as `_typos.c`. A place is looked at when its character is improbable
among its neighbours, read forward and backward. Whatever sounds or looks alike is tried in its place, as one character
or a word of two. The best is kept, described in numbers, and graded by the trees of the model.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xinmei.core.screening.typos.cutting import cut, is_word
from xinmei.core.screening.typos.symbols import SHIFT, SKIP, STOP, character, class_of
from xinmei.core.screening.typos.table import GATE, LISTED, MINIMUM, ORDER, PRIORS, Levels, Table

REACH = ORDER - 1
SENTENCE = 100  # symbols on each side at which a sentence is looked at
SAME_TONE, SAME_SYLLABLE, NEAR_SYLLABLE, LOOK_ALIKE, WORD_SAME, WORD_NEAR, SWAPPED = range(7)
SURNAME, FOREIGN, PLACE, NUMERAL, COUNTRY, PARTNER = 1, 2, 4, 8, 16, 32
NOTHING = -(1 << 24)

Row = tuple[int, int, int, int, int, int]


def look_through(table: Table, text: str) -> list[Row]:
    """(start, end, kind, score, code, code or 0) of each place kept, in order of place."""
    return [found[0] for found in describe_all(table, text)]


def weigh(table: Table, text: str) -> int:
    """log2 of how expected the text is, forward and backward, in 1/256 bits."""
    work = _Work.of(table, text)
    return sum(work.forward) + sum(work.backward)


def describe_all(table: Table, text: str) -> Iterator[tuple[Row, list[int]]]:
    """The places kept, each with the numbers by which it was graded."""
    work = _Work.of(table, text)
    before = False
    for at, symbol in enumerate(work.symbols):
        odd = symbol >= SHIFT and work.total(at) < table.setup[GATE]
        found = []
        if odd:
            found.append(_look_at_character(work, at))
        if (odd or before) and at > 0 and symbol >= SHIFT and work.symbols[at - 1] >= SHIFT and not work.marked[at]:
            found.append(_look_at_word(work, at - 1))
        for place in found:
            if place:
                yield place
        before = odd


def _count(table: Table, symbols: Sequence[int], level: Levels, begin: int, end: int) -> None:
    """Levels of all windows that touch [begin, end).

    A window counts nothing where it holds a stop, or a part never seen.
    """
    n = len(symbols)
    for at in range(begin, end):
        level[1][at] = table.unigram[symbols[at]]
    for size in range(2, ORDER + 1):
        for at in range(max(0, begin - size + 1), min(end, n - size + 1)):
            most = min(level[size - 1][at], level[size - 1][at + 1])
            got = 0
            if most and not (size > 2 and STOP in (symbols[at + 1], symbols[at + size - 2])):
                got = table.level_of(tuple(symbols[at : at + size]))
            level[size][at] = min(got, most)


def _ahead(table: Table, level: Levels, at: int) -> int:
    """log2 P(symbol | the four before it)."""
    p = table.share_of(level[1][at])
    for size in range(2, min(ORDER, at + 1) + 1):
        context, whole = level[size - 1][at - size + 1], level[size][at - size + 1]
        if not context:
            break
        seen = table.levels[whole] - table.discounts[size] if whole else 0.0
        rest = table.back_f[size * 64 + context] * p
        p = (seen / table.levels[context] if seen > 0 else 0.0) + rest
    return table.log_of(p)


def _behind(table: Table, level: Levels, at: int, n: int) -> int:
    """log2 P(symbol | the four after it)."""
    p = table.share_of(level[1][at])
    for size in range(2, min(ORDER, n - at) + 1):
        context, whole = level[size - 1][at + 1], level[size][at]
        if not context:
            break
        seen = table.levels[whole] - table.discounts[size] if whole else 0.0
        rest = table.back_b[size * 64 + context] * p
        p = (seen / table.levels[context] if seen > 0 else 0.0) + rest
    return table.log_of(p)


@dataclass
class _Work:
    """One text on the bench."""

    table: Table
    symbols: list[int]
    offsets: list[int]
    marked: list[int]  # a quotation or title mark stands before it
    level: Levels
    forward: list[int] = field(default_factory=list)
    backward: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, table: Table, text: str) -> _Work:
        symbols: list[int] = []
        offsets: list[int] = []
        marked = [0]
        for offset, char in enumerate(text):
            symbol = table.plain[class_of(char)]
            if symbol == SKIP:
                marked[-1] = int(char != " ")
            elif symbol >= SHIFT or not symbols or symbols[-1] != symbol:
                symbols.append(symbol)
                offsets.append(offset)
                marked.append(0)
        n = len(symbols)
        level = [[0] * n for _ in range(ORDER + 1)]
        _count(table, symbols, level, 0, n)
        work = cls(table, symbols, offsets, marked, level)
        work.forward = [_ahead(table, level, at) for at in range(n)]
        work.backward = [_behind(table, level, at, n) for at in range(n)]
        return work

    def total(self, at: int) -> int:
        """How expected a symbol is among its neighbours; 0 beyond the ends."""
        return self.forward[at] + self.backward[at] if 0 <= at < len(self.symbols) else 0

    def flags(self, at: int) -> int:
        return self.table.flags[self.symbols[at]] if 0 <= at < len(self.symbols) else 0

    def kind_of(self, at: int) -> int:
        """The class of a neighbour; SHIFT for any character."""
        return min(self.symbols[at], SHIFT) if 0 <= at < len(self.symbols) else STOP


class _Region:
    """A span with everything that its windows can see."""

    def __init__(self, work: _Work, at: int, span: int) -> None:
        self.table = work.table
        self.begin = max(0, at - REACH)
        end = min(len(work.symbols), at + span + REACH)
        self.symbols = work.symbols[self.begin : end]
        self.at, self.span, self.size = at - self.begin, span, end - self.begin
        self.level = [[0] * self.size] + [
            [row[self.begin + j] if j + size <= self.size else 0 for j in range(self.size)]
            for size, row in enumerate(work.level[1:], 1)
        ]
        self.forward = self.backward = 0
        self.weigh()

    def put(self, better: Sequence[int]) -> None:
        """Puts other symbols into the span."""
        self.symbols[self.at : self.at + self.span] = better
        _count(self.table, self.symbols, self.level, self.at, self.at + self.span)
        self.weigh()

    def weigh(self) -> None:
        self.forward = sum(_ahead(self.table, self.level, j) for j in range(self.at, self.size))
        self.backward = sum(_behind(self.table, self.level, j, self.size) for j in range(self.at + self.span))


def _reading_kind(table: Table, right: int, wrong: int, kind: int) -> int:
    a, b = table.readings[3 * right : 3 * right + 3], table.readings[3 * wrong : 3 * wrong + 3]
    for one in a:
        for other in b:
            if not one or not other:
                continue
            if one == other:
                return SAME_TONE
            if one >> 3 == other >> 3:
                kind = min(kind, SAME_SYLLABLE)
            elif table.fuzzy[one >> 3] == table.fuzzy[other >> 3]:
                kind = min(kind, NEAR_SYLLABLE)
    return kind


def _known_confusion(table: Table, wrong: int, right: int) -> int:
    """1 when a confusion is in lists of wrong words, and 2 for each time it was seen as a typing error."""
    key = wrong << 16 | right
    at = bisect_left(table.pairs, key)
    return table.pair_known[at] if at < len(table.pairs) and table.pairs[at] == key else 0


@dataclass
class _Best:
    """The best and the second best of what was tried."""

    rank: int = NOTHING
    second: int = NOTHING
    kind: int = 0
    better: tuple[int, ...] = ()


def _try(work: _Work, plain: _Region, region: _Region, best: _Best, kind: int, better: tuple[int, ...]) -> None:
    table, at = work.table, plain.at
    wrong = plain.symbols[at]
    if table.flags[better[0]] & table.flags[wrong] & NUMERAL:
        return
    if len(better) == 1:
        left = plain.symbols[at - 1] if at > 0 else STOP
        right = plain.symbols[at + 1] if at + 1 < plain.size else STOP
        if not (
            (left >= SHIFT and table.level_of((left, better[0])))
            or (right >= SHIFT and table.level_of((better[0], right)))
        ):
            return
    region.put(better)
    rank = (
        region.forward - plain.forward + region.backward - plain.backward + table.setup[PRIORS + min(kind, WORD_NEAR)]
    )
    if len(better) == 1 and _known_confusion(table, wrong, better[0]) & 1:
        rank += table.setup[LISTED]
    if rank > best.rank:
        best.second, best.rank, best.kind, best.better = best.rank, rank, kind, better
    elif rank > best.second:
        best.second = rank


def _syllables(table: Table, symbol: int) -> list[int]:
    """Classes of similar syllables by which a character may be read, each once."""
    return list(
        dict.fromkeys(table.fuzzy[reading >> 3] for reading in table.readings[3 * symbol : 3 * symbol + 3] if reading)
    )


def _look_at_character(work: _Work, at: int) -> tuple[Row, list[int]] | None:
    table, wrong = work.table, work.symbols[at]
    plain, region, best = _Region(work, at, 1), _Region(work, at, 1), _Best()
    for group in _syllables(table, wrong):
        for syllable in table.fuzzy_syllables[table.fuzzy_at[group] : table.fuzzy_at[group + 1]]:
            for right in table.syllable_chars[table.syllable_at[syllable] : table.syllable_at[syllable + 1]]:
                if right != wrong:
                    _try(work, plain, region, best, _reading_kind(table, right, wrong, NEAR_SYLLABLE), (right,))
    shapes = table.shapes[table.shape_at[wrong] : table.shape_at[wrong + 1]]
    for right in shapes:
        if _reading_kind(table, right, wrong, LOOK_ALIKE) == LOOK_ALIKE:
            _try(work, plain, region, best, LOOK_ALIKE, (right,))
    place = bisect_left(table.pairs, wrong << 16)
    while place < len(table.pairs) and table.pairs[place] >> 16 == wrong:
        right = table.pairs[place] & 0xFFFF
        place += 1
        if _reading_kind(table, right, wrong, LOOK_ALIKE) == LOOK_ALIKE and right not in shapes:
            _try(work, plain, region, best, LOOK_ALIKE, (right,))
    return _keep(work, at, best, plain, region)


def _look_at_word(work: _Work, at: int) -> tuple[Row, list[int]] | None:
    table, wrong, other_wrong = work.table, work.symbols[at], work.symbols[at + 1]
    plain, region, best = _Region(work, at, 2), _Region(work, at, 2), _Best()
    for key in dict.fromkeys(a << 16 | b for a in _syllables(table, wrong) for b in _syllables(table, other_wrong)):
        place = bisect_left(table.word_keys, key)
        while place < len(table.word_keys) and table.word_keys[place] == key:
            first, other = table.words[2 * place], table.words[2 * place + 1]
            place += 1
            if first == wrong or other == other_wrong:
                continue
            near = (
                max(
                    _reading_kind(table, first, wrong, LOOK_ALIKE), _reading_kind(table, other, other_wrong, LOOK_ALIKE)
                )
                > SAME_SYLLABLE
            )
            _try(work, plain, region, best, WORD_NEAR if near else WORD_SAME, (first, other))
    if other_wrong != wrong and table.level_of((other_wrong, wrong)):
        _try(work, plain, region, best, SWAPPED, (other_wrong, wrong))
    return _keep(work, at, best, plain, region)


def _keep(work: _Work, at: int, best: _Best, plain: _Region, region: _Region) -> tuple[Row, list[int]] | None:
    if best.rank < work.table.setup[MINIMUM]:
        return None
    region.put(best.better)
    numbers = _describe(work, at, best, plain, region)
    end = work.offsets[at + len(best.better) - 1] + 1
    codes = [ord(character(symbol)) for symbol in best.better] + [0]
    return (work.offsets[at], end, best.kind, _grade(work.table, numbers), codes[0], codes[1]), numbers


def _grade(table: Table, numbers: Sequence[int]) -> int:
    trees, total = table.trees, 0
    nodes = 1 + trees[0]
    for tree in range(trees[0]):
        at = nodes + 4 * trees[1 + tree]
        while trees[at] >= 0:
            at = nodes + 4 * (trees[at + 2] if numbers[trees[at]] <= trees[at + 1] else trees[at + 3])
        total += trees[at + 1]
    return total


def _longest_word(region: _Region, at: int) -> int:
    for size in range(4, 1, -1):
        for begin in range(max(0, at - size + 1), min(at, region.size - size) + 1):
            if is_word(region.table, region.symbols, begin, size):
                return size
    return 1


def _longest_seen(region: _Region, at: int, span: int) -> tuple[int, int]:
    for size in range(ORDER, span, -1):
        best = max(
            (region.level[size][begin] for begin in range(max(0, at + span - size), min(at, region.size - size) + 1)),
            default=0,
        )
        if best:
            return size, best
    return 1, region.level[1][at]


def _pick(region: _Region, size: int, at: int) -> int:
    return region.level[size][at] if at >= 0 and at + size <= region.size else 0


def _closeness(region: _Region, at: int) -> int:
    """How much more often two neighbours meet than by chance; 0 where they never meet."""
    if at < 0 or at + 2 > region.size or not region.level[2][at]:
        return 0
    levels, level = region.table.levels, region.level
    return (
        region.table.log_of(levels[level[2][at]] * levels[63] / (levels[level[1][at]] * levels[level[1][at + 1]]))
        + 2560
    )


def _describe(work: _Work, at: int, best: _Best, plain: _Region, better: _Region) -> list[int]:
    """What the trees look at, in the order of their training."""
    table, span, end = work.table, len(best.better), at + len(best.better)
    numbers = [best.kind, better.forward - plain.forward, better.backward - plain.backward, best.rank - best.second]
    numbers += [
        work.forward[at],
        work.backward[end - 1],
        plain.forward,
        plain.backward,
        better.forward,
        better.backward,
    ]
    for region in (plain, better):
        a, z = region.at, region.at + span - 1
        numbers += [
            _pick(region, 3, a - 2),
            _pick(region, span + 1, a - 1),
            _pick(region, span + 1, a),
            _pick(region, 3, z),
            _pick(region, span + 2, a - 1),
        ]
        numbers += [
            *_longest_seen(region, a, span),
            region.level[1][a],
            _longest_word(region, a),
            _longest_word(region, z),
        ]
        numbers.append(sum(is_word(table, region.symbols, begin, 2) << bit for bit, begin in enumerate((a - 1, z, a))))
        numbers += [_closeness(region, a - 1), _closeness(region, z)]
    numbers += [_closeness(plain, plain.at - 2), _closeness(plain, plain.at + span)]
    numbers += (
        [_closeness(plain, plain.at), _closeness(better, better.at), better.level[2][better.at]]
        if span == 2
        else [0, 0, 0]
    )
    near = [
        j
        for j in range(max(0, at - 7), min(len(work.symbols), end + 7))
        if not at <= j < end and work.symbols[j] >= SHIFT
    ]
    known = sum(work.total(j) for j in near)
    numbers.append(sum(work.total(j) < table.setup[GATE] for j in near))
    numbers.append(_mean(known, len(near)))
    numbers.append(sum(bool(work.flags(j) & FOREIGN) for j in near if at - 3 <= j < end + 3))
    numbers.append(min((d for d in (1, 2, 3) if work.flags(at - d) & SURNAME), default=0))
    own, own_end, new = work.flags(at), work.flags(end - 1), table.flags[best.better[0]]
    before, after = work.flags(at - 1), work.flags(end)
    numbers.append(own & SURNAME)
    numbers.append(bool((own | own_end) & COUNTRY) + bool(before & COUNTRY) * 2 + bool(after & COUNTRY) * 4)
    numbers.append(bool(own & NUMERAL) + bool(new & NUMERAL) * 2 + bool(before & NUMERAL) * 4)
    numbers.append(bool(own & FOREIGN) + bool(own_end & FOREIGN) + bool(before & FOREIGN) + bool(after & FOREIGN))
    numbers.append(bool(own & PLACE) + bool(after & PLACE) * 2)
    numbers += [work.kind_of(at - 1), work.kind_of(end)]
    numbers.append(work.marked[at] | (work.marked[end] if end < len(work.symbols) else 0) << 1)
    second = _known_confusion(table, work.symbols[at + 1], best.better[1]) & ~1 if span == 2 else 0
    numbers.append(_known_confusion(table, work.symbols[at], best.better[0]) + second)
    numbers += [work.total(at - 1), work.total(end)]
    now, then = (cut(table, region.symbols, region.level) for region in (plain, better))
    numbers += [then[0] - now[0], now[1] - then[1]]
    numbers += [_ahead(table, better.level, better.at), _behind(table, better.level, better.at + span - 1, better.size)]
    numbers += [_pick(plain, 3, plain.at - 3), _pick(plain, 3, plain.at + span)]
    numbers.append(bool(own & COUNTRY) * (1 + bool(before & PARTNER) + bool(after & PARTNER) * 2))
    return numbers + _look_around(work, at, end)


def _mean(total: int, count: int) -> int:
    """The mean, rounded towards zero as C divides; 0 of nothing."""
    return (total // count if total > 0 else -(-total // count)) if count else 0


def _look_around(work: _Work, at: int, end: int) -> list[int]:
    """The sentence around a place.

    How long it is, what else in it is improbable, and whether the words of this place stand there again.
    """
    symbols, gate = work.symbols, work.table.setup[GATE]
    begin, stop = at, end
    while begin > 0 and at - begin < SENTENCE and symbols[begin - 1] != STOP:
        begin -= 1
    while stop < len(symbols) and stop - end < SENTENCE and symbols[stop] != STOP:
        stop += 1
    totals = [work.total(j) for j in range(begin, stop) if symbols[j] >= SHIFT and not at - REACH <= j < end + REACH]
    again = 0
    for j in range(begin, stop - 1):
        if at > 0 and symbols[at - 1] >= SHIFT and j != at - 1:
            again |= symbols[j : j + 2] == symbols[at - 1 : at + 1]
        if at + 1 < len(symbols) and symbols[at + 1] >= SHIFT and j != at:
            again |= (symbols[j : j + 2] == symbols[at : at + 2]) << 1
    odd, very_odd = sum(total < gate for total in totals), sum(total < 2 * gate for total in totals)
    return [stop - begin, odd, very_odd, _mean(sum(totals), len(totals)), int(again)]
