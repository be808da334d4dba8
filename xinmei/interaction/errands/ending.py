"""What an errand leaves behind where it ends: the reply with the platform's own moment, or a person who is called.

Each is part of the transaction of whoever works at the errand, and writes one event.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.interaction.errands.models import Errand
from xinmei.interaction.models import Message
from xinmei.interaction.steps import Step, add_reply, keep_proof, write_step
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.pages.texts import shorten
from xinmei.people.events import SYSTEM, record

Does = Errand.Does
PROOF = "平台返回的留言和答复.json"
BY_HAND = {
    Does.ANSWER: "登录平台看：已经答复的、由您在平台上答复的，用“登记答复”写平台上的时间并附截图；没有答复的，点“再发”",
    Does.RELEASE: "登录平台放出（公众号叫“精选”），系统下次查看时自动记下；也可以点“再发”",
    Does.REMOVE: "登录平台删除，系统下次查看时自动记下；也可以点“再发”",
}


def write_answer(message: Message, text: str, replied_at: datetime, evidence: str, now: datetime) -> None:
    """The answer stands on the platform: it counts from the platform's moment, shown by what the platform gave."""
    replied_at = max(replied_at, message.received_at)  # both are cut to seconds, each by its own clock
    if message.replies.filter(text=text, automatic=False).exists():
        return
    add_reply(message, text, replied_at, "平台")
    step = write_step(message, Step.SHOWN, SYSTEM, now)
    keep_proof(step, replied_at, PROOF, "application/json", evidence.encode())


def finish(errand: Errand, done_at: datetime, evidence: str, now: datetime) -> None:
    """The platform has done it. The message is locked already."""
    message = Message.objects.get(pk=errand.message_id)
    if errand.does == Does.ANSWER:
        write_answer(message, errand.text, done_at, evidence, now)
    elif errand.does == Does.RELEASE and message.published_at is None:
        message.published_at, message.held_at, message.held_ground = now, None, ""
        message.save(update_fields=["published_at", "held_at", "held_ground"])
    elif errand.does == Does.REMOVE:
        message.on_platform.gone_at = message.on_platform.gone_at or now
        message.on_platform.save(update_fields=["gone_at"])
    content = {"message": message.code, "does": errand.does, "done_at": done_at.isoformat()}
    record("errand.done", by=SYSTEM, at=now, kind="errand", number=errand.pk, content=content)


def call_person(errand: Errand, now: datetime) -> None:
    """Those who answer hear of it, and find it on their desk."""
    message = errand.message
    content = {"message": message.code, "does": errand.does, "code": errand.code, "said": errand.said}
    record("errand.held", by=SYSTEM, at=now, kind="errand", number=errand.pk, content=content)
    unit = message.answering if errand.does == Does.ANSWER else message.account.unit
    notice = Notice(
        kind=Notice.Kind.MESSAGE,
        key=f"errand-{errand.pk}-{now.timestamp():.0f}",
        thing="messages",
        about=unit,
        audience=Notice.Audience.EDITORS,
        unit=unit,
        title=f"留言的{errand.get_does_display()}没有发到平台，要您办（{message.account.name}）",
        text=f"{shorten(message.text)}：{errand.said}。{errand.todo}",
        address=reverse("message", args=[message.code]),
    )
    tell([notice], at=now)
