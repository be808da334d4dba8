"""A feed as a site serves it, built from the true posts of an account."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
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


def asctime(moment: datetime, zone: str) -> str:
    return f"{WEEKDAYS[moment.weekday()]} {MONTHS[moment.month - 1]} {moment:%d %H:%M:%S}{zone} {moment:%Y}"


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
