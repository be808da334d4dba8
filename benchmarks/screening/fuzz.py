"""Random bytes for the scan and for the loading of packs.

No undeclared exception, no hang, no growth of memory; both engines find the same.

    python benchmarks/screening/fuzz.py [--minutes 10] [--seed 1]

Of scans: random lists of terms and phrases, random texts, as str and as an Arrow column; the shipped packs over broken
phrases; columns whose offsets lie and whose bytes are no UTF-8. Of packs: the shipped packs as YAML with pieces cut,
doubled, swapped and replaced; RulebookError is the one exception that loading may raise. Prints the counts.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
from array import array
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from xinmei.core.rulebook import RULES, RulebookError
from xinmei.core.screening import Screen, read_pack
from xinmei.core.screening.folding import fold, folding
from xinmei.core.screening.matcher import AhoCorasick, Compiled

RULE_FILES = RULES / "screening"
TABLE = folding(RULE_FILES / "traditional.txt")
ALPHABETS = [
    "甲乙",
    "甲乙丙丁1",
    "中华人民共和国，。 *",
    "aＡ1１@\u200b\ufe0f\x00\U00020000\U0001d7d8國",
    "".join(map(chr, range(0x4E00, 0x4F00))),
]
HANG = 30  # seconds
ODD: list[Any] = [
    None,
    "",
    0,
    -1,
    1e308,
    True,
    [],
    {},
    [[]],
    {"a": 1},
    "\x00",
    "甲" * 10_000,
    "2026-13-45",
    "1月1日",
    [None],
    10**30,
]


class Hang(Exception):
    """A step took longer than HANG."""


def random_text(dice: random.Random, alphabet: str, most: int) -> str:
    """Text mostly from an alphabet, so that strings meet; sometimes any character at all, including halves of pairs."""
    letters = dice.choices(alphabet, k=dice.randint(0, most))
    if dice.random() < 0.3:
        letters += [chr(dice.randrange(0x110000)) for _ in range(dice.randint(0, 8))]
        dice.shuffle(letters)
    return "".join(letters)


def scan_once(dice: random.Random) -> str:
    """One list of terms over some texts by both engines. Returns what was done."""
    alphabet = dice.choice(ALPHABETS)
    terms = sorted(
        {folded for _ in range(dice.randint(0, 60)) if (folded := fold(random_text(dice, alphabet, 9), TABLE))}
    ) or ["甲"]
    phrases = sorted(
        {folded for _ in range(dice.randint(0, 6)) if len(folded := fold(random_text(dice, alphabet, 12), TABLE)) > 3}
    )
    engine, oracle = Compiled(terms, phrases, TABLE), AhoCorasick(terms, phrases, TABLE)
    texts = [random_text(dice, alphabet, dice.choice((0, 3, 40, 400, 5000))) for _ in range(4)]
    found = [engine.find(text) for text in texts]
    assert found == [oracle.find(text) for text in texts], (terms, phrases, texts)
    plain = Compiled(terms, phrases, TABLE)
    plain._scanner.wide = False
    assert found == [plain.find(text) for text in texts], (terms, phrases, texts)
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    _, offsets, data = pa.array(clean).buffers()
    rows = engine.find_all((data or b"", offsets, 0, len(clean), False))
    assert len(rows) // 6 == sum(len(engine.find(text)) for text in clean)
    return "scans"


def broken_phrases(dice: random.Random, screen: Screen) -> str:
    """Fixed phrases with a character changed, lost or added, between random ones."""
    text = ""
    for entry in dice.choices(
        [entry for pack in screen.packs if pack.kind == "phrases" for entry in pack.entries], k=dice.randint(0, 8)
    ):
        phrase = entry.find[0]
        at = dice.randrange(len(phrase))
        text += (
            phrase[:at]
            + random_text(dice, ALPHABETS[2], 1)
            + phrase[at + dice.randint(0, 1) :]
            + random_text(dice, dice.choice(ALPHABETS), 4)
        )
    return text


def screen_once(dice: random.Random, screen: Screen) -> str:
    """The shipped packs over broken phrases, one by one and as a column."""
    texts = [broken_phrases(dice, screen).encode("utf-8", "replace").decode() for _ in range(6)]
    column = dict(screen.scan_arrow(pa.array(texts), date(2026, 6, 1), typos=False))
    assert [column.get(row, []) for row in range(len(texts))] == list(
        screen.scan(texts, date(2026, 6, 1), typos=False)
    ), texts
    return "screens"


def lie_once(dice: random.Random, screen: Screen) -> str:
    """A column of random or broken bytes with random offsets. It gives ValueError, or matches within it."""
    engine = dice.choice((Compiled(["甲", "甲乙丙", "ab"], ["甲乙丙丁"], TABLE), screen._matcher))
    data, count = (
        bytearray(
            dice.choice((dice.randbytes(dice.randint(0, 400)), broken_phrases(dice, screen).encode("utf-8", "replace")))
        ),
        dice.randint(0, 6),
    )
    for _ in range(dice.randint(0, 4) if data else 0):
        data[dice.randrange(len(data))] = dice.randrange(256)
    offsets = array(
        "i", (dice.choice((dice.randint(-5, len(data) + 5), dice.randint(-(2**31), 2**31 - 1))) for _ in range(count))
    )
    if dice.random() < 0.5:
        offsets = array("i", sorted(dice.randint(0, len(data)) for _ in range(count)))
    try:
        rows = engine.find_all((data, offsets, dice.randint(-1, 3), dice.randint(-1, 7), dice.random() < 0.2))
    except ValueError:
        return "columns refused"
    assert all(0 <= start < end <= len(data) for start, end in zip(rows[1::6], rows[2::6], strict=True))
    return "columns scanned"


def damage(dice: random.Random, value: Any) -> Any:
    """A copy of a pack with one thing changed."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        return dice.choice(
            (
                lambda: value | {key: damage(dice, value[key])},
                lambda: {name: one for name, one in value.items() if name != key},
                lambda: value | {dice.choice(("find", "hit", "from", "to", "kind", "甲", 1)): dice.choice(ODD)},
            )
        )()
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        return [*value[:at], *dice.choice(([], [damage(dice, value[at])], [value[at]] * 2)), *value[at + 1 :]]
    if isinstance(value, str) and value and dice.random() < 0.5:
        at = dice.randrange(len(value))
        return value[:at] + dice.choice(("", random_text(dice, ALPHABETS[3], 5))) + value[at + 1 :]
    return dice.choice(ODD)


