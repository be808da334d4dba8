#!/usr/bin/env python3
"""Proves that a database of an older release migrates without loss: copies it, migrates the copy, compares the two.

    .venv/bin/python tools/compare_migration.py old.sqlite3 --answers FOLDER
    .venv/bin/python tools/compare_migration.py postgresql://… --old CHECKOUT    # the old release answers, too
    .venv/bin/python tools/compare_migration.py old.sqlite3 --var FOLDER …       # with the checkpoints signed there

Compared byte for byte: the exported folder, and what `assess`, `findings`, `score inspection` and `audit verify`
print. Compared row for row: every table, whatever model holds it now, in every column that is still there. Besides:
no foreign key points nowhere, and the event log still refuses a change.
`asked.txt` of the answers says what was asked: a line a command, after the name of the file or folder that it fills.
The original is only read. Exit status: 0 the same, 1 something differs (each difference on a line), 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import filecmp
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from old_databases import Database, copied, loaded

ROOT = Path(__file__).resolve().parents[1]
# A table of the old release -> the model that holds its rows now, where its class has another name. A model that only
# moved to another room is found by its class; whoever renames one writes it here.
RENAMED: dict[str, str] = {"people_postheld": "PositionHeld", "people_postproposal": "PositionProposal"}
# The last column of a file of the export that the old release did not write.
NEW_COLUMNS = {"units.csv": "reviews_from"}
# (table, column) of the old release -> the column that holds its values now, where the model has none of that name any
# more; None where it is gone on purpose.
COLUMNS: dict[tuple[str, str], str | None] = {
    ("people_postheld", "post"): "position",
    ("people_postproposal", "post"): "position",
    ("people_postproposal", "post_held_id"): "position_held_id",
    ("people_delegation", "post_held_id"): "position_held_id",
    ("people_handover", "post_held_id"): "position_held_id",
    ("interaction_messagestep", "post"): "position",
    ("supervision_step", "post"): "position",
    ("supervision_finding", "steps"): "reasoning",
    ("jobs_job", "post"): "position",
    ("publishing_image", "sha256"): "file_id",
    ("reports_bulletin", "docx_sha256"): "docx_id",
    ("reports_bulletin", "pdf_sha256"): "pdf_id",
}
# (table, column) of the old release whose bytes are files now -> the column that holds their digest. A row without one
# has its bytes still.
FILES: dict[tuple[str, str], str] = {
    ("publishing_image", "data"): "file_id",
    ("reports_bulletin", "docx"): "docx_id",
    ("reports_bulletin", "pdf"): "pdf_id",
    ("supervision_evidence", "data"): "file_id",
}
# A table of the old release that held files in parts: the column of the file's row, the place, the bytes; then the
# table of those rows and the column of their digest now.
PARTS: dict[str, tuple[str, str, str, str, str]] = {
    "collectors_uploadpart": ("upload_id", "place", "data", "collectors_upload", "file_id"),
}
EVENTS = "people_event"
# A table whose rows have got a number of their own -> the column that they had as primary key, and have still.
KEYS: dict[str, str] = {EVENTS: "number"}


class WrongUse(Exception):
    """The comparison cannot begin; the text says why."""


# In a checkout, with its own Python


def answer(folder: Path) -> int:
    """Runs the commands of `asked.txt` in `folder` against XINMEI_DATABASE; each fills its file or folder there."""
    sys.path.insert(0, os.getcwd())
    from xinmei.__main__ import main

    for name, words in read_asked(folder):
        if words[0] == "export":
            with contextlib.redirect_stdout(io.StringIO()):
                main([*words, str(folder / name)])
            continue
        with (folder / name).open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            main(words)
    return 0


def describe_models() -> int:
    """Prints the models of this checkout, migrating first: name, table, primary key, columns."""
    sys.path.insert(0, os.getcwd())
    from xinmei.commands.database import open_database

    open_database(patient=True)
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        columns = [field.column for field in meta.concrete_fields]
        said = {
            "name": meta.model_name,
            "label": meta.label,
            "table": meta.db_table,
            "key": meta.pk.column,
            "columns": columns,
        }
        print(json.dumps(said))
    return 0


def read_asked(folder: Path) -> list[tuple[str, list[str]]]:
    """What is to be asked: the name of the file or folder, and the words of the command."""
    lines = (folder / "asked.txt").read_text(encoding="utf-8").split("\n")
    return [(line.split()[0], line.split()[1:]) for line in lines if line.strip()]


# The comparison


def run_in(checkout: Path, database: Database, var: Path, *words: str) -> str:
    """Runs this file in a checkout with that checkout's own Python, against a database; returns what it printed."""
    own = checkout / ".venv/bin/python"
    python = str(own) if checkout != ROOT and own.exists() else sys.executable
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XINMEI_")}
    environment |= {
        "XINMEI_DATABASE": database.url,
        "XINMEI_VAR": str(var),
        "XINMEI_CONFIG": os.devnull,
        "PYTHONPATH": str(checkout),
    }
    done = subprocess.run(
        [python, __file__, *words], cwd=checkout, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise WrongUse(f"{checkout}: {' '.join(words)} ended with {done.returncode}\n{done.stderr[-4000:]}")
    return done.stdout


def compare(url: str, answers: Path, folder: Path, var: Path | None = None) -> list[str]:
    """What differs between the database as it is and a copy migrated by this checkout; empty where nothing does."""
    own_var = folder / "var-of-the-copy"
    if var:
        shutil.copytree(var, own_var)
    now = folder / "answers-of-the-copy"
    now.mkdir()
    shutil.copy(answers / "asked.txt", now)
    with copied(url, folder) as migrated:
        models = [json.loads(line) for line in run_in(ROOT, migrated, own_var, "--models").splitlines()]
        faults = [*compare_tables(Database(url), migrated, models), *check_sound(migrated)]
        faults += compare_files(Database(url), migrated, own_var / "files")
        run_in(ROOT, migrated, own_var, "--answer", str(now))
    return [*faults, *compare_answers(answers, now)]


def compare_tables(old: Database, new: Database, models: list[dict[str, Any]]) -> Iterator[str]:
    """Every row of every table of the old database, in the table of the model that holds it now."""
    for table in [name for name in old.tables() if name not in PARTS]:
        usual = table.partition("_")[2]
        found = [model for model in models if model["name"] in (usual, RENAMED.get(table, usual).lower())]
        if len(found) != 1:
            labels = ", ".join(model["label"] for model in found) or "none"
            yield f"{table}: not one model that holds its rows now, but {labels}; name it in RENAMED"
            continue
        yield from compare_table(old, table, new, found[0])


def compare_table(old: Database, table: str, new: Database, model: dict[str, Any]) -> Iterator[str]:
    """The number of rows, and the values in every column that both have."""
    columns = [name for name in old.columns(table) if (table, name) not in FILES]
    pairs = {name: name if name in model["columns"] else COLUMNS.get((table, name), name) for name in columns}
    for column, now in pairs.items():
        if now is not None and now not in model["columns"]:
            yield f"{table}.{column}: {model['label']} has no such column; name the one that it has in COLUMNS"
    pairs = {column: now for column, now in pairs.items() if now in model["columns"]}
    key = next((column for column, now in pairs.items() if now == model["key"]), KEYS.get(table))
    if key is None:
        yield f"{table}: the primary key {model['key']} of {model['label']} is new"
        return
    before, after = old.rows(table, list(pairs), key), new.rows(model["table"], list(pairs.values()), pairs[key])
    for number, (was, is_now) in enumerate(itertools.zip_longest(before, after), 1):
        if was != is_now:
            what = "it is only there " + ("after" if was is None else "before")
            if was is not None and is_now is not None:
                what = ", ".join(name for name, a, b in zip(pairs, was, is_now, strict=True) if a != b)
            yield f"{table} -> {model['label']}: row {number} differs: {what}"
            yield f"{table}: {old.count(table)} rows before, {new.count(model['table'])} after"
            return


def compare_files(old: Database, new: Database, folder: Path) -> Iterator[str]:
    """The bytes that were in a row are in the store, or in the row still."""
    for (table, column), file in FILES.items():
        if table not in old.tables():
            continue
        kept = [file] if column not in new.columns(table) else [file, column]
        after = {key: values for key, *values in new.rows(table, ["id", *kept], "id")}
        for key, was in old.rows(table, ["id", column], "id"):
            digest, *rest = after[key]
            now = read_stored(folder, digest) if digest else bytes(rest[0] or b"") if rest else None
            if bytes(was) != now:
                yield f"{table}.{column}: the bytes of row {key} are not in the store"
    for table in PARTS.keys() & set(old.tables()):
        owner, place, data, holder, file = PARTS[table]
        whole: dict[Any, bytes] = {}
        for key, _, part in sorted(old.rows(table, [owner, place, data], owner), key=lambda row: row[:2]):
            whole[key] = whole.get(key, b"") + bytes(part)
        digests = dict(new.rows(holder, ["id", file], "id"))
        for key, was in whole.items():
            if was != read_stored(folder, digests[key]):
                yield f"{table}: the bytes of {holder} {key} are not in the store"


def read_stored(folder: Path, digest: str) -> bytes | None:
    """A file of the store; None where it is not there."""
    path = folder / digest[:2] / digest[2:4] / digest
    return path.read_bytes() if path.is_file() else None


def check_sound(database: Database) -> Iterator[str]:
    """No row points nowhere, and what was written into the event log cannot be changed."""
    if database.is_sqlite:
        for table, row, parent, _ in database.execute("PRAGMA foreign_key_check"):
            yield f"{table} row {row} points to a row of {parent} that is not there"
    try:
        database.execute(f'UPDATE "{EVENTS}" SET actor = actor')
    except Exception as error:  # noqa: BLE001 - each driver has its own
        if "只可追加" in str(error):
            return
        yield f"{EVENTS}: {error}"
    else:
        yield f"{EVENTS}: an event can be changed; the guard of the table is gone"


def without_new(path: Path) -> bytes:
    """A file of the new release without the column that the old one did not know, where that is empty."""
    data, column = path.read_bytes(), NEW_COLUMNS.get(path.name, "").encode()
    head, _, rows = data.partition(b"\n")
    ends = [line.removesuffix(b"\r") for line in rows.splitlines(keepends=False)]
    if not column or not head.rstrip(b"\r").endswith(b"," + column) or not all(line.endswith(b",") for line in ends):
        return data
    return data.replace(b"," + column, b"", 1).replace(b",\r\n", b"\r\n").replace(b",\n", b"\n")


def compare_answers(old: Path, new: Path) -> Iterator[str]:
    """Files byte for byte, in both directions."""
    names = {str(path.relative_to(folder)) for folder in (old, new) for path in folder.rglob("*") if path.is_file()}
    for name in sorted(names):
        before, after = old / name, new / name
        if not (before.exists() and after.exists()):
            yield f"{name}: only {'before' if before.exists() else 'after'}"
        elif not filecmp.cmp(before, after, shallow=False) and before.read_bytes() != without_new(after):
            pairs = itertools.zip_longest(*(path.read_bytes().split(b"\n") for path in (before, after)), fillvalue=b"")
            number, pair = next((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
            yield f"{name}:{number}: " + " -> ".join(line[:300].decode(errors="replace") for line in pair)


def plan(database: Database, folder: Path) -> None:
    """Writes `asked.txt`: exports, ledger, event log, the sheets at every full inspection, the years they were in."""
    folder.mkdir(parents=True, exist_ok=True)
    found = database.execute("SELECT at FROM supervision_inspection WHERE unit_id IS NULL ORDER BY at")
    moments = [str(at).replace(" ", "T")[:19] + "+00:00" for (at,) in found]
    lines = [
        "export export",
        "export-people export --with-people",
        "findings.jsonl findings --json",
        "audit.jsonl audit verify --json",
    ]
    lines += [f"assess-{year}.jsonl assess --year {year} --json" for year in sorted({at[:4] for at in moments})]
    lines += [f"score-{at[:13].replace(':', '')}.jsonl score inspection --at {at} --json" for at in moments]
    (folder / "asked.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Reads the command line; see the text above."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", nargs="?", help="made by the old release: SQLite file, address, or .sql.xz")
    parser.add_argument("--beside", default="sqlite:", help="the PostgreSQL database beside which a dump is loaded")
    parser.add_argument(
        "--answers",
        type=Path,
        help="the answers of the old release, with asked.txt; made there with --old where it is empty",
    )
    parser.add_argument("--old", type=Path, help="a checkout of the old release that can be run, to make the answers")
    parser.add_argument("--var", type=Path, help="the data folder of the old release, for signed checkpoints")
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--models", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.models:
        return describe_models()
    if options.answer:
        return answer(options.answer)
    if not options.database or not (options.answers or options.old):
        parser.error("a database, and --answers or --old")
    with tempfile.TemporaryDirectory(prefix="xinmei-compare-") as made, contextlib.ExitStack() as stack:
        folder = Path(made)
        url = options.database if "://" in options.database else f"sqlite:///{Path(options.database).absolute()}"
        if url.endswith(".sql.xz"):
            url = stack.enter_context(loaded(Path(options.database), options.beside, folder))
        answers = unpack(options.answers, folder).absolute()
        if options.old:
            ask_old(url, answers, options.old.absolute(), options.var, folder)
        faults = compare(url, answers, folder, options.var)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} differences" if faults else "the same")
    return 1 if faults else 0


def unpack(answers: Path | None, folder: Path) -> Path:
    """The folder of the answers; they may be packed as .tar.xz."""
    if answers is None or answers.suffix != ".xz":
        return answers or folder / "answers"
    with tarfile.open(answers) as archive:
        archive.extractall(folder / "answers", filter="data")
    return folder / "answers"


def ask_old(url: str, answers: Path, checkout: Path, var: Path | None, folder: Path) -> None:
    """Fills `answers` with what the old release says about a copy of the database."""
    if not (answers / "asked.txt").exists():
        plan(Database(url), answers)
    own_var = folder / "var-of-the-old"
    if var:
        shutil.copytree(var, own_var)
    with copied(url, folder) as copy:
        run_in(checkout, copy, own_var, "--answer", str(answers))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except WrongUse as error:
        print(error, file=sys.stderr)
        sys.exit(2)
