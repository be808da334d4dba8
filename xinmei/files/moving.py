"""Bytes that were rows become files: what the migrations of the rooms share (docs/decisions/0320).

A batch of rows is a transaction, and a row that has its file is not taken again: a migration that was broken off goes
on where it stopped. Nothing is removed before every row has its file.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import models, transaction
from django.utils import timezone

from xinmei.files.opening import store
from xinmei.files.stores import is_sound

log = logging.getLogger(__name__)
_AT_ONCE = 50
Content = Callable[[Any], Iterable[bytes]]


def move_bytes(
    apps: Apps, rows: models.QuerySet[Any], *, data: str, file: str, digest: str = "", empty: bool = False
) -> None:
    """Puts what each row has in `data` into the store, and its digest into `file`.

    `digest` names the column of the digest that was recorded for the bytes. `empty`: the row keeps no copy.
    """
    files = apps.get_model("files", "StoredFile")
    for batch in _waiting(rows, file):
        with transaction.atomic():
            for pk in batch:
                content, *recorded = rows.filter(pk=pk).values_list(data, *([digest] if digest else [])).get()
                sha256 = keep_recorded(files, bytes(content), *recorded)
                rows.filter(pk=pk).update(**{f"{file}_id": sha256}, **({data: None} if empty else {}))


def move_parts(apps: Apps, rows: models.QuerySet[Any], parts: Content, *, file: str) -> None:
    """As `move_bytes`, for files that were kept in parts: `parts` of a row's number gives them in their order."""
    files = apps.get_model("files", "StoredFile")
    for batch in _waiting(rows, file):
        for pk in batch:
            with transaction.atomic():
                sha256, size = store().put(parts(pk))
                _note(files, sha256, size)
                rows.filter(pk=pk).update(**{f"{file}_id": sha256})


def _waiting(rows: models.QuerySet[Any], file: str) -> Iterable[list[Any]]:
    """The numbers of the rows that have no file yet, some at a time."""
    while batch := list(
        rows.filter(**{f"{file}__isnull": True}).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]
    ):
        yield batch


def keep_recorded(files: Any, data: bytes, recorded: str = "") -> str:
    """Keeps the bytes; returns the digest under which they are found.

    Bytes that had been altered already lie under the digest that was recorded for them, and the check names them;
    where that is taken, under their own.
    """
    own = hashlib.sha256(data).hexdigest()
    if not recorded or recorded == own or not re.fullmatch(r"[0-9a-f]{64}", recorded):
        sha256 = own
    elif files.objects.filter(pk=recorded).exists():
        sha256 = recorded if is_sound(store(), recorded) else own
    else:
        sha256 = recorded
        log.warning("文件 %s 的内容在迁移以前就与摘要不符，照原样保存", recorded)
    if sha256 == own or not is_sound(store(), sha256):
        store().put([data], under=sha256)
    _note(files, sha256, len(data))
    return sha256


def _note(files: Any, sha256: str, size: int) -> None:
    files.objects.bulk_create([files(sha256=sha256, size=size, kept_at=timezone.now())], ignore_conflicts=True)


def check_all_moved(rows: models.QuerySet[Any], file: str) -> None:
    """Refuses to go on where a row has no file: the bytes are removed next."""
    if left := rows.filter(**{f"{file}__isnull": True}).count():
        raise RuntimeError(f"{rows.model._meta.label}: {left} rows have no file yet; run the migration before again")