def load_once(dice: random.Random, packs: list[Any]) -> str:
    """Loads one damaged pack, from its YAML on. One that is accepted is used for a scan."""
    pack = dice.choice(packs)
    entries = dice.sample(pack["entries"], min(len(pack["entries"]), 4))
    text = yaml.safe_dump(damage(dice, pack | {"entries": entries}), allow_unicode=True)
    if dice.random() < 0.2:
        at = dice.randrange(len(text))
        text = text[:at] + random_text(dice, ALPHABETS[3], 5) + text[at + dice.randint(0, 9) :]
    try:
        row = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # a day that does not exist is a ValueError of the YAML reader
        return "YAML refused"
    if not isinstance(row, dict):  # the callers look at this
        return "YAML of no mapping"
    try:
        screen = Screen([read_pack(row)], RULE_FILES)
    except RulebookError:
        return "packs refused"
    days = sorted({day for one in screen.packs for entry in one.entries for day in (entry.start, entry.end)})
    for hits in screen.scan([random_text(dice, dice.choice(ALPHABETS), 300)] * len(days), days):
        assert hits == sorted(hits)
    return "packs loaded"


def main() -> int:
    """Prints the counts. Returns 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    packs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(RULE_FILES.glob("*.yaml"))]
    screen = Screen.load()
    steps: dict[str, Callable[[], str]] = {
        "scan": partial(scan_once, dice),
        "screen": partial(screen_once, dice, screen),
        "lie": partial(lie_once, dice, screen),
        "load": partial(load_once, dice, packs),
    }
    counts: Counter[str] = Counter()
    wrong: list[str] = []

    def give_up(*_: object) -> None:
        raise Hang

    signal.signal(signal.SIGALRM, give_up)
    begun, memory, settled = time.monotonic(), 0, False
    while time.monotonic() < begun + options.minutes * 60:
        name, state = dice.choice(list(steps)), dice.getstate()
        signal.alarm(HANG)
        try:
            counts[steps[name]()] += 1
        except Exception as error:  # noqa: BLE001 - what must not happen is what is looked for
            counts["wrong"] += 1
            wrong.append(f"{name} {hash(state)}: {error!r}"[:2000])
        signal.alarm(0)
        if not settled and time.monotonic() > begun + options.minutes * 12:  # caches are full after a fifth of the time
            settled, memory = True, resident()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{sum(counts.values())} steps in {time.monotonic() - begun:.0f} s:",
        ", ".join(f"{n} {what}" for what, n in counts.most_common()),
    )
    print(
        f"memory: {memory / 1e6:.0f} MB after a fifth of the time, {resident() / 1e6:.0f} MB at the end, peak "
        f"{peak:.0f} MB"
    )
    print("\n".join(wrong[:20]))
    return int(bool(wrong))


def resident() -> int:
    """Bytes in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())
