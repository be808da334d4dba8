"""微信公众号 by its open interface: pictures, draft, publish, and what became of it. Facts: docs/decisions/0560."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import nh3

from xinmei.files.keeping import load
from xinmei.publishing.channels.calling import text_of
from xinmei.publishing.channels.faults import WECHAT_FAILED, Fault, Means
from xinmei.publishing.channels.interface import Article, Content, Found, Listing, Picture, Seen, Taken
from xinmei.publishing.channels.matching import SKEW, may_be, same_words
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.channels.tokens import ask_wechat

# 「图片仅支持 jpg/png 格式，大小必须在 1MB 以下」; 「取值在 1 到 20 之间」
PICTURE_BYTES, PAGE, PAGES = 1 << 20, 20, 5
DIGEST = 54
_TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "img"}
_DIGEST = re.compile(r'src="sha256:([0-9a-f]{64})"')
_END_OF_LINE = re.compile(r"</(?:p|section|h[1-6]|li|blockquote)>")
_NO_COVER = "公众号的图文要有封面，这篇稿件没有图片，接口也没有登记备用封面"


class WeChat:
    """The publisher of 公众号. `clock` gives the time of each call."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    def _ask(self, channel: Channel, path: str, **sent: Any) -> dict[str, Any]:
        return ask_wechat(channel, path, self.clock, **sent)

    def check(self, channel: Channel) -> None:
        """A token that the platform takes, tried on the smallest list."""
        self._ask(channel, "draft/count", json={})

    # ── out ──

    def prepare(self, channel: Channel, sending: Sending, content: Content) -> None:
        """Each picture once, then the draft."""
        for picture in content.pictures:
            if picture.sha256 not in sending.pictures:
                sending.pictures[picture.sha256] = self._upload(channel, picture)
        if not sending.cover:
            sending.cover = self._upload_cover(channel, content)
        if not sending.media:
            found = self._ask(channel, "draft/add", json={"articles": [self._article(sending, content)]})
            sending.media = text_of(found, "media_id")
            if not sending.media:
                raise Fault(Means.RETRY, "微信没有给出草稿的编号", "系统会自动再试")

    def _upload(self, channel: Channel, picture: Picture) -> str:
        kind = kind_of(picture.data)
        if kind not in ("image/jpeg", "image/png") or len(picture.data) >= PICTURE_BYTES:
            said = f"图片“{picture.name}”不能放进公众号正文：只收 1 MB 以下的 JPG、PNG"
            raise Fault(Means.PERSON, said, "请停发这篇稿件，换好图片后重新送审")
        found = self._ask(channel, "media/uploadimg", files={"media": (_name(kind), picture.data, kind)})
        return text_of(found, "url")

    def _upload_cover(self, channel: Channel, content: Content) -> str:
        data = content.pictures[0].data if content.pictures else load(channel.cover_id) if channel.cover_id else b""
        if not data:
            raise Fault(Means.PERSON, _NO_COVER, "请单位管理员在“平台接口”登记备用封面，再点“再发”")
        kind = kind_of(data)
        files = {"media": (_name(kind), data, kind)}
        return text_of(self._ask(channel, "material/add_material", params={"type": "image"}, files=files), "media_id")

    def _article(self, sending: Sending, content: Content) -> dict[str, Any]:
        return {
            "title": content.title,
            "digest": digest_of(content),
            "content": lay_out(content, sending.pictures),
            "thumb_media_id": sending.cover,
            "need_open_comment": 1,
            "only_fans_can_comment": 0,
        }

    def send(self, channel: Channel, sending: Sending, content: Content) -> Taken:
        """「errcode 将为 0，此时只意味着发布任务提交成功」"""
        found = self._ask(channel, "freepublish/submit", json={"media_id": sending.media})
        task = text_of(found, "publish_id")
        if not task:
            raise Fault(Means.LOOK, "微信没有给出发布任务的编号", "系统先查是不是已经发出")
        return Taken(task=task, message=text_of(found, "msg_data_id"))

    def ask(self, channel: Channel, sending: Sending) -> Seen:
        """The state of the task: 0 is out, 1 is under way, all others are failures."""
        found = self._ask(channel, "freepublish/get", json={"publish_id": sending.task})
        state = found.get("publish_status")
        if state == 0:
            detail = found.get("article_detail")
            items = detail.get("item") if isinstance(detail, dict) else None
            first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
            return Seen(Found.OUT, f"{text_of(found, 'article_id')}-1", text_of(first, "article_url"))
        if state in WECHAT_FAILED:
            said, todo = WECHAT_FAILED[state]
            raise Fault(Means.PERSON, said, todo, code=f"publish_status {state}")
        return Seen(Found.UNDER_WAY)

    def look(self, channel: Channel, sending: Sending, content: Content) -> Seen:
        """Among what is published since it was asked for, by title and digest; a cut list is no answer."""
        since = sending.sent_at - SKEW if sending.sent_at else None
        for one in list(self._published(channel, with_text=False, since=since)):
            is_it = same_words(one.title, content.title) and same_words(one.text, digest_of(content))
            if is_it and may_be(sending, one):
                return Seen(Found.OUT, one.number, one.url)
        return Seen(Found.ABSENT)

    # ── in ──

    def read(self, channel: Channel, known: Sequence[str]) -> Listing:
        """The list of what was published by 发布. Whether it has what was 群发 is not documented: it is never all."""
        found: list[Article] = []
        try:
            found.extend(self._published(channel, with_text=True))
        except Fault as fault:
            return Listing(found, fault.said)
        return Listing(found, "接口只列出“发布”的，“群发”的可能不在里面，不能断定没有更新")

    def _published(self, channel: Channel, *, with_text: bool, since: datetime | None = None) -> Iterator[Article]:
        """Page by page, the newest first; where `since` is given, back to it. Raises Fault where a page is cut, or
        where so many pages do not reach back.
        """
        for page in range(PAGES):
            asked = {"offset": page * PAGE, "count": PAGE, "no_content": 0 if with_text else 1}
            found = self._ask(channel, "freepublish/batchget", json=asked)
            items, total = found.get("item"), found.get("total_count")
            if not isinstance(items, list) or not isinstance(total, int) or len(items) != found.get("item_count"):
                raise Fault(Means.RETRY, "平台给的列表残缺", "系统下次再读")
            if not items and page * PAGE < total:
                raise Fault(Means.RETRY, "平台给的列表在中间断了", "系统下次再读")
            read = [one for item in items for one in _articles(item, with_text)]
            yield from read
            if (page + 1) * PAGE >= total or (since and read and max(one.at for one in read) < since):
                return
        if since is not None:
            raise Fault(Means.RETRY, "平台的列表太长，没有看到那个时候", "系统过一会儿再看")


