"""What a zip or a folder may not be: too large, damaged, leading elsewhere."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xinmei.collectors.tests.bundles import Bundle, take
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db


def _zip(folder: Path, change: Callable[[zipfile.ZipFile], None]) -> Path:
    bundle = Bundle().write(folder / "b")
    with zipfile.ZipFile(folder / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in bundle.iterdir():
            archive.write(file, file.name)
        change(archive)
    return folder / "b.zip"


def _add_link(archive: zipfile.ZipFile) -> None:
    link = zipfile.ZipInfo("patrols.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(link, "/etc/passwd")


def _add_a_thousand_pictures(archive: zipfile.ZipFile) -> None:
    for n in range(1000):
        archive.writestr(f"{n}.png", b"")


BAD_ARCHIVES: dict[str, tuple[Callable[[zipfile.ZipFile], None], str]] = {
    "above the folder": (lambda archive: archive.writestr("../units.csv", "x"), "../units.csv"),
    "at the root": (lambda archive: archive.writestr("/etc/units.csv", "x"), "/etc/units.csv"),
    "on a drive": (lambda archive: archive.writestr("C:units.csv", "x"), "C:units.csv"),
    "with backslashes": (lambda archive: archive.writestr("..\\units.csv", "x"), "..\\units.csv"),
    "a link": (_add_link, "patrols.csv"),
    "a bomb": (lambda archive: archive.writestr("note.txt", b"0" * 5_000_000), "note.txt"),
    "too many entries": (_add_a_thousand_pictures, "b.zip"),
}


@pytest.mark.parametrize("what", BAD_ARCHIVES)
def test_an_archive_that_breaks_a_limit_is_refused_whole_even_where_good_rows_are_kept(
    tmp_path: Path, what: str
) -> None:
    change, entry = BAD_ARCHIVES[what]
    assert take(_zip(tmp_path, change), keep=True).places == [(entry, None, None)]
    assert not Unit.objects.exists()


class Gbk(zipfile.ZipInfo):
    """An entry as a Chinese Windows names it: in GBK, without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), 0


# The second byte of 乗 is a backslash in GBK.
@pytest.mark.parametrize("folder", ["", "bundle\\", "导出\\", "交换乗\\"])
def test_a_zip_whose_folders_are_parted_by_backslashes_is_read(tmp_path: Path, folder: str) -> None:
    bundle = Bundle().write(tmp_path / "b")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        if folder:
            archive.writestr(Gbk(folder), b"")
        for file in bundle.iterdir():
            archive.writestr(Gbk(folder + file.name), file.read_bytes())
    assert take(tmp_path / "b.zip").refusals == []
    assert Unit.objects.exists()


def test_a_thousand_entries_are_allowed(tmp_path: Path) -> None:
    bundle = Bundle(files={f"{n}.png": b"" for n in range(997)}).write(tmp_path / "b")
    assert take(bundle).refusals == []
    (bundle / "one more.png").write_bytes(b"")
    assert take(bundle).places == [("b", None, None)]


@pytest.mark.parametrize("data", [b"", b"code,name\n", b"PK\x03\x04 no zip at all"])
def test_an_unreadable_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    for name in ("b.zip", "b.xlsx", "units.csv"):
        (tmp_path / name).write_bytes(data)
        assert take(tmp_path / name).places == [(name, None, None)]


def test_an_archive_cut_or_damaged_anywhere_is_refused_or_whole(tmp_path: Path) -> None:
    data = _zip(tmp_path, lambda archive: None).read_bytes()
    for place in range(0, len(data), 37):
        (tmp_path / "cut.zip").write_bytes(data[:place])
        assert take(tmp_path / "cut.zip", keep=True).counts.refused == 1
        (tmp_path / "damaged.zip").write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        take(tmp_path / "damaged.zip", keep=True)
    assert set(Unit.objects.values_list("code", flat=True)) <= {"C", "D"}


def test_a_link_in_a_folder_refuses_the_bundle(tmp_path: Path) -> None:
    bundle = Bundle().write(tmp_path / "b")
    (bundle / "patrols.csv").symlink_to("/etc/passwd")
    assert take(bundle, keep=True).places == [("patrols.csv", None, None)]
    assert not Unit.objects.exists()


def test_a_file_beyond_2_gib_is_refused(tmp_path: Path) -> None:
    bundle = Bundle().write(tmp_path / "b")
    with (bundle / "messages.jsonl").open("wb") as file:
        file.truncate((2 << 30) + 1)
    assert take(bundle).places == [("messages.jsonl", None, None)]
