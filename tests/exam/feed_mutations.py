"""Feeds as sites really serve them, and everything that goes wrong with them: each mutation says whether it does any
harm.

A feed is built from the true posts of an account, so whoever compares can say what ought to be seen. A harmless
mutation hides nothing: the feed must still be read whole. Any other may be read as incomplete, but never wrongly.
"""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.exam.feed_dates import BAD, GOOD
from tests.exam.served import Served, rfc

# Nothing in the feed shows that these are not so: the moment is off by less than a day.
OFF_BY_HOURS = {"date: twelve hours", "zone: local time with the sign turned"} | {
    f"one date: {name}" for name in ("twelve hours", "day at midnight", "day at midnight, GMT")
}
# What looks as a post kept on top of a fresh list does: its moment may be any, but nobody becomes silent by that.
AS_IF_PINNED = {"order: the newest with a date of long ago"}
# Both together make the list of an account that has stopped.
AS_IF_STOPPED = {"order: the oldest of all", "order: from old to new"}

Mutation = Callable[[Served, random.Random], None]
HARMLESS: dict[str, Mutation] = {}
HARMFUL: dict[str, Mutation] = {}


def harmless(kind: str) -> Callable[[Mutation], Mutation]:
    """Declares a mutation that hides nothing."""
    return lambda change: HARMLESS.setdefault(kind, change)


def harmful(kind: str) -> Callable[[Mutation], Mutation]:
    """Declares a mutation after which something may be hidden or wrong."""
    return lambda change: HARMFUL.setdefault(kind, change)


def _all_dates(write: Callable[[datetime], str]) -> Mutation:
    def change(feed: Served, _: random.Random) -> None:
        for item in feed.items:
            item.date = write(item.post.at)

    return change


def _one_date(write: Callable[[datetime], str]) -> Mutation:
    def change(feed: Served, draw: random.Random) -> None:
        item = draw.choice(feed.items)
        item.date = write(item.post.at)

    return change


for name, write in GOOD.items():
    HARMLESS[f"date: {name}"] = _all_dates(write)
for name, write in BAD.items():
    HARMFUL[f"date: {name}"] = _all_dates(write)
    HARMFUL[f"one date: {name}"] = _one_date(write)


@harmful("date: forms mixed")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.date = draw.choice(list(GOOD.values()))(item.post.at)


@harmful("date: all at one moment")
def _(feed: Served, draw: random.Random) -> None:
    moment = draw.choice([feed.at, feed.at - timedelta(minutes=2), feed.items[0].post.at])
    for item in feed.items:
        item.date = rfc(moment)


@harmful("date: the moment of building, second by second")
def _(feed: Served, draw: random.Random) -> None:
    for place, item in enumerate(feed.items):
        item.date = rfc(feed.at - timedelta(seconds=30 + place))


@harmful("date: of the last change only")
def _(feed: Served, draw: random.Random) -> None:
    feed.form = "atom"
    changed = draw.choice(feed.items)
    for item in feed.items:
        item.element, item.date = "updated", item.post.at.isoformat()
    changed.date = (feed.at - timedelta(hours=2)).isoformat()
    feed.items.sort(key=lambda item: item.date, reverse=True)


@harmful("zone: local time with the sign turned")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.date = rfc(item.post.at, "-0800")


