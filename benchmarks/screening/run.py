"""The scan of terms beside its peers, on the same text and terms in the same run, on one core.

Then its cost by length, and where the time goes.

    python benchmarks/screening/run.py [--text FILE] [--terms 10000 60000 1000000] [--json FILE] [--houbb JAR…]

FILE: one text a line (after a tab, where there is one), or JSON lines with "text"; without one, text is made from the
rule packs. Peers that are not installed are left out and named; `requirements.txt` beside this script says how to
install them into an environment of their own. Terms are pieces of the text with two characters changed, thinned to
about one hit in 1,000 characters: hard ones, since most of their beginnings occur in the text. Peers are compared on a
part of the text, since most are slow. Times are processor time, so that other work on the machine counts little; memory
is what a build adds to the process; the ratio to memory is to one copy of the UTF-8 bytes into memory that is there
already. The C engine also folds, keeps places, and counts runs of digits.
"""

from __future__ import annotations

import argparse
import cProfile
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import pstats
import random
import resource
import shutil
import subprocess
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.folding import fold, folding
from xinmei.core.screening.matcher import AhoCorasick, Compiled
from xinmei.core.screening.texts import of_arrow

TABLE = folding(RULES / "screening" / "traditional.txt")
POST = 770  # characters of a usual post
PART = 5_000_000  # characters that all engines read for the comparison, taken from the whole text


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
    """Sentences strung together from the examples of the rule packs, always the same."""
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
    budget = sum(map(len, posts)) / 1000
    chosen: list[str] = []
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
    flat = engine.find_all((data, offsets, 0, len(posts), False))
    return zip(flat[0::6].tolist(), flat[1::6].tolist(), flat[3::6].tolist(), strict=True)


