"""「Tokens and webhooks: one's own; security_admin sees that they are there, their last use, and ends them.」"""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.api.models import Webhook
from xinmei.people.doors import may
from xinmei.people.events import Acting


def webhooks_visible_to(acting: Acting) -> QuerySet[Webhook]:
    """One's own; for whoever ends sessions everybody's."""
    if may(acting, "end_sessions"):
        return Webhook.objects.all()
    return Webhook.objects.filter(person=acting.person_id)
