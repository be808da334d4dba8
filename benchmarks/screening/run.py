"""The scan of terms beside its peers, on the same text and terms in the same run, one core.

    python benchmarks/screening/run.py [--text FILE] [--terms 10000 60000 1000000] [--json FILE]

FILE: one text a line (after a tab, where there is one), or JSON lines with "text"; without one, text is made from the rule packs. Peers that are
not installed are left out and named (`benchmarks/screening/requirements.txt`). Terms are pieces of the text with two characters changed, thinned to
about one hit in 1,000 characters: hard ones, since most of their beginnings occur in the text. The slow peers read a part of the text only.
The ratio to memory is to one copy of the UTF-8 bytes. The C engine also counts runs of digits.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from xinmei.core.rulebook import RULES
from xinmei.core.screening.folding import fold, folding
from xinmei.core.screening.matcher import AhoCorasick, Compiled

TABLE = folding(RULES / "screening" / "traditional.txt")
POST = 770  # characters of a usual post
PART = 3_000_000  # characters that a slow peer reads


def read_posts(path: Path | None) -> list[str]:
    """Texts of about the length of a post."""
    posts, post = [], ""
    for line in made_lines() if path is None else path.open(encoding="utf-8"):
        text = json.loads(line)["text"] if line.startswith("{") else line.rstrip("\n").rpartition("\t")[2]
        post += text
        if len(post) >= POST:
            posts.append(post)
            post = ""
    return posts


def made_lines() -> Iterator[str]:
    """Sentences strung together from the examples of the rule packs: always the same."""
    from xinmei.core.screening import Screen

    pieces = [text for pack in Screen.load().packs for entry in pack.entries for text in entry.misses]
    dice = random.Random(1)
    for _ in range(400_000):
        yield "，".join(dice.choices(pieces, k=5)) + "。"


def make_terms(posts: list[str], count: int) -> list[str]:
    """`count` different terms of 2–6 characters, with about one hit in 1,000 characters of the text."""
    dice, text = random.Random(2), "".join(posts[:: max(1, len(posts) // 4000)])
    made: set[str] = set()
    while len(made) < count * 1.3:
        start, size = dice.randrange(len(text) - 8), dice.choice((2, 3, 3, 4, 4, 4, 5, 6))
        term = list(text[start : start + size])
        term[dice.randrange(size)] = dice.choice(text)
        term[dice.randrange(size)] = dice.choice(text)
        if folded := fold("".join(term), TABLE):
            made.add(folded)
    pool = sorted(made)
    dice.shuffle(pool)
    seen = Counter(number for _, _, number in column_hits(Compiled(pool, [], TABLE), posts))
    budget, chosen = sum(map(len, posts)) / 1000, []
    for number, term in enumerate(pool):
        if len(chosen) == count:
            break
        if seen[number] <= budget:
            budget -= seen[number]
            chosen.append(term)
    return chosen


def column_hits(engine: Compiled, posts: list[str]) -> Iterator[tuple[int, int, int]]:
    """(row, start, number) of all matches."""
    _, offsets, data = pa.array(posts).buffers()
    flat = engine.find_arrow(data, offsets, 0, len(posts), False)
    return zip(flat[0::6].tolist(), flat[1::6].tolist(), flat[3::6].tolist(), strict=True)


def own(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """The C engine on an Arrow column: decode, fold and places of the original included."""
    engine, (_, offsets, data) = Compiled(terms, [], TABLE), pa.array(posts).buffers()
    return lambda: len(engine.find_arrow(data, offsets, 0, len(posts), False)) // 6


def fallback(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """The other engine of the product, with folding and places."""
    engine = AhoCorasick(terms, [], TABLE)
    digits = len(terms)
    return lambda: sum(match.number != digits for post in posts for match in engine.find(post))


def ahocorasick_rs(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Bare: no folding."""
    automaton = importlib.import_module("ahocorasick_rs").AhoCorasick(terms)
    return lambda: sum(len(automaton.find_matches_as_indexes(post, overlapping=True)) for post in posts)


def pyahocorasick(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Bare: no folding."""
    automaton = importlib.import_module("ahocorasick").Automaton()
    for term in terms:
        automaton.add_word(term, term)
    automaton.make_automaton()
    return lambda: sum(1 for post in posts for _ in automaton.iter(post))


def daachorse(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Bare: no folding."""
    automaton = importlib.import_module("daachorse").CharwiseDoubleArrayAhoCorasick(terms)
    return lambda: sum(len(automaton.find_overlapping(post)) for post in posts)


def flashtext2(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Does not overlap: finds fewer."""
    processor = importlib.import_module("flashtext2").KeywordProcessor(case_sensitive=True)
    for term in terms:
        processor.add_keyword(term, term)
    return lambda: sum(1 for post in posts for _ in processor.extract_keywords(post))


PEERS: list[tuple[str, Callable[[list[str], list[str]], Callable[[], int]], bool]] = [
    ("xinmei C", own, False),
    ("xinmei on ahocorasick-rs", fallback, True),
    ("ahocorasick-rs", ahocorasick_rs, True),
    ("daachorse", daachorse, True),
    ("flashtext2", flashtext2, True),
    ("pyahocorasick", pyahocorasick, True),
]


def memory() -> float:
    """Megabytes in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def best_of(times: int, run: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest time, and what was returned."""
    best, result = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - begun)
    return best, result


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--terms", type=int, nargs="+", default=[10_000, 60_000, 1_000_000])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    posts = read_posts(options.text)
    part = posts[: max(1, PART // POST)]
    size = {id(texts): (sum(map(len, texts)), sum(len(text.encode()) for text in texts)) for texts in (posts, part)}
    data = "".join(posts).encode()
    copy, _ = best_of(5, lambda: bytearray(data))
    speed = len(data) / copy / 1e6
    print(f"{len(posts)} posts, {size[id(posts)][0] / 1e6:.1f} M characters; one copy of memory {speed:.0f} MB/s")
    rows = []
    for count in options.terms:
        terms = make_terms(posts, count)
        print(f"\n{len(terms)} terms\n{'engine':26}{'M chars/s':>10}{'MB/s':>8}{'build s':>9}{'MB':>7}{'hits':>9}{'memory/':>9}{'own/':>7}")
        fastest = 0.0
        for name, prepare, slow in PEERS:
            texts = part if slow else posts
            before, begun = memory(), time.perf_counter()
            try:
                run = prepare(terms, texts)
            except ImportError:
                print(f"{name:26}  not installed")
                continue
            built, used = time.perf_counter() - begun, memory() - before
            spent, hits = best_of(1 if slow else 3, run)
            characters, octets = size[id(texts)]
            rate = characters / spent / 1e6
            fastest = fastest or rate
            rows.append(
                {"terms": len(terms), "engine": name, "m_chars_s": rate, "mb_s": octets / spent / 1e6, "build_s": built, "mb": used, "hits": hits}
            )
            flow = octets / spent / 1e6
            print(f"{name:26}{rate:10.1f}{flow:8.0f}{built:9.2f}{used:7.0f}{hits:9}{speed / flow:9.1f}{fastest / rate:7.1f}")
            del run
    if options.json:
        options.json.write_text(json.dumps({"memory_mb_s": speed, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
