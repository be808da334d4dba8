"""Carries a sending on, one step after another, and never sends twice.

Each step is saved before the next begins. The step that cannot be taken back is written down first (`ASKED`), so that
whoever comes after a crash or a lost answer looks at the platform, and does not send again. A machine sends again only
where the platform itself said that it did not take it, or where nothing had left the house.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from xinmei.files.keeping import load
from xinmei.files.stores import FileFault
from xinmei.publishing.channels.ending import call_person, register_out
from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.interface import Content, Found, Picture, Publisher, Seen
from xinmei.publishing.channels.matching import check_twins
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.channels.publishers import publisher_for
from xinmei.publishing.drafts.previewing import write_html
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft, Release

State = Sending.State
Clock = Callable[[], datetime]
# Whoever works at one holds it so long; longer than all calls of a step take together.
HELD = timedelta(minutes=5)
TRIES, DAY = 6, timedelta(days=1)
# When to look again after a lost answer; then a person is asked.
LOOKS = (
    timedelta(seconds=20),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
)
_POLLS = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
NOT_SURE = "登录平台看看发出去没有：发出去了的，用“登记发布”粘回链接；没有的，点“再发”。系统不会自己重发"


class Stopped(Exception):
    """The draft is not to be published any more; the text says why."""


class _Lost(Exception):
    """Somebody else has taken the row meanwhile, or a person has stopped it."""


def carry_on(pk: int, clock: Clock) -> Sending | None:
    """Takes one sending as far as it goes now. None where another works at it or nothing is due."""
    sending = _claim(pk, clock())
    if sending is None:
        return None
    work = _Work(sending, clock)
    try:
        while work.step():
            pass
    except _Lost:
        return None
    return sending


def _claim(pk: int, now: datetime) -> Sending | None:
    free = Q(held_until=None) | Q(held_until__lt=now)
    mine = Sending.objects.filter(free, pk=pk, state__in=Sending.OPEN, next_at__lte=now)
    holder = secrets.token_hex(16)
    if not mine.update(held_until=now + HELD, holder=holder):
        return None
    return Sending.objects.select_related("account", "draft__release__version", "draft__unit").get(pk=pk, holder=holder)


class _Work:
    """One claim of one sending."""

    def __init__(self, sending: Sending, clock: Clock) -> None:
        self.sending, self.clock = sending, clock
        self.publisher: Publisher = publisher_for(sending.account, clock)

    def step(self) -> bool:
        """One step; whether there is another to be taken at once."""
        sending, now = self.sending, self.clock()
        channel = Channel.objects.filter(account=sending.account_id).exclude(state=Channel.State.ENDED).first()
        if channel is None:
            return self._hold(Fault(Means.PERSON, "接口已停用", "用“下载发布包”手工发布后登记链接"))
        if channel.blocked_until and channel.blocked_until > now:
            return self._later(channel.blocked_until)
        try:
            steps = {
                State.SCHEDULED: self._begin,
                State.PREPARING: self._send,
                State.ASKED: self._look,
                State.SUBMITTED: self._ask,
            }
            return steps[State(sending.state)](channel)
        except Fault as fault:
            return self._meet(fault, channel)
        except Stopped as stopped:
            return self._stop(str(stopped))

    # ── the steps ──

    def _begin(self, channel: Channel) -> bool:
        check_seal(self.sending)
        return self._save(state=State.PREPARING, since=self.clock())

    def _send(self, channel: Channel) -> bool:
        sending = self.sending
        check_seal(sending)
        content = content_of(sending.draft_id)
        if sending.may_be_out and (seen := self._seen_out(channel, content)):
            return self._out(seen)
        try:
            self.publisher.prepare(channel, sending, content)
        finally:  # what is uploaded already is not uploaded again
            kept = {"pictures": sending.pictures, "cover": sending.cover, "media": sending.media}
            self._save(**kept)
        with transaction.atomic():
            # Whoever stops the draft waits for this, or comes before it; then nothing is sent.
            Draft.objects.select_for_update().get(pk=sending.draft_id)
            check_seal(sending)
            now = self.clock()
            # Until the platform says otherwise somebody who comes later has to look.
            self._save(state=State.ASKED, since=now, sent_at=now, next_at=now + LOOKS[0], looks=0)
        try:
            taken = self.publisher.send(channel, sending, content)
        except Fault as fault:
            return self._meet_at_the_step(fault, channel)
        if taken.article:
            return self._out(Seen(Found.OUT, taken.article, taken.url))
        now = self.clock()
        told = {"code": "", "said": "", "todo": "", "may_be_out": False, "message": taken.message}
        return self._later(now + _POLLS[0], state=State.SUBMITTED, since=now, task=taken.task, tries=0, **told)

    def _seen_out(self, channel: Channel, content: Content) -> Seen | None:
        """Before something is sent again, although a person says that it is not out there: a last look."""
        check_twins(self.sending, content.title)
        try:
            seen = self.publisher.look(channel, self.sending, content)
        except Fault as fault:
            if fault.means is not Means.PERSON:
                raise
            return None  # the platform shows nothing to us: the person's word counts
        return seen if seen.found is Found.OUT else None

    def _look(self, channel: Channel) -> bool:
        """Is it out there? Until somebody knows, nothing is sent."""
        sending = self.sending
        content = content_of(sending.draft_id)
        check_twins(sending, content.title)
        seen = self.publisher.look(channel, sending, content)
        if seen.found is Found.OUT:
            return self._out(seen)
        if sending.looks >= len(LOOKS):
            said = f"发出以后没有收到平台的回话，回看了 {sending.looks} 次，平台的列表里没有"
            return self._hold(Fault(Means.PERSON, said, NOT_SURE, code=sending.code), may_be_out=True)
        return self._later(self.clock() + LOOKS[sending.looks], looks=sending.looks + 1)

    def _ask(self, channel: Channel) -> bool:
        sending, now = self.sending, self.clock()
        seen = self.publisher.ask(channel, sending)
        if seen.found is Found.OUT:
            return self._out(seen)
        if now - sending.since >= DAY:
            said = "平台处理了一天还没有结果"
            return self._hold(Fault(Means.PERSON, said, NOT_SURE), may_be_out=True)
        wait = _POLLS[min(sending.tries, len(_POLLS) - 1)]
        return self._later(now + wait, tries=sending.tries + 1)

    # ── what goes wrong ──

    def _meet(self, fault: Fault, channel: Channel) -> bool:
        """Tries again, waits, looks, or calls a person, as the fault asks for."""
        sending, now = self.sending, self.clock()
        told = {"code": fault.code, "said": fault.said, "todo": fault.todo}
        if fault.means is Means.WAIT and fault.until is not None:
            self._block(channel, fault)
            return self._later(fault.until, **told)
        if sending.state == State.ASKED:
            return self._meet_asked(fault, told)
        if sending.state == State.SUBMITTED:
            return self._meet_submitted(fault, told)
        if fault.means is Means.PERSON or sending.tries + 1 >= TRIES:
            return self._hold(fault)
        return self._later(now + wait_after(sending.tries), tries=sending.tries + 1, **told)

    def _meet_at_the_step(self, fault: Fault, channel: Channel) -> bool:
        """What the platform refused by a reason that it names is surely not out there; nor what never left the house.
        All else may be: somebody has to look.
        """
        sending, now = self.sending, self.clock()
        told: dict[str, object] = {"code": fault.code, "said": fault.said, "todo": fault.todo}
        back: dict[str, object] = {"state": State.PREPARING, "since": now, "may_be_out": False, **told}
        if fault.means is Means.WAIT and fault.until is not None:
            self._block(channel, fault)
            return self._later(fault.until, **back)
        never_left = fault.means is Means.RETRY and not fault.code
        if fault.means is Means.PERSON or (never_left and sending.tries + 1 >= TRIES):
            return self._hold(fault)
        if never_left:
            return self._later(now + wait_after(sending.tries), tries=sending.tries + 1, **back)
        return self._later(now + LOOKS[0], looks=1, may_be_out=True, **told)

    def _meet_asked(self, fault: Fault, told: dict[str, str]) -> bool:
        """The look itself went wrong: that says nothing about what is out there."""
        sending, now = self.sending, self.clock()
        if fault.means is Means.PERSON or (sending.sent_at and now - sending.sent_at >= DAY):
            said = f"发出以后没有收到平台的回话，也看不了平台的列表：{fault.said}"
            return self._hold(Fault(Means.PERSON, said, NOT_SURE, code=fault.code), may_be_out=True)
        return self._later(now + LOOKS[min(max(sending.looks, 1), 3)], **told)

    def _meet_submitted(self, fault: Fault, told: dict[str, str]) -> bool:
        sending, now = self.sending, self.clock()
        if fault.means is Means.PERSON:
            was_refused = fault.code.startswith("publish_status")
            is_gone_again = fault.code in ("publish_status 5", "publish_status 6")
            return self._hold(fault, may_be_out=is_gone_again or not was_refused)
        if now - sending.since >= DAY:
            return self._hold(Fault(Means.PERSON, fault.said, NOT_SURE, code=fault.code), may_be_out=True)
        return self._later(now + _POLLS[min(sending.tries, len(_POLLS) - 1)], tries=sending.tries + 1, **told)

    def _block(self, channel: Channel, fault: Fault) -> None:
        """A limit is the account's: its other drafts wait too."""
        if fault.code:
            Channel.objects.filter(pk=channel.pk).update(blocked_until=fault.until)

    # ── saving ──

    def _save(self, **changed: object) -> bool:
        """Writes what changed, where the row is still ours and as we found it. Raises _Lost."""
        sending = self.sending
        mine = Sending.objects.filter(pk=sending.pk, holder=sending.holder, state=sending.state)
        if not mine.update(**changed, held_until=self.clock() + HELD):
            raise _Lost
        for name, value in changed.items():
            setattr(sending, name, value)
        return True

    def _later(self, at: datetime, **changed: object) -> bool:
        self._save(next_at=at, **changed)
        Sending.objects.filter(pk=self.sending.pk, holder=self.sending.holder).update(held_until=None, holder="")
        return False

    def _hold(self, fault: Fault, *, may_be_out: bool = False) -> bool:
        with transaction.atomic():
            now = self.clock()
            told = {"code": fault.code, "said": fault.said, "todo": fault.todo}
            self._save(state=State.HELD, since=now, next_at=None, may_be_out=may_be_out, **told)
            call_person(self.sending, now)
        return False

    def _stop(self, why: str) -> bool:
        return self._save(state=State.STOPPED, since=self.clock(), next_at=None, said=why, todo="") and False

    def _out(self, seen: Seen) -> bool:
        with transaction.atomic():
            now = self.clock()
            said: dict[str, object] = {"code": "", "said": "", "todo": "", "may_be_out": False}
            self._save(state=State.PUBLISHED, since=now, next_at=None, article=seen.article, url=seen.url, **said)
            register_out(self.sending, now)
        return False


