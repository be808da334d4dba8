"""Writes the database as a bundle: the same facts give the same bytes, whichever database holds them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import connection, transaction

from xinmei.collectors.bundle.cells import ExportFault, as_json, as_text
from xinmei.collectors.bundle.table import Referred, Table
from xinmei.collectors.bundle.tables import TABLES
from xinmei.collectors.bundle.workbook import write_workbook
from xinmei.core.spreadsheets.archives import ENTRY_LIMIT, RATIO_LIMIT
from xinmei.files.keeping import load
from xinmei.files.stores import FileFault

__all__ = ["ExportFault", "export_bundle"]

CHUNK = 2000
Rows = Iterator[list[Any]]


def export_bundle(path: Path, *, with_people: bool = False, progress: Callable[[str, int], None] | None = None) -> None:
    """Writes all facts to `path`: a workbook (.xlsx), a zip (.zip), or else a new or empty folder.

    What is written appears at once and whole. Raises ExportFault where the folder is not empty, or where the facts do
    not fit into one bundle.
    """
    _check_target(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        with transaction.atomic():
            _freeze()
            facts = Facts(with_people=with_people, progress=progress)
            if path.suffix == ".xlsx":
                write_workbook(work / "bundle", facts.tables())
                (work / "bundle").replace(path)
                return
            folder = work / "folder"
            folder.mkdir()
            for table, rows in facts.tables():
                _write_file(folder / table.file, table, rows)
            facts.write_images(folder)
        if path.suffix == ".zip":
            _write_zip(work / "bundle", folder)
            (work / "bundle").replace(path)
        else:
            folder.replace(path)
    finally:
        shutil.rmtree(work)


def _check_target(path: Path) -> None:
    if path.is_dir() and (path.suffix in {".zip", ".xlsx"} or any(path.iterdir())):
        raise ExportFault(f"{path} 已有内容，请换一个新的或空的文件夹")
    if path.is_file() and path.suffix not in {".zip", ".xlsx"}:
        raise ExportFault(f"{path} 是一个文件，请写一个文件夹，或以 .zip、.xlsx 结尾")


def _freeze() -> None:
    """All tables as of one moment. (On SQLite the transaction itself holds writers back.)"""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


class Facts:
    """The tables that have rows, in the order in which the rows came in.

    What is imported again therefore comes in that order again.
    """

    def __init__(self, *, with_people: bool, progress: Callable[[str, int], None] | None) -> None:
        self.with_people = with_people
        self.progress = progress
        self.codes = {
            table.name: dict(table.model._default_manager.values_list("pk", table.code_field))
            for table in TABLES
            if table.referred is Referred.BY_KEY
        }
        # Where each picture goes, by its name and hash: to where it came from, or to a place made of its hash where
        # another picture is there.
        self.places: dict[tuple[str, str], str] = {}
        self.files: set[str] = {table.file for table in TABLES}
        self.folders: set[str] = set()

    def tables(self) -> Iterator[tuple[Table, Rows]]:
        """Each table that has rows, with them: values in the order of its columns, codes where it refers to others."""
        for table in TABLES:
            if table.personal and not self.with_people:
                continue
            rows = self.rows(table)
            if (first := next(rows, None)) is not None:
                yield table, chain([first], rows)

    def rows(self, table: Table) -> Rows:
        """The rows of one table."""
        references = [(place, self.codes[target]) for place, target in table.references if target in self.codes]
        pictures = table.places[table.pictures] if table.pictures else None
        query = table.model._default_manager.order_by("pk").values_list("pk", *table.fields).iterator(chunk_size=CHUNK)
        while chunk := list(islice(query, CHUNK)):
            nested = table.nested.read([values[0] for values in chunk]) if table.nested else None
            for pk, *values in chunk:
                for place, codes in references:
                    if values[place] is not None:
                        values[place] = codes[values[place]]
                if pictures is not None and values[pictures]:
                    values[pictures] = [self.place_image(name, sha256) for name, sha256 in values[pictures]]
                if nested is not None:
                    values.append(nested.get(pk, []))
                yield values
            if self.progress:
                self.progress(table.label, len(chunk))

    def place_image(self, name: str, sha256: str) -> str:
        """The name under which a picture is written."""
        if (name, sha256) not in self.places:
            path = PurePosixPath(name)
            if name in self.files | self.folders or self.files.intersection(map(str, path.parents)):
                path = PurePosixPath("images", sha256 + path.suffix)
            self.places[name, sha256] = str(path)
            self.files.add(str(path))
            self.folders.update(map(str, path.parents))
        return self.places[name, sha256]

    def write_images(self, folder: Path) -> None:
        """Writes the pictures that the posts name."""
        if len(self.places) + len(TABLES) > ENTRY_LIMIT:
            raise ExportFault(
                f"图片有 {len(self.places)} 张，一个交换包最多 {ENTRY_LIMIT} 个文件；请导出为 .xlsx（不含图片）"
            )
        for (_, sha256), place in self.places.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            try:
                (folder / place).write_bytes(load(sha256))
            except FileFault as fault:
                raise ExportFault(f"图片 {place} 读不出来：{fault}；请先运行 xinmei manage files --check") from fault


def _write_file(path: Path, table: Table, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        if table.suffix == ".csv":
            writer = csv.writer(file)
            writer.writerow([column.name for column in table.columns])
            writer.writerows(as_text(table, values) for values in rows)
        else:
            encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
            file.writelines(encode(as_json(table, values)) + "\n" for values in rows)


def _write_zip(target: Path, folder: Path) -> None:
    """A zip that is the same bytes for the same files: in the order of names, without times or owners."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if _is_readable(path) else zipfile.ZIP_STORED
            info.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(info, "w") as entry:
                shutil.copyfileobj(source, entry, 1 << 20)


def _is_readable(path: Path) -> bool:
    """Whether the file, once compressed, stays below the ratio that an import allows."""
    compress, size = zlib.compressobj(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(compress.compress(block))
    return os.path.getsize(path) < RATIO_LIMIT // 2 * (size + len(compress.flush()))
