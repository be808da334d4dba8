"""What people do with webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xinmei.api.models import Push, Webhook
from xinmei.core.refusals import NotNow
from xinmei.people.events import SYSTEM, Acting, record
from xinmei.people.vault import seal

PURPOSE = "webhook"
State = Webhook.State
# So long its acts are kept for one that stopped; who has not come back by then is not coming.
KEPT = timedelta(days=30)


def add_webhook(given: Mapping[str, Any], by: Acting, at: datetime) -> Webhook:
    """An address that is told of what is done from now on. `once` is the secret, shown this once and kept sealed."""
    if by.person_id is None:
        raise NotNow("推送属于一个人的岗位，数据库里还没有人员；请先导入 people.csv")
    secret = given["secret"] or secrets.token_urlsafe(32)
    webhook = Webhook.objects.create(
        person_id=by.person_id,
        position_held_id=int(by.holding.removeprefix("post:")),
        address=given["address"],
        sealed_secret=seal(secret, PURPOSE, by.person_id),
        verbs=given["verbs"],
        made_at=at,
        changed_at=at,
        next_try_at=at,
    )
    content = {"address": webhook.address, "verbs": webhook.verbs, "post": by.position, "unit": by.unit_code}
    record("add_webhook", by=by, at=at, kind="webhook", number=webhook.pk, content=content)
    webhook.once = secret  # type: ignore[attr-defined]
    return webhook


def resume_webhook(webhook: Webhook, given: Mapping[str, Any], by: Acting, at: datetime) -> Webhook:
    """Sends again, what waited first."""
    webhook.failing_since, webhook.attempts, webhook.last_error, webhook.next_try_at = None, 0, "", at
    return _move(webhook, State.ACTIVE, by, at, "resume_webhook")


def end_webhook(webhook: Webhook, given: Mapping[str, Any], by: Acting, at: datetime) -> Webhook:
    """Ends it for good; what waited is not sent any more."""
    Push.objects.filter(webhook=webhook).delete()
    return _move(webhook, State.ENDED, by, at, "end_webhook")


def end_forgotten(now: datetime) -> int:
    """Ends those that stopped thirty days ago and that nobody resumed; what they were to be told goes with them.
    Returns how many.
    """
    ended = 0
    for pk in Webhook.objects.filter(state=State.STOPPED, changed_at__lte=now - KEPT).values_list("pk", flat=True):
        with transaction.atomic():
            webhook = Webhook.objects.select_for_update().get(pk=pk)
            if webhook.state != State.STOPPED:
                continue  # resumed, or ended, at this moment
            webhook.last_error = f"停了 {KEPT.days} 天没有恢复，已终止，积下的不再推送"
            end_webhook(webhook, {}, SYSTEM, now)
            ended += 1
    return ended


def _move(webhook: Webhook, state: State, by: Acting, at: datetime, verb: str) -> Webhook:
    webhook.state, webhook.changed_at = state, at
    webhook.save()
    record(verb, by=by, at=at, kind="webhook", number=webhook.pk, content={"person": webhook.person_id})
    return webhook
