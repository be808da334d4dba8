"""A town that lived under the release before (8c20762) opens today, loses no row, and answers as it did.

`old_town/` holds it twice, as plain SQL for SQLite and for PostgreSQL, and once what that release answered. It was made
by tools/make_old_town.py in a checkout of that release: nearly every act, findings in every state, rows in every table.

    cd CHECKOUT; export XINMEI_VAR=/tmp/town XINMEI_DATABASE=sqlite:////tmp/town.sqlite3
    .venv/bin/python HERE/tools/make_old_town.py; sqlite3 /tmp/town.sqlite3 .dump | xz -9e > sqlite.sql.xz
    tools/with_postgres.sh bash -c '.venv/bin/python HERE/tools/make_old_town.py; pg_dump --no-owner --inserts \\
        --rows-per-insert=200 -d "$XINMEI_DATABASE" | grep -v "^.restrict\\|^.unrestrict" | xz -9e > postgresql.sql.xz'
    HERE/tools/compare_migration.py sqlite.sql.xz --old CHECKOUT --answers answers; tar -C answers -cJf answers.tar.xz .

People, numbers and words are invented; passwords are unusable, and the key that signs checkpoints was never in the
database. Whoever renames a model or a column names it in tools/compare_migration.py (RENAMED, COLUMNS).
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOWN = Path(__file__).resolve().parent / "old_town"
TOOL = ROOT / "tools" / "compare_migration.py"


def test_a_town_of_the_release_before_keeps_every_row_and_every_answer():
    url = os.environ["XINMEI_DATABASE"]
    dump = TOWN / f"{url.partition(':')[0]}.sql.xz"
    command = [sys.executable, str(TOOL), str(dump), "--beside", url, "--answers", str(TOWN / "answers.tar.xz")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the same\n", "")


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The comparison itself, to be shown what it must find."""
    monkeypatch.syspath_prepend(str(TOOL.parent))
    import compare_migration

    return compare_migration


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("DELETE FROM people_savedview", "it is only there before"),
        ("UPDATE supervision_finding SET note = 'other' WHERE id = 7", "row 2 differs: note"),
        ("ALTER TABLE supervision_finding RENAME COLUMN note TO remark", "supervision_finding.note: "),
    ],
)
def test_a_lost_row_a_changed_value_and_a_lost_column_are_found(tool, tmp_path, harm, found):
    models = [
        {"name": "savedview", "label": "people.SavedView", "table": "people_savedview", "key": "id", "columns": ["id"]},
        {"name": "finding", "label": "supervision.Finding", "table": "supervision_finding", "key": "id"},
    ]
    for name in ("old", "new"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(
                "CREATE TABLE people_savedview (id); INSERT INTO people_savedview VALUES (1);"
                "CREATE TABLE supervision_finding (id, note);"
                "INSERT INTO supervision_finding VALUES (5, 'a'), (7, 'b');"
            )
    with closing(sqlite3.connect(tmp_path / "new")) as connection:
        connection.executescript(f"{harm}; PRAGMA foreign_keys = off;")
    old, new = (tool.Database(f"sqlite:///{tmp_path / name}") for name in ("old", "new"))
    models[1]["columns"] = new.columns("supervision_finding")
    assert any(found in fault for fault in tool.compare_tables(old, new, models))


def test_a_table_that_no_model_holds_any_more_is_found(tool, tmp_path):
    with closing(sqlite3.connect(tmp_path / "old")) as connection:
        connection.executescript("CREATE TABLE people_lost (id); INSERT INTO people_lost VALUES (1);")
    old = tool.Database(f"sqlite:///{tmp_path / 'old'}")
    assert list(tool.compare_tables(old, old, [])) == [
        "people_lost: not one model that holds its rows now, but none; name it in RENAMED"
    ]


def test_bytes_that_are_not_in_the_store_are_found(tool, tmp_path):
    for name, script in (
        (
            "old",
            "CREATE TABLE publishing_image (id, data); INSERT INTO publishing_image VALUES (1, x'61'), (2, x'62');"
            "CREATE TABLE collectors_uploadpart (upload_id, place, data);"
            "INSERT INTO collectors_uploadpart VALUES (5, 1, x'62'), (5, 0, x'61'), (6, 0, x'63');",
        ),
        (
            "new",
            "CREATE TABLE publishing_image (id, file_id); INSERT INTO publishing_image VALUES (1, 'aaaa'), (2, 'bbbb');"
            "CREATE TABLE collectors_upload (id, file_id);"
            "INSERT INTO collectors_upload VALUES (5, 'abab'), (6, 'bbbb');",
        ),
    ):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.executescript(script)
    for digest, data in (("aaaa", b"a"), ("bbbb", b"other"), ("abab", b"ab")):
        path = tmp_path / "files" / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    old, new = (tool.Database(f"sqlite:///{tmp_path / name}") for name in ("old", "new"))
    assert list(tool.compare_files(old, new, tmp_path / "files")) == [
        "publishing_image.data: the bytes of row 2 are not in the store",
        "collectors_uploadpart: the bytes of collectors_upload 6 are not in the store",
    ]


def test_an_answer_that_differs_in_one_byte_is_found(tool, tmp_path):
    for name, text in (("old", "one\ntwo\n"), ("new", "one\n2wo\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "findings.jsonl").write_text(text, encoding="utf-8")
    assert list(tool.compare_answers(tmp_path / "old", tmp_path / "new")) == ["findings.jsonl:2: two -> 2wo"]
