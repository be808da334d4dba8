"""What makes a look at a feed complete (0240): times, order, names, encoding, packing; in doubt it is none."""

from __future__ import annotations

import gzip
import ipaddress
import zlib
from datetime import datetime, timedelta

import pytest

from tests.cast import build_city
from xinmei.collectors.feeds.actions import Seen, collect
from xinmei.collectors.feeds.decoding import is_nonsense
from xinmei.collectors.feeds.moments import read_moment
from xinmei.collectors.feeds.reading import Reading, read_feed
from xinmei.collectors.models import Feed
from xinmei.collectors.tests.site import Site, serve
from xinmei.core.calendar import SHANGHAI
from xinmei.fetching import FetchFault, fetch
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look

NOW = datetime(2026, 5, 12, 10, 0, tzinfo=SHANGHAI)
TEN = datetime(2026, 5, 8, 15, 4, tzinfo=SHANGHAI)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
SITE = "https://example.invalid/feed/rss.xml"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>东湖发布</title>{"".join(items)}</channel></rss>'


def item(
    date: str, number: int = 1, *, guid: str | None = None, link: str | None = None, title: str = "", text: str = ""
) -> str:
    name = f"<guid isPermaLink='false'>{f'g{number}' if guid is None else guid}</guid>"
    where = f"<link>{f'https://example.invalid/{number}' if link is None else link}</link>"
    words = (
        f"<title>{title or f'第{number}期安全提示'}</title><description>{text or '请广大市民注意防范。'}</description>"
    )
    return f"<item>{words}{name}{where}<pubDate>{date}</pubDate></item>"


def read(text: str | bytes, content_type: str = "text/xml") -> Reading:
    return read_feed(text if isinstance(text, bytes) else text.encode(), content_type, at=NOW, address=SITE)


def days_ago(*days: float) -> list[str]:
    return [(NOW - timedelta(days=day)).isoformat() for day in days]


@pytest.mark.parametrize(
    "written",
    [
        "2026/5/8 15:04", "2026/05/08 15:04:00", "2026-05-08 15:04", "2026.5.8 15:04", "2026年5月8日 15:04",
        "2026年05月08日 15时04分", "2026年5月8日 星期五 下午3:04", "2026/5/8 下午 3:04:00", "2026/5/8 3:04:00 PM",
        "Fri May 08 15:04:00 +0800 2026", "Fri May 08 15:04:00 CST 2026", "Fri May  8 15:04:00 2026",
        "Fri, 08 May 2026 15:04:00 +0800", "Fri, 08 May 2026 15:04:00 CST", "Fri, 08 May 2026 15:04:00 +08",
        "Fri, 08 May 2026 15:04:00", "8 May 2026 15:04 GMT+8", "Fri, 08 May 2026 07:04:00 GMT",
        "Fri, 08 May 2026 07:04:00 Z", "周五, 08 五月 2026 15:04:00 +0800", "星期五, 08 5月 2026 15:04:00 CST",
        "2026-05-08T15:04:00+08:00", "2026-05-08T07:04:00.000Z", "2026-05-08T15:04", "20260508150400",
        "2026-05-08 15:04:00 北京时间", "May 8, 2026 3:04:00 PM", "Fri May 08 2026 15:04:00 GMT+0800 (中国标准时间)",
        f"{TEN.timestamp():.0f}", f"{TEN.timestamp() * 1000:.0f}", "２０２６年５月８日　１５：０４",
    ],
)  # fmt: skip
def test_the_forms_that_sites_write_are_one_moment(written: str) -> None:
    assert read_moment(written) == TEN
    assert read(rss(item(written))).entries[0].published_at == TEN if "<" not in written else True


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-08", "2026年5月8日", "08/05/2026 15:04", "05/08/2026 15:04", "05-08 15:04", "26-05-08 15:04",
        "昨天 15:04", "3小时前", "刚刚", "2026-05-32 15:04", "2026-02-30 15:04", "2026-05-08 25:04", "2026-05-08 24:00",
        "Thu, 08 May 2026 15:04:00 +0800", "Fri, 08 May 2026 15:04:00  0800", "Fri, 08 May 2026 15:04:00 CDT",
        "Fri, 08 May 2026 15:04:00 +1900", "2026/05-08 15:04", "2026-05-08 15:04 PM", "上午9:30",
        "2026-05-08 上午 12:30", "Thu, 01 Jan 1970 08:00:00 +0800", "0000-00-00 00:00:00", "2026-W19-5T15:04",
        "2026-05-08 15:04:61", "",
    ],
)  # fmt: skip
def test_what_may_mean_several_moments_or_none_is_not_read(written: str) -> None:
    assert read_moment(written) is None
    assert read(rss(item(written), item(days_ago(1)[0], 2))).outcome != "complete"


