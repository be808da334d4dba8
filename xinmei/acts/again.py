"""A form that is sent twice (a double click, Back, a reload) acts once and shows the same answer.

Each form that the machine draws carries a key of its own. What came with the key, and with the same content, is the
same act; changed content is another.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from xinmei.acts.models import Answer
from xinmei.core.verbs import Verb
from xinmei.people.guard import Request

_LONGEST_KEY = 64
SHOWN_ONCE = "这一步已经办过，没有重复办理；只显示一次的内容不再显示。"


def act_once(request: Request, verb: Verb, pk: str, do: Callable[[], tuple[Any, str]]) -> tuple[Any, str, str]:
    """The object after the act (None the second time), the address to go to, and what the page says.

    `do` performs the act, and gives the object and the address. What it raises has changed nothing, and the key may be
    used again.
    """
    key = request.POST.get("key", "")[:_LONGEST_KEY]
    if not key:
        found, address = do()
        return found, address, verb.said(found)
    act = _digest(request, verb, pk)
    row = {"person": request.acting.login, "key": f"page {key} {act[:16]}"}
    try:
        with transaction.atomic():
            kept = Answer.objects.create(**row, act=act, answer={}, at=request.now)
            found, address = do()
            said = verb.said(found)
            kept.answer = {"address": address or "/", "said": SHOWN_ONCE if verb.once else said}
            kept.save(update_fields=["answer"])
            return found, address, said
    except IntegrityError:
        before = Answer.objects.filter(**row).first()
        if before is None:
            raise
        return None, before.answer["address"], before.answer["said"]


def _digest(request: Request, verb: Verb, pk: str) -> str:
    """SHA-256 of what is asked: the act, the object, the fields, the files by name and size."""
    fields = sorted(
        (name, texts) for name, texts in request.POST.lists() if name not in ("csrfmiddlewaretoken", "kept")
    )
    files = sorted((name, str(one.name), one.size or 0) for name, sent in request.FILES.lists() for one in sent)
    asked = [verb.name, pk, request.acting.holding, fields, files]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()
