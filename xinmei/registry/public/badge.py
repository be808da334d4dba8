"""A small picture that a unit puts on its own site: what this account is, as the register has it now."""

from __future__ import annotations

import re
from functools import partial

from django.utils.html import format_html

from xinmei.registry.models import Account
from xinmei.units.models import Unit

HEIGHT, SIZE, BESIDE = 28, 13, 10
# The colours of the badges on the pages, dark enough for white letters.
_STATES = {
    Account.Status.ACTIVE: ("已备案", "#1d7a3d"),
    Account.Status.CLOSING: ("公告关停中", "#8a5a00"),
    Account.Status.CLOSED: ("已关停", "#5b6570"),
    Account.Status.DEREGISTERED: ("已注销", "#5b6570"),
    Account.Status.UNFILED: ("未备案", "#b3261e"),
}
_svg = partial(
    format_html,
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ' role="img" aria-label="{said}"><title>{said}</title><g font-family="sans-serif" font-size="{size}" fill="#fff">'
    '<rect width="{width}" height="{height}" rx="4" fill="#33475b"/>'
    '<path d="M{left} 0h{right}q4 0 4 4v{inner}q0 4-4 4h-{right}z" fill="{colour}"/>'
    '<text x="{beside}" y="{base}" textLength="{name_length}">{name}</text>'
    '<text x="{second}" y="{base}" textLength="{state_length}">{state}</text></g></svg>',
)


def city_name() -> str:
    """The city by its short name, as the root of the tree has it. One query."""
    name = Unit.objects.filter(kind=Unit.Kind.CITY).order_by("path").values_list("name", flat=True).first() or ""
    found = re.match(r".*?市(?!政府)", name)
    return found.group() if found else ""


def says_badge(account: Account) -> str:
    """What the badge says, in words."""
    return f"{city_name()}政务新媒体 · {_STATES[Account.Status(account.status)][0]}"


def draw_badge(account: Account) -> str:
    """The badge as SVG: no script, no font, nothing from elsewhere."""
    state, colour = _STATES[Account.Status(account.status)]
    name = f"{city_name()}政务新媒体"
    left = len(name) * SIZE + 2 * BESIDE
    width = left + len(state) * SIZE + 2 * BESIDE
    return _svg(
        width=width,
        height=HEIGHT,
        inner=HEIGHT - 8,
        size=SIZE,
        said=f"{name} · {state}",
        left=left,
        right=width - left - 4,
        colour=colour,
        beside=BESIDE,
        second=left + BESIDE,
        base=HEIGHT // 2 + 5,
        name=name,
        name_length=len(name) * SIZE,
        state=state,
        state_length=len(state) * SIZE,
    )
