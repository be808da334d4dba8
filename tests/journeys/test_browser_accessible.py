"""「WCAG 2.1 AA」: axe-core finds nothing on a page of each kind, in light and in dark.

All pages of all people are walked by hand before a release; here stands one of each make: desk with news, list, queue,
one finding with its forms, charts, a form that was refused, the palette, and what the public opens.
"""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.cast import City
from tests.journeys.conftest import change_to, log_in
from tests.lived import finding_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """async tags => (await axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}))
    .violations.map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 120)).join(' | '))"""


def violations(page: Page, address: str = "") -> list[str]:
    """What is wrong with a page, in both themes."""
    if address:
        page.goto(address)
    page.evaluate(AXE)
    found = []
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
        found += [f"{page.url} {theme} {one}" for one in page.evaluate(RUN, TAGS)]
    return found


def test_nobody_is_kept_out_of_a_page_by_how_it_is_drawn(page: Page, city: City) -> None:
    page.emulate_media(reduced_motion="reduce")  # no colour is read halfway to another
    found = [one for address in ("/verify/?name=水务", "/verify/picture/") for one in violations(page, address)]
    log_in(page, "tou")
    finding = f"/findings/{finding_of('TY-1').pk}/"
    for address in ("/", "/inspection/", "/findings/", "/findings/queue/", finding, "/accounts/DH-1/", "/exemptions/"):
        found += violations(page, address)
    page.goto(finding)
    page.keyboard.press("Control+k")
    page.keyboard.type("dh")
    page.locator("#palette-list .sub").first.wait_for()
    found += violations(page)
    change_to(page, "qian")
    found += violations(page, "/")
    assert not found, "\n".join(found)
