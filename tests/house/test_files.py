"""A file is kept once, read back verified, and gone only when nobody points to it: in a folder and in a bucket."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError

from tests.bucket import Objects
from tests.cast import NOW, keep_file
from xinmei.collectors.models import Upload
from xinmei.core.refusals import NotNow
from xinmei.files.checking import check
from xinmei.files.keeping import forget, holders_of, keep, load, pointers
from xinmei.files.models import StoredFile
from xinmei.files.opening import open_store, store
from xinmei.files.stores import Altered, Misplaced, Missing, is_sound
from xinmei.files.sweeping import GRACE, Busy, sweep

pytestmark = pytest.mark.django_db(transaction=True)
OLD = NOW - timedelta(days=30)
Harm = Callable[[str, bytes | None], None]


@pytest.fixture(params=["folder", "bucket"])
def harm(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Harm:
    """A store of one's own of either kind; the function writes or removes (None) bytes behind its back."""
    if request.param == "folder":
        settings.FILES = str(tmp_path / "files")

        def behind(sha256: str, data: bytes | None) -> None:
            path = tmp_path / "files" / sha256[:2] / sha256[2:4] / sha256
            path.unlink()
            if data is not None:
                path.write_bytes(data)

        return behind
    objects: Objects = request.getfixturevalue("objects")
    name = request.getfixturevalue("bucket")

    def in_bucket(sha256: str, data: bytes | None) -> None:
        where = {"Bucket": name, "Key": f"xinmei/{sha256[:2]}/{sha256[2:4]}/{sha256}"}
        objects.client().head_object(**where)
        if data is None:
            objects.client().delete_object(**where)
        else:
            objects.client().put_object(**where, Body=data)

    return in_bucket


def upload(data: bytes) -> Upload:
    with transaction.atomic():
        return Upload.objects.create(name="a.zip", at=NOW, file=keep(data, OLD))


def lying() -> set[str]:
    return {one.sha256 for one in store().listed()}


def test_a_file_is_read_back_byte_for_byte_and_kept_once(harm: Harm) -> None:
    parts = [b"\x00" * 700_000, b"x" * 700_000, b""]
    with transaction.atomic():
        kept = keep(iter(parts), NOW)
        again = keep(b"".join(parts), NOW)
    assert kept.sha256 == again.sha256 == hashlib.sha256(b"".join(parts)).hexdigest()
    assert StoredFile.objects.get().size == 1_400_000
    assert load(kept.sha256) == b"".join(parts)
    assert [(one.sha256, one.size) for one in store().listed()] == [(kept.sha256, 1_400_000)]


def test_an_empty_file_is_a_file(harm: Harm) -> None:
    assert load(keep_file(b"").sha256) == b""


def test_a_file_is_kept_only_with_its_row(harm: Harm) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        keep(b"x", NOW)
    with transaction.atomic():
        keep(b"x", NOW)
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()
    assert len(lying()) == 1  # the orphan that the sweep takes


def test_what_is_missing_or_altered_is_never_given_out_and_the_check_names_it_and_who_has_it(harm: Harm) -> None:
    whole, gone, changed = keep_file(b"whole"), upload(b"gone"), upload(b"changed")
    harm(gone.file_id, None)
    harm(changed.file_id, b"chamged")
    with pytest.raises(Missing):
        load(gone.file_id)
    with pytest.raises(Altered):
        load(changed.file_id)
    count, flaws = check(NOW)
    assert count == 3
    assert {(flaw.sha256, flaw.what) for flaw in flaws} == {
        (gone.file_id, "文件缺失"),
        (changed.file_id, "内容被改动"),
    }
    assert {flaw.holders for flaw in flaws} == {(f"上传的文件 {gone.pk}",), (f"上传的文件 {changed.pk}",)}
    assert set(StoredFile.objects.exclude(fault="").values_list("sha256", flat=True)) == {gone.file_id, changed.file_id}
    assert StoredFile.objects.get(pk=whole.pk).checked_at == NOW


def test_who_keeps_a_broken_file_again_mends_it(harm: Harm) -> None:
    for data in (b"chamged", None):
        kept = keep_file(b"changed")
        harm(kept.sha256, data)
        keep_file(b"changed")
        assert load(kept.sha256) == b"changed"


def test_a_file_that_a_row_points_to_is_not_removed(harm: Harm) -> None:
    held = upload(b"held")
    assert sweep(NOW) == (0, 0)
    assert lying() == {held.file_id}
    with pytest.raises(ProtectedError):
        held.file.delete()
    assert holders_of(held.file_id) == [f"上传的文件 {held.pk}"]


def test_a_file_without_a_row_goes_after_the_grace_and_not_before(harm: Harm) -> None:
    keep_file(b"old", OLD)
    keep_file(b"new", NOW - GRACE + timedelta(minutes=1))
    assert sweep(NOW) == (1, 0)
    assert StoredFile.objects.get().sha256 == hashlib.sha256(b"new").hexdigest()
    assert len(lying()) == 1


