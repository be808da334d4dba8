"""Every act is written down for the webhooks that want to hear of it, in its own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.api.models import Push, Webhook
from xinmei.compiled import Compiled
from xinmei.core.verbs import Verb

_WEBHOOKS = Compiled(lambda: Webhook.objects.exclude(state=Webhook.State.ENDED).order_by().values_list("pk", "verbs"))


@after_act
def write_down(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """One row a webhook and object; whether the position sees the object is asked when it is sent."""
    wanting = [pk for pk, names in _WEBHOOKS.fetch() if not names or verb.name in names]
    kind = verb.answers
    told = [(uuid.uuid4(), kind.number_of(one)) for one in objects if one.pk is not None] if wanting else []
    Push.objects.bulk_create(
        (
            Push(webhook_id=pk, number=number, verb=verb.name, kind=kind.name, on=on, at=at)
            for number, on in told
            for pk in wanting
        ),
        batch_size=500,
    )