def check_seal(sending: Sending) -> None:
    """It is still to be published, and is what was signed. Raises Stopped, or Fault."""
    draft = Draft.objects.get(pk=sending.draft_id)
    release = Release.objects.select_related("version").get(draft=draft)
    if draft.state not in (Draft.State.RELEASED, Draft.State.PUBLISHED):
        raise Stopped("稿件已停发，没有发出")
    if release.sha256 != sending.sha256 or not is_intact(release):
        said = "稿件与签发时的封存不一致，没有发出"
        raise Fault(Means.PERSON, said, "请告诉市检查员和系统管理员，查明以前也不要手工发布")


def wait_after(tries: int) -> timedelta:
    """How long after the `tries`-th failure the next try comes: 10 s, 40 s, 160 s … at most an hour."""
    return min(timedelta(seconds=10) * (1 << 2 * min(tries, 6)), timedelta(hours=1))


def content_of(draft: int) -> Content:
    """What was signed. Raises Fault where a picture cannot be read."""
    release = Release.objects.select_related("version").get(draft=draft)
    version = release.version
    try:
        pictures = [Picture(one.name, one.file_id, load(one.file_id)) for one in version.images.all()]
    except FileFault:
        raise Fault(Means.RETRY, "稿件的图片现在读不出来", "系统会自动再试；反复出现请告诉系统管理员") from None
    looks = write_html(version) if version.layout else ""
    return Content(version.title, version.text, release.byline, pictures, looks)
