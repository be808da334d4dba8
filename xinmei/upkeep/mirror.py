"""The files of the backups: a folder of the same form as a store, shared by all backups that are kept.

Files never change, so a night copies only what is new. Beside each backup lies the list of its files: a line a file,
digest and size. A file that no list names any more goes with the last backup that had it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from xinmei.files.folder import Folder
from xinmei.files.models import StoredFile
from xinmei.files.opening import store
from xinmei.files.stores import Altered, FileFault, Misplaced, Missing, Store, Unreachable, is_sound, verified
from xinmei.rows import batches
from xinmei.upkeep.manifests import Backup, Unrecoverable, folder

_SHOWN = 5
_AT_ONCE = 1000
# A backup that is being made by another process may have copied what it has not listed yet.
_GRACE = timedelta(days=1)


def mirror() -> Folder:
    """Where the files of all backups lie."""
    return Folder(folder() / "files")


def list_path(name: str) -> Path:
    """The list of the files of the backup `name`."""
    return folder() / f"{name}.files"


def _rows() -> Iterator[tuple[str, int]]:
    yield from StoredFile.objects.order_by("sha256").values_list("sha256", "size").iterator(chunk_size=5000)


def estimate() -> int:
    """How many bytes of files are not in the mirror yet."""
    there = {one.sha256 for one in mirror().listed()}
    return sum(size for sha256, size in _rows() if sha256 not in there)


def save(name: str) -> tuple[int, str]:
    """Copies what is new into the mirror, and lists the files of this moment with those that the list has already.

    How many there are; and which could not be read: the backup is made without them and says so. Raises Unrecoverable
    where there is no store.
    """
    files = dict(read_list(name)) | dict(_rows())
    # Listed first: another backup that ends in the meantime then leaves them in the mirror.
    _write_list(name, files)
    there = {one.sha256: one.size for one in mirror().listed()}
    new = [sha256 for sha256, size in files.items() if there.get(sha256) != size]
    unread = _copy_all(new)
    for sha256 in unread:
        del files[sha256]
    _write_list(name, files)
    # What an act let go of since the list was begun is no fault.
    unsaved = list(StoredFile.objects.filter(sha256__in=unread[:_AT_ONCE]).values_list("sha256", flat=True))
    return len(files), f"{len(unsaved)} 个：{'、'.join(unsaved[:_SHOWN])}" if unsaved else ""


def _copy_all(digests: list[str]) -> list[str]:
    """Copies files from the store into the mirror; what lies there broken is replaced. Which could not be read."""
    place, source, unread = mirror(), _source(), []
    for count, sha256 in enumerate(digests):
        try:
            place.put(verified(source, sha256), under=sha256)
        except (Missing, Altered):
            unread.append(sha256)
        except Unreachable:
            return unread + digests[count:]
    return unread


def _source() -> Store:
    try:
        return store()
    except Misplaced as fault:
        raise Unrecoverable(str(fault)) from None


def _write_list(name: str, files: dict[str, int]) -> None:
    """The list, whole or not at all; only its owner reads it."""
    path = list_path(name)
    part = path.with_name(f"{path.name}.writing")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{sha256} {size}\n" for sha256, size in sorted(files.items()))
    part.replace(path)


def read_list(name: str) -> list[tuple[str, int]]:
    """The files of a backup; none where it has no list."""
    path = list_path(name)
    lines = path.read_text(encoding="ascii").splitlines() if path.is_file() else []
    return [(sha256, int(size)) for sha256, size in map(str.split, lines)]


def find_fault(backup: Backup) -> str:
    """Reads every file of the backup; what is wrong with them, "" where nothing is.

    What lies there broken is copied again from the store, where that has it still.
    """
    if backup.files is None:
        return ""
    listed = read_list(backup.name)
    if len(listed) != backup.files:
        return f"文件清单应有 {backup.files} 个，只有 {len(listed)} 个"
    if broken := _copy_all([sha256 for sha256, _ in listed if not is_sound(mirror(), sha256)]):
        return f"备份里有 {len(broken)} 个文件缺失或被改动：{'、'.join(broken[:_SHOWN])}"
    return f"备份时有文件读不出来，{backup.unsaved}" if backup.unsaved else ""


def put_back(backup: Backup) -> list[str]:
    """Puts the files of the backup into the store of the settings; one that is there and sound is left.

    Returns the digests of those that could not be had.
    """
    lost = []
    for sha256, _ in read_list(backup.name):
        try:
            mend(sha256)
        except Unrecoverable:
            lost.append(sha256)
    return lost


def mend(sha256: str) -> bool:
    """Puts one file back where the store has it not, or altered; whether it was needed. Raises Unrecoverable."""
    place = _source()
    try:
        if is_sound(place, sha256):
            return False
        place.put(verified(mirror(), sha256), under=sha256)
    except FileFault as fault:
        raise Unrecoverable(f"文件 {sha256} 放不回去：{fault}") from None
    return True


def drop_unlisted(at: datetime) -> None:
    """Removes the files that no backup lists any more."""
    wanted = {sha256 for path in folder().glob("xinmei-*.files") for sha256, _ in read_list(path.stem)}
    old = [one.sha256 for one in mirror().listed() if one.sha256 not in wanted and one.at < at - _GRACE]
    for batch in batches(old, _AT_ONCE):
        mirror().remove(batch)
    mirror().clear_incoming(at)
