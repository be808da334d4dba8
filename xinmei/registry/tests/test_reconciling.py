"""两本账: an export brought, its differences settled, and the next export."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.core.spreadsheets.grids import read_grids
from xinmei.jobs.models import Job
from xinmei.people.doors import Refused
from xinmei.people.models import Event
from xinmei.registry.models import Account, Comparison, Difference, Layout
from xinmei.registry.reconciling import actions
from xinmei.registry.reconciling.comparing import compare_file
from xinmei.registry.reconciling.doors import accounts_to_register
from xinmei.registry.reconciling.form import write_form

HEADER = "序号,账号名称,注册平台,账号链接,单位名称,状态"
ROWS = [
    "1,澄州发布,微信订阅号,无,澄州市,正常运行",
    "2,东湖发布,微信订阅号,无,东湖县,已关停",
    "3,高新发部,微博,无,高新区,正常运行",
    "4,澄州教育,微信服务号,无,市教育局,正常运行",
    "5,桃源之声,微信,无,桃源镇,",
    "6,外地发布,抖音,无,外地某局,正常运行",
    "7,东湖教育,微信公众号,无,东湖县教育局,正常运行",
]


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


def file_of(rows: Sequence[str], header: str = HEADER, name: str = "导出.csv") -> dict[str, str]:
    text = "\n".join([header, *rows])
    return {"name": name, "base64": base64.b64encode(text.encode()).decode()}


def bring(rows: Sequence[str] = ROWS, *, by: str = "cha", **more: Any) -> Comparison:
    header = more.pop("header", HEADER)
    return act("comparison.start", by=by, system="national", file=file_of(rows, header), **more)


def standing(**where: Any) -> list[tuple[str, str, str]]:
    found = Difference.objects.filter(standing=True, **where).order_by("pk")
    return [(one.kind, one.account.code if one.account else one.theirs, one.unit.code) for one in found]


ALL = [
    ("different", "DH-1", "DH"),
    ("near", "高新发部", "GX"),
    ("extra", "外地发布", "CZ"),
    ("missing", "GX-1", "GX"),
    ("missing", "SW-1", "SW"),
]


def test_an_export_that_the_city_brings_is_compared_with_the_whole_register(city):
    found = bring()
    assert (found.state, found.rows, found.found, found.new, found.gone) == ("DONE", 7, 5, 5, 0)
    assert standing() == ALL


@pytest.mark.parametrize(
    ("by", "theirs"),
    [
        ("zhu", [("different", "DH-1", "DH"), ("extra", "外地发布", "DH")]),
        ("jiao", [("extra", "外地发布", "JY")]),
        ("guan", [("different", "DH-1", "DH"), ("extra", "外地发布", "DH")]),
    ],
)
def test_an_office_compares_what_is_within_its_reach(city, by, theirs):
    bring(by=by)
    assert standing() == theirs


def test_a_comparison_about_one_unit_is_about_those_below_it_too(city):
    found = bring(ROWS[:1], unit="DH")
    assert found.of_unit.code == "DH"
    assert standing() == [
        ("missing", code, unit) for code, unit in (("DH-1", "DH"), ("DHJY-1", "DH-JY"), ("TY-1", "DH-TY"))
    ]


def test_each_position_sees_the_differences_of_the_units_within_its_reach(city):
    bring()
    for login, seen in (("cha", 5), ("zhu", 1), ("guan", 1)):
        body = sign_in(Client(), city.people[login]).get("/reconciling/").content.decode()
        assert body.count('href="/differences/') == seen, login
    number = Difference.objects.get(account__code="SW-1").pk
    assert sign_in(Client(), city.people["zhu"]).get(f"/differences/{number}/").status_code == 404
    with pytest.raises(NotFound):
        act("difference.settle", number, by="zhu", how="ours")
    assert sign_in(Client(), city.people["bian"]).get("/reconciling/").status_code == 403
    with pytest.raises(Refused):
        bring(by="bian")


def test_what_was_settled_stays_settled_when_the_next_export_has_the_same_difference(city):
    bring()
    one = Difference.objects.get(kind="different")
    act("difference.settle", one.pk, by="guan", how="ours")
    again = bring([*reversed(ROWS)])
    assert (again.found, again.new, again.gone) == (5, 0, 0)
    one.refresh_from_db()
    assert (one.state, one.how, one.standing, one.row) == ("SETTLED", "ours", True, "7")


def test_what_the_next_export_does_not_have_any_more_is_over_and_cannot_be_settled(city):
    bring()
    found = bring([*ROWS[:1], "2,东湖发布,微信订阅号,无,东湖县,正常运行", *ROWS[2:]])
    assert (found.found, found.new, found.gone) == (4, 0, 1)
    over = Difference.objects.get(kind="different")
    assert not over.standing
    with pytest.raises(NotNow, match="已经没有这一处"):
        act("difference.settle", over.pk, by="cha", how="ours")


def test_an_export_of_one_office_leaves_the_differences_of_others_standing(city):
    bring()
    bring([ROWS[4], ROWS[6]], by="guan")
    assert [one for one in standing() if one[2] not in ("DH", "CZ")] == [ALL[1], ALL[3], ALL[4]]


def test_a_difference_that_says_something_else_is_another_one(city):
    bring()
    act("difference.settle", Difference.objects.get(kind="different").pk, by="cha", how="ours")
    bring([*ROWS[:1], "2,东湖发布,微信订阅号,无,东湖县,已注销", *ROWS[2:]])
    now = Difference.objects.get(kind="different", standing=True)
    assert (now.theirs, now.state) == ("deregistered", "OPEN")


def test_to_ignore_needs_a_reason_and_what_is_near_needs_its_account(city):
    bring([*ROWS[:2], "3,澄州 教育,微信服务号,无,市教育局,正常运行"])
    different, near = Difference.objects.get(kind="different"), Difference.objects.get(kind="near")
    with pytest.raises(NotSo, match="写明理由"):
        act("difference.settle", different.pk, by="cha", how="ignore")
    act("difference.settle", different.pk, by="cha", how="ignore", why="对方正在改")
    act("difference.settle", near.pk, by="cha", how="theirs")
    near.refresh_from_db()
    assert near.meant.code == "JY-1"
    missing = Difference.objects.filter(kind="missing").first()
    with pytest.raises(NotSo):
        act("difference.settle", missing.pk, by="cha", how="not_same")


def test_each_act_leaves_one_event(city):
    bring()
    act("difference.settle", Difference.objects.get(kind="different").pk, by="cha", how="ours", why="核过")
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == [
        "comparison.start",
        "difference.settle",
    ]


def test_ours_is_right_shows_what_to_type_there_under_the_headers_of_the_other_system(city):
    bring()
    client = sign_in(Client(), city.people["cha"])
    different, missing = Difference.objects.get(kind="different"), Difference.objects.get(account__code="SW-1")
    for one in (different, missing):
        act("difference.settle", one.pk, by="cha", how="ours")
    body = html.unescape(client.get(f"/differences/{different.pk}/").content.decode())
    assert '<td class="strong">状态</td><td data-title="填写">正常运行</td>' in body
    body = html.unescape(client.get(f"/differences/{missing.pk}/").content.decode())
    assert '<td class="strong">账号名称</td><td data-title="填写">澄州水务</td>' in body
    assert '<td class="strong">注册平台</td><td data-title="填写">微信订阅号</td>' in body
    assert "13900001234" not in body


def test_ours_is_right_shows_the_clock_where_the_account_is_still_to_be_registered_there(city):
    Account.objects.filter(code="SW-1").update(filed_city_on=NOW.date(), filed_national_on=None)
    bring()
    missing = Difference.objects.get(account__code="SW-1")
    act("difference.settle", missing.pk, by="cha", how="ours")
    body = sign_in(Client(), city.people["cha"]).get(f"/differences/{missing.pk}/").content.decode()
    assert "5月15日" in body


def test_theirs_is_right_leads_to_a_filing(city):
    bring(by="guan")
    one = Difference.objects.get(kind="different")
    act("difference.settle", one.pk, by="guan", how="theirs")
    body = html.unescape(sign_in(Client(), city.people["guan"]).get(f"/differences/{one.pk}/").content.decode())
    assert 'href="/filings/write/?matter=SHUT_DOWN&account=DH-1"' in body


def test_the_list_filters_by_kind_and_unit_and_is_exported_as_it_stands(city):
    bring()
    client = sign_in(Client(), city.people["cha"])
    body = html.unescape(client.get("/reconciling/?kind=missing&unit=水务").content.decode())
    assert "澄州水务" in body
    assert "外地发布" not in body
    assert all(chip in body for chip in ("对方没有 2", "对方多出 1", "不一致 1", "像是 1"))
    content = client.get("/reconciling/?kind=missing&export=xlsx")
    assert content["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_header_that_nobody_knows_is_told_once_and_known_from_then_on(city):
    header, rows = "号,叫什么,在哪里,哪家的", ["1,澄州发布,微信,澄州市", "2,东湖发布,微信,东湖县"]
    found = bring(rows, header=header, unit="DH")
    assert (found.state, found.header) == ("UNKNOWN", ["号", "叫什么", "在哪里", "哪家的"])
    with pytest.raises(NotSo, match="一列只能对应一项"):
        act("comparison.map", found.pk, by="cha", name="叫什么", platform="叫什么")
    with pytest.raises(NotSo, match="至少对应一列"):
        act("comparison.map", found.pk, by="cha", name="叫什么")
    done = act("comparison.map", found.pk, by="cha", name="叫什么", platform="在哪里", unit="哪家的")
    assert (done.state, done.rows) == ("DONE", 2)
    assert Layout.objects.get().columns == {"name": "叫什么", "platform": "在哪里", "unit": "哪家的"}
    assert bring(rows, header=header).state == "DONE"


def test_an_export_of_a_platform_is_held_against_the_accounts_on_it(city):
    with pytest.raises(NotSo, match="选明是哪个平台"):
        act("comparison.start", by="cha", system="platform", file=file_of(["澄州发布"], "昵称,主体"))
    rows = ["澄州发布,澄州市", "高新发布,高新区"]
    act("comparison.start", by="cha", system="platform", platform="weibo", file=file_of(rows, "昵称,主体"))
    assert standing() == [("extra", "澄州发布", "CZ")]


def test_what_cannot_be_read_is_said_and_changes_nothing(city):
    found = act("comparison.start", by="cha", system="national", file=file_of(["x"], "只有一列"))
    assert (found.state, found.why != "") == ("FAILED", True)
    with pytest.raises(NotSo, match="旧的"):
        act("comparison.start", by="cha", system="national", file=file_of(ROWS, name="导出.xls"))
    assert not Difference.objects.exists()


def test_a_large_export_is_compared_in_the_background(city, monkeypatch):
    monkeypatch.setattr(actions, "LARGE", 10)
    found = bring()
    assert found.state == "READING"
    job = Job.objects.get(kind="reconcile")
    from xinmei.jobs.handlers import HANDLERS, Run

    run = Run(arguments=job.arguments, now=NOW + timedelta(minutes=1), due_at=NOW, by=act_as(city, "cha"))
    assert HANDLERS["reconcile"].work(run) == "核对了 7 行，不一致 5 处，其中新出现 5 处。"
    assert HANDLERS["reconcile"].work(run) == "核对了 7 行，不一致 5 处，其中新出现 0 处。"
    assert standing() == ALL


def test_the_register_in_the_form_of_the_other_system_is_read_back_without_a_difference(city, tmp_path: Path):
    Account.objects.filter(code="DH-1").update(followers=12345, url="https://mp.weixin.qq.com/dh")
    (tmp_path / "表.xlsx").write_bytes(write_form(accounts_to_register(act_as(city, "cha")), masked=False))
    assert [grid.name for grid in read_grids(tmp_path / "表.xlsx")][:2] == ["澄州市", "东湖县"]
    compared = compare_file(tmp_path / "表.xlsx")
    assert len(compared.export.rows) == 7
    assert compared.differences == []
    of_dh = next(row for row in compared.export.rows if row.name == "东湖发布")
    assert (of_dh.told["followers"], of_dh.told["phone"]) == ("1.2345", "13900001234")


def test_the_form_on_the_page_holds_what_is_within_reach_and_masks_phones(city, tmp_path: Path):
    answer = sign_in(Client(), city.people["zhu"]).get("/reconciling/form/")
    (tmp_path / "表.xlsx").write_bytes(answer.content)
    grids = read_grids(tmp_path / "表.xlsx")
    assert [grid.name for grid in grids] == ["东湖县", "桃源镇", "东湖县教育局"]
    assert "139****1234" in grids[0].rows[-1][1]
