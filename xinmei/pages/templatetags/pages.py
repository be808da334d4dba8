"""Words of the templates: icons, moments, badges, deadlines. `{% load pages %}`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from xinmei.core.calendar import SHANGHAI
from xinmei.core.scoring.units import round_half_up
from xinmei.core.screening import mask
from xinmei.pages.badges import Badge, badge_of
from xinmei.pages.lists import Column, Listing
from xinmei.pages.navigation import Entry, entries
from xinmei.pages.texts import say_dates, write_day

register = template.Library()


@cache
def _version(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"no static file {path}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8]


class OneLine(template.Node):
    """What stands between `oneline` and `endoneline`."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> SafeString:
        """The line; where it has a name, nothing here, and the line in a variable of that name."""
        line = self.nodelist.render(context)
        if not self.name:
            return line
        context[self.name] = line
        return SafeString("")


@register.tag
def oneline(parser: template.base.Parser, token: template.base.Token) -> OneLine:
    """`{% oneline %} … {% endoneline %}`: one line for the reader, laid out over several: line breaks and the spaces
    around them are left out.

    A sentence with conditions in it has no place where a space means nothing. `{% oneline as why %}` keeps the line in
    a variable instead.
    """
    words = token.split_contents()
    if words[1:] and (len(words) != 3 or words[1] != "as"):
        raise template.TemplateSyntaxError("oneline is used as {% oneline %} or {% oneline as name %}")
    nodelist = parser.parse(("endoneline",))
    parser.delete_first_token()
    for node in nodelist.get_nodes_by_type(template.base.TextNode):
        node.s = re.sub(r"[ \t]*\n[ \t\n]*", "", node.s)  # type: ignore[attr-defined]
    return OneLine(nodelist, words[2] if words[1:] else "")


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with a digest of its bytes: it may be kept for a year, and a changed file has
    another address.
    """
    return _address(path)


@cache
def _address(path: str) -> str:
    return f"{static(path)}?v={_version(path)}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside a word; readers of screens pass it over."""
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    """Sixty of them stand on a page, of a few dozen that there are."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        asset("vendor/icons/icons.svg"),
        name,
    )


@register.simple_tag
def state(kind: str, value: str) -> SafeString:
    """The badge of a state, as its room declares it: `{% state "finding.status" finding.status %}`."""
    return show_badge(badge_of(kind, value))


@register.simple_tag
def show_badge(one: Badge) -> SafeString:
    """A badge at hand."""
    return badge(one.word, one.colour, one.sign)


@register.simple_tag
def badge(word: str, colour: str = "grey", sign: str = "point") -> SafeString:
    """A badge with a word, colour and sign of its own."""
    return format_html('<span class="state is-{}">{}{}</span>', colour, icon(sign), word)


@register.simple_tag
def ways(place: str) -> tuple[Entry, ...]:
    """The entries of one place of the navigation, whoever reads the page."""
    return entries(place)


@register.filter
def day(value: date | datetime | None) -> str:
    """「5月12日 周二」, with the year where it is another than this one."""
    return "" if value is None else write_day(value, timezone.now())


@register.filter
def moment(value: datetime | None) -> str:
    """「5月12日 周二 17:00」 in Shanghai."""
    if value is None:
        return ""
    at = value.astimezone(SHANGHAI)
    return f"{write_day(at.date(), timezone.now())} {at:%H:%M}"


@register.filter
def due(value: datetime | None) -> str:
    """「5月12日 周二 17:00 前」; 00:00 is said as 24:00 of the day before, as the notice counts."""
    if value is None:
        return ""
    at = value.astimezone(SHANGHAI)
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{write_day(at.date() - timedelta(days=1), timezone.now())} 24:00 前"
    return f"{moment(at)} 前"


def write_span(span: timedelta) -> str:
    """A length of time in the one unit that matters: 「3 小时」「12 天」."""
    minutes = abs(int(span.total_seconds())) // 60
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时" if minutes < 48 * 60 else f"{minutes // 1440} 天"


@register.filter
def ago(value: datetime | None, now: datetime | None = None) -> str:
    """「3 天前」; within the minute 「刚刚」."""
    if value is None:
        return "从未"
    span = (now or timezone.now()) - value
    return "刚刚" if abs(span) < timedelta(minutes=1) else f"{write_span(span)}前"


@register.inclusion_tag("pages/parts/chip.html")
def deadline(
    due_at: datetime | None, now: datetime, steps: Iterable[str] = (), done: bool = False, provisional: bool = False
) -> dict[str, Any]:
    """A deadline as a chip that opens its steps: red when past, amber within eight hours, blue before; grey if done."""
    left = due_at - now if due_at else timedelta()
    colour, sign = (
        ("grey", "clock")
        if done
        else ("red", "alert-circle")
        if left < timedelta()
        else ("amber", "clock")
        if left < timedelta(hours=8)
        else ("blue", "clock")
    )
    word = "" if done else f"已超 {write_span(left)}" if left < timedelta() else f"还有 {write_span(left)}"
    return {
        "due_at": due_at,
        "colour": colour,
        "sign": sign,
        "word": word,
        "steps": list(steps),
        "provisional": provisional,
    }


@register.filter
def points(value: Decimal | str | float | None) -> str:
    """A score without needless zeros: 87.5, 100; "—" where there is none."""
    if value is None or value == "":
        return "—"
    number = Decimal(str(value))
    return f"{number.normalize():f}" if number else "0"


@register.filter
def shortened(digest: str) -> str:
    """The beginning of a digest, enough to compare by eye."""
    return digest[:16]


@register.filter
def get(mapping: dict[Any, Any], key: object) -> object:
    """`mapping[key]`, or nothing."""
    return mapping.get(key, "")


@register.simple_tag(takes_context=True)
def set_query(context: dict[str, Any], key: str, value: str) -> str:
    """The address of this list with one filter set (or cleared), from its first page."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    query.pop(key, None)
    if value:
        query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_query(context: dict[str, Any], listing: Listing, column: Column) -> str:
    """The address that sorts by this column, the other way round where it already does."""
    return set_query(context, "sort", f"-{column.key}" if listing.sort == column.key else column.key)