def _articles(item: Any, with_text: bool) -> Iterator[Article]:
    """The articles of one publication. Raises Fault where one cannot be read: a list with a hole is not whole."""
    try:
        at = datetime.fromtimestamp(int(item["update_time"]), UTC)
        for place, one in enumerate(item["content"]["news_item"], start=1):
            yield Article(
                number=f"{item['article_id']}-{place}",
                title=str(one["title"]),
                text=read_text(str(one.get("content", ""))) if with_text else str(one.get("digest", "")),
                url=str(one.get("url", "")),
                at=at,
                is_deleted=one.get("is_deleted") is True,
            )
    except (KeyError, TypeError, ValueError, OSError):
        raise Fault(Means.RETRY, "平台给的列表里有读不懂的一条", "系统下次再读") from None


def digest_of(content: Content) -> str:
    """「默认抓取正文前 54 个字」: said by ourselves, so that it can be looked for."""
    return " ".join(content.text.split())[:DIGEST]


def lay_out(content: Content, pictures: dict[str, str]) -> str:
    """The article as the platform takes it: the signed looks, or paragraphs with the pictures after them; the byline
    at the end. The words of links stay, the platform takes none that lead elsewhere.
    """
    byline = f"<p>{html.escape(content.byline, quote=False)}</p>"
    if content.html:
        looks = _DIGEST.sub(lambda found: f'src="{html.escape(pictures[found[1]])}"', content.html)
        return f"{nh3.clean(looks, tags=_TAGS, attributes={'img': {'src', 'alt'}})}\n{byline}"
    lines = [f"<p>{html.escape(line, quote=False)}</p>" for line in content.text.splitlines() if line.strip()]
    shown = [
        f'<p><img src="{html.escape(address)}"></p>' for one in content.pictures if (address := pictures[one.sha256])
    ]
    return "\n".join([*lines, *shown, byline])


def read_text(markup: str) -> str:
    """The text of an article, a line a paragraph."""
    broken = _END_OF_LINE.sub(r"\g<0>\n", markup).replace("<br", "\n<br")
    plain = html.unescape(nh3.clean(broken, tags=set())).replace("\0", "")
    return "\n".join(line.strip() for line in plain.splitlines() if line.strip())


def kind_of(data: bytes) -> str:
    """The type of a picture, by its first bytes."""
    heads = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif", b"BM": "image/bmp"}
    return next((kind for head, kind in heads.items() if data.startswith(head)), "application/octet-stream")


def _name(kind: str) -> str:
    return f"picture.{kind.rpartition('/')[2]}"
