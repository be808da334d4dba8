"""Many addresses of each kind of harm, and what a look at each must come to."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tests.hostile.server import PUBLIC

PRIVATE_NETS = tuple(
    map(
        ipaddress.ip_network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/29", "169.254.0.0/16", "100.64.0.0/10"),
            *("0.0.0.0/8", "192.0.2.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
        ),
    )
)
INSIDE, NOT_WEB = "不是公网地址", "不是网页用的端口"
NO_ADDRESS = "不是 http"
NOWHERE = "没有给出能打开的地址"
LATE, BROKEN = "秒内没有读完", "不是正确的 HTTP"


@dataclass(frozen=True, slots=True)
class Case:
    """One address: its kind, and the outcome and a part of the reason that it must come to; one of several, `|`."""

    kind: str
    address: str
    outcome: str = "unseen"
    reason: str = ""


Draw = Callable[[random.Random], str]


def private(chance: random.Random) -> str:
    """An IPv4 address that is not public."""
    net = chance.choice(PRIVATE_NETS)
    return str(net[chance.randrange(1, min(net.num_addresses, 1 << 30))])


def _number(chance: random.Random) -> int:
    return int(ipaddress.ip_address(private(chance)))


def _octal(chance: random.Random) -> str:
    return ".".join(f"0{int(part):o}" for part in private(chance).split("."))


def _hex(chance: random.Random) -> str:
    return ".".join(hex(int(part)) for part in private(chance).split("."))


def _short(chance: random.Random) -> str:
    return chance.choice(("127.1", "10.1", "127.0.1", "192.168.257", "0", "10.65535", "172.1048577"))


def _wide(chance: random.Random) -> str:
    """Digits and points of other scripts, which are folded to the usual ones."""
    points = chance.choice("。．｡")
    return private(chance).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}).replace(".", points)


def _six(chance: random.Random) -> str:
    four = ipaddress.IPv4Address(private(chance))
    high, low = int(four) >> 16, int(four) & 0xFFFF
    made = (
        f"::ffff:{four}",
        f"::ffff:{high:x}:{low:x}",
        f"64:ff9b::{high:x}:{low:x}",
        f"2002:{high:x}:{low:x}::1",
        f"::{four}",
        f"fc00::{low:x}",
        f"fd12:3456::{low:x}",
        f"fe80::{low:x}",
        f"ff02::{low:x}",
        "::1",
        "::",
        f"2001:db8::{low:x}",
        f"2001:0:{high:x}:{low:x}::1",
    )
    return f"[{chance.choice(made)}]"


HOSTS: dict[str, Draw] = {
    "private address": private,
    "decimal address": lambda chance: str(_number(chance)),
    "hexadecimal address": lambda chance: chance.choice((hex(_number(chance)), _hex(chance))),
    "octal address": _octal,
    "short address": _short,
    "address in wide characters": _wide,
    "IPv6 address": _six,
    "name of a private address": lambda chance: chance.choice(
        ("localhost", "LOCALHOST.", f"a{chance.randrange(99)}.inside.test", f"{chance.randrange(99)}.six.test")
    ),
}
_TAILS = ("/", "/banshi", "/a?b=1", ":80/", ":8080/x", ":443/")


def _hosts(chance: random.Random, plain: str) -> Iterator[Case]:
    """The same hosts, asked for themselves, and by a redirect."""
    for kind, draw in HOSTS.items():
        while True:
            address = f"{chance.choice(('http', 'https'))}://{draw(chance)}{chance.choice(_TAILS)}"
            wanted = f"{INSIDE}|找不到主机|{NO_ADDRESS}"
            yield Case(kind, address, reason=wanted)
            yield Case(f"redirect to a {kind}", f"{plain}/to/{quote(address, safe='')}", reason=f"{wanted}|{NOWHERE}")
            break


def _one(kind: str, address: str, outcome: str, reason: str) -> Case:
    return Case(kind, address, outcome, reason)


# Path, what kind of harm it is, what it must come to.
PATHS: tuple[tuple[str, str, str, str], ...] = (
    ("silent", "silence", "unseen", LATE),
    ("drip-head", "slow drip", "unseen", f"{LATE}|{BROKEN}"),
    ("drip-headers", "slow drip", "unseen", LATE),
    ("drip-body", "slow drip", "unseen", LATE),
    ("stalls", "silence in the middle", "unseen", LATE),
    ("endless-body", "endless body", "works|unseen", ""),
    *((name, "header flood", "unseen", f"{BROKEN}|{LATE}") for name in ("endless-headers", "many-headers")),
    ("long-header", "header flood", "unseen", f"{BROKEN}|{LATE}"),
    ("endless-100", "endless preliminary answers", "unseen", f"{LATE}|{BROKEN}"),
    *((name, "bad status line", "unseen", BROKEN) for name in ("no-status", "not-http", "old-http", "letters")),
    *((name, "bad status line", "unseen", "") for name in ("big-state", "future", "binary")),
    *((name, "cut answer", "unseen|works", "") for name in ("nothing", "half", "short")),
    *((name, "bad length", "unseen|works", "") for name in ("two-lengths", "minus", "vast", "bad-chunk", "huge-chunk")),
    *((name, "bad header", "unseen|works", "") for name in ("no-colon", "nul-header", "folded")),
    *((name, "packed bomb", "works|unseen", "") for name in ("gzip-bomb", "deflate-bomb")),
    *((name, "packed wrongly", "unseen|works", "") for name in ("broken-gzip", "says-gzip", "unknown-coding")),
    ("packed-404", "packed page that says 404", "fails", "页面说找不到内容"),
    ("blank", "blank page", "unseen", "页面是空的"),
    ("script-only", "page that needs a browser", "unseen", "浏览器"),
    ("soft-404", "page that says 404", "fails", "页面说找不到内容"),
    ("gb", "page that says 404", "fails", "页面说找不到内容"),
    ("parked", "parked domain", "fails", "停放或出售"),
    ("hijacked", "hijacked page", "fails", "篡改"),
    *((name, "odd markup", "works|unseen", "") for name in ("deep", "odd-markup", "marked", "many-attributes")),
    ("wrong-charset", "odd markup", "works", ""),
    ("refresh-private", "page that leads to a private address", "unseen", INSIDE),
    ("frame-private", "page that leads to a private address", "unseen", INSIDE),
    ("refresh-loop", "page that leads to itself", "unseen", ""),
    ("loop/0", "redirect loop", "unseen", f"转址超过|{LATE}"),
)
STATES = ((404, "fails"), (410, "fails"), (500, "fails"), (502, "fails"), (401, "unseen"), (403, "unseen"))
STATES += ((429, "unseen"), (503, "unseen"), (204, "unseen"), (304, "unseen"), (521, "unseen"), (600, "unseen"))
PORTS = (22, 23, 25, 53, 110, 143, 3306, 5432, 6379, 11211, 27017)
NO_URLS = (
    *("", "banshi", "ftp://{}/a", "file:///etc/passwd", "gopher://{}/1", "javascript:alert(1)", "data:text/html,a"),
    *("http://", "http:///a", "https://:443/", "http://[::1", "http://[]/", "http://{}:99999/", "http://{}:-1/"),
    *("http://{}:0/", "http://a b/", "http://\x00/", "http://{}:port/", "http://" + "a" * 300 + ".com/", "http://./"),
    *("http://..../", "http://a..b/", "http://%31%32%37.0.0.1/", "http://{}@10.0.0.1/", "http://{}%2f@10.0.0.1/"),
    *("http://10.0.0.1\\@{}/", "http://10.0.0.1#@{}/", "//10.0.0.1/", "http://①⓪.0.0.1/", "http://xn--a/"),
)
CERTIFICATES = {
    "expired": "已过期",
    "early": "还没有到生效的时间",
    "other": "不是发给这个地址的",
    "self": "自己签发的",
}


def cases(ports: dict[str, int], count: int, seed: int = 0) -> list[Case]:
    """So many, of every kind in turn, each address another one."""
    chance, plain = random.Random(seed), f"http://{PUBLIC}:{ports['plain']}"
    found: dict[str, Case] = {}
    while len(found) < count:
        before = len(found)
        for case in (*_hosts(chance, plain), *_paths(chance, plain), *_rest(chance, plain, ports)):
            found.setdefault(case.address, case)
        assert len(found) > before, "no more addresses"
    return list(found.values())[:count]


def _paths(chance: random.Random, plain: str) -> Iterator[Case]:
    for path, kind, outcome, reason in PATHS:
        tail = f"?n={chance.randrange(10**9)}" if "loop/" not in path else ""
        yield Case(kind, f"{plain}/{path}{tail}", outcome, reason)
    number = chance.randrange(-(10**9), 0)
    yield Case("redirect loop", f"{plain}/loop/{number}", "unseen", f"转址超过|{LATE}")
    state, outcome = chance.choice(STATES)
    yield Case("state", f"{plain}/state/{state}?n={number}", outcome, "")


def _rest(chance: random.Random, plain: str, ports: dict[str, int]) -> Iterator[Case]:
    number = chance.randrange(10**9)
    yield Case("port of another service", f"http://{PUBLIC}:{chance.choice(PORTS)}/{number}", reason=NOT_WEB)
    yield Case("closed port", f"http://{PUBLIC}:{chance.choice((1024, 1025, 1026))}/{number}", reason="连接不上")
    odd = chance.choice(NO_URLS).format(f"{PUBLIC}:{ports['plain']}")
    yield Case("no address", odd, outcome="unseen|works|fails")
    yield Case("redirect to no address", f"{plain}/to/{quote(odd, safe='')}?n={number}", outcome="unseen|works|fails")
    for name, why in CERTIFICATES.items():
        yield Case("odd certificate", f"https://{PUBLIC}:{ports[name]}/good?n={number}", reason=f"证书验证不过：{why}")
    yield Case("good certificate", f"https://{PUBLIC}:{ports['good']}/good?n={number}", "works")
    yield Case("plain text where TLS is spoken", f"http://{PUBLIC}:{ports['good']}/good?n={number}", reason="")
    yield Case("TLS where plain text is spoken", f"https://{PUBLIC}:{ports['plain']}/good?n={number}", reason="")
    turns = f"http://a{number}.rebinds.test:{ports['plain']}"
    yield Case("name that changes its mind", f"{turns}/to/{quote(turns, safe='')}%2Fgood", reason=INSIDE)
    yield Case("good", f"{plain}/good?n={number}", "works")
