"""What nobody points to any more goes, after a grace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from xinmei.files.folder import Folder
from xinmei.files.keeping import LOCK, unreferenced
from xinmei.files.models import StoredFile
from xinmei.files.opening import store
from xinmei.people.locks import hold_if_free
from xinmei.rows import batches

# A rolled back act leaves its bytes behind. Nothing younger is swept, whoever else holds what lock.
GRACE = timedelta(days=2)
_AT_ONCE = 200


class Busy(Exception):
    """An act is keeping files just now, so nothing may be swept. Try again later."""


def sweep(at: datetime) -> tuple[int, int]:
    """Removes files that no row points to, and bytes without a row. How many of each. Raises Busy."""
    rows = list(unreferenced().filter(kept_at__lt=at - GRACE).values_list("sha256", flat=True))
    swept = sum(_sweep_rows(batch) for batch in batches(rows, _AT_ONCE))
    place = store()
    old = [one.sha256 for one in place.listed() if one.at < at - GRACE]
    lost = sum(_sweep_bytes(batch) for batch in batches(old, _AT_ONCE))
    if isinstance(place, Folder):
        place.clear_incoming(at)
    return swept, lost


def _sweep_rows(digests: Sequence[str]) -> int:
    with transaction.atomic():
        if not hold_if_free(LOCK):
            raise Busy
        # Asked again under the lock: nobody who has kept a file is still at work, and what they committed is seen.
        gone = list(unreferenced().filter(sha256__in=digests).values_list("sha256", flat=True))
        StoredFile.objects.filter(sha256__in=gone).delete()
        store().remove(gone)
    return len(gone)


def _sweep_bytes(digests: Sequence[str]) -> int:
    with transaction.atomic():
        if not hold_if_free(LOCK):
            raise Busy
        known = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        gone = [sha256 for sha256 in digests if sha256 not in known]
        store().remove(gone)
    return len(gone)
