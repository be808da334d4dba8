"""Where a bundle is read from: a folder, a zip of one, or a workbook.

The limits of each are checked before anything is read.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

from xinmei.collectors.bundle.rows import Row, read_codes, read_csv, read_jsonl
from xinmei.collectors.bundle.table import Table

FILE_LIMIT = 2 << 30
ENTRY_LIMIT = 1000
RATIO_LIMIT = 200
# A picture is held in one piece.
IMAGE_LIMIT = 64 << 20

# What a damaged archive raises, wherever the damage lies.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class Refused(Exception):
    """The whole bundle is refused. `entry` is the file at fault in it, or the bundle's own name."""

    def __init__(self, entry: str, text: str) -> None:
        super().__init__(text)
        self.entry = entry


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
        names = ((info, _name(info)) for info in self.archive.infolist())
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


def open_archive(path: Path) -> zipfile.ZipFile:
    """An archive whose entries all lie inside it, and whose number, size and ratio are within the limits.

    Raises Refused otherwise.
    """
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE:
        raise Refused(path.name, "打不开：应是文件夹、.zip 或 .xlsx；若是，文件已损坏，请重新导出或复制") from None
    try:
        infos = archive.infolist()
        if len(infos) > ENTRY_LIMIT:
            raise Refused(path.name, f"压缩包里有 {len(infos)} 个文件，最多 {ENTRY_LIMIT} 个，请分几次导入")
        for info in infos:
            _check_entry(info)
        total = sum(info.file_size for info in infos)
        if total > RATIO_LIMIT * max(path.stat().st_size, 1):
            raise Refused(path.name, f"解压后有 {total} 字节，是压缩包的 {RATIO_LIMIT} 倍以上，不予解压")
    except Refused:
        archive.close()
        raise
    return archive


def _name(info: zipfile.ZipInfo) -> str:
    """The entry's name with "/" between folders.

    A zip made on a Chinese Windows writes names in GBK without declaring it; PowerShell 5 writes "\\" between folders.
    The second byte of a character in GBK may be a "\\" as well, so GBK is read first.
    """
    name = info.orig_filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = _name(info)
    shown = info.filename.encode("utf-8", "backslashreplace").decode()
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or name[1:2] == ":":
        raise Refused(shown, "路径指向文件夹之外，整包不予导入")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Refused(shown, "是一个链接，可能指向文件夹之外；请放入文件本身")
    if info.flag_bits & 0x1:
        raise Refused(shown, "加了密码，请去掉密码再导入")
    if info.file_size > FILE_LIMIT:
        raise Refused(shown, f"文件有 {info.file_size} 字节，最多 2 GiB，请分几次导入")
    if info.file_size > RATIO_LIMIT * max(info.compress_size, 1):
        raise Refused(shown, f"解压后是压缩时的 {RATIO_LIMIT} 倍以上，不予解压")
