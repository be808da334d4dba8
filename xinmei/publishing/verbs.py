"""What people do with posts: 三级审核 and 不再提示 bring their own."""

from __future__ import annotations

from xinmei.publishing.allowing.verbs import END
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
    "CHECK",
    "END",
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