MORE = days_ago(1, 3, 5, 7)


@pytest.mark.parametrize(
    ("times", "why"),
    [
        ([MORE[0]] * 4, "同一刻"),
        ([(NOW - timedelta(seconds=n)).isoformat() for n in range(4)], "同一刻"),
        ([f"2026-05-{day:02} 00:00:00" for day in (11, 9, 7)], "零点"),
        ([f"2026-05-{day:02}T00:00:00Z" for day in (11, 9, 7)], "零点"),
        ([MORE[0], MORE[2], MORE[1], MORE[3]], "次序矛盾"),
        (MORE[::-1], "从旧到新"),
        ([days_ago(-0.3)[0], *MORE], "时区"),
        ([days_ago(-40)[0], *MORE], "将来"),
        (["2026-05-11 09:00", "2026/05/09 09:00", "2026-05-07 09:00"], "写法前后不一"),
        (["2026-05-11 09:00", "2026-05-9 09:00", "2026-05-07 09:00"], "写法前后不一"),
        (["2026/5/1 09:00", "2026/5/1 08:00"], "残缺"),  # the 10th and the 12th, cut
        (["2026/5/2 09:00", "2026/4/3 09:00", "2026/4/1 08:00"], "残缺"),
    ],
)
def test_a_list_whose_times_contradict_themselves_is_not_complete(times: list[str], why: str) -> None:
    reading = read(rss(*(item(time, number) for number, time in enumerate(times))))
    assert reading.outcome == "partial"
    assert why in reading.reason
    if why not in ("从旧到新", "将来"):  # there each time is understood by itself
        assert reading.entries == []


def test_the_time_of_the_last_change_is_no_time_of_publishing() -> None:
    entry = f"<entry><id>a</id><title>防汛</title><updated>{MORE[0]}</updated></entry>"
    assert "修改时间" in read(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>东湖</title>{entry}</feed>').reason
    names = (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://purl.org/rss/1.0/",
        "http://purl.org/dc/elements/1.1/",
    )
    head = '<rdf:RDF xmlns:rdf="{}" xmlns="{}" xmlns:dc="{}"><channel><title>东湖</title></channel>'.format(*names)
    one = f"<item><title>防汛</title><link>https://example.invalid/1</link><dc:date>{MORE[0]}</dc:date></item>"
    assert read(f"{head}{one}</rdf:RDF>").outcome == "complete"


def test_no_silence_is_read_from_the_last_date_of_a_list_nor_across_a_gap_of_months() -> None:
    reading = read(rss(*(item(time, number) for number, time in enumerate(days_ago(1, 3, 20)))))
    assert reading.since == NOW - timedelta(days=3)
    reading = read(rss(*(item(time, number) for number, time in enumerate(days_ago(1, 3, 366, 367)))))
    assert (reading.since, len(reading.entries)) == (NOW - timedelta(days=3), 2)


@pytest.mark.parametrize(
    "same",
    [{"guid": "g"}, {"guid": ""}, {"link": "https://example.invalid/"}, {"guid": "g", "link": "https://x.invalid/"}],
)
def test_posts_are_told_apart_by_what_differs(same: dict[str, str]) -> None:
    reading = read(rss(*(item(time, number, **same) for number, time in enumerate(MORE))))
    assert (reading.outcome, len({entry.key for entry in reading.entries})) == ("complete", 4)


def test_a_list_in_which_a_post_stands_for_others_is_not_complete() -> None:
    items = [item(time, number) for number, time in enumerate(MORE)]
    assert read(rss(items[0], items[1], items[1], items[1], items[3])).outcome == "partial"
    # kept on top, and again in its place
    assert read(rss(items[3], *items)).outcome == "complete"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "utf-16", "nonsense", None])
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=gbk", "; charset=iso-8859-1"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_bytes_decide_where_declarations_are_wrong(declared: str | None, charset: str, codec: str) -> None:
    head = '<?xml version="1.0"?>' if declared is None else f'<?xml version="1.0" encoding="{declared}"?>'
    reading = read(rss(item(MORE[0], title="镕喆瞭望：防汛"), head=head).encode(codec), f"text/xml{charset}")
    assert (reading.outcome, reading.entries[0].title) == ("complete", "镕喆瞭望：防汛")


