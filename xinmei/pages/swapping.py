"""One folder put in the place of another in one step: whoever reads meanwhile finds the old one or the new one."""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fs.h
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def swap_folders(made: Path, place: Path) -> None:
    """`made` stands at `place` afterwards, and what stood there at `made`. Raises OSError."""
    if not place.exists():
        made.rename(place)
        return
    if _exchange(made, place):
        return
    # A file system that cannot exchange two names: two steps, an instant apart.
    aside = made.with_name(f"{made.name}.old")
    place.rename(aside)
    made.rename(place)
    aside.rename(made)


def _exchange(one: Path, other: Path) -> bool:
    """Exchanges two names by the one call of the kernel that does. False where it cannot."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))
