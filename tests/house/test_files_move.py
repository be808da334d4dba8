"""Bytes that were rows become files: every byte of every row, also where the move was broken off in the middle."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
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
PNG = b"\x89PNG of a test"
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
    apps.get_model("interaction", "AnswerProof").objects.create(
        step_id=step.pk, replied_at=NOW, name="截图.png", media_type="image/png", data=PNG, sha256=digest(PNG)
    )
    apps.get_model("publishing", "Image").objects.create(sha256=digest(PNG), data=PNG)
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
    return {"proof": PNG, "image": PNG, "upload": b"onetwothree", "pdf": b"pdf", "docx": b"word", "evidence": b"%PDF"}


def test_every_row_has_its_bytes_after_a_move_that_was_broken_off_and_went_on(
    then: Apps, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, altered = [f"picture {number}".encode() for number in range(120)], digest(b"as it was")
    image = then.get_model("publishing", "Image")
    image.objects.bulk_create(image(sha256=digest(data), data=data) for data in pictures)
    expected = make_rows(then)
    image.objects.create(sha256=altered, data=b"as it is")
    with monkeypatch.context() as full:
        full.setattr(Folder, "put", puts_at_most(80))
        with pytest.raises(OSError, match="no space left"):
            migrate_to_the_end()
    half = migrate([("publishing", "0011_files")]).get_model("publishing", "Image").objects.order_by("pk")
    assert half.filter(file__isnull=False).count() == 50
    assert [bytes(data) for data in half.values_list("data", flat=True)][:120] == pictures
    migrate_to_the_end()
    assert bytes_by_kind() == expected
    from xinmei.files.opening import store
    from xinmei.publishing.models import Image
    from xinmei.supervision.models import Evidence

    moved = Image.objects.order_by("pk").values_list("file_id", flat=True)
    assert [load(one) for one in moved[:120]] == pictures
    record = Evidence.objects.get(media_type="application/json")
    assert (record.file_id, record.read()) == (None, b"{}")
    # 120 pictures, one that was altered before, and five others: one picture is a proof too
    assert StoredFile.objects.count() == 126
    seen, (flaw,) = check(NOW)
    assert (seen, flaw.sha256, flaw.what) == (126, altered, "内容被改动")
    assert b"".join(store().read(altered)) == b"as it is"


def puts_at_most(number: int) -> Callable[..., tuple[str, int]]:
    """A store on a disk that is full after so many files."""
    put, count = Folder.put, 0

    def put_some(*asked: Any, **named: Any) -> tuple[str, int]:
        nonlocal count
        count += 1
        if count > number:
            raise OSError("no space left on device")
        return put(*asked, **named)

    return put_some


def bytes_by_kind() -> dict[str, bytes]:
    """What the files of `make_rows` hold."""
    from xinmei.collectors.models import Upload
    from xinmei.interaction.models import AnswerProof
    from xinmei.publishing.models import Image
    from xinmei.reports.models import Bulletin
    from xinmei.supervision.models import Evidence

    paper = Bulletin.objects.get()
    found = {
        "proof": AnswerProof.objects.get().file_id,
        "image": Image.objects.get(file=digest(PNG)).file_id,
        "upload": Upload.objects.get().file_id,
        "pdf": paper.pdf_id,
        "docx": paper.docx_id,
        "evidence": Evidence.objects.get(media_type="application/pdf").file_id,
    }
    return {name: load(sha256) for name, sha256 in found.items()}
