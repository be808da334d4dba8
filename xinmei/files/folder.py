"""Files in a folder: `ab/cd/abcd…`, written beside it first, and then put in place whole."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xinmei.files.stores import CHUNK, Lying, Missing, is_sound

_DIGEST, _PART = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{2}")
_ABANDONED = timedelta(days=1)


class Folder:
    """A folder of files. Only its owner reads it, and nobody writes into a file that is in place."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def path(self, sha256: str) -> Path:
        """Where a file lies. Raises Missing for what is no digest."""
        if not _DIGEST.fullmatch(sha256):
            raise Missing(f"“{sha256[:80]}”不是文件的摘要")
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def put(self, chunks: Iterable[bytes], under: str = "") -> tuple[str, int]:
        """See `Store`. The bytes are on the disk when this returns, and so is their name."""
        waiting = self.root / "incoming"
        for folder in (self.root, waiting):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = waiting / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            sha256 = under or digest.hexdigest()
            if not is_sound(self, sha256):
                self._place(part, self.path(sha256))
        finally:
            part.unlink(missing_ok=True)
        return sha256, size

    def _place(self, part: Path, path: Path) -> None:
        """Renames the file into its place: others see all of it or nothing. What was broken there is replaced."""
        made = [folder for folder in (path.parent, path.parent.parent) if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(part, path)
        # A name is safe when its folder is; a new folder when the one above is.
        for folder in (path.parent, *(one.parent for one in made)):
            _sync(folder)

    def read(self, sha256: str) -> Iterator[bytes]:
        """See `Store`."""
        try:
            with self.path(sha256).open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise Missing(f"文件 {sha256[:12]} 不在 {self.root} 里") from None

    def remove(self, digests: Iterable[str]) -> None:
        """See `Store`. Empty folders stay: there are at most 65,536 of them."""
        for sha256 in digests:
            self.path(sha256).unlink(missing_ok=True)

    def listed(self) -> Iterator[Lying]:
        """See `Store`."""
        for first in _folders(self.root):
            for second in _folders(first):
                for entry in os.scandir(second):
                    if _DIGEST.fullmatch(entry.name) and entry.is_file():
                        seen = entry.stat()
                        yield Lying(entry.name, seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC))

    def clear_incoming(self, at: datetime) -> None:
        """Removes, a day later, what a process left behind that was killed in the middle."""
        waiting = self.root / "incoming"
        for entry in os.scandir(waiting) if waiting.is_dir() else ():
            if entry.stat().st_mtime < (at - _ABANDONED).timestamp():
                Path(entry.path).unlink(missing_ok=True)


def _folders(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if _PART.fullmatch(path.name)) if place.is_dir() else []


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
