"""Bytes that were rows become files: every byte of every row, also where the move was broken off in the middle."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.cast import NOW
from xinmei.files.checking import check
from xinmei.files.folder import Folder
from xinmei.files.keeping import load
from xinmei.files.models import StoredFile

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [
    ("collectors", "0002_uploads"),
    ("interaction", "0008_answer_proof"),
    ("publishing", "0010_links_and_pictures_gone"),
    ("reports", "0001_initial"),
    ("supervision", "0014_kept_rates"),
]


def migrate(targets: list[tuple[str, str]]) -> Apps:
    """To these migrations; returns the models of then."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def migrate_to_the_end() -> None:
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.fixture
def then(tmp_path: Path, settings: Any) -> Iterator[Apps]:
    """The empty tables as they were before files were files, and a store of one's own."""
    settings.FILES = str(tmp_path / "files")
    apps = migrate(BEFORE)
    yield apps
    migrate_to_the_end()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_rows(apps: Apps) -> dict[str, bytes]:
    """A row of every kind. What is found after the move, by a name for each."""
    unit = apps.get_model("units", "Unit").objects.create(code="A", name="甲", kind="city")
    account = apps.get_model("registry", "Account").objects.create(
        code="A-1", unit_id=unit.pk, name="甲", platform="wechat", opened_on=date(2024, 1, 1)
    )
    message = apps.get_model("interaction", "Message").objects.create(
        code="M", account_id=account.pk, received_at=NOW, kind="enquiry"
    )
    step = apps.get_model("interaction", "MessageStep").objects.create(
        message_id=message.pk, verb="answer", by="x", at=NOW
    )
    png = b"\x89PNG of a test"
    apps.get_model("interaction", "AnswerProof").objects.create(
        step_id=step.pk, replied_at=NOW, name="截图.png", media_type="image/png", data=png, sha256=digest(png)
    )
    apps.get_model("publishing", "Image").objects.create(sha256=digest(png), data=png)
    upload = apps.get_model("collectors", "Upload").objects.create(name="a.zip", at=NOW)
    for place, part in reversed(list(enumerate((b"one", b"two", b"three")))):
        apps.get_model("collectors", "UploadPart").objects.create(upload_id=upload.pk, place=place, data=part)
    kept = {"sm3": "s", "seen_at": NOW, "source": "s", "collector": "c", "edition": "e"}
    evidence = apps.get_model("supervision", "Evidence").objects
    evidence.create(data=b"%PDF", media_type="application/pdf", sha256=digest(b"%PDF"), **kept)
    evidence.create(data=b"{}", media_type="application/json", sha256=digest(b"{}"), **kept)
    apps.get_model("reports", "Bulletin").objects.create(
        period="2026-05", title="t", as_of=NOW, figures={}, paper={}, passed=1, made_by="x", made_at=NOW,
        docx=b"word", pdf=b"pdf", docx_sha256=digest(b"word"), pdf_sha256=digest(b"pdf"),
    )  # fmt: skip
    return {"proof": png, "image": png, "upload": b"onetwothree", "pdf": b"pdf", "docx": b"word", "evidence": b"%PDF"}


def test_every_kind_of_row_has_its_bytes_after_the_move(then: Apps) -> None:
    expected = make_rows(then)
    migrate_to_the_end()
    from xinmei.collectors.models import Upload
    from xinmei.interaction.models import AnswerProof
    from xinmei.publishing.models import Image
    from xinmei.reports.models import Bulletin
    from xinmei.supervision.models import Evidence

    paper = Bulletin.objects.get()
    found = {
        "proof": AnswerProof.objects.get().file_id,
        "image": Image.objects.get().file_id,
        "upload": Upload.objects.get().file_id,
        "pdf": paper.pdf_id,
        "docx": paper.docx_id,
        "evidence": Evidence.objects.get(media_type="application/pdf").file_id,
    }
    assert {name: load(sha256) for name, sha256 in found.items()} == expected
    record = Evidence.objects.get(media_type="application/json")
    assert (record.file_id, record.read()) == (None, b"{}")
    assert StoredFile.objects.count() == 5  # the picture is the proof
    assert check(NOW) == (5, [])


def test_a_move_that_was_broken_off_goes_on_where_it_stopped(then: Apps, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [f"picture {number}".encode() for number in range(120)]
    image = then.get_model("publishing", "Image")
    image.objects.bulk_create(image(sha256=digest(data), data=data) for data in pictures)
    put, count = Folder.put, 0

    def put_some(*asked: Any, **named: Any) -> tuple[str, int]:
        nonlocal count
        count += 1
        if count > 70:
            raise OSError("no space left on device")
        return put(*asked, **named)

    monkeypatch.setattr(Folder, "put", put_some)
    with pytest.raises(OSError, match="no space left"):
        migrate_to_the_end()
    half = migrate([("publishing", "0011_files")]).get_model("publishing", "Image").objects
    assert half.filter(file__isnull=False).count() == 50
    assert [bytes(data) for data in half.order_by("pk").values_list("data", flat=True)] == pictures
    monkeypatch.setattr(Folder, "put", put)
    migrate_to_the_end()
    from xinmei.publishing.models import Image

    assert [load(one) for one in Image.objects.order_by("pk").values_list("file_id", flat=True)] == pictures
    assert check(NOW) == (120, [])


def test_bytes_that_were_altered_before_are_kept_as_they_are_and_named(then: Apps) -> None:
    recorded = digest(b"as it was")
    then.get_model("publishing", "Image").objects.create(sha256=recorded, data=b"as it is")
    migrate_to_the_end()
    _, (flaw,) = check(NOW)
    assert (flaw.sha256, flaw.what) == (recorded, "内容被改动")
    from xinmei.files.opening import store

    assert b"".join(store().read(recorded)) == b"as it is"
