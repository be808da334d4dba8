"""What people do with posts: 三级审核, 不再提示 and 稿源单位 bring their own."""

from __future__ import annotations

from xinmei.publishing.allowing.verbs import END
from xinmei.publishing.archives.verbs import ARCHIVE
from xinmei.publishing.archives.verbs import MAKE as MAKE_ARCHIVE
from xinmei.publishing.channels.verbs import AGAIN, CHANNEL, CONNECT, DISCONNECT, SENDING, START, STOP
from xinmei.publishing.columns.verbs import END_TEMPLATE, KEEP_TEMPLATE, TEMPLATE
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
from xinmei.publishing.functions.verbs import ADD_FUNCTION, ANNOUNCE_OUTAGE, END_FUNCTION, FUNCTION
from xinmei.publishing.policies.verbs import ADD_POLICY, COUNT, EXCUSE, EXPLAINER, POINT, POLICY, REJECT
from xinmei.publishing.sources.verbs import ADD_SOURCE, END_SOURCE, SOURCE
from xinmei.publishing.terms.verbs import REVIEW_TERM, SET_REVIEW_TERM

__all__ = [
    "ADD_FUNCTION",
    "ADD_POLICY",
    "ADD_SOURCE",
    "AGAIN",
    "AMEND",
    "ANNOUNCE_OUTAGE",
    "ARCHIVE",
    "CHANNEL",
    "CHECK",
    "CONNECT",
    "COUNT",
    "DISCONNECT",
    "END",
    "END_FUNCTION",
    "END_SOURCE",
    "END_TEMPLATE",
    "EXCUSE",
    "EXPLAINER",
    "FUNCTION",
    "KEEP_TEMPLATE",
    "MAKE_ARCHIVE",
    "POINT",
    "POLICY",
    "PUBLISHED",
    "RECALL",
    "REJECT",
    "RETURN",
    "REVIEW_TERM",
    "SEND",
    "SENDING",
    "SETTLE",
    "SET_REVIEW_TERM",
    "SIGN",
    "SOURCE",
    "START",
    "STOP",
    "TAKEN_DOWN",
    "TEMPLATE",
    "WITHDRAW",
    "WRITE",
]