def own(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """The C engine on an Arrow column: decode, fold and places of the original included."""
    engine, (_, offsets, data) = Compiled(terms, [], TABLE), pa.array(posts).buffers()
    return lambda: len(engine.find_all((data, offsets, 0, len(posts), False))) // 6


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


def flashtext(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Does not overlap, and words end where no letter follows: finds hardly any Chinese ones."""
    processor = importlib.import_module("flashtext").KeywordProcessor(case_sensitive=True)
    processor.non_word_boundaries = set()
    for term in terms:
        processor.add_keyword(term, term)
    return lambda: sum(len(processor.extract_keywords(post)) for post in posts)


def hyperscan(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Literals over UTF-8; gives the ends of hits, in bytes."""
    engine = importlib.import_module("hyperscan")
    database = engine.Database(mode=engine.HS_MODE_BLOCK)
    database.compile(expressions=[term.encode() for term in terms], ids=list(range(len(terms))), literal=True)
    texts, ends = [post.encode() for post in posts], array("q")

    def run() -> int:
        del ends[:]
        for text in texts:
            database.scan(text, match_event_handler=lambda number, start, end, flags, context: ends.append(end))
        return len(ends)

    return run


def pycorrector(terms: list[str], posts: list[str]) -> Callable[[], int]:
    """Its rules (a list of wrong words), read from their file: the package itself cannot be imported without torch."""
    package = importlib.util.find_spec("pycorrector")
    if package is None or package.origin is None:
        raise ImportError
    spec = importlib.util.spec_from_file_location(
        "confusion_corrector", Path(package.origin).with_name("confusion_corrector.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.logger.remove()
    corrector = module.ConfusionCorrector(dict.fromkeys(terms, "正"))
    return lambda: sum(len(corrector.correct(post)["errors"]) for post in posts)


PEERS: dict[str, Callable[[list[str], list[str]], Callable[[], int]]] = {
    "xinmei C": own,
    "xinmei on ahocorasick-rs": fallback,
    "daachorse": daachorse,
    "hyperscan": hyperscan,
    "ahocorasick-rs": ahocorasick_rs,
    "flashtext2": flashtext2,
    "pyahocorasick": pyahocorasick,
    "pycorrector, its rules": pycorrector,
    "flashtext": flashtext,
}
HOUBB = "houbb/sensitive-word"


def run_houbb(jars: list[Path], terms: list[str], posts: list[str]) -> dict[str, float] | None:
    """What `Houbb.java` measures in a process of its own. None without Java or jars."""
    if not jars or not shutil.which("java"):
        return None
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name, "terms"), Path(name, "posts")]
        for file, lines in zip(files, (terms, posts), strict=True):
            file.write_text("\n".join(line.replace("\n", " ") for line in lines), encoding="utf-8")
        driver = Path(__file__).with_name("Houbb.java")
        answer = subprocess.run(
            ["java", "-cp", os.pathsep.join(map(str, jars)), driver, *files], check=True, capture_output=True, text=True
        )
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def memory() -> float:
    """Megabytes in use now, without those given back."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def best_of(times: int, run: Callable[[], Any]) -> tuple[float, Any]:
    """The shortest processor time, and what was returned."""
    best, result = float("inf"), None
    for _ in range(times):
        begun = time.process_time()
        result = run()
        best = min(best, time.process_time() - begun)
    return best, result


def copy_memory(data: bytes) -> float:
    """MB/s of one copy of the text into memory that is there already."""
    target = memoryview(bytearray(data))

    def copy() -> None:
        target[:] = data

    return len(data) / best_of(7, copy)[0] / 1e6


def compare(posts: list[str], counts: list[int], jars: list[Path]) -> list[dict[str, Any]]:
    """Prints a table for each number of terms."""
    part = posts[:: max(1, len(posts) * POST // PART)]
    size = {id(texts): (sum(map(len, texts)), sum(len(text.encode()) for text in texts)) for texts in (posts, part)}
    speed = copy_memory("".join(posts).encode())
    print(
        f"{len(posts)} posts, {size[id(posts)][0] / 1e6:.1f} M characters; one copy of memory {speed:.0f} MB/s; load "
        f"{os.getloadavg()[0]:.1f}"
    )
    print(f"peers beside each other on {size[id(part)][0] / 1e6:.1f} M characters of them")
    rows: list[dict[str, Any]] = []
    for count in counts:
        terms = make_terms(posts, count)
        print(
            f"\n{len(terms)} terms\n{'engine':26}{'M chars/s':>10}{'MB/s':>8}{'build s':>9}{'MB':>7}{'hits':>9}"
            f"{'memory/':>9}{'own/':>7}"
        )
        here: list[dict[str, Any]] = []
        for name, prepare in PEERS.items():
            before, begun = memory(), time.process_time()
            try:
                run = prepare(terms, part)
            except ImportError:
                print(f"{name:26}  not installed")
                continue
            built, used = time.process_time() - begun, memory() - before
            spent, hits = best_of(4, run)
            here.append({"engine": name, "scan_s": spent, "build_s": built, "mb": used, "hits": hits})
            show(here, speed, *size[id(part)])
            del run
        here.append({"engine": "xinmei C, whole text", "build_s": here[0]["build_s"], "mb": here[0]["mb"]})
        here[-1]["scan_s"], here[-1]["hits"] = best_of(4, own(terms, posts))
        show(here, speed, *size[id(posts)])
        if measured := run_houbb(jars, terms, part):
            here.append({"engine": HOUBB} | measured)
            show(here, speed, *size[id(part)])
        else:
            print(f"{HOUBB:26}  needs Java and --houbb with its jars")
        rows += [{"terms": len(terms)} | row for row in here]
    return rows


def show(rows: list[dict[str, Any]], memory_speed: float, characters: int, octets: int) -> None:
    """Completes and prints the last row."""
    row = rows[-1]
    row["m_chars_s"], row["mb_s"] = characters / row["scan_s"] / 1e6, octets / row["scan_s"] / 1e6
    row["memory_ratio"], row["own_ratio"] = memory_speed / row["mb_s"], rows[0]["m_chars_s"] / row["m_chars_s"]
    print(
        f"{row['engine']:26}{row['m_chars_s']:10.1f}{row['mb_s']:8.0f}{row['build_s']:9.2f}"
        f"{row['mb']:7.0f}{row['hits']:9.0f}"
        f"{row['memory_ratio']:9.1f}{row['own_ratio']:7.1f}",
        flush=True,
    )


def by_length(posts: list[str]) -> list[dict[str, float]]:
    """Prints the cost of one text of a length with the shipped packs: their words alone, all rules, rules and typo
    model.
    """
    text, screen, day = "".join(posts[:200]), Screen.load(), date(2026, 6, 1)
    words = [
        fold(word, TABLE)
        for pack in screen.packs
        for entry in pack.entries
        if entry.kind == "words"
        for word in entry.find
    ]
    engine = Compiled(words, [], TABLE)
    print(f"\none text, shipped packs, µs\n{'characters':>10}{'words':>10}{'rules':>10}{'all':>10}")

    def read_anew(texts: list[str]) -> float:
        """Seconds for a screen that has read none of their sentences but is warm from another text.

        It remembers what it has read.
        """
        fresh = Screen(screen.packs, RULES / "screening", screen.model)
        list(fresh.scan(posts[-20:], day))
        start = time.process_time()
        list(fresh.scan(texts, day))
        return time.process_time() - start

    rows = []
    for length in (20, 200, 2_000, 20_000):
        pieces = [text[at : at + length] for at in range(0, len(text) - length, length)][: 100_000 // length]
        spent = [
            best_of(3, partial(find_in, pieces, engine.find))[0],
            best_of(3, partial(find_in, pieces, lambda piece: next(screen.scan([piece], day, typos=False))))[0],
            min(read_anew(pieces) for _ in range(3)),
        ]
        costs = [one / len(pieces) * 1e6 for one in spent]
        rows.append({"characters": length} | dict(zip(("words_us", "rules_us", "all_us"), costs, strict=True)))
        print(f"{length:10}" + "".join(f"{cost:10.1f}" for cost in costs))
    return rows


def find_in(texts: list[str], find: Callable[[str], Any]) -> None:
    """Finds in one text after the other."""
    for text in texts:
        find(text)


def where_time_goes(posts: list[str]) -> dict[str, float]:
    """Prints the stages of the scan of 60,000 terms.

    Then those from Parquet to findings with the shipped packs, rules only.
    """
    _, offsets, data = pa.array(posts).buffers()
    characters = sum(map(len, posts))
    # Without strings a scanner decodes and folds. With one that occurs in no text it filters too.
    engines = [Compiled(terms, [], TABLE) for terms in ([], ["\U0010fffd" * 4], make_terms(posts, 60_000))]
    spent = [
        best_of(7, lambda engine=engine: engine.find_all((data, offsets, 0, len(posts), False)))[0]
        for engine in engines
    ]
    shares = {"decode and fold": spent[0], "filter": spent[1] - spent[0], "verify": spent[2] - spent[1]}
    print(f"\n60,000 terms: {spent[2] / characters * 1e9:.2f} ns a character: ", end="")
    print(", ".join(f"{name} {part / spent[2]:.0%}" for name, part in shares.items()))

    screen, day = Screen.load(), date(2026, 6, 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "posts.parquet")

        def batches() -> Iterator[Any]:
            for batch in pq.ParquetFile(file).iter_batches(columns=["text"], batch_size=4096):
                yield batch.column(0)

        def screen_one(column: Any) -> int:
            return sum(len(hits) for _, hits in screen.scan_arrow(column, day, typos=False))

        def screen_all() -> int:
            return sum(map(screen_one, batches()))

        def look_through_all() -> int:
            return sum(len(screen._look_through(of_arrow(column), False, "possible")) for column in batches())

        ends: dict[str, dict[str, float]] = {}
        for packing in ("snappy", "lz4"):  # unpacking takes a varying share of the time, whoever reads
            pq.write_table(pa.table({"text": posts}), file, compression=packing)
            reading, _ = best_of(5, lambda: sum(map(len, batches())))
            scanning, _ = best_of(5, look_through_all)
            whole, hits = best_of(5, screen_all)
            ends[packing] = {
                "posts_s": len(posts) / whole,
                "read": reading / whole,
                "scan": (scanning - reading) / whole,
                "findings": hits,
            }
        together = float("inf")
        with ThreadPoolExecutor(2) as threads:
            for _ in range(5):
                begun = time.perf_counter()
                sum(threads.map(screen_one, batches()))
                together = min(together, time.perf_counter() - begun)
        fresh = Screen(screen.packs, RULES / "screening", screen.model)  # it has read no sentence
        begun, used = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as threads:
            sum(threads.map(lambda column: sum(1 for _ in fresh.scan_arrow(column, day)), batches()))
        with_model = time.perf_counter() - begun, time.process_time() - used
        profile = cProfile.Profile()
        profile.runcall(screen_all)
    under: Counter[str] = Counter()
    for (path, _, name), (_, _, _, seconds, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        under[f"{Path(path).stem}.{name}"] += seconds
    for packing, end in ends.items():
        print(
            (
                f"Parquet ({packing}) to findings, rules only, one core: {end['posts_s']:,.0f} posts/s, "
                f"{end['findings']} "
                "findings; "
            ),
            end="",
        )
        print(f"read {end['read']:.0%}, scan with weighing {end['scan']:.0%}, the rest in Python")
    print(f"  two threads (lz4, wall clock): {len(posts) / together:,.0f} posts/s")
    print(
        f"  rules and model, two threads: {len(posts) / with_model[0]:,.0f} posts/s by the clock, "
        f"{len(posts) / with_model[1]:,.0f} posts a processor second"
    )
    rest = {"words and phrases": under["screen._judge"], "detectors": under["screen._detect"]}
    print(
        "  seconds of the rest, under the profiler: " + ", ".join(f"{name} {part:.3f}" for name, part in rest.items())
    )
    figures = {f"{packing} {name}": value for packing, end in ends.items() for name, value in end.items()}
    return (
        {
            "scan_ns": spent[2] / characters * 1e9,
            "two_threads_posts_s": len(posts) / together,
            "with_model_posts_s": len(posts) / with_model[0],
        }
        | shares
        | rest
        | figures
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--terms", type=int, nargs="+", default=[10_000, 60_000, 1_000_000])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--houbb", type=Path, nargs="+", default=[], metavar="JAR", help="sensitive-word and heaven")
    options = parser.parse_args()
    posts = read_posts(options.text)
    rows = compare(posts, options.terms, options.houbb)
    lengths, profile = by_length(posts), where_time_goes(posts)
    if options.json:
        options.json.write_text(
            json.dumps({"rows": rows, "lengths": lengths, "profile": profile}, indent=1, ensure_ascii=False)
        )


if __name__ == "__main__":
    main()
