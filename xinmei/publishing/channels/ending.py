"""What a sending leaves behind where it ends: the entry of the draft, or a person who is called."""

from __future__ import annotations

from datetime import datetime

from xinmei.acts.performing import perform
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.events import SYSTEM, record
from xinmei.publishing.channels.models import Sending
from xinmei.publishing.models import Draft

STOPPED_BUT_OUT = "稿件已停发，平台上却已经发出来了"


def register_out(sending: Sending, now: datetime) -> None:
    """It is live: the draft gets its entry, as if somebody had pasted the link. Part of the transaction."""
    draft = Draft.objects.select_for_update().get(pk=sending.draft_id)
    content = {"account": sending.account.code, "url": sending.url, "article": sending.article}
    record("sending.out", by=SYSTEM, at=now, kind="sending", number=sending.pk, content=content)
    if draft.state == Draft.State.WITHDRAWN:
        sending.said, sending.todo = STOPPED_BUT_OUT, "请马上登录平台删除，并核实是否已有人看到"
        Sending.objects.filter(pk=sending.pk).update(said=sending.said, todo=sending.todo)
        call_person(sending, now)
    elif not draft.publications.filter(account=sending.account_id).exists():
        at = sending.sent_at or now
        post = post_code(sending.account.code, sending.account.platform, sending.article)
        given = {"account": sending.account.code, "at": at.isoformat(), "url": sending.url, "post": post}
        perform("draft.published", [draft.pk], by=SYSTEM, at=max(now, draft.acted_at), given=given)


def post_code(account: str, platform: str, article: str) -> str:
    """The code under which what is read from the platform is kept (`collectors`)."""
    return f"{account[:100]}/{platform}-{article}"[:200]


def call_person(sending: Sending, now: datetime) -> None:
    """The unit's editors hear of it, and find it on their desk."""
    content = {"account": sending.account.code, "code": sending.code, "said": sending.said}
    record("sending.held", by=SYSTEM, at=now, kind="sending", number=sending.pk, content=content)
    notice = Notice(
        kind=Notice.Kind.DRAFT,
        key=f"sending-{sending.pk}-{now.timestamp():.0f}",
        thing="drafts",
        about=sending.draft.unit,
        audience=Notice.Audience.EDITORS,
        unit=sending.draft.unit,
        title=f"没有发出去，要您办：{sending.draft}（{sending.account.name}）",
        text=f"{sending.said}。{sending.todo}",
        address=f"/drafts/{sending.draft_id}/",
    )
    tell([notice], at=now)
