"""What is worth saying while somebody writes, beside what the screening finds: links, source, byline.

It holds nothing up: what is refused is refused when the draft is saved, sent or signed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from xinmei.core.links import find_links, host_of, judge_host, kind_labels
from xinmei.publishing.models import Post

_BYLINE = re.compile(r"(?:拟稿|审核|审签|编校)人?[:：]\s*\S")
_LARGEST = 200_000


def advise(typed: Mapping[str, str]) -> list[str]:
    """One sentence for each thing."""
    return list(dict.fromkeys([*_links(typed), *_source(typed), *_byline(typed)]))


def _links(typed: Mapping[str, str]) -> Iterator[str]:
    """「不得刊登商业广告或链接商业广告页面」"""
    for address in [*find_links(typed.get("text", "")), *_linked(typed.get("layout", ""))]:
        kind = judge_host(host_of(address))
        if kind == "advert":
            yield f"链接 {host_of(address)} 是{kind_labels()[kind]}：不得链接商业广告页面，请去掉"


def _linked(layout: str) -> Iterator[str]:
    """Where the words of the layout lead."""
    try:
        blocks = json.loads(layout) if len(layout) <= _LARGEST else []
    except (ValueError, RecursionError):
        return
    for block in blocks if isinstance(blocks, list) else ():
        runs = block.get("runs") if isinstance(block, dict) else None
        for run in runs if isinstance(runs, list) else ():
            if isinstance(run, dict) and isinstance(run.get("link"), str):
                yield run["link"]


def _source(typed: Mapping[str, str]) -> Iterator[str]:
    """「凡转载发布信息，均要注明来源」"""
    if typed.get("origin") == Post.Origin.REPOST and not typed.get("source", "").strip():
        yield "转载的要写信息来源，原则上只用名单内的稿源单位"


def _byline(typed: Mapping[str, str]) -> Iterator[str]:
    if _BYLINE.search(typed.get("text", "")):
        yield "署名由系统在签发时按三个人的姓名写上，正文里不用再写"
