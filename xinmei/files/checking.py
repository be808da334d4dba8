"""Whether every file is there, and is what it was when it was kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from xinmei.files.keeping import holders_of
from xinmei.files.models import StoredFile
from xinmei.files.opening import store
from xinmei.files.stores import Altered, Missing, verified

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Flaw:
    """A file that is not as it was kept: which, what is wrong, and which rows point to it."""

    sha256: str
    what: str
    holders: tuple[str, ...]

    def __str__(self) -> str:
        held = "、".join(self.holders) or "没有业务引用它"
        return f"{self.sha256}：{self.what}（{held}）"


def check(at: datetime, tell: Callable[[int, int], None] | None = None) -> tuple[int, list[Flaw]]:
    """Reads every file once and compares it with its digest; how many there are, and what is wrong.

    Each file's row notes the result. Raises Unreachable where the store does not answer: that says nothing of a file.
    """
    count, total, flaws = 0, StoredFile.objects.count(), []
    last = ""
    while batch := list(StoredFile.objects.filter(sha256__gt=last).order_by("sha256")[:_AT_ONCE]):
        for row in batch:
            row.checked_at, row.fault = at, fault_of(row.sha256, row.size)
            if row.fault:
                flaws.append(Flaw(row.sha256, row.fault, tuple(holders_of(row.sha256))))
            count += 1
            if tell:
                tell(count, total)
        # A row that went in the meantime stays gone.
        StoredFile.objects.bulk_update(batch, ["checked_at", "fault"])
        last = batch[-1].sha256
    return count, flaws


def fault_of(sha256: str, size: int) -> str:
    """What is wrong with a file, in a word; "" where it is sound."""
    try:
        found = sum(len(chunk) for chunk in verified(store(), sha256))
    except Missing:
        return "文件缺失"
    except Altered:
        return "内容被改动"
    return "" if found == size else "字节数不符"
