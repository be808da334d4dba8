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
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from xinmei.core.calendar import SHANGHAI

WORDS = [
    "市政府召开常务会议，研究部署防汛抗旱和安全生产工作。",
    "请广大市民注意防范强降雨，非必要不外出。",
    "我县高标准农田建设项目通过验收，惠及三千余户群众。",
    "关于开展城乡居民基本医疗保险参保缴费的通知，请大家及时办理。",
    "周末去哪儿？这份赏花地图请收好！",
    "镇卫生院邀请专家坐诊，地点在一楼大厅。",
    "教育局公布今年义务教育阶段招生范围和报名办法。",
    "朱镕基、陶喆、李瞭望等字的写法，你会吗？",
    "水利部门 24 小时值班，电话 0731-8888 6666。",
    "交警提醒：G60 高速 K1024 处施工，请绕行 🚧。",
]
WEEKDAYS, MONTHS = (
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
)


@dataclass(frozen=True, slots=True)
class True_:
    """One post as it really is."""

    number: int
    at: datetime
    title: str
    text: str


@dataclass(slots=True)
class Item:
    """A post as a feed lists it: the post, and what is written in its elements."""

    post: True_
    guid: str
    link: str
    date: str
    title: str
    text: str
    element: str = "pubDate"


@dataclass(slots=True)
class Served:
    """A feed and how it is served: what mutations change. Those of `bytes_` run last, on what goes out."""

    items: list[Item]
    at: datetime
    declared: str | None = "utf-8"
    codec: str = "utf-8"
    charset: str | None = "utf-8"
    before: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    bytes_: list[Callable[[bytes], bytes]] = field(default_factory=list)
    hops: int = 0
    form: str = "rss"

    @property
    def content_type(self) -> str:
        return f"text/xml; charset={self.charset}" if self.charset else "text/xml"

    @property
    def needs_http(self) -> bool:
        """Whether more than the document is mutated."""
        return bool(self.headers or self.hops) or self.status != 200 or gzip.compress in self.bytes_


def rfc(moment: datetime, zone: str = "+0800") -> str:
    local = moment.astimezone(SHANGHAI)
    return (
        f"{WEEKDAYS[local.weekday()]}, {local:%d} {MONTHS[local.month - 1]} {local:%Y %H:%M:%S}{' ' * bool(zone)}{zone}"
    )


def _c(moment: datetime, zone: str) -> str:
    return f"{WEEKDAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d %H:%M:%S}{zone} {moment:%Y}"


