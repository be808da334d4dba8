"""The names of feeds, as pages say them."""

from __future__ import annotations

# What a feed is called in bundles -> in Chinese; any other name stands as it was given.
FEEDS = {
    "official_api": "官方接口",
    "rss": "订阅源",
    "browser": "浏览器采集",
    "crawler": "网页采集",
    "import": "导入文件",
    "manual": "人工查看",
    "self_report": "单位自报",
}


def name_feeds(names: str) -> str:
    """One feed, or several with 、 between."""
    return "、".join(FEEDS.get(name, name) for name in names.split("、"))
