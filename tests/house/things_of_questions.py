"""Test questions and documents to explain, for the things of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.cast import NOW, City, keep_file
from xinmei.publishing.models import Explainer, Policy, Post
from xinmei.registry.models import Account
from xinmei.supervision.questions.models import Asking, Draw, Prompt


def ask_questions(city: City, put: Callable[..., None]) -> None:
    """Of each account a test question that waits for its reply, and one that is over, each with its proofs."""
    prompt = Prompt.objects.create(text="问题", expected="答复", written_by="cha", written_at=NOW)
    picture = keep_file(b"\x89PNG\r\n\x1a\n")
    asked = {"asked_by": "cha", "asked_at": NOW, "asked_file": picture, "asked_type": "image/png", "where": "对话框"}
    seen = {"outcome": "unanswered", "seen_file": picture, "seen_type": "image/png"}
    said = {"seed": "种", "count": 7, "until": NOW.date(), "frame": sorted(city.accounts), "prompts": [str(prompt.pk)]}
    for state in ("ASKED", "OVER"):
        draw = Draw.objects.create(made_by="cha", made_at=NOW - timedelta(days=100), **said)
        put("draw_for", draw.pk, "CZ", False)
        for place, (_, account) in enumerate(sorted(city.accounts.items()), 1):
            of = {"draw": draw, "place": place, "account": account, "prompt": prompt, "acted_at": NOW}
            more = asked | {"reply_due_at": NOW + timedelta(days=1)} | (seen if state == "OVER" else {})
            asking = Asking.objects.create(state=state, **of, **more)
            put("asking_for", asking.pk, account.unit.code, state == "OVER", (("name", "asked"),))


def explain(account: Account, post: Post) -> Policy:
    """A document that the unit of the account has to explain, with what explains it."""
    said = {"title": f"文件 {account.code}", "issued_on": NOW.date(), "unit": account.unit}
    policy = Policy.objects.create(number=f"文 {account.code}", **said)
    Explainer.objects.create(policy=policy, post=post, state="OFFERED", how="alike", why="标题相近", found_at=NOW)
    return policy
