"""What every platform's comments can do, and what comes back from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from xinmei.publishing.channels.faults import Fault, Means
from xinmei.publishing.channels.matching import same_words
from xinmei.publishing.channels.models import Channel

CUT, TOO_MANY = "平台给的留言残缺", "留言太多，没有看到底"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the account answered, when by the platform's clock. `evidence` is what the platform gave, without names."""

    text: str
    at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of the public, and what was answered."""

    number: int
    at: datetime
    text: str
    is_shown: bool
    answers: tuple[Answer, ...] = ()

    def answer_with(self, text: str) -> Answer | None:
        """The answer with these words, white space and width apart."""
        return next((one for one in self.answers if same_words(one.text, text)), None)


@dataclass(frozen=True, slots=True)
class Comments:
    """What a list showed. `why` says why it is not all; without a right to see them it is not "none"."""

    found: tuple[Comment, ...]
    why: str = ""


class Commenting(Protocol):
    """One platform. Every call but `read` raises Fault.

    `carries_one`: a comment carries one answer; an answer of somebody else is in the way. `holds`: what the public
    writes is not shown before it is let through.
    """

    carries_one: bool
    holds: bool

    def read(self, channel: Channel, article: str) -> Comments:
        """All comments under that article. What could not be read is said, never taken for nothing."""

    def find(self, channel: Channel, article: str, number: int) -> Comment | None:
        """That comment as it stands now; None where the list, read to its end, has it not."""

    def answer(self, channel: Channel, article: str, number: int, text: str) -> None:
        """Sends the answer, without a look: LOOK where nobody knows whether the platform took it."""

    def let_through(self, channel: Channel, article: str, number: int) -> None:
        """The comment is shown. Twice is as once."""

    def take_away(self, channel: Channel, article: str, number: int) -> None:
        """The comment is deleted. Where it is gone already there is nothing to do."""


def gather(pages: Iterable[tuple[int | None, list[Comment | None]]]) -> Comments:
    """The pages of a list, each with the count that the platform says; None stands for what cannot be read."""
    found: dict[int, Comment] = {}
    try:
        for total, read in pages:
            found |= {one.number: one for one in read if one is not None}
            if total is None or None in read:
                return Comments(tuple(found.values()), CUT)
            if len(found) >= total:
                return Comments(tuple(found.values()))
            if not read:
                return Comments(tuple(found.values()), f"平台说有 {total} 条留言，只给了 {len(found)} 条")
    except Fault as fault:
        return Comments(tuple(found.values()), fault.said)
    return Comments(tuple(found.values()), TOO_MANY)


def unseen(why: str) -> Fault:
    """The list did not show whether it is there."""
    return Fault(Means.RETRY, f"平台没有把留言给全，看不到这一条：{why}", "系统过一会儿再看")