@harmful("encoding: one post in the wrong one")
def _(feed: Served, draw: random.Random) -> None:
    item = draw.choice(feed.items)
    wrong = draw.choice([("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("utf-8", "cp1252")])
    item.title = item.title.encode(wrong[0]).decode(wrong[1], "replace")
    item.text = item.text.encode(wrong[0]).decode(wrong[1], "replace")


@harmful("encoding: twice")
def _(feed: Served, draw: random.Random) -> None:
    wrong = draw.choice([("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1")])
    for item in feed.items:
        item.title = item.title.encode(wrong[0]).decode(wrong[1], "replace")
        item.text = item.text.encode(wrong[0]).decode(wrong[1], "replace")


@harmful("encoding: question marks")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.title = item.title.encode("latin-1", "replace").decode("latin-1")
        item.text = item.text.encode("latin-1", "replace").decode("latin-1")


@harmful("encoding: a text cut within a character")
def _(feed: Served, draw: random.Random) -> None:
    mark = draw.choice(feed.items).text[-3:]
    feed.bytes_.append(
        lambda body: body.replace(mark.encode(feed.codec, "ignore"), mark.encode(feed.codec, "ignore")[:-1], 1)
    )


@harmful("encoding: a byte lost")
def _(feed: Served, draw: random.Random) -> None:
    def lose(body: bytes) -> bytes:
        high = [place for place, byte in enumerate(body) if byte > 0x7F]
        place = draw.choice(high) if high else 0
        return body[:place] + body[place + 1 :]

    feed.bytes_.append(lose)


@harmful("encoding: lost before us")
def _(feed: Served, draw: random.Random) -> None:
    item = draw.choice(feed.items)
    item.text = item.text[:5] + draw.choice(["\ufffd", "锟斤拷锟斤拷", "\ufffd\ufffd"]) + item.text[6:]


def _encoded(codec: str, declared: str | None, charset: str | None) -> Mutation:
    def change(feed: Served, _: random.Random) -> None:
        feed.codec, feed.declared, feed.charset = codec, declared, charset

    return change


for codec, declared, charset in [
    ("utf-8", None, None),
    ("utf-8", None, "iso-8859-1"),
    ("utf-8", "gb2312", "gbk"),
    ("utf-8", "iso-8859-1", None),
    ("utf-8", "utf-16", None),
    ("utf-8-sig", "utf-8", None),
    ("gb18030", "gb2312", None),
    ("gb18030", "gbk", "gb2312"),
    ("gb18030", None, None),
    ("gb18030", "utf-8", "utf-8"),
    ("gb18030", "iso-8859-1", None),
    ("gb18030", "nonsense", "x-unknown"),
    ("utf-16", "utf-16", None),
    ("utf-16-le", "utf-16", None),
    ("utf-16-be", None, None),
    ("utf-32", "utf-32", None),
]:
    HARMLESS[f"encoding: {codec}, declared {declared}, by the server {charset}"] = _encoded(codec, declared, charset)


@harmless("blank or control characters")
def _(feed: Served, draw: random.Random) -> None:
    if feed.codec.startswith(("utf-16", "utf-32")):
        return
    feed.before = draw.choice([b"\n", b" ", b"\r\n\r\n", b"\t", b"\x00", b"\x0b", b"\xef\xbb\xbf\n"])
    item = draw.choice(feed.items)
    item.text = item.text[:4] + draw.choice(["\x0b", "\x08", "\x1f", "\x00", "\x0c"]) + item.text[4:]


@harmless("names of characters and bare ampersands")
def _(feed: Served, draw: random.Random) -> None:
    def spoil(body: bytes) -> bytes:
        return body.replace(
            b"</description>", draw.choice([b"&nbsp;", b"&#8;", b"&#x1f;", b"&ensp;"]) + b"</description>", 1
        )

    if not feed.codec.startswith(("utf-16", "utf-32")):
        feed.bytes_.append(spoil)


@harmless("duplicates: one guid for all")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.guid = "same"


@harmless("duplicates: one guid for two")
def _(feed: Served, draw: random.Random) -> None:
    feed.items[0].guid = feed.items[-1].guid


@harmless("duplicates: one link for all")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.link = "https://example.invalid/"


@harmless("duplicates: one guid and one link for all")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.guid = item.link = "https://example.invalid/"


@harmless("duplicates: no guid")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.guid = ""


@harmful("duplicates: neither guid nor link")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items:
        item.guid = item.link = ""


@harmful("duplicates: one post in the place of others")
def _(feed: Served, draw: random.Random) -> None:
    place = draw.randrange(len(feed.items))
    for other in range(place, min(len(feed.items), place + draw.randint(2, 4))):
        feed.items[other] = feed.items[place]


@harmless("duplicates: on top and again in its place")
def _(feed: Served, draw: random.Random) -> None:
    if len(feed.items) > 3:
        feed.items.insert(0, draw.choice(feed.items[1:]))


@harmful("cut: anywhere")
def _(feed: Served, draw: random.Random) -> None:
    feed.bytes_.append(lambda body: body[: draw.randrange(1, max(2, len(body) - 12))])


@harmful("cut: after a post")
def _(feed: Served, draw: random.Random) -> None:
    feed.bytes_.append(lambda body: body[: body.rfind(b"<item", 0, body.rfind(b"<item"))])


@harmful("cut: by the connection")
def _(feed: Served, draw: random.Random) -> None:
    feed.headers["Content-Length"] = "999999"


PAGE = "<!DOCTYPE html><html><head><title>{}</title></head><body>{}</body></html>"


@harmful("another page: log-in, captcha, error, JSON, nothing")
def _(feed: Served, draw: random.Random) -> None:
    page = draw.choice(
        [PAGE.format("登录", "请登录"), PAGE.format("验证", "请拖动滑块"), '{"errcode":-1}', "", "系统繁忙", "null"]
    )
    feed.bytes_.append(lambda body: page.encode())


@harmful("another page: an empty list")
def _(feed: Served, draw: random.Random) -> None:
    feed.items = []


@harmful("another page: state")
def _(feed: Served, draw: random.Random) -> None:
    feed.status = draw.choice([206, 304, 401, 403, 404, 429, 500, 502, 503])


@harmful("order: from old to new")
def _(feed: Served, draw: random.Random) -> None:
    feed.items.reverse()


@harmful("order: the oldest of all")
def _(feed: Served, draw: random.Random) -> None:
    feed.items = feed.items[::-1][: max(2, len(feed.items) // 2)]


@harmful("order: shuffled")
def _(feed: Served, draw: random.Random) -> None:
    draw.shuffle(feed.items)


@harmful("order: two changed places")
def _(feed: Served, draw: random.Random) -> None:
    a, b = draw.randrange(len(feed.items)), draw.randrange(len(feed.items))
    feed.items[a], feed.items[b] = feed.items[b], feed.items[a]


@harmful("order: the newest with a date of long ago")
def _(feed: Served, draw: random.Random) -> None:
    for item in feed.items[: draw.randint(1, 3)]:
        item.date = rfc(item.post.at - timedelta(days=draw.choice([30, 180, 365, 2000])))


@harmless("gzip")
def _(feed: Served, draw: random.Random) -> None:
    feed.headers["Content-Encoding"] = draw.choice(["gzip", "x-gzip", "GZIP"])
    feed.bytes_.append(gzip.compress)


@harmless("gzip: in two parts, or unannounced")
def _(feed: Served, draw: random.Random) -> None:
    if draw.random() < 0.5:
        feed.headers["Content-Encoding"] = "gzip"
    feed.hops = max(feed.hops, 1)
    feed.bytes_.append(lambda body: gzip.compress(body[:100]) + gzip.compress(body[100:]))


@harmless("deflate")
def _(feed: Served, draw: random.Random) -> None:
    feed.headers["Content-Encoding"] = "deflate"
    raw = draw.random() < 0.5
    feed.bytes_.append(lambda body: zlib.compress(body)[2:-4] if raw else zlib.compress(body))


@harmful("gzip: cut, announced only, or unknown")
def _(feed: Served, draw: random.Random) -> None:
    kind = draw.randrange(3)
    feed.headers["Content-Encoding"] = ("gzip", "gzip", "br")[kind]
    if kind == 0:
        feed.bytes_.append(lambda body: gzip.compress(body)[: draw.randint(10, 60)])


@harmful("gzip: a bomb")
def _(feed: Served, draw: random.Random) -> None:
    feed.headers["Content-Encoding"] = "gzip"
    feed.bytes_.append(lambda body: BOMB)


BOMB = gzip.compress(b"<rss>" + b" " * (9 << 20), 9)


@harmless("redirect")
def _(feed: Served, draw: random.Random) -> None:
    feed.hops = draw.randint(1, 4)


@harmful("redirect: in a circle, or to a log-in page")
def _(feed: Served, draw: random.Random) -> None:
    if draw.random() < 0.5:
        feed.hops = 9
    else:
        feed.hops = 1
        feed.bytes_.append(lambda body: PAGE.format("登录", "请登录").encode())


@harmless("kept by a cache")
def _(feed: Served, draw: random.Random) -> None:
    feed.headers["Age"] = str(draw.randint(0, 600))
