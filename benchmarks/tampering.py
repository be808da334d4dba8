"""18 kinds of tampering with the event log, each at 50 places.

Every one must be found, and nothing where nothing was touched. Then a million rows are timed.

    python benchmarks/tampering.py [--times 50] [--rows 1000000]

Works on copies of one SQLite file with a real chain and one signed checkpoint; both the application's verifier and the
stand-alone one judge.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xinmei.people.chain import FIELDS, GENESIS, Checkpoint, digest, find_flaws, sign_checkpoint

COLUMNS = (*FIELDS, "digest")
VERIFIER = Path(__file__).parent.parent / "tools" / "verify_events.py"
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
Rows = list[list[object]]


def make_rows(count: int) -> Rows:
    """A whole chain."""
    rows: Rows = []
    previous = GENESIS
    for number in range(1, count + 1):
        at = (BEGIN + timedelta(seconds=number)).isoformat(sep=" ", timespec="microseconds")[:-6]
        row: list[object] = [
            number,
            at,
            f"person{number % 7}",
            "inspector",
            "CZ",
            "10.0.0.1",
            "confirm",
            "finding",
            str(number),
            '{"状态": "NOTIFIED"}',
            previous,
        ]
        previous = digest(row)
        rows.append([*row, previous])
    return rows


def rechain(rows: Rows, since: int) -> None:
    """Recomputes numbers and digests from a place on, as an informed intruder would."""
    previous = str(rows[since - 1][11]) if since else GENESIS
    for place in range(since, len(rows)):
        rows[place][0], rows[place][10] = place + 1, previous
        rows[place][11] = previous = digest(rows[place][:11])


def change(column: int) -> Callable[[Rows, random.Random], None]:
    """Changes one field of one row."""

    def tamper(rows: Rows, chance: random.Random) -> None:
        row = chance.choice(rows)
        row[column] = {1: "2025-12-31 00:00:00", 10: "f" * 64, 11: "f" * 64}.get(column, f"{row[column]}x")

    return tamper


def delete_one(rows: Rows, chance: random.Random) -> None:
    """A row is removed."""
    del rows[chance.randrange(len(rows))]


def delete_and_rechain(rows: Rows, chance: random.Random) -> None:
    """A row is removed, and all after it are computed again."""
    place = chance.randrange(len(rows))
    del rows[place]
    rechain(rows, place)


def insert_and_rechain(rows: Rows, chance: random.Random) -> None:
    """A row is added, and all after it are computed again."""
    place = chance.randrange(len(rows))
    rows.insert(place, list(rows[place]))
    rechain(rows, place)


def swap(rows: Rows, chance: random.Random) -> None:
    """Two rows change places, with their numbers and everything else."""
    one, other = chance.sample(range(len(rows)), 2)
    rows[one], rows[other] = [rows[one][0], *rows[other][1:]], [rows[other][0], *rows[one][1:]]


def cut_tail(rows: Rows, chance: random.Random) -> None:
    """The last rows are removed."""
    del rows[-chance.randint(1, 20) :]


def rewrite_one(rows: Rows, chance: random.Random) -> None:
    """A row is changed and gets a digest that fits it."""
    row = chance.choice(rows[:-1])
    row[6] = "dismiss"
    row[11] = digest(row[:11])


def rewrite_rest(rows: Rows, chance: random.Random) -> None:
    """A row is changed, and all after it are computed again."""
    place = chance.randrange(len(rows))
    rows[place][2] = "somebody"
    rechain(rows, place)


KINDS: dict[str, Callable[[Rows, random.Random], None]] = {
    **{f"改{name}": change(FIELDS.index(name) if name != "digest" else 11) for name in (*FIELDS[1:], "digest")},
    "删一条": delete_one,
    "删一条并重算": delete_and_rechain,
    "插一条并重算": insert_and_rechain,
    "调换两条": swap,
    "截尾": cut_tail,
    "改一条并重算其摘要": rewrite_one,
    "整体改写": rewrite_rest,
}
assert len(KINDS) == 18


def is_found(rows: Rows, checkpoint: Checkpoint) -> bool:
    """Whether the application's verifier finds it."""
    return any(find_flaws(rows, [checkpoint], [0]))


def is_found_alone(rows: Rows, folder: Path, mark: Path, key: Path) -> bool:
    """Whether the stand-alone verifier finds it, on an SQLite file."""
    path = folder / "tampered.sqlite3"
    path.unlink(missing_ok=True)
    write(path, rows)
    done = subprocess.run(
        [sys.executable, VERIFIER, path, "--checkpoints", mark, "--key", key], capture_output=True, check=False
    )
    return done.returncode == 1


def write(path: Path, rows: Rows) -> None:
    """The rows as a table, without the application's constraints: an intruder has none."""
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE people_event ({', '.join(COLUMNS)})")
    connection.executemany(f"INSERT INTO people_event VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    connection.commit()
    connection.close()


def try_all(times: int, alone: int) -> tuple[int, int, list[str]]:
    """How many were tried, how many were found, and the kind of each that was missed."""
    key = Ed25519PrivateKey.generate()
    original = make_rows(200)
    checkpoint = sign_checkpoint(key, 200, str(original[-1][11]), BEGIN)
    chance, tried, missed = random.Random(20260512), 0, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mark, public = folder / "checkpoints.jsonl", folder / "key.pub"
        mark.write_text(checkpoint.as_line())
        public.write_bytes(
            key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        if is_found(original, checkpoint) or is_found_alone(original, folder, mark, public):
            missed.append("误报：没有动过的链条")
        for kind, tamper in KINDS.items():
            for turn in range(times):
                rows = [list(row) for row in original]
                while rows == original:
                    tamper(rows, chance)
                tried += 1
                if not is_found(rows, checkpoint) or (turn < alone and not is_found_alone(rows, folder, mark, public)):
                    missed.append(kind)
    return tried, tried - len(missed), missed


def main() -> int:
    """Prints the figures. Returns 1 where anything was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    tried, found, missed = try_all(options.times, alone=3)
    print(f"tampering: {len(KINDS)} kinds, {tried} tried, {found} found, missed: {missed or 'none'}")
    rows = make_rows(options.rows)
    begin = time.perf_counter()
    flaws = list(find_flaws(rows, [], [0]))
    print(f"chain of {options.rows} rows verified in {time.perf_counter() - begin:.1f} s, {len(flaws)} flaws")
    return 1 if missed or flaws else 0


if __name__ == "__main__":
    sys.exit(main())
