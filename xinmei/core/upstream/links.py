"""Links made comparable: what differs between two ways to write one address is left out."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

_BEFORE = ("www.", "m.", "wap.", "mobile.")


def plain_link(text: str, ignored: Collection[str] = ()) -> str:
    """The address without scheme, `www.`, a slash at its end, and marks of where it was shared; "" for none."""
    text = text.strip()
    if not text or any(blank in text for blank in " \t\n"):
        text = "".join(text.split())
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host = (parts.hostname or "").rstrip(".")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return text
    for before in _BEFORE:
        if host.startswith(before) and "." in host.removeprefix(before):
            host = host.removeprefix(before)
            break
    kept = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ignored)
    query = f"?{urlencode(kept)}" if kept else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!/")) else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}{fragment}"


def is_page(link: str) -> bool:
    """Whether a plain link leads to one account, and not to a whole site."""
    return any(sign in link for sign in "/?#")
