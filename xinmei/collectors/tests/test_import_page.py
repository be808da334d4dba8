"""导入 by page: refusals as a table, rows out of reach refused one by one."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.cast import City, build_city, build_people, sign_in
from xinmei.collectors import views
from xinmei.collectors.models import Upload
from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, JobFailed, Run
from xinmei.jobs.models import Job
from xinmei.people.models import PositionHeld
from xinmei.registry.models import Account

HEADER = ["账号编号", "主办单位代码", "平台", "账号名称", "开设日期", "状态"]


@pytest.fixture
def city(db: None) -> City:
    return build_people(build_city())


def _book(*rows: list[str], sheet: str = "accounts", header: list[str] | None = None) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in [header or HEADER, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("账号.xlsx", file.getvalue())


def _upload(city: City, login: str, file: SimpleUploadedFile, keep: str = "no") -> str:
    return sign_in(Client(), city.people[login]).post("/import/", {"file": file, "keep": keep}).content.decode()


def test_a_good_workbook_is_imported_and_counted(city: City) -> None:
    assert "已全部导入" in _upload(city, "cha", _book(["N1", "DH", "微信", "东湖新声", "2025-01-01", "在用"]))
    assert Account.objects.filter(code="N1").exists()


def test_a_refused_row_stands_in_the_table_with_what_is_allowed(city: City) -> None:
    page = _upload(city, "cha", _book(["N1", "DH", "微信公众号", "东湖新声", "2025-01-01", "在用"]))
    assert "整个文件都没有导入" in page
    assert "微信公众号" in page
    assert "微博" in page


def test_rows_out_of_reach_are_refused_one_by_one(city: City) -> None:
    rows = (
        ["N1", "DH-TY", "微信", "桃源新声", "2025-01-01", "在用"],
        ["N2", "SW", "微信", "水务新声", "2025-01-01", "在用"],
    )
    page = _upload(city, "zhu", _book(*rows), keep="yes")
    assert "1 行被拒收" in page
    assert set(Account.objects.filter(code__in=["N1", "N2"]).values_list("code", flat=True)) == {"N1"}


def test_a_unit_admin_writes_for_the_own_unit_only(city: City) -> None:
    rows = (
        ["N1", "DH-TY", "微信", "桃源新声", "2025-01-01", "在用"],
        ["N2", "DH", "微信", "东湖新声", "2025-01-01", "在用"],
    )
    _upload(city, "guan", _book(*rows), keep="yes")
    assert set(Account.objects.filter(code__in=["N1", "N2"]).values_list("code", flat=True)) == {"N2"}


def test_nobody_gives_a_post_by_this_page(city: City) -> None:
    held = PositionHeld.objects.count()
    _upload(
        city,
        "cha",
        _book(
            ["cha", "查检查", "CZ", "inspector_head", "2026-01-01"],
            sheet="people",
            header=["login", "name", "unit", "post", "from"],
        ),
    )
    assert PositionHeld.objects.count() == held


def test_another_kind_of_file_is_refused_with_what_is_allowed(city: City) -> None:
    answer = sign_in(Client(), city.people["cha"]).post(
        "/import/", {"file": SimpleUploadedFile("表.doc", b"x"), "keep": "no"}
    )
    assert answer.status_code == 422
    assert "选的是“表.doc”，可用：.zip" in answer.content.decode()


@pytest.mark.parametrize("keep", ["no", "yes"])
def test_a_broken_workbook_is_named_as_it_was_sent(city: City, keep: str) -> None:
    page = _upload(city, "cha", SimpleUploadedFile("十月账号.xlsx", b"PK\x03\x04 cut off"), keep=keep)
    assert "upload" not in page.partition("被拒收的行")[2].partition("</table>")[0]
    assert "文件已损坏" in page
    # to keep the good rows would not help
    assert "“十月账号.xlsx”没有导入，原因见下表。" in page


def test_the_template_is_a_workbook(city: City) -> None:
    answer = sign_in(Client(), city.people["cha"]).get("/import/template/")
    assert "accounts" in openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames


@pytest.fixture
def all_files_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGE", 0)


def _do(job: Job) -> str:
    """The job as a worker does it: as who asked, from the arguments alone."""
    now = timezone.now()
    taken = actions.claim(now, ["import"], worker="甲")
    assert taken is not None
    assert taken.pk == job.pk
    run = Run(taken.arguments, now, taken.due_at, taken.pk, by=actions.acting_of(taken, now))
    said = HANDLERS["import"].work(run)
    actions.finish(taken, run, now, said)
    return said


def test_a_large_file_is_imported_in_the_background_within_the_reach_of_who_sent_it(
    city: City, all_files_are_large: None
) -> None:
    rows = (
        ["N1", "DH-TY", "微信", "桃源新声", "2025-01-01", "在用"],
        ["N2", "SW", "微信", "水务新声", "2025-01-01", "在用"],
    )
    client = sign_in(Client(), city.people["zhu"])
    answer = client.post("/import/", {"file": _book(*rows), "keep": "yes"})
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.pk}/")
    assert not Account.objects.filter(code__in=["N1", "N2"]).exists()
    assert "1 行被拒收" in _do(job)
    assert set(Account.objects.filter(code__in=["N1", "N2"]).values_list("code", flat=True)) == {"N1"}
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "被拒收的行" in page
    assert f"/jobs/{job.pk}/" in client.get("/import/").content.decode()
    # the administrator sees that it was done, and none of the rows
    assert "被拒收的行" not in sign_in(Client(), city.people["xi"]).get(f"/jobs/{job.pk}/").content.decode()


def test_a_file_is_kept_with_its_job_or_not_at_all(city: City, all_files_are_large: None) -> None:
    assert sign_in(Client(), city.people["bian"]).post("/import/", {"file": _book(), "keep": "no"}).status_code == 403
    assert not Upload.objects.exists()


def test_a_file_that_was_cleared_is_asked_for_again(city: City, all_files_are_large: None) -> None:
    sign_in(Client(), city.people["cha"]).post("/import/", {"file": _book(), "keep": "no"})
    HANDLERS["clear_uploads"].work(Run({}, timezone.now() + timedelta(days=3), timezone.now()))
    with pytest.raises(JobFailed, match="重新上传"):
        _do(Job.objects.get())


def test_who_may_not_import_is_refused(city: City) -> None:
    assert sign_in(Client(), city.people["bian"]).get("/import/").status_code == 403
