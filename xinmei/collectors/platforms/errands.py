"""Carries an errand of the inbox on, one step after another, and never answers twice.

As with drafts (docs/decisions/0561): `ASKED` is written before an answer leaves, so that whoever comes after a crash or
a lost answer looks at the comment first. It is sent again only where the platform itself said that it did not take it,
where nothing had left the house, or where looks over twelve minutes showed the comment without an answer.
What may be done twice without harm (let through, deleted) is simply done again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from xinmei.interaction.errands.ending import BY_HAND, call_person, finish
from xinmei.interaction.models import Errand, Message
from xinmei.publishing.channels.commenting import commenting_for
from xinmei.publishing.channels.commenting.interface import Comment
from xinmei.publishing.channels.driving import HELD, TRIES, wait_after
from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.models import Channel

Does, State = Errand.Does, Errand.State
Clock = Callable[[], datetime]
SENT, DAY = 3, timedelta(days=1)
# When to look again after a lost answer; after the last of these it is sent again, as often as SENT says.
LOOKS = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10))
CHANGED = "平台上已有另一个答复，一条评论只能答复一次"
GONE = "平台上没有这条留言了，可能已被删除"


class _Lost(Exception):
    """Somebody else has taken the row meanwhile, or a person has stopped it."""


def carry_on(pk: int, clock: Clock) -> Errand | None:
    """Takes one errand as far as it goes now. None where another works at it or nothing is due."""
    free = Q(held_until=None) | Q(held_until__lt=clock())
    mine = Errand.objects.filter(free, pk=pk, state__in=Errand.OPEN, next_at__lte=clock())
    holder = secrets.token_hex(16)
    if not mine.update(held_until=clock() + HELD, holder=holder):
        return None
    related = ("message__account__unit", "message__handed_to", "message__on_platform")
    errand = Errand.objects.select_related(*related).get(pk=pk)
    try:
        work = _Work(errand, holder, clock)
        while work.step():
            pass
    except _Lost:
        return None
    return errand


class _Work:
    """One claim of one errand."""

    def __init__(self, errand: Errand, holder: str, clock: Clock) -> None:
        self.errand, self.holder, self.clock = errand, holder, clock
        self.platform = commenting_for(errand.message.account, clock)
        self.article = errand.message.on_platform.article
        self.number = int(errand.message.on_platform.number)

    def step(self) -> bool:
        """One step; whether there is another to be taken at once."""
        errand, now = self.errand, self.clock()
        account = errand.message.account
        channel = Channel.objects.filter(account=account).exclude(state=Channel.State.ENDED).first()
        if channel is None:
            return self._hold("平台接口已停用，没有发出")
        if channel.blocked_until and channel.blocked_until > now:
            return self._later(channel.blocked_until)
        try:
            if errand.does != Does.ANSWER:
                return self._do(channel)
            return self._send(channel) if errand.state == State.WAITING else self._look(channel)
        except Fault as fault:
            return self._meet(fault, channel)

    def _do(self, channel: Channel) -> bool:
        """What may be done twice."""
        is_shown = self.errand.does == Does.RELEASE
        does = self.platform.let_through if is_shown else self.platform.take_away
        does(channel, self.article, self.number)
        return self._done(self.clock(), "")

    # ── an answer ──

    def _send(self, channel: Channel) -> bool:
        comment = self.platform.find(channel, self.article, self.number)
        if self._is_over(comment):
            return self._end(comment)
        now = self.clock()
        told = {"code": "", "said": "", "todo": "", "may_be_done": False}
        asked = {"asked_at": now, "next_at": now + LOOKS[0], "looks": 0, "sent": self.errand.sent + 1}
        self._save(state=State.ASKED, since=now, taken=False, **asked, **told)
        try:
            self.platform.answer(channel, self.article, self.number, self.errand.text)
        except Fault as fault:
            return self._meet_at_the_step(fault, channel)
        return self._save(taken=True)

    def _look(self, channel: Channel) -> bool:
        """Does it stand there? Until somebody knows, nothing is sent."""
        errand = self.errand
        comment = self.platform.find(channel, self.article, self.number)
        if self._is_over(comment):
            return self._end(comment)
        now = self.clock()
        if errand.looks < len(LOOKS):
            return self._later(now + LOOKS[errand.looks], looks=errand.looks + 1)
        if errand.taken or errand.sent >= SENT:
            return self._hold(f"提交了 {errand.sent} 次，平台上一直没有显示", may_be_done=True)
        return self._save(state=State.WAITING, since=now, tries=0)

    def _is_over(self, comment: Comment | None) -> bool:
        """Whether nothing is to be sent: the comment is gone, carries our answer, or one that is in the way."""
        if comment is None or (self.platform.carries_one and comment.answers):
            return True
        return comment.answer_with(self.errand.text) is not None

    def _end(self, comment: Comment | None) -> bool:
        if comment is None:
            return self._hold(GONE)
        if answer := comment.answer_with(self.errand.text):
            return self._done(answer.at, answer.evidence)
        return self._hold(CHANGED)

    # ── what goes wrong ──

    def _meet(self, fault: Fault, channel: Channel) -> bool:
        """Before anything is sent, and at looks: tries again, waits, or calls a person, as the fault asks for."""
        errand, now = self.errand, self.clock()
        told = {"code": fault.code, "said": fault.said, "todo": fault.todo}
        if fault.means is Means.WAIT and fault.until is not None:
            self._block(fault, channel)
            return self._later(fault.until, **told)
        if errand.state == State.ASKED:
            is_over = errand.asked_at is not None and now - errand.asked_at >= DAY
            if fault.means is Means.PERSON or is_over:
                return self._hold(f"提交以后看不了平台上的留言：{fault.said}", code=fault.code, may_be_done=True)
            return self._later(now + LOOKS[min(max(errand.looks, 1), 2)], **told)
        if fault.means is Means.PERSON or errand.tries + 1 >= TRIES:
            return self._hold(fault.said, code=fault.code)
        return self._later(now + wait_after(errand.tries), tries=errand.tries + 1, **told)

    def _meet_at_the_step(self, fault: Fault, channel: Channel) -> bool:
        """What the platform refused by a reason that it names is surely not there; nor what never left the house."""
        errand, now = self.errand, self.clock()
        told = {"code": fault.code, "said": fault.said, "todo": fault.todo}
        back = {"state": State.WAITING, "since": now, "sent": errand.sent - 1, **told}
        if fault.means is Means.WAIT and fault.until is not None:
            self._block(fault, channel)
            return self._later(fault.until, **back)
        never_left = fault.means is Means.RETRY and not fault.code
        if fault.means is Means.PERSON or (never_left and errand.tries + 1 >= TRIES):
            return self._hold(fault.said, code=fault.code)
        if never_left:
            return self._later(now + wait_after(errand.tries), tries=errand.tries + 1, **back)
        return self._later(now + LOOKS[0], looks=1, may_be_done=True, **told)

    def _block(self, fault: Fault, channel: Channel) -> None:
        """A limit is the account's: all else of it waits too."""
        if fault.code:
            Channel.objects.filter(pk=channel.pk).update(blocked_until=fault.until)

    # ── saving ──

    def _save(self, **changed: object) -> bool:
        """Writes what changed, where the row is still ours and as we found it. Raises _Lost."""
        errand = self.errand
        mine = Errand.objects.filter(pk=errand.pk, holder=self.holder, state=errand.state)
        if not mine.update(**changed, held_until=self.clock() + HELD):
            raise _Lost
        for name, value in changed.items():
            setattr(errand, name, value)
        return True

    def _later(self, at: datetime, **changed: object) -> bool:
        self._save(next_at=at, **changed)
        Errand.objects.filter(pk=self.errand.pk, holder=self.holder).update(held_until=None, holder="")
        return False

    def _hold(self, said: str, *, code: str = "", may_be_done: bool = False) -> bool:
        with transaction.atomic():
            now, todo = self.clock(), BY_HAND[Does(self.errand.does)]
            told = {"code": code, "said": said, "todo": todo, "may_be_done": may_be_done}
            self._save(state=State.HELD, since=now, next_at=None, **told)
            call_person(self.errand, now)
        return False

    def _done(self, done_at: datetime, evidence: str) -> bool:
        with transaction.atomic():
            # Acts on the message lock it before they look at its errands.
            Message.objects.select_for_update().get(pk=self.errand.message_id)
            now = self.clock()
            told = {"code": "", "said": "", "todo": "", "may_be_done": False}
            self._save(state=State.DONE, since=now, next_at=None, done_at=done_at, **told)
            finish(self.errand, done_at, evidence, now)
        return False
