"""Files kept, read and let go, together with the rows that point to them.

The bytes are in the store before the row is committed; a row that is rolled back leaves bytes that nobody points to,
which `sweeping` takes. Until its end a transaction that has kept a file holds a lock that the sweep respects: bytes
that it may still point to are never swept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from xinmei.core.refusals import NotNow
from xinmei.files.models import StoredFile
from xinmei.files.opening import store
from xinmei.files.stores import Unreachable, verified
from xinmei.people.locks import hold_if_free, hold_together

LOCK = "files"


def keep(content: bytes | Iterable[bytes], at: datetime) -> StoredFile:
    """Takes a file in, inside the transaction of the row that will point to it. The same bytes are kept once."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a file is kept in the transaction of the row that points to it")
    hold_together(LOCK)
    try:
        sha256, size = store().put([content] if isinstance(content, bytes) else content)
    except (Unreachable, OSError) as fault:
        raise NotNow(f"文件现在存不进去（{fault}），没有办成；请稍后再试，反复出现请告诉系统管理员") from fault
    kept = StoredFile(sha256=sha256, size=size, kept_at=at)
    # Another act may keep the same bytes in this moment.
    StoredFile.objects.bulk_create([kept], ignore_conflicts=True)
    return kept


def parts_of(sha256: str) -> Iterator[bytes]:
    """The bytes of a file, a part at a time. Raises FileFault, also at the very end: use nothing before it."""
    return verified(store(), sha256)


def load(sha256: str) -> bytes:
    """The bytes of a file, verified. Raises FileFault."""
    return b"".join(parts_of(sha256))


def forget(digests: Iterable[str]) -> None:
    """Lets go of files whose rows have just been deleted in this transaction: what nobody else has is deleted.

    The bytes go when the transaction is committed. Where just then another act keeps a file they are left to the
    nightly sweep.
    """
    named = sorted(set(digests))
    gone = [one.sha256 for one in unreferenced().filter(sha256__in=named)]
    StoredFile.objects.filter(sha256__in=gone).delete()
    transaction.on_commit(lambda: _remove(gone), robust=True)


def _remove(digests: list[str]) -> None:
    """Removes the bytes of files that have no row, unless somebody is keeping files just now."""
    with transaction.atomic():
        if digests and hold_if_free(LOCK):
            again = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
            store().remove(sha256 for sha256 in digests if sha256 not in again)


def pointers() -> list[models.ForeignKey[models.Model, models.Model]]:
    """The foreign keys of all rooms that point to files."""
    fields = StoredFile._meta.get_fields(include_hidden=True)
    return [one.field for one in fields if isinstance(one, models.ManyToOneRel)]


def unreferenced() -> QuerySet[StoredFile]:
    """The files to which no row points."""
    rows = StoredFile.objects.order_by("sha256")
    for field in pointers():
        rows = rows.exclude(Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})))
    return rows


def holders_of(sha256: str) -> list[str]:
    """Which rows point to a file, as people call them: 「答复时间的凭据 12」."""
    found = []
    for field in pointers():
        keys = field.model._base_manager.filter(**{field.name: sha256}).values_list("pk", flat=True)[:5]
        found += [f"{field.model._meta.verbose_name} {key}" for key in keys]
    return found
