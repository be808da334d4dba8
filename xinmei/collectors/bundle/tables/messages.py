"""留言: what people wrote to accounts, with the replies."""

from __future__ import annotations

from typing import Any

from xinmei.collectors.bundle.columns import CODE, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Flag, Text, Time
from xinmei.collectors.bundle.parts import Replies
from xinmei.collectors.bundle.table import Contradiction, Nested, Table
from xinmei.interaction.models import Message, Reply
from xinmei.interaction.reckoning import reckon_revision


def _find_contradiction(row: list[Any]) -> Contradiction:
    received_at = row[TABLE.places["received_at"]]
    for code, replied_at, *_ in row[TABLE.places["replies"]]:
        if replied_at < received_at:
            show = Time().to_text
            return "replies", f"答复 {code} 的时间 {show(replied_at)} 早于留言收到时间 {show(received_at)}"
    return None


TABLE = Table(
    "messages",
    "留言",
    ".jsonl",
    Message,
    ("id",),
    (
        must("id", "", CODE, field="code"),
        must("account", "账号编号", CODE, refers="accounts"),
        must("received_at", "", Time()),
        must("kind", "", Choice(labels_of(Message.Kind))),
        must("text", "", Text()),
        may("author", "", Text(most=500)),
        may("post", "", CODE, refers="posts"),
        may("concrete_policy_question", "", Flag()),
        may("published_at", "", Time()),
        may("replies", "", Replies()),
    ),
    order=40,
    contradiction=_find_contradiction,
    nested=Nested("replies", Reply, "message", ("code", "replied_at", "text", "automatic")),
    revised=True,
    settle=reckon_revision,
    example={
        "id": "M000001",
        "account": "A00001",
        "received_at": "2026-01-05T09:00:00",
        "kind": "咨询",
        "text": "办理居住证要什么材料？",
    },
)
