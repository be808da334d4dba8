"""What the acts on interfaces and sendings do. Nothing here speaks to a platform: jobs do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from xinmei.core.refusals import NotNow, NotSo, Wrong
from xinmei.files.keeping import keep
from xinmei.jobs.actions import enqueue
from xinmei.pages.texts import write_moment
from xinmei.people.events import Acting, record
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.channels.pushing import keep_push
from xinmei.publishing.channels.tokens import keep_secret
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft

State = Sending.State
# A platform may still be working at what it took; nobody sends again before.
SETTLED = timedelta(hours=2)


# ── interfaces ──


def connect(given: Mapping[str, Any], by: Acting, at: datetime) -> Channel:
    """The interface of an account, checked at once by a job. What was written before is gone."""
    account = given["account"]
    channel = Channel.objects.filter(account=account).first() or Channel(account=account)
    keep_secret(channel, given["secret"])
    keep_push(channel, given["push_token"], given["push_key"])
    channel.app, channel.domain, channel.owner, channel.until = given["app"], given["domain"].lower(), "", None
    if given["cover"]:
        channel.cover = keep(given["cover"].read(), at)
    channel.state, channel.since, channel.code, channel.said, channel.todo = Channel.State.ACTIVE, at, "", "", ""
    channel.blocked_until = channel.checked_at = None
    channel.connected_by, channel.acted_at = by.login, at
    channel.save()
    content = {"account": account.code, "app": channel.app}
    record("channel.connect", by=by, at=at, kind="channel", number=channel.pk, content=content)
    enqueue("check_channels", f"{channel.pk} {at.isoformat()}", at=at, arguments={"channel": channel.pk})
    return channel


def disconnect(channel: Channel, given: Mapping[str, Any], by: Acting, at: datetime) -> Channel:
    """The interface is not used any more; secret and token are forgotten."""
    channel.sealed_secret, channel.sealed_token, channel.token_until = "", "", None
    keep_push(channel, "", "")
    channel.state, channel.since, channel.acted_at = Channel.State.ENDED, at, at
    channel.said, channel.todo, channel.code, channel.until = "", "", "", None
    channel.save()
    content = {"account": channel.account.code}
    record("channel.disconnect", by=by, at=at, kind="channel", number=channel.pk, content=content)
    return channel


# ── sendings ──


def start(given: Mapping[str, Any], by: Acting, at: datetime) -> Sending:
    """Puts a released draft on its way to one account, now or at a moment. One row a draft and account, for ever."""
    draft = Draft.objects.select_for_update().get(pk=given["draft"].pk)
    account = given["account"]
    _check_draft(draft, at)
    if account is None:
        raise NotSo(errors=(Wrong("account", "发到：选这篇稿件要发、平台有接口的账号。"),))
    if draft.publications.filter(account=account).exists():
        raise NotNow(f"“{account.name}”已经登记发布，不能再发")
    channel = Channel.objects.filter(account=account).exclude(state=Channel.State.ENDED).first()
    if channel is None:
        raise NotNow(f"“{account.name}”还没有登记平台接口：请单位管理员登记，或者下载发布包手工发布")
    sending = Sending.objects.filter(draft=draft, account=account).first() or Sending(draft=draft, account=account)
    if sending.pk and sending.state != State.STOPPED:
        raise NotNow(f"“{account.name}”的发布任务现在是“{sending.get_state_display()}”，不能再提交")
    moment = given["at"] or at
    sending.sha256, sending.at, sending.by = draft.release.sha256, moment, by.login
    _move(sending, State.SCHEDULED, at, next_at=moment)
    content = {"draft": draft.pk, "account": account.code, "at": moment.isoformat()}
    record("sending.start", by=by, at=at, kind="sending", number=sending.pk, content=content)
    return sending


def _check_draft(draft: Draft, at: datetime) -> None:
    if draft.state != Draft.State.RELEASED:
        raise NotNow(f"稿件 {draft.pk} 现在是“{draft.get_state_display()}”，三审签发以后才能发布")
    if not is_intact(draft.release):
        raise NotNow("稿件与签发时的封存不一致，不能发布；请告诉市检查员和系统管理员")
    if at < draft.acted_at:
        raise NotNow(f"稿件在 {write_moment(draft.acted_at)} 还有办理记录，不能补记为更早的时间")


def again(sending: Sending, given: Mapping[str, Any], by: Acting, at: datetime) -> Sending:
    """Somebody has looked: it is to be sent again. Where it may be out the machine looks once more before."""
    draft = Draft.objects.select_for_update().get(pk=sending.draft_id)
    if draft.state not in (Draft.State.RELEASED, Draft.State.PUBLISHED):
        raise NotNow(f"稿件现在是“{draft.get_state_display()}”，不能再发")
    if draft.publications.filter(account=sending.account_id).exists():
        raise NotNow("这个账号已经登记发布，不能再发")
    if sending.may_be_out and sending.sent_at and at < sending.sent_at + SETTLED:
        until = write_moment(sending.sent_at + SETTLED)
        raise NotNow(f"提交以后还不到两小时，平台可能还在处理：{until} 以后再到平台看一次，确实没有的再点")
    if not sending.may_be_out or sending.code == "40007":
        sending.media = ""  # where the platform may hold it, the same one is asked for: it goes out once
    sending.task, sending.tries, sending.looks = "", 0, 0
    _move(sending, State.PREPARING, at, next_at=at)
    record("sending.again", by=by, at=at, kind="sending", number=sending.pk, content={"code": sending.code})
    return sending


def stop(sending: Sending, given: Mapping[str, Any], by: Acting, at: datetime) -> Sending:
    """It is not sent by the interface."""
    _move(sending, State.STOPPED, at, next_at=None)
    record("sending.stop", by=by, at=at, kind="sending", number=sending.pk, content={})
    return sending


def _move(sending: Sending, state: State, at: datetime, *, next_at: datetime | None) -> None:
    """Whoever works at it just now loses it, and finds that out before anything leaves."""
    sending.state, sending.since, sending.acted_at, sending.next_at = state, at, at, next_at
    sending.held_until, sending.holder, sending.pushed_at = None, "", None
    if state != State.STOPPED:
        sending.said = sending.todo = ""
    sending.save()


# ── what becomes of sendings when something is done to their draft ──


def follow_withdrawal(draft: Draft, at: datetime) -> None:
    """A draft that is stopped does not go out. What the platform already has cannot be called back by its interface."""
    waits = draft.sendings.filter(state__in=(State.SCHEDULED, State.PREPARING, State.HELD), may_be_out=False)
    waits.update(**_stopped("稿件已停发，没有发出", at))


def follow_entry(draft: Draft, at: datetime) -> None:
    """Somebody wrote down where it is live, or that it is not to be: there is nothing left to send."""
    for sending in draft.sendings.exclude(state__in=(State.PUBLISHED, State.STOPPED)):
        entry = draft.publications.filter(account=sending.account_id).first()
        if entry is not None:
            said = "登记了不发" if entry.skipped else "有人手工发布并登记了链接"
            Sending.objects.filter(pk=sending.pk).update(**_stopped(said, at))


def _stopped(said: str, at: datetime) -> dict[str, Any]:
    held = {"held_until": None, "holder": "", "next_at": None}
    return {"state": State.STOPPED, "since": at, "said": said, "todo": "", "may_be_out": False, **held}
