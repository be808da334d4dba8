"""`XINMEI_REGISTER=filings`: what acts do is not imported, and the refusal names the act."""

from __future__ import annotations

from pathlib import Path

import pytest

from xinmei.collectors.tests.bundles import Bundle, take
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db
HEADER = (
    "id,unit,platform,kind,name,handle,url,verification,opened_on,status,closed_on,announced_on,"
    "filed_city_on,filed_national_on,filed_provincial_on,followers,contact,phone"
)
ROW = {
    "id": "A1",
    "unit": "D",
    "platform": "wechat",
    "kind": "subscription",
    "name": "东湖发布",
    "handle": "dh",
    "url": "https://example.cn/dh",
    "verification": "东湖县",
    "opened_on": "2020-01-01",
    "status": "active",
    "closed_on": "",
    "announced_on": "",
    "filed_city_on": "2020-01-02",
    "filed_national_on": "2020-01-03",
    "filed_provincial_on": "2020-01-03",
    "followers": "100",
    "contact": "甲",
    "phone": "13900001234",
}
CHANGED = {
    "unit": "C",
    "platform": "weibo",
    "kind": "service",
    "name": "东湖之窗",
    "handle": "dh2",
    "url": "https://example.cn/dh2",
    "verification": "东湖县人民政府",
    "opened_on": "2020-01-02",
    "status": "closing",
    "closed_on": "2026-01-01",
    "announced_on": "2026-01-01",
    "filed_city_on": "2020-01-01",
    "filed_national_on": "",
    "filed_provincial_on": "2020-01-04",
}


@pytest.fixture(autouse=True)
def kept_by_filings(settings) -> None:
    settings.REGISTER = "filings"


def bundle(folder: Path, *rows: dict[str, str]) -> Path:
    return Bundle(accounts=[HEADER, *(",".join(row.values()) for row in rows)]).write(folder)


def test_an_empty_register_is_filled_once(tmp_path: Path) -> None:
    assert take(bundle(tmp_path / "a", ROW, ROW | {"id": "A2", "platform": "weibo"})).refusals == []
    again = take(bundle(tmp_path / "b", ROW))
    assert (again.refusals, again.updated) == ([], 0)
    third = take(bundle(tmp_path / "c", ROW, ROW | {"id": "A3", "platform": "douyin"}))
    assert [(one.column, "开设备案" in one.error) for one in third.refusals] == [("id", True)]
    assert Account.objects.count() == 2


@pytest.mark.parametrize("name", CHANGED)
def test_what_a_filing_changes_is_refused_with_the_act(tmp_path: Path, name: str) -> None:
    take(bundle(tmp_path / "a", ROW))
    (refusal,) = take(bundle(tmp_path / "b", ROW | {name: CHANGED[name]})).refusals
    assert refusal.column == name
    assert "备案" in refusal.error


def test_contact_phone_and_followers_still_come_in(tmp_path: Path) -> None:
    take(bundle(tmp_path / "a", ROW))
    done = take(bundle(tmp_path / "b", ROW | {"followers": "200", "contact": "乙", "phone": ""}))
    assert (done.refusals, done.updated) == ([], 1)
    assert Account.objects.get().contact == "乙"


def test_kept_elsewhere_the_register_comes_in_as_ever(tmp_path: Path, settings) -> None:
    settings.REGISTER = ""
    take(bundle(tmp_path / "a", ROW))
    assert take(bundle(tmp_path / "b", ROW | {"name": "东湖之窗"})).refusals == []
