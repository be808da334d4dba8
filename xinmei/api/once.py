"""`Idempotency-Key`: the same key and request within 24 hours gives the first answer again and acts once.

The key is claimed in a transaction of its own, so that a second request sees at once that the first is under way. The
answer is written in the transaction of the act, by compare-and-set on the claim: whoever lost the claim rolls back.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from xinmei.api.models import KeptReply
from xinmei.api.problems import Reply, refuse
from xinmei.people.guard import Request

KEPT = timedelta(hours=24)
# A request that took longer died with its process: its key may be taken up again.
LEASE = timedelta(minutes=10)
LONGEST = 200
_BUSY = "带这个 Idempotency-Key 的请求正在办理，请稍后再问"
_OTHER = "这个 Idempotency-Key 已用于另一个请求，请换一个"


class _Lost(Exception):
    """Another request took the key over."""


def once(request: Request, given: Mapping[str, Any], work: Callable[[], Reply]) -> Reply:
    """What `work` answers, or what it answered to the first request with this key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        allowed = f"Idempotency-Key 应为 1 到 {LONGEST} 个可打印的 ASCII 字符"
        return refuse("input", allowed, errors=[{"field": "Idempotency-Key", "found": None, "allowed": allowed}])
    claimed = _claim(request, key, _digest(request, given))
    return claimed if isinstance(claimed, Reply) else _work_and_keep(claimed, work)


def _digest(request: Request, given: Mapping[str, Any]) -> str:
    said = json.dumps([request.path, given], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _claim(request: Request, key: str, digest: str) -> KeptReply | Reply:
    """The row, claimed by this request; or the answer, where the key was used before."""
    token, now = request.acting.token, request.now
    assert token is not None
    kept = KeptReply.objects.filter(token=token)
    kept.filter(key=key, started_at__lt=now - KEPT).delete()
    mine = KeptReply(token_id=token, key=key, request=digest, claim=uuid.uuid4().hex, started_at=now)
    first = kept.filter(key=key).first()
    if first is None:
        KeptReply.objects.bulk_create([mine], ignore_conflicts=True)
        first = kept.get(key=key)
        if first.claim == mine.claim:
            return first
    if first.request != digest:
        return refuse("input", _OTHER, errors=[{"field": "Idempotency-Key", "found": key, "allowed": _OTHER}])
    if first.status is not None:
        return Reply(first.status, json.loads(first.body))
    left = kept.filter(pk=first.pk, claim=first.claim, status=None, started_at__lt=now - LEASE)
    if left.update(claim=mine.claim, started_at=now):
        first.claim = mine.claim
        return first
    return refuse("state", _BUSY, headers={"Retry-After": "1"})


def _work_and_keep(claimed: KeptReply, work: Callable[[], Reply]) -> Reply:
    """Does the work and keeps its answer, both or neither. A secret that is shown once is not kept."""
    mine = KeptReply.objects.filter(pk=claimed.pk, claim=claimed.claim, status=None)
    try:
        with transaction.atomic():
            reply = work()
            body = {**reply.body, "once": None} if isinstance(reply.body, dict) and "once" in reply.body else reply.body
            if not mine.update(status=reply.status, body=json.dumps(body)):
                raise _Lost
            return reply
    except _Lost:
        return refuse("state", _BUSY, headers={"Retry-After": "1"})
    except BaseException:
        mine.delete()
        raise
