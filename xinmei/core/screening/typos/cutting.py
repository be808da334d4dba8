"""The likeliest way to cut a few symbols into words.

The words of the language say more about a mistyped place than its characters alone.
"""

from __future__ import annotations

from xinmei.core.screening.typos.symbols import SHIFT
from xinmei.core.screening.typos.table import ORDER, Levels, Table

LONGEST = 4
ALONE = 512  # the cost of a character that is no word, in 1/256 bits
NOWHERE = -(1 << 28)


def cut(table: Table, symbols: list[int], level: Levels) -> tuple[int, int]:
    """How likely the best cut is (log2, 1/256 bits), and how many characters stand alone in it."""
    n = len(symbols)
    best = [[NOWHERE] * (LONGEST + 1) for _ in range(n + 1)]
    before = [[0] * (LONGEST + 1) for _ in range(n + 1)]
    best[0][0] = 0
    for at in range(n):
        for size in range(1, min(LONGEST, n - at) + 1):
            if size > 1 and not is_word(table, symbols, at, size):
                continue
            for previous in range(LONGEST + 1):
                if best[at][previous] == NOWHERE:
                    continue
                weight = best[at][previous] + _weight(table, symbols, level, at, size, previous)
                if weight > best[at + size][size]:
                    best[at + size][size], before[at + size][size] = weight, previous
    size = max(range(1, LONGEST + 1), key=lambda k: best[n][k])
    weight, alone, at = best[n][size], 0, n
    while at > 0:
        previous = before[at][size]
        alone += size == 1
        at, size = at - size, previous
    return weight, alone


def is_word(table: Table, symbols: list[int], begin: int, size: int) -> bool:
    """Whether the window is a word of the lexicon. False where it reaches beyond the symbols."""
    if begin < 0 or begin + size > len(symbols):
        return False
    window = tuple(symbols[begin : begin + size])
    return min(window) >= SHIFT and table.is_word(window)


def _weight(table: Table, symbols: list[int], level: Levels, at: int, size: int, previous: int) -> int:
    p = table.share_of(level[size][at])
    context = level[previous][at - previous] if previous and size + previous <= ORDER else 0
    if context:
        whole = level[size + previous][at - previous]
        seen = table.levels[whole] - 0.5 if whole else 0.0
        rest = 0.4 * p
        p = (seen / table.levels[context] if seen > 0 else 0.0) + rest
    return table.log_of(p) - (ALONE if size == 1 and symbols[at] >= SHIFT else 0)
