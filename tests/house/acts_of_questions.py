"""How the verbs of 模拟提问 are tried: a question that is asked of 东湖发布."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.cast import NOW, City, act, keep_file
from tests.house.both_ways import Case
from xinmei.supervision.models import Asking, Rating

TODAY = NOW.date().isoformat()
BEFORE = NOW - timedelta(hours=30)
PROOF = {"name": "截图.pdf", "base64": base64.b64encode(b"%PDF-1.4 ").decode()}
PROMPT = {"text": "办理居住证要带什么材料？", "expected": "身份证、居住证明，到派出所窗口办理。"}
ASKED = {"asked_at": NOW.isoformat(), "where": "对话框", "file": PROOF}
REPLIED = {"replied_at": NOW.isoformat(), "reply": "带身份证到窗口办理。", "file": PROOF}
MARKS: dict[str, Any] = {"on_topic": "5", "right": "2", "manner": "4", "note": "没有写依据"}
On = Callable[[City], object]


def prompt(city: City) -> object:
    """A declared question."""
    return act("prompt.write", by="cha", **PROMPT).pk


def asking(state: str, **said: object) -> On:
    """What 东湖发布 is asked, in that state; nobody was asked by anybody here but 查检查."""

    def of(city: City) -> object:
        asked = {"asked_by": "cha", "asked_at": BEFORE, "reply_due_at": NOW - timedelta(hours=6)}
        proof = keep_file(b"\x89PNG\r\n\x1a\n")
        found = {"asked_file": proof, "asked_type": "image/png", "seen_file": proof, "seen_type": "image/png"}
        one = Asking.objects.filter(account__code="DH-1", state="ASKED").order_by("pk")[:1].get()
        Asking.objects.filter(pk=one.pk).update(state=state, acted_at=BEFORE, **(asked | found | said))
        return one.pk

    return of


def rated(city: City) -> object:
    """One that 谭检查 has rated."""
    number = asking("ANSWERED", outcome="in_time", reply="到窗口办理。", replied_at=NOW)(city)
    marks = {"on_topic": 5, "right": 3, "manner": 4}
    Rating.objects.create(asking_id=number, by="tan", at=BEFORE, marks=marks)
    return number


QUESTIONS: dict[str, Case] = {
    "prompt.write": Case("cha", "zhu", given=PROMPT, again=""),
    "prompt.end": Case("cha", "", prompt),
    "draw.make": Case("cha", "zhu", given={"count": 2, "until": TODAY, "seed": "甲"}, again=""),
    "asking.ask": Case("cha", "", asking("PLANNED"), ASKED),
    "asking.no_entry": Case("cha", "", asking("PLANNED"), {"where": "对话框没有回应", "file": PROOF}),
    "asking.drop": Case("cha", "", asking("PLANNED"), {"note": "账号停更"}),
    "asking.answered": Case("cha", "", asking("ASKED"), REPLIED),
    "asking.unanswered": Case("cha", "", asking("ASKED"), {"file": PROOF}),
    "asking.rate": Case("cha", "", rated, MARKS, again="right"),
    "asking.suspect": Case(
        "cha", "", asking("JUDGED", outcome="unanswered"), {"criterion": "late_reply", "note": "到期没有答复"}
    ),
    "asking.close": Case("cha", "", asking("JUDGED", outcome="in_time"), {"note": "答得好"}),
}
