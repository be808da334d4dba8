"""平台接口 and 发布任务 in their acts."""

from __future__ import annotations

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.publishing.channels import actions
from xinmei.publishing.channels.doors import channels_visible_to, sendings_visible_to
from xinmei.publishing.channels.forms import ConnectFields, StartFields
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.registry.doors import host_named


class ShownChannel(TypedDict):
    """What programs read of an interface: no secret, no token."""

    id: str
    account: str
    unit: str
    state: str
    since: str | None
    app: str
    domain: str | None
    until: str | None
    blocked_until: str | None
    checked_at: str | None
    code: str | None
    said: str | None
    todo: str | None


class ShownSending(TypedDict):
    """What programs read of a sending."""

    id: str
    draft: str
    account: str
    unit: str
    state: str
    since: str | None
    at: str | None
    next_at: str | None
    sent_at: str | None
    article: str | None
    url: str | None
    code: str | None
    said: str | None
    todo: str | None
    may_be_out: bool


def show_channel(channel: Channel, acting: Acting) -> ShownChannel:
    """An interface as programs read it."""
    return {
        "id": str(channel.pk),
        "account": channel.account.code,
        "unit": channel.account.unit.code,
        "state": channel.state,
        "since": show_moment(channel.since),
        "app": channel.app,
        "domain": channel.domain or None,
        "until": show_moment(channel.until),
        "blocked_until": show_moment(channel.blocked_until),
        "checked_at": show_moment(channel.checked_at),
        "code": channel.code or None,
        "said": channel.said or None,
        "todo": channel.todo or None,
    }


def show_sending(sending: Sending, acting: Acting) -> ShownSending:
    """A sending as programs read it."""
    return {
        "id": str(sending.pk),
        "draft": str(sending.draft_id),
        "account": sending.account.code,
        "unit": sending.draft.unit.code,
        "state": sending.state,
        "since": show_moment(sending.since),
        "at": show_moment(sending.at),
        "next_at": show_moment(sending.next_at),
        "sent_at": show_moment(sending.sent_at),
        "article": sending.article or None,
        "url": sending.url or None,
        "code": sending.code or None,
        "said": sending.said or None,
        "todo": sending.todo or None,
        "may_be_out": sending.may_be_out,
    }


CHANNEL = Kind(
    name="channel",
    label="平台接口",
    path="channels",
    model=Channel,
    rows=channels_visible_to,
    show=show_channel,
    state="state",
    unit=lambda channel: channel.account.unit_id,
    related=("account__unit",),
    page=lambda channel: reverse("channels"),
    last_step=lambda found: {one.pk: one.acted_at for one in found},
)
SENDING = Kind(
    name="sending",
    label="发布任务",
    path="sendings",
    model=Sending,
    rows=sendings_visible_to,
    show=show_sending,
    state="state",
    unit=lambda sending: sending.draft.unit_id,
    related=("account", "draft__unit"),
    page=lambda sending: reverse("draft", args=[sending.draft_id]),
    last_step=lambda found: {one.pk: one.acted_at for one in found},
)


def _page_of_draft(form: StartFields) -> str:
    """Where the form of a sending stands."""
    return reverse("draft", args=[form.found.pk]) if form.found is not None else reverse("drafts")


CONNECT = Verb(
    "channel.connect",
    "登记接口",
    of=CHANNEL,
    right="connect_channel",
    fields=ConnectFields,
    do=actions.connect,
    makes=True,
    owner=host_named,
    page="channels",
    done="已登记，系统正在检查能不能用。",
    main=True,
)
DISCONNECT = Verb(
    "channel.disconnect",
    "停用接口",
    of=CHANNEL,
    right="connect_channel",
    moves={"active": "ended", "broken": "ended"},
    do=actions.disconnect,
    done="已停用，密钥已删除。",
)
START = Verb(
    "sending.start",
    "发布到平台",
    of=SENDING,
    right="send_out",
    fields=StartFields,
    do=actions.start,
    makes=True,
    owner=host_named,
    page=_page_of_draft,
    then=lambda sending: reverse("draft", args=[sending.draft_id]),
    done="已提交，系统到时间就发，结果显示在这一页。",
)
AGAIN = Verb(
    "sending.again",
    "再发",
    of=SENDING,
    right="send_out",
    moves={"held": "preparing"},
    do=actions.again,
    done="已重新提交。",
    hint="先到平台看过、确实没有发出去的才点。",
)
STOP = Verb(
    "sending.stop",
    "停止发送",
    of=SENDING,
    right="send_out",
    moves={"scheduled": "stopped", "preparing": "stopped", "held": "stopped"},
    do=actions.stop,
    done="已停止，系统不再发。",
)
