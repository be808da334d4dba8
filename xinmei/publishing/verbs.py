"""What people do with posts: 三级审核 and 不再提示 bring their own."""

from __future__ import annotations

from xinmei.publishing.allowing.verbs import END
from xinmei.publishing.archives.verbs import ARCHIVE
from xinmei.publishing.archives.verbs import MAKE as MAKE_ARCHIVE
from xinmei.publishing.drafts.verbs import (
    AMEND,
    CHECK,
    PUBLISHED,
    RECALL,
    RETURN,
    SEND,
    SETTLE,
    SIGN,
    TAKEN_DOWN,
    WITHDRAW,
    WRITE,
)

__all__ = [
    "AMEND",
    "ARCHIVE",
    "CHECK",
    "END",
    "MAKE_ARCHIVE",
    "PUBLISHED",
    "RECALL",
    "RETURN",
    "SEND",
    "SETTLE",
    "SIGN",
    "TAKEN_DOWN",
    "WITHDRAW",
    "WRITE",
]
