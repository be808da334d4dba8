"""Opens a bundle: a folder, a zip of one, or a workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

from xinmei.collectors.bundle.sheets import Workbook
from xinmei.collectors.bundle.sources import Folder, Source, Zip
from xinmei.collectors.bundle.tables import TABLES
from xinmei.core.spreadsheets.archives import DAMAGE


def open_source(path: Path) -> Source:
    """The bundle at `path`.

    Raises Refused where it is none or breaks a limit; FileNotFoundError where nothing is there.
    """
    if path.is_dir():
        return Folder(path)
    if not path.exists():
        raise FileNotFoundError(path)
    if path.suffix.lower() == ".xlsx" or _is_workbook(path):
        return Workbook(path, TABLES)
    return Zip(path, TABLES)


def _is_workbook(path: Path) -> bool:
    """An uploaded file may have lost its name. A workbook states what it is in its own list of parts."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except DAMAGE:
        return False