TITLE, TEXT = "县政府召开防汛工作会议", "会议强调，要压实责任，加强值守，确保群众安全度汛。"


@pytest.mark.parametrize(("right", "wrong"), [("utf-8", "gb18030"), ("utf-8", "cp1252"), ("gb18030", "latin-1")])
def test_nonsense_is_no_text_whether_in_the_title_or_below(right: str, wrong: str) -> None:
    title, text = (words.encode(right).decode(wrong, "replace") for words in (TITLE, TEXT))
    assert is_nonsense(text)
    for words in ({"title": title, "text": text}, {"title": TITLE, "text": text}, {"title": title, "text": TEXT}):
        right_ones = [item(time, number, title=TITLE, text=TEXT * 2) for number, time in enumerate(MORE)]
        reading = read(rss(*right_ones, item(days_ago(8)[0], 9, **words)))
        assert (reading.outcome, [entry.title for entry in reading.entries]) == ("partial", [TITLE] * 4)


@pytest.mark.parametrize("lost", ["\ufffd", "锟斤拷", "锟斤拷锟斤拷"])
def test_a_text_with_characters_lost_is_not_stored(lost: str) -> None:
    reading = read(rss(item(MORE[0], 1), item(MORE[1], 2, text=f"请市民{lost}意防范大风降温")))
    assert (reading.outcome, len(reading.entries)) == ("partial", 1)
    cut = rss(item(MORE[0], 1), item(MORE[1], 2, text="请市民注意防范" * 40 + "风")).encode()
    assert read(cut.replace("风<".encode(), "风".encode()[:-1] + b"<")).outcome == "partial"


@pytest.mark.parametrize(
    "text", ["龑喆", "魑魅魍魉现形记", "全國人民代表大會", "Café 开业，地址 §3", "········", "真的吗????", "🚧🚧🚧🚧"]
)
def test_rare_words_and_signs_are_no_nonsense(text: str) -> None:
    assert not is_nonsense(text)


@pytest.mark.parametrize("before", ["\n", " \r\n", "\ufeff\n", "\x00", "\x0b\t"])
def test_blanks_and_control_characters_do_no_harm(before: str) -> None:
    text = "注\x08意&#x1f;防\x0b范&nbsp;A&B 第\x00一"
    reading = read(before + rss(item(MORE[0], text=text)))
    assert (reading.outcome, reading.entries[0].text) == ("complete", "注意防范\xa0A&B 第一")


def test_addresses_are_whole() -> None:
    links = ("'../zwgk/9.html'", '"//cdn.invalid/1"', "'javascript:x()'")
    text = "".join(f"&lt;a href={link}&gt;原文&lt;/a&gt; " for link in links)
    (entry,) = read(rss(item(MORE[0], link="/art/0.html", text=text))).entries
    assert entry.url == "https://example.invalid/art/0.html"
    assert entry.links == ("https://example.invalid/zwgk/9.html", "https://cdn.invalid/1")


# --- packed answers, and what several looks show


@pytest.fixture
def account(db: None) -> Account:
    return build_city().accounts["DH-1"]


def look(account: Account, body: str | bytes, at: datetime = NOW, **headers: str) -> Seen:
    seen: list[Seen] = []
    with serve() as address:
        body = body if isinstance(body, bytes) else body.encode()
        Site.pages = {"/feed": (200, body, {name.replace("_", "-"): value for name, value in headers.items()})}
        feed, _ = Feed.objects.update_or_create(account=account, kind="rss", defaults={"address": f"{address}/feed"})
        collect([feed], by=SYSTEM, at=at, allow=LOOPBACK, tell=seen.append)
    return seen[0]


