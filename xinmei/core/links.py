"""Where a link leads, judged by its host alone.

The hosts are in `rules/links.yaml`, which is read strictly and checked against its own examples.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from xinmei.core.rulebook import Row, RulebookError
from xinmei.core.rulebook.files import read_table

FILE = Path("links.yaml")
KEYS = ("title", "document", "clause", "kinds")
OTHER = "other"
# Linear: no part of it can match in two ways.
ADDRESS = re.compile(r"https?://[0-9A-Za-z.\-]{1,253}(?::\d{1,5})?(?:/[!#-;=?-Z_a-z~]*)?", re.IGNORECASE)
LONGEST = 2000  # bytes: a database index takes no more than a third of a page


def find_links(text: str) -> list[str]:
    """The addresses in a text, each once, in order. Marks that end a sentence are not part of them."""
    return list(
        dict.fromkeys(
            found.group().rstrip(".,;:!?)") for found in ADDRESS.finditer(text) if len(found.group()) <= LONGEST
        )
    )


def host_of(address: str) -> str:
    """The host of an address in lower case, or "" where the address is neither http nor https."""
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "").rstrip(".").lower() if parts.scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""


def judge_host(host: str) -> str:
    """`government`, `platform` or `advert`; `other` for a host on no list."""
    names = host.lower().split(".")
    suffixes = {".".join(names[place:]) for place in range(len(names))}
    return next((kind for kind, (_, hosts) in _kinds().items() if hosts & suffixes), OTHER)


def kind_labels() -> dict[str, str]:
    """The Chinese name of each kind."""
    return {kind: label for kind, (label, _) in _kinds().items()} | {OTHER: "其他网站"}


@cache
def _kinds() -> dict[str, tuple[str, frozenset[str]]]:
    table = read_table(FILE)
    table.check_keys(KEYS)
    kinds = {row.text("kind"): (row.text("label"), _read_hosts(row)) for row in table.rows("kinds")}
    for row in table.rows("kinds"):
        hosts = kinds[row.text("kind")][1]
        for host, wanted in ((row.text("hit"), True), (row.text("near_miss"), False)):
            if any(host == one or host.endswith(f".{one}") for one in hosts) is not wanted:
                raise row.fault(f"例子 {host} {'应当' if wanted else '不应'}属于这一类")
    return kinds


def _read_hosts(row: Row) -> frozenset[str]:
    row.check_keys(("kind", "label", "hosts", "hit", "near_miss"))
    hosts = row.get("hosts")
    if not isinstance(hosts, list) or not all(
        isinstance(host, str) and re.fullmatch(r"[0-9a-z\-]+(?:\.[0-9a-z\-]+)+", host) for host in hosts
    ):
        raise row.fault("hosts 应是主机名的列表，如 [gov.cn, people.com.cn]")
    return frozenset(hosts)


__all__ = ["LONGEST", "OTHER", "RulebookError", "find_links", "host_of", "judge_host", "kind_labels"]