def test_bytes_without_a_row_go_after_the_grace(harm: Harm) -> None:
    store().put([b"orphan"])
    (orphan,) = store().listed()
    assert sweep(orphan.at + GRACE - timedelta(minutes=1)) == (0, 0)
    assert sweep(orphan.at + GRACE + timedelta(minutes=1)) == (0, 1)
    assert lying() == set()


def test_what_is_forgotten_is_deleted_unless_another_has_it(harm: Harm) -> None:
    alone, shared, other = upload(b"alone"), upload(b"shared"), upload(b"shared")
    with transaction.atomic():
        Upload.objects.exclude(pk=other.pk).delete()
        forget([alone.file_id, shared.file_id])
        assert len(lying()) == 2  # until the commit
    assert lying() == {other.file_id} == set(StoredFile.objects.values_list("sha256", flat=True))


def test_what_is_forgotten_in_an_act_that_is_rolled_back_stays(harm: Harm) -> None:
    held = upload(b"held")
    with transaction.atomic():
        Upload.objects.all().delete()
        forget([held.file_id])
        transaction.set_rollback(True)
    assert load(Upload.objects.get().file_id) == b"held"


def test_nothing_is_swept_while_an_act_may_still_point_to_it(harm: Harm) -> None:
    """Another act keeps the same bytes again, long after the grace, and commits its row only afterwards."""
    keep_file(b"same", OLD)
    kept, go_on, done = threading.Event(), threading.Event(), []

    def other() -> None:
        try:
            with transaction.atomic():
                file = keep(b"same", NOW)
                kept.set()
                assert go_on.wait(10)
                done.append(Upload.objects.create(name="a", at=NOW, file=file))
        finally:
            connection.close()

    act = threading.Thread(target=other)
    act.start()
    assert kept.wait(10)
    if connection.vendor == "postgresql":
        with pytest.raises(Busy):
            sweep(NOW)
        go_on.set()
    else:  # the one writer of SQLite: the sweep waits for it
        threading.Timer(0.5, go_on.set).start()
        assert sweep(NOW) == (0, 0)
    act.join()
    assert load(done[0].file_id) == b"same"
    assert sweep(NOW) == (0, 0)


def test_every_room_that_has_files_points_to_them_so_that_none_is_swept() -> None:
    assert {f"{field.model._meta.label}.{field.name}" for field in pointers()} == {
        "collectors.Upload.file",
        "interaction.AnswerProof.file",
        "publishing.Channel.cover",
        "publishing.DraftImage.file",
        "publishing.Image.file",
        "registry.Announcement.file",
        "registry.Archive.file",
        "registry.Comparison.file",
        "registry.Filing.consent_file",
        "registry.Incident.file",
        "reports.Bulletin.docx",
        "reports.Bulletin.pdf",
        "supervision.Asking.asked_file",
        "supervision.Asking.seen_file",
        "supervision.Evidence.file",
    }


def test_in_a_folder_nobody_but_its_owner_reads_and_nothing_is_left_beside(tmp_path: Path, settings: Any) -> None:
    settings.FILES = str(tmp_path / "files")
    kept = keep_file(b"x")
    path = tmp_path / "files" / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256
    assert oct(path.stat().st_mode)[-3:] == "400"
    assert {oct(one.stat().st_mode)[-3:] for one in (path.parent, tmp_path / "files")} == {"700"}
    assert list((tmp_path / "files" / "incoming").iterdir()) == []

    def breaks() -> Any:
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep(breaks(), NOW)
    assert list((tmp_path / "files" / "incoming").iterdir()) == []
    assert lying() == {kept.sha256}


def test_what_a_killed_process_left_is_swept_a_day_later(tmp_path: Path, settings: Any) -> None:
    settings.FILES = str(tmp_path / "files")
    keep_file(b"x")
    half = tmp_path / "files" / "incoming" / "half"
    half.write_bytes(b"half")
    os.utime(half, (NOW.timestamp(), NOW.timestamp()))
    sweep(NOW)
    assert half.exists()
    sweep(NOW + timedelta(days=1, minutes=1))
    assert not half.exists()


def test_a_store_that_cannot_take_it_is_said_and_nothing_is_kept(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    settings.FILES = str(tmp_path / "files")
    with pytest.raises(NotNow, match="存不进去"):
        keep_file(b"x")
    settings.FILES, settings.S3_ENDPOINT = "s3://nowhere/x", "http://127.0.0.1:9"
    settings.S3_KEY, settings.S3_SECRET, settings.S3_REGION = "a", "b", "c"
    with pytest.raises(NotNow, match="连不上对象存储"):
        keep_file(b"x")
    assert not StoredFile.objects.exists()


def test_without_boto3_the_setting_says_what_to_install(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xinmei.files.bucket", None)
    settings.S3_KEY = "without boto3"
    with pytest.raises(Misplaced, match=r"xinmei\[s3\]"):
        open_store("s3://bucket/x")


def test_what_is_no_digest_is_never_a_path(tmp_path: Path, settings: Any) -> None:
    settings.FILES = str(tmp_path / "files")
    for name in ("../../secret_key", "", "A" * 64, "0" * 63):
        assert not is_sound(store(), name)