CHINESE_MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
# What Chinese sites write. `m` is Shanghai time.
GOOD: dict[str, Callable[[datetime], str]] = {
    "RFC 822": rfc,
    "RFC 822, no zone": lambda m: rfc(m, ""),
    "RFC 822, CST": lambda m: rfc(m, "CST"),
    "RFC 822, +08": lambda m: rfc(m, "+08"),
    "RFC 822, GMT+8": lambda m: rfc(m, "GMT+8"),
    "RFC 822, no weekday": lambda m: rfc(m)[5:],
    "RFC 822, GMT": lambda m: (
        f"{WEEKDAYS[(u := m.astimezone(UTC)).weekday()]}, {u:%d} {MONTHS[u.month - 1]} {u:%Y %H:%M:%S} GMT"
    ),
    "slashes": lambda m: f"{m:%Y/%m/%d %H:%M}",
    "slashes, short": lambda m: f"{m.year}/{m.month}/{m.day} {m.hour}:{m:%M:%S}",
    "dots": lambda m: f"{m:%Y.%m.%d %H:%M:%S}",
    "年月日": lambda m: f"{m:%Y年%m月%d日 %H:%M}",
    "年月日时分": lambda m: f"{m.year}年{m.month}月{m.day}日{m.hour}时{m:%M分}",
    "full width": lambda m: f"{m:%Y-%m-%d %H:%M}".translate(str.maketrans("0123456789:-", "０１２３４５６７８９：－")),
    "ISO": lambda m: m.isoformat(),
    "ISO, Z": lambda m: f"{m.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
    "ISO, no zone": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}",
    "ISO, blank": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "Weibo": lambda m: _c(m, " +0800"),
    "Java": lambda m: _c(m, " CST"),
    "C": lambda m: _c(m, ""),
    "JavaScript": lambda m: f"{WEEKDAYS[m.weekday()]} {MONTHS[m.month - 1]} {m:%d %Y %H:%M:%S} GMT+0800 (中国标准时间)",
    "Java, Chinese": lambda m: (
        f"星期{'一二三四五六日'[m.weekday()]}, {m:%d} {CHINESE_MONTHS[m.month - 1]}月 {m:%Y %H:%M:%S} +0800"
    ),
    ".NET, Chinese": lambda m: (
        f"{m.year}/{m.month}/{m.day} {'上午' if m.hour < 12 else '下午'} {m.hour % 12 or 12}:{m:%M:%S}"
    ),
    "American, AM": lambda m: (
        f"{MONTHS[m.month - 1]} {m.day}, {m.year} {m.hour % 12 or 12}:{m:%M:%S} {'AM' if m.hour < 12 else 'PM'}"
    ),
    "seconds": lambda m: f"{m.timestamp():.0f}",
    "milliseconds": lambda m: f"{m.timestamp() * 1000:.0f}",
    "digits": lambda m: f"{m:%Y%m%d%H%M%S}",
}
# What means several things, or nothing, or something else than it says.
BAD: dict[str, Callable[[datetime], str]] = {
    "day first": lambda m: f"{m:%d/%m/%Y %H:%M}",
    "month first": lambda m: f"{m:%m/%d/%Y %H:%M}",
    "no year": lambda m: f"{m:%m-%d %H:%M}",
    "two digits of the year": lambda m: f"{m:%y-%m-%d %H:%M}",
    "day only": lambda m: f"{m:%Y-%m-%d}",
    "day only, slashes": lambda m: f"{m:%Y/%m/%d}",
    "day at midnight": lambda m: f"{m:%Y-%m-%d 00:00:00}",
    "day at midnight, GMT": lambda m: f"{m:%Y-%m-%dT00:00:00Z}",
    "ago": lambda m: "3小时前",
    "yesterday": lambda m: f"昨天 {m:%H:%M}",
    "empty": lambda m: "",
    "null": lambda m: "0000-00-00 00:00:00",
    "epoch": lambda m: "Thu, 01 Jan 1970 08:00:00 +0800",
    "day and month swapped": lambda m: f"{m:%Y-%d-%m %H:%M:%S}",
    "twelve hours": lambda m: f"{m:%Y-%m-%d} {m.hour % 12 or 12:02}:{m:%M:%S}",
    "cut": lambda m: f"{m:%Y-%m-%d %H:%M:%S}"[:9],
    "cut day": lambda m: f"{m:%Y/%m/%d}"[:9] + f" {m:%H:%M}",
    "wrong weekday": lambda m: rfc(m).replace(WEEKDAYS[m.weekday()], WEEKDAYS[(m.weekday() + 3) % 7]),
    "year before": lambda m: rfc(m.replace(day=min(m.day, 28), year=m.year - 1))[5:],
    "year after": lambda m: rfc(m.replace(day=min(m.day, 28), year=m.year + 1))[5:],
    "12-hour zone": lambda m: rfc(m, "CDT"),
    "plus lost": lambda m: rfc(m, " 0800"),
    "no such zone": lambda m: rfc(m, "+1800"),
    "no such day": lambda m: f"{m:%Y-%m}-32 09:30",
    "24 o'clock": lambda m: f"{m:%Y-%m-%d} 24:{m:%M}",
    "week": lambda m: f"{m:%G-W%V-%u}T09:30",
    "words": lambda m: "二〇二六年十一月二十七日",
}

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


def render(feed: Served) -> bytes:
    """The bytes of a feed."""
    items = "".join(_render_item(feed.form, item) for item in feed.items)
    declaration = "" if feed.declared is None else f' encoding="{feed.declared}"'
    if feed.form == "atom":
        text = (
            f'<?xml version="1.0"{declaration}?>'
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>某县发布</title>{items}</feed>'
        )
    else:
        text = (
            f'<?xml version="1.0"{declaration}?><rss version="2.0"><channel><title>某县发布</title>'
            f"<link>https://example.invalid/</link><description>某县</description>{items}</channel></rss>"
        )
    # Before UTF-16 a single byte would not be a blank.
    before = b"" if feed.codec.startswith(("utf-16", "utf-32")) else feed.before
    body = before + text.encode(feed.codec, "replace")
    for change in feed.bytes_:
        body = change(body)
    return body


def _render_item(form: str, item: Item) -> str:
    title, text, link = escape(item.title), escape(f"<p>{escape(item.text)}</p>"), escape(item.link)
    date = f"<{item.element}>{item.date}</{item.element}>"
    if form == "atom":
        summary = f'<summary type="html">{text}</summary>'
        return f'<entry><id>{item.guid}</id><title>{title}</title><link href="{link}"/>{date}{summary}</entry>'
    guid = f'<guid isPermaLink="false">{item.guid}</guid>' if item.guid else ""
    return f"<item><title>{title}</title><link>{link}</link>{guid}{date}<description>{text}</description></item>"
