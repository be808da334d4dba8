"""What every platform's publisher can do, and what comes back from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from xinmei.publishing.channels.models import Channel, Sending


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was signed."""

    name: str
    sha256: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What was signed, and nothing else: what goes out is made of this."""

    title: str
    text: str
    byline: str
    pictures: Sequence[Picture] = ()
    # The text with its looks, pictures named by their digests; "" where it is plain paragraphs.
    html: str = ""


class Found(Enum):
    """What a look at the platform showed."""

    OUT = "out"
    ABSENT = "absent"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether it is out there, under what number and address."""

    found: Found
    article: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The platform took it: a task to ask about later, or the article itself."""

    task: str = ""
    article: str = ""
    url: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """Something that is out there, as its list shows it. `is_deleted` only where the platform says so itself."""

    number: str
    title: str
    text: str
    url: str
    at: datetime
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list showed. `why` says why it is not all; "" where it was seen to its end.

    `since`: from then on nothing of the account is missing; None where that cannot be told.
    """

    articles: list[Article] = field(default_factory=list)
    why: str = ""
    since: datetime | None = None
    # Whether it was read to its end.
    is_whole: bool = False
    # Those that were asked for by number, and of which the platform says that there is no such thing any more.
    gone: Sequence[str] = ()


class Publisher(Protocol):
    """One platform. Every call raises Fault, which says whether to try again, wait, look, or call a person."""

    def check(self, channel: Channel) -> None:
        """Whether the interface answers; what the platform says about it is written into the channel."""

    def prepare(self, channel: Channel, sending: Sending, content: Content) -> None:
        """What may be done twice without harm: pictures, a draft on the platform."""

    def send(self, channel: Channel, sending: Sending, content: Content) -> Taken:
        """The one step that cannot be taken back."""

    def ask(self, channel: Channel, sending: Sending) -> Seen:
        """What became of a task of the platform."""

    def look(self, channel: Channel, sending: Sending, content: Content) -> Seen:
        """Whether it is out there although nobody knows."""

    def read(self, channel: Channel, known: Sequence[str]) -> Listing:
        """What the account has published."""
