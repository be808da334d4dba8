"""Archives from elsewhere: opened only where nothing in them can do harm."""

from __future__ import annotations

import stat
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path, PurePosixPath

FILE_LIMIT = 2 << 30
ENTRY_LIMIT = 1000
RATIO_LIMIT = 200

# What a damaged archive raises, wherever the damage lies.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


class Refused(Exception):
    """The whole bundle is refused. `entry` is the file at fault in it, or the bundle's own name."""

    def __init__(self, entry: str, text: str) -> None:
        super().__init__(text)
        self.entry = entry


def open_archive(path: Path, most: int = ENTRY_LIMIT) -> zipfile.ZipFile:
    """An archive whose entries all lie inside it, and whose number (`most`), size and ratio are within the limits.

    Raises Refused otherwise.
    """
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE:
        raise Refused(path.name, "打不开：应是文件夹、.zip 或 .xlsx；若是，文件已损坏，请重新导出或复制") from None
    try:
        infos = archive.infolist()
        if len(infos) > most:
            raise Refused(path.name, f"压缩包里有 {len(infos)} 个文件，最多 {most} 个，请分几次导入")
        for info in infos:
            _check_entry(info)
        total = sum(info.file_size for info in infos)
        if total > RATIO_LIMIT * max(path.stat().st_size, 1):
            raise Refused(path.name, f"解压后有 {total} 字节，是压缩包的 {RATIO_LIMIT} 倍以上，不予解压")
    except Refused:
        archive.close()
        raise
    return archive


def name_in(info: zipfile.ZipInfo) -> str:
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
    name = name_in(info)
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
