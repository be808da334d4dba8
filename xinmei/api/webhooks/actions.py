"""What people do with webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.api.models import Push, Webhook
from xinmei.core.refusals import NotNow
from xinmei.people.events import Acting, record
from xinmei.people.vault import seal

PURPOSE = "webhook"
State = Webhook.State


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


def _move(webhook: Webhook, state: State, by: Acting, at: datetime, verb: str) -> Webhook:
    webhook.state, webhook.changed_at = state, at
    webhook.save()
    record(verb, by=by, at=at, kind="webhook", number=webhook.pk, content={"person": webhook.person_id})
    return webhook
