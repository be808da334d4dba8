"""Drawings in a page. `{% load charts %}`."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from xinmei.pages.charts import FLOOR, HEIGHT, TOP, Chart

register = template.Library()


@register.inclusion_tag("pages/charts/bars.html")
def chart(chart: Chart) -> dict[str, object]:
    """The question, its answer, the bars, and the table that says the same."""
    return {"chart": chart, "bars": chart.drawn, "floor": FLOOR, "top": TOP, "height": HEIGHT}


@register.simple_tag
def bar(value: float, most: float, fill: str = "f-3", before: float | None = None) -> SafeString:
    """A lying bar for a cell of a table, from zero; the number stands in the next cell. `before`: a mark across it."""
    whole = float(most) or 1.0
    mark = SafeString("")
    if before is not None:
        place = 100 * float(before) / whole
        mark = format_html('<line class="s-mark" x1="{0}%" x2="{0}%" y1="0" y2="16"/>', f"{place:.2f}")
    length = f"{100 * float(value) / whole:.2f}"
    return format_html(
        '<svg class="row-bar" aria-hidden="true"><rect class="{}" y="3" width="{}%" height="10" rx="2"/>{}</svg>',
        fill,
        length,
        mark,
    )


@register.simple_tag
def trace(points: Sequence[tuple[str, int]], last: int) -> SafeString:
    """A rank through time, the first rank on top: `points` are (when, rank), `last` is the lowest rank of now."""
    if len(points) < 2:
        return SafeString("")
    lowest = max(last, *(rank for _, rank in points))
    wide, high = 88 / (len(points) - 1), 18 / max(lowest - 1, 1)
    places = [(4 + wide * place, 3 + high * (rank - 1)) for place, (_, rank) in enumerate(points)]
    line = format_html_join(" ", "{},{}", ((f"{x:.1f}", f"{y:.1f}") for x, y in places))
    said = "，".join(f"{when}第{rank}名" for when, rank in points)
    return format_html(
        '<svg class="trace" viewBox="0 0 96 24" role="img" aria-label="{}"><title>{}</title>'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="3"/></svg>',
        said,
        said,
        line,
        f"{places[-1][0]:.1f}",
        f"{places[-1][1]:.1f}",
    )
