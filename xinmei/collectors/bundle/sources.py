"""Where a bundle is read from: a folder, a zip of one, or a workbook.

The limits of each are checked before anything is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from xinmei.collectors.bundle.rows import Row, read_codes, read_csv, read_jsonl
from xinmei.collectors.bundle.table import Table
from xinmei.core.spreadsheets.archives import DAMAGE, ENTRY_LIMIT, FILE_LIMIT, Refused, name_in, open_archive

# A picture is held in one piece.
IMAGE_LIMIT = 64 << 20


class Source:
    """An opened bundle: the tables it holds, and its pictures."""

    name = ""

    def has(self, table: Table) -> bool:
        """Whether the bundle holds this table."""
        raise NotImplementedError

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table. Raises Refused where the bundle turns out to be damaged."""
        raise NotImplementedError

    def codes(self, table: Table) -> Iterator[str]:
        """The codes of a table whose header was refused."""
        raise NotImplementedError

    def place(self, table: Table) -> str:
        """What an error calls the table's file."""
        return table.file

    def image(self, name: str) -> bytes | None:
        """The bytes of a picture; None where the bundle does not hold it. Raises Refused where it is too big."""
        return None

    def close(self) -> None:
        """Closes the files."""


class FileSource(Source):
    """A bundle of files. `entries` holds, by name in the bundle, how to open each and its size."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.entries: dict[str, tuple[Callable[[], IO[bytes]], int]] = {}

    def has(self, table: Table) -> bool:
        return table.file in self.entries

    def rows(self, table: Table) -> Iterator[Row]:
        read = read_csv if table.suffix == ".csv" else read_jsonl
        try:
            yield from read(table, self.entries[table.file][0])
        except DAMAGE as error:
            raise Refused(table.file, f"读到一半读不下去，文件已损坏（{error}），请重新导出或复制") from error

    def codes(self, table: Table) -> Iterator[str]:
        if table.suffix == ".csv":
            yield from read_codes(table, self.entries[table.file][0])

    def image(self, name: str) -> bytes | None:
        entry = self.entries.get(name)
        if entry is None:
            return None
        open_file, size = entry
        if size > IMAGE_LIMIT:
            raise Refused(name, f"图片有 {size} 字节，一张最多 {IMAGE_LIMIT >> 20} MiB")
        try:
            with open_file() as file:
                return file.read()
        except DAMAGE as error:
            raise Refused(name, f"图片读不出来，文件已损坏（{error}）") from error

    def check_sizes(self) -> None:
        """Raises Refused where there are too many files or one is too big."""
        if len(self.entries) > ENTRY_LIMIT:
            raise Refused(self.name, f"里面有 {len(self.entries)} 个文件，最多 {ENTRY_LIMIT} 个，请分几次导入")
        for entry, (_, size) in self.entries.items():
            if size > FILE_LIMIT:
                raise Refused(entry, f"文件有 {size} 字节，最多 2 GiB，请分几次导入")


class Folder(FileSource):
    """A folder. Links are refused, because they lead outside of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        for root, folders, files in os.walk(path):
            for file in (*folders, *files):
                full = Path(root, file)
                entry = full.relative_to(path).as_posix()
                status = full.lstat()
                if stat.S_ISLNK(status.st_mode):
                    raise Refused(entry, "是一个链接，可能指向文件夹之外；请放入文件本身")
                if stat.S_ISREG(status.st_mode):
                    self.entries[entry] = (lambda full=full: full.open("rb"), status.st_size)  # type: ignore[misc]
            if len(self.entries) > ENTRY_LIMIT:
                break
        self.check_sizes()


class Zip(FileSource):
    """A zip of a folder: its files at the top, or the folder with them in it."""

    def __init__(self, path: Path, tables: Iterable[Table]) -> None:
        super().__init__(path.name)
        self.archive = open_archive(path)
        names = ((info, name_in(info)) for info in self.archive.infolist())
        infos = {info: PurePosixPath(name).as_posix() for info, name in names if not name.endswith("/")}
        top = self._find_top(list(infos.values()), {table.file for table in tables})
        for info, name in infos.items():
            entry = name.removeprefix(top)
            if entry in self.entries:
                raise Refused(entry, "压缩包里有两个同名文件，只能有一个")
            self.entries[entry] = (lambda info=info: self.archive.open(info), info.file_size)  # type: ignore[misc]
        self.check_sizes()

    @staticmethod
    def _find_top(names: list[str], known: set[str]) -> str:
        """The one folder that holds the tables, where none lies beside it."""
        tops = {name.partition("/")[0] for name in names if name.partition("/")[2] in known}
        return f"{tops.pop()}/" if known.isdisjoint(names) and len(tops) == 1 else ""

    def close(self) -> None:
        self.archive.close()