def listed(*days: float) -> str:
    return rss(*(item(time, number=int(day * 10)) for day, time in zip(days, days_ago(*days), strict=True)))


@pytest.mark.parametrize("packed", ["gzip", "two members", "unannounced", "deflate", "raw deflate"])
def test_an_answer_packed_against_our_word_is_read(account: Account, packed: str) -> None:
    plain = listed(1, 3, 5).encode()
    body = {
        "two members": gzip.compress(plain[:99]) + gzip.compress(plain[99:]),
        "deflate": zlib.compress(plain),
        "raw deflate": zlib.compress(plain)[2:-4],
    }.get(packed, gzip.compress(plain))
    headers = {} if packed == "unannounced" else {"Content_Encoding": packed.split()[-1].replace("members", "gzip")}
    assert look(account, body, **headers).outcome == "complete"


def test_a_packed_answer_that_is_cut_broken_unknown_or_a_bomb_is_refused() -> None:
    bodies = {
        "断了": (gzip.compress(b"x" * 9999)[:20], "gzip"),
        "解不开": (b"plain", "gzip"),
        "读不了": (b"\x0b\x02\x80", "br"),
        "解开后超过": (gzip.compress(b"x" * 50_000), "gzip"),
    }
    with serve() as address:
        for why, (body, coding) in bodies.items():
            Site.pages = {"/x": (200, body, {"Content-Encoding": coding})}
            with pytest.raises(FetchFault, match=why):
                fetch(f"{address}/x", allow=LOOPBACK, size_limit=20_000)


def test_a_copy_from_a_cache_shows_nothing_of_what_came_after_it(account: Account) -> None:
    assert look(account, listed(1, 3, 5), Age="7200").window_end == NOW - timedelta(hours=2)


def test_a_post_kept_on_top_of_a_list_that_rests_may_be_its_newest_with_a_wrong_date(account: Account) -> None:
    pinned = item("2025-05-11T09:00:00+08:00", 999)
    rests = rss(pinned, *(item(time, number) for number, time in enumerate(days_ago(15, 17, 19))))
    seen = look(account, rests)
    assert (seen.outcome, seen.created) == ("partial", 3)
    assert "置顶" in seen.reason
    # a list that is fresh makes it known, and from then on it may rest
    assert look(account, rss(pinned, item(days_ago(1)[0], 50), item(days_ago(15)[0], 0))).outcome == "complete"
    later = rss(pinned, item(days_ago(1)[0], 50), item(days_ago(15)[0], 0))
    assert look(account, later, NOW + timedelta(days=20)).outcome == "complete"


@pytest.mark.parametrize("days", [(70, 72, 75), (400, 402, 404), (5,)])
def test_an_address_that_was_never_seen_to_move_shows_no_silence(account: Account, days: tuple[float, ...]) -> None:
    seen = look(account, listed(*days))
    assert (seen.outcome, seen.created) == ("partial", 0)


def test_another_post_under_a_known_name_takes_nothing_from_it(account: Account) -> None:
    look(account, rss(item(MORE[0], 1, guid="g", title="旧"), item(MORE[1], 2)))
    look(account, rss(item(days_ago(0.5)[0], 9, guid="g", title="新"), item(MORE[1], 2)), NOW + timedelta(hours=1))
    assert Post.objects.get(published_at=MORE[0]).title == "旧"
    assert Look.objects.filter(outcome="complete").count() == 1


def test_posts_keep_their_names_when_a_feed_begins_to_name_all_alike(account: Account) -> None:
    look(account, rss(item(MORE[0], 1, guid="g"), item(MORE[1], 2)))
    both = rss(item(days_ago(0.5)[0], 3, guid="g"), item(MORE[0], 1, guid="g"), item(MORE[1], 2))
    assert look(account, both, NOW + timedelta(hours=1)).created == 1
    assert Post.objects.count() == 3
