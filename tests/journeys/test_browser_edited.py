"""An article that was edited behind the back: found, planned, signed anew in one round, and cured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act
from tests.drafting import TEXT, TITLE, check, publish, release
from tests.journeys.conftest import change_to, log_in
from xinmei.people.doors import day_of
from xinmei.people.events import SYSTEM, record
from xinmei.publishing.models import Draft, Post
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
BEHIND = TEXT.replace("村里", "镇里")


def found_to_be_edited(city: City) -> Finding:
    """What was signed an hour ago is live with another word; 查检查 confirms it."""
    now, unit = timezone.now(), city.units["DH"]
    unit.reviews_from = day_of(now - timedelta(days=2))
    unit.save()
    at = now - timedelta(minutes=50)
    publish(release(at - timedelta(minutes=10)), at, at=at.isoformat(), post="P-EDITED")
    said = {"title": TITLE, "text": BEHIND, "published_at": at, "origin": "original"}
    Post.objects.create(code="P-EDITED", account=city.accounts["DH-1"], **said)
    inspect(now - timedelta(minutes=20), by=SYSTEM, clock=timezone.now)
    finding = Finding.objects.get(criterion="changed_after_approval")
    return act("finding.confirm", finding.pk, by="cha", at=now - timedelta(minutes=15))


def test_an_article_edited_behind_the_back_is_cured_by_a_correction_that_three_signed(page: Page, city: City) -> None:
    finding = found_to_be_edited(city)
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_role("link", name="整改方案").click()
    expect(page.locator("main")).to_contain_text("共改 1 字")
    expect(page.locator(".difference ins").first).to_have_text("村")
    page.get_by_role("button", name="拟写更正稿").click()
    page.get_by_role("button", name="送审").click()
    expect(page.locator("main")).to_contain_text("已送审")

    draft = Draft.objects.get(corrects__isnull=False)
    assert draft.current.text == TEXT
    check(draft, timezone.now())
    change_to(page, "qian")
    page.set_viewport_size(PHONE)
    page.goto(f"/drafts/{draft.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="签发").click()
    expect(page.locator("main")).to_contain_text("与签发时一致")

    now = timezone.now()
    publish(draft, now, at=now.isoformat(), post="P-EDITED")
    with transaction.atomic():
        Post.objects.filter(code="P-EDITED").update(text=TEXT)
        record("import", by=SYSTEM, at=now, kind="bundle", number="P-EDITED")
    change_to(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    page.locator("textarea[name=rectify-note]").fill("已按签发的文字改回")
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator("main")).to_contain_text("已整改")
    act("finding.recheck", finding.pk, by="cha", at=timezone.now(), cured=True, note="与签发稿一致")
    assert Finding.objects.get(pk=finding.pk).status == "CLOSED"
    inspect(timezone.now(), by=SYSTEM, clock=timezone.now)
    assert not Finding.objects.filter(criterion="changed_after_approval", status="SUSPECTED").exists()
