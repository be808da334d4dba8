"""What people do with webhooks, declared; a token is of the room `people`."""

from __future__ import annotations

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.api.models import Webhook
from xinmei.api.webhooks import actions
from xinmei.api.webhooks.doors import webhooks_visible_to
from xinmei.api.webhooks.forms import WebhookFields
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.people.verbs_of_tokens import no_stand_in


class ShownWebhook(TypedDict):
    """What programs read of a webhook."""

    id: str
    person: str
    unit: str
    post: str
    address: str
    verbs: list[str]
    state: str
    made_at: str | None
    sent: int
    last_sent_at: str | None
    failing_since: str | None
    why: str | None


def show_webhook(webhook: Webhook, acting: Acting) -> ShownWebhook:
    """A webhook as programs read it, without its secret."""
    held = webhook.position_held
    return {
        "id": str(webhook.pk),
        "person": webhook.person.login,
        "unit": held.unit.code,
        "post": held.position,
        "address": webhook.address,
        "verbs": list(webhook.verbs),
        "state": webhook.state,
        "made_at": show_moment(webhook.made_at),
        "sent": webhook.sent,
        "last_sent_at": show_moment(webhook.last_sent_at),
        "failing_since": show_moment(webhook.failing_since),
        "why": webhook.last_error or None,
    }


WEBHOOK = Kind(
    name="webhook",
    label="推送",
    path="webhooks",
    model=Webhook,
    rows=webhooks_visible_to,
    show=show_webhook,
    state="state",
    unit=lambda webhook: webhook.position_held.unit_id,
    related=("person", "position_held__unit"),
    page=lambda webhook: reverse("webhooks"),
    last_step=lambda found: {one.pk: one.changed_at for one in found},
)

ADD = Verb(
    "webhook.add",
    "登记推送地址",
    of=WEBHOOK,
    right="hold_webhook",
    bars=no_stand_in,
    fields=WebhookFields,
    do=actions.add_webhook,
    makes=True,
    page="webhooks",
    once="api/webhook.html",
    event="add_webhook",
    main=True,
)
RESUME = Verb(
    "webhook.resume",
    "恢复推送",
    of=WEBHOOK,
    right="hold_webhook",
    moves={"stopped": "active"},
    do=actions.resume_webhook,
    event="resume_webhook",
    done="已恢复，积下的从头推送。",
)
# One's own, and for the security administrator everybody's, as with tokens.
END = Verb(
    "webhook.end",
    "终止推送",
    of=WEBHOOK,
    moves={"active": "ended", "stopped": "ended"},
    do=actions.end_webhook,
    event="end_webhook",
    done="已终止，不再推送。",
)