@register.simple_tag
def sort_state(listing: Listing, column: Column) -> SafeString:
    """`aria-sort` of the column that the list is sorted by."""
    if column.sort and listing.sort.lstrip("-") == column.key:
        return format_html(' aria-sort="{}"', "descending" if listing.sort.startswith("-") else "ascending")
    return SafeString("")


@register.simple_tag
def sort_sign(listing: Listing, column: Column) -> str:
    """An arrow beside the column that the list is sorted by."""
    if listing.sort.lstrip("-") != column.key:
        return ""
    return " ↓" if listing.sort.startswith("-") else " ↑"


@register.simple_tag
def cell(value: object) -> str:
    """A value as a list shows it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return str(value)


@register.filter
def masked(text: str | None) -> str:
    """A text with the personal data in it masked."""
    return mask(text or "")


@register.filter
def worded(text: str | None) -> str:
    """A sentence of the system's own: its dates as people write them, personal data masked."""
    return mask(say_dates(text or ""))


@register.filter
def svg(number: float) -> str:
    """A length in a drawing, with a point whatever the language."""
    return f"{number:.2f}"


@register.filter
def of(number: float, whole: float) -> str:
    """A length in a drawing as a part of its width: 「35.71%」."""
    return f"{100 * number / whole:.2f}%"


@register.filter
def times(number: float, factor: float) -> float:
    """`number` × `factor`."""
    return number * factor


@register.filter
def period(text: str) -> str:
    """A period of inspection in words: 「2026年上半年」「2026年第3季度」."""
    half = re.fullmatch(r"(\d{4})H([12])", text)
    quarter = re.fullmatch(r"(\d{4})Q([1-4])", text)
    if half:
        return f"{half[1]}年{'上' if half[2] == '1' else '下'}半年"
    return f"{quarter[1]}年第{quarter[2]}季度" if quarter else text


@register.filter
def mean(value: Fraction | None) -> str:
    """An exact mean at two decimals, half up."""
    return "—" if value is None else str(round_half_up(value))
