"""The pictures of a draft: read when they were written in, and shown beside the check, before anything is published.

What was read of a draft is seen on its own page alone until a post shows the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.core.screening import CATEGORIES, Screen
from xinmei.files.keeping import load
from xinmei.jobs.actions import enqueue
from xinmei.publishing.models import Draft, DraftImage, Image
from xinmei.screening.models import PictureRead
from xinmei.screening.pictures.reading import PictureReader, is_installed, keep_reading


def unread_of(draft: Draft) -> list[str]:
    """The digests of its pictures that nobody has read. One query where there are none."""
    digests = list(DraftImage.objects.filter(version=draft.current_id).values_list("file", flat=True))
    known = PictureRead.objects.filter(image__file__in=digests).values_list("image__file", flat=True)
    return [one for one in dict.fromkeys(digests) if one not in set(known)] if digests else []


def ask_to_read(drafts: Sequence[Draft], at: datetime) -> None:
    """Puts the reading of new pictures into the ledger, where the extra [ocr] is there."""
    for draft in drafts if is_installed() else ():
        if unread_of(draft):
            key = f"{draft.pk}-{draft.version}"
            enqueue("read_draft_pictures", key, at=at, arguments={"draft": draft.pk})


def read_draft(draft: Draft, screen: Screen, at: datetime) -> int:
    """Reads its new pictures. How many."""
    waiting = unread_of(draft)
    with PictureReader() as reader:
        for digest in waiting:
            image, _ = Image.objects.get_or_create(file_id=digest)
            keep_reading(image, reader.read(load(digest)), screen, at, None, at)
    return len(waiting)


def texts_of(draft: Draft) -> list[dict[str, Any]]:
    """What was read in each picture of the draft, with what the screening says to it. Two queries."""
    images = list(DraftImage.objects.filter(version=draft.current_id))
    digests = [one.file_id for one in images]
    rows = PictureRead.objects.filter(image__file__in=digests).select_related("image") if digests else []
    reads = {one.image.file_id: one for one in rows}
    return [
        {
            "image": one,
            "read": reads.get(one.file_id),
            "hits": [
                (
                    reads[one.file_id].text[hit["start"] : hit["end"]],
                    CATEGORIES.get(hit["category"], ""),
                    hit["suggest"],
                )
                for hit in reads[one.file_id].hits
            ]
            if one.file_id in reads
            else [],
        }
        for one in images
    ]
