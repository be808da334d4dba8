"""Charts as pages draw them: on the server, as SVG in the page, so that script, browser and paper show the same (0325).

Lengths are per cents of the width, so type keeps its size on a phone; colours are classes, so night and paper have
their own. A chart is a question with its answer; its table stands with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TOP, FLOOR, HEIGHT = 18.0, 104.0, 124  # of the drawing, in pixels: the highest bar's head, the base line, the whole
LEAST, UNKNOWN = 1.5, 12.0  # the height of the smallest number that is not nought, and of what nobody knows
STEPS = 5


@dataclass(frozen=True)
class Bar:
    """One upright bar with its row of the table.

    `value` None: nobody knows; a dashed frame. `part`: how much of it is red. `cells`: what the table says, the first
    also stands over the bar. `tick`: what stands under it.
    """

    name: str
    value: float | None
    cells: tuple[str, ...]
    tick: str = ""
    part: float = 0.0
    address: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its places: x, middle and width in per cent, heights in pixels. `over`: what stands over it."""

    bar: Bar
    x: float
    middle: float
    width: float
    y: float
    height: float
    red_y: float
    red: float
    over: str

    @property
    def over_y(self) -> float:
        """Where the number over it stands."""
        return self.y - 5


@dataclass(frozen=True)
class Chart:
    """Upright bars from zero. `heads` are those of the table; `fill` is a class of pages.css, "hatch" the hatching of
    what could not be seen; `unknown` says why a bar is not known.
    """

    question: str
    answer: str
    heads: tuple[str, ...]
    bars: Sequence[Bar]
    fill: str = "f-3"
    unknown: str = ""

    @property
    def has_unknown(self) -> bool:
        """Whether something is not known."""
        return any(bar.value is None for bar in self.bars)

    @property
    def is_flat(self) -> bool:
        """Whether there is nothing to draw: all is known, and nought."""
        return all(bar.value == 0 for bar in self.bars)

    @property
    def drawn(self) -> list[DrawnBar]:
        """The bars in their places. Where there are many or long numbers, only the highest and the last are written."""
        values = [bar.value or 0.0 for bar in self.bars]
        most = max(values, default=0.0) or 1.0
        all_written = len(values) <= 13 and all(len(bar.cells[0]) <= 3 for bar in self.bars)
        written = set(range(len(values))) if all_written else {values.index(max(values)), len(values) - 1}
        wide = 100 / max(len(values), 1)
        drawn = []
        for place, (bar, value) in enumerate(zip(self.bars, values, strict=True)):
            height = max((FLOOR - TOP) * value / most, LEAST) if value else 0.0
            if bar.value is None:
                height = UNKNOWN
            red = (FLOOR - TOP) * bar.part / most
            over = bar.cells[0] if place in written and value else ""
            x = place * wide + 0.14 * wide
            drawn.append(DrawnBar(bar, x, x + 0.36 * wide, 0.72 * wide, FLOOR - height, height, FLOOR - red, red, over))
        return drawn


@dataclass(frozen=True)
class Steps:
    """Up to five steps of shade for whole numbers: `bounds` are the highest number of each step."""

    bounds: tuple[int, ...]

    def of(self, number: int) -> int:
        """The step of a number, 1 to 5; 0 for none."""
        return 1 + sum(number > bound for bound in self.bounds[:-1]) if number > 0 and self.bounds else 0

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Each step with its numbers: 「1」「2」「3–5」."""
        lows = [1, *(bound + 1 for bound in self.bounds[:-1])]
        pairs = zip(lows, self.bounds, strict=False)
        return [(step, str(low) if low == high else f"{low}–{high}") for step, (low, high) in enumerate(pairs, 1)]


def step_by(numbers: Iterable[int]) -> Steps:
    """Steps by the numbers that are there: five different numbers have five shades; of more, as many on each step."""
    there = sorted({number for number in numbers if number > 0})
    count = min(STEPS, len(there))
    return Steps(tuple(there[-(-len(there) * step // count) - 1] for step in range(1, count + 1)))
