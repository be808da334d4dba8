"""Working on a finding by pages: confirm, dismiss, rectify, recheck, object; one or many; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.people.models import Event
from xinmei.publishing.models import Post
from xinmei.supervision.models import Finding

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\2\0\0\0" + b"\0" * 20


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def test_an_inspector_confirms_and_the_term_begins_now(city: City) -> None:
    finding = finding_of("SW-1")
    answer = _as(city, "cha").post(f"/findings/{finding.pk}/confirm/", follow=True)
    finding.refresh_from_db()
    assert (finding.status, finding.confirmed_by, finding.confirmed_at) == ("NOTIFIED", "cha", NOW)
    # Tuesday 10:00, one working day: Wednesday 24:00
    assert "5月13日 周三 24:00 前" in answer.content.decode()


def test_a_dismissal_without_a_reason_comes_back_with_what_is_missing(city: City) -> None:
    finding = finding_of("SW-1")
    answer = _as(city, "cha").post(f"/findings/{finding.pk}/dismiss/", {"dismiss-why": " "})
    assert answer.status_code == 422
    assert "这一项没有填" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.status == "SUSPECTED"


def test_what_was_typed_is_kept_when_a_step_is_refused(city: City) -> None:
    finding = finding_of("DH-1")
    editor = _as(city, "bian")
    editor.post(f"/findings/{finding.pk}/rectify/", {"rectify-note": "已更正"})
    answer = editor.post(f"/findings/{finding.pk}/rectify/", {"rectify-note": "再次更正全文"})
    assert answer.status_code == 422
    assert "现在是“已整改”，不能登记整改" in answer.content.decode()


def test_the_unit_rectifies_with_a_picture_and_the_inspector_closes(city: City) -> None:
    finding = finding_of("DH-1")
    picture = SimpleUploadedFile("后.png", PNG, content_type="text/html")
    _as(city, "bian").post(f"/findings/{finding.pk}/rectify/", {"rectify-note": "已更正", "rectify-evidence": picture})
    step = finding.history.get(verb="rectify")
    assert step.evidence is not None
    # what it is is told from its bytes, not from what the browser said
    assert step.evidence.media_type == "image/png"
    inspector = _as(city, "tan")
    shown = inspector.get(f"/findings/{finding.pk}/evidence/{step.evidence.pk}/")
    assert (shown["Content-Type"], shown.content) == ("image/png", PNG)
    inspector.post(f"/findings/{finding.pk}/recheck/", {"recheck-cured": "yes"})
    finding.refresh_from_db()
    assert finding.status == "CLOSED"


def test_before_and_after_stand_side_by_side_with_what_is_there_now(city: City) -> None:
    finding = finding_of("DH-1")
    Post.objects.filter(code=finding.subject).update(text="财政拨款已经到位")
    picture = SimpleUploadedFile("后.png", PNG, content_type="image/png")
    _as(city, "bian").post(f"/findings/{finding.pk}/rectify/", {"rectify-note": "已更正", "rectify-evidence": picture})
    shown = _as(city, "tan").get(f"/findings/{finding.pk}/").content.decode()
    before, after = shown.split("<h2>整改前后</h2>")[1].split("<h3>整改后")
    assert "<mark" in before
    assert "拔款</mark>" in before
    assert "已更正" in after
    assert f"/findings/{finding.pk}/evidence/{finding.history.get(verb='rectify').evidence_id}/" in after
    assert "文字已改动" in shown
    assert "财政拨款已经到位" in shown


def test_a_file_of_another_kind_is_refused_with_what_is_allowed_and_what_was_typed_stays(city: City) -> None:
    finding = finding_of("DH-1")
    program = SimpleUploadedFile("后.png", b"MZ\x90\x00", content_type="image/png")
    answer = _as(city, "bian").post(
        f"/findings/{finding.pk}/rectify/", {"rectify-note": "已更正全文", "rectify-evidence": program}
    )
    assert answer.status_code == 422
    assert "可以上传：PNG、JPG" in answer.content.decode()
    assert "已更正全文" in answer.content.decode()
    finding.refresh_from_db()
    assert finding.status == "NOTIFIED"


def test_evidence_of_another_finding_is_not_given_out(city: City) -> None:
    mine, other = finding_of("DH-1"), finding_of("SW-1")
    assert _as(city, "bian").get(f"/findings/{mine.pk}/evidence/{other.evidence_id}/").status_code == 404
    assert _as(city, "cha").get(f"/findings/{mine.pk}/evidence/{other.evidence_id}/").status_code == 404


def test_a_leader_objects_and_only_another_than_who_confirmed_decides(city: City) -> None:
    finding = finding_of("DH-1")
    _as(city, "qian").post(f"/findings/{finding.pk}/object/", {"object-why": "系引用原文"})
    head = _as(city, "tou")
    assert "答复申诉" in head.get(f"/findings/{finding.pk}/").content.decode()
    head.post(
        f"/findings/{finding.pk}/answer_objection/",
        {"answer_objection-upheld": "yes", "answer_objection-why": "核实属引用"},
    )
    finding.refresh_from_db()
    assert finding.status == "DISMISSED"


def test_a_page_offers_only_what_the_person_may_do_now(city: City) -> None:
    address = f"/findings/{finding_of('DH-1').pk}/"
    assert "登记整改" in _as(city, "bian").get(address).content.decode()
    assert "提出申诉" in _as(city, "qian").get(address).content.decode()
    for login in ("wang", "zhu", "shen"):
        assert "我来办" not in _as(city, login).get(address).content.decode(), login


@pytest.mark.parametrize(
    ("login", "verb", "status"),
    [
        ("bian", "confirm", 403),
        ("bian", "recheck", 403),
        ("wang", "rectify", 403),
        ("lin", "rectify", 404),
        ("xi", "dismiss", 404),
    ],
)
def test_an_act_without_the_right_is_refused_and_leaves_an_event(
    city: City, login: str, verb: str, status: int
) -> None:
    finding = finding_of("DH-1")
    assert _as(city, login).post(f"/findings/{finding.pk}/{verb}/").status_code == status
    assert Event.objects.filter(verb="refuse", actor=login).exists() == (status == 403)
    finding.refresh_from_db()
    assert finding.status == "NOTIFIED"


def test_the_queue_shows_the_worst_first_and_goes_on_without_a_reload(city: City) -> None:
    client = _as(city, "cha")
    first = client.get("/findings/queue/").content.decode()
    assert "单项否决" in first
    number = Finding.objects.filter(status="SUSPECTED", criterion="silent_two_weeks").get().pk
    assert f'data-id="{number}"' in first
    part = client.get(f"/findings/queue/?part=1&skip={number}").content.decode()
    assert "<html" not in part
    assert f'data-id="{number}"' not in part
    answer = client.post("/findings/queue/decide/", {"id": number, "verb": "confirm"})
    assert answer.json() == {"said": "桃源之声 · 2周内无更新 · 已确认并发送"}
    again = client.post("/findings/queue/decide/", {"id": number, "verb": "confirm"})
    assert again.status_code == 409
    assert "现在是“已反馈”" in again.json()["error"]


def test_what_was_shown_as_a_suspicion_and_is_confirmed_by_now_is_not_dismissed_in_passing(city: City) -> None:
    client = _as(city, "tou")
    sent, suspected = finding_of("DH-1"), Finding.objects.filter(status="SUSPECTED").first()
    assert suspected is not None
    answer = client.post(
        "/findings/queue/decide/", {"id": f"{suspected.pk},{sent.pk}", "verb": "dismiss", "why": "不是问题"}
    )
    assert answer.status_code == 409
    assert "不再是疑似" in answer.json()["error"]
    shown = client.post(
        "/findings/decide/", {"ids": [suspected.pk, sent.pk], "verb": "dismiss", "why": "不是问题"}, follow=True
    )
    assert "不再是疑似" in shown.content.decode()
    assert Finding.objects.get(pk=suspected.pk).status == "SUSPECTED"
    assert Finding.objects.get(pk=sent.pk).status == "NOTIFIED"


def test_a_decision_without_a_verb_confirms_nothing(city: City) -> None:
    client = _as(city, "cha")
    waiting = list(Finding.objects.filter(status="SUSPECTED").values_list("pk", flat=True))
    assert client.post("/findings/queue/decide/", {"id": waiting[0]}).status_code == 422
    client.post("/findings/decide/", {"ids": waiting, "verb": "confrim"})
    assert Finding.objects.filter(status="SUSPECTED").count() == len(waiting)


def test_many_are_confirmed_all_or_nothing(city: City) -> None:
    client = _as(city, "cha")
    waiting = list(Finding.objects.filter(status="SUSPECTED").values_list("pk", flat=True))
    client.post("/findings/decide/", {"verb": "confirm", "ids": [*waiting, finding_of("DH-1").pk]})
    assert Finding.objects.filter(status="SUSPECTED").count() == len(waiting)
    client.post("/findings/decide/", {"verb": "confirm", "ids": waiting})
    assert not Finding.objects.filter(status="SUSPECTED").exists()


def test_the_week_says_what_was_seen_and_what_not(city: City) -> None:
    page = _as(city, "cha").get("/inspection/").content.decode()
    assert "第20周" in page
    assert "这次检查不完整" in page
    own = _as(city, "bian").get("/inspection/").content.decode()
    assert "疑似" not in own.split("<main")[1]


def test_a_round_that_is_a_week_old_is_itself_red(city: City) -> None:
    with time_machine.travel(NOW.replace(day=20), tick=False):
        assert "最近 7 天没有做全覆盖检查" in _as(city, "cha").get("/inspection/").content.decode()


def test_the_list_of_the_blind_names_account_reason_and_last_look(city: City) -> None:
    page = _as(city, "cha").get("/blindness/").content.decode()
    assert "高新发布" in page
    assert "东湖发布" not in page


def test_the_hit_is_marked_in_its_sentence_and_the_phone_of_a_citizen_is_masked(city: City) -> None:
    page = _as(city, "cha").get(f"/findings/{finding_of('SW-1').pk}/").content.decode()
    assert "<mark" in page
    assert "拔款" in page.split("<mark")[1][:60]


def test_a_fault_that_a_person_saw_is_entered_and_waits_for_another_person(city: City) -> None:
    client = _as(city, "cha")
    answer = client.post(
        "/findings/find/",
        {
            "find-account": "SW-1",
            "find-criterion": "inspection/misnamed",
            "find-subject": "",
            "find-note": "名称与职责无关",
        },
        follow=True,
    )
    assert "已录入，等待他人确认" in answer.content.decode()
    finding = Finding.objects.get(criterion="misnamed")
    assert (finding.status, finding.entered_by) == ("SUSPECTED", "cha")
    assert client.post(f"/findings/{finding.pk}/confirm/").status_code == 403
    again = client.post(
        "/findings/find/",
        {"find-account": "SW-1", "find-criterion": "inspection/misnamed", "find-note": "又看到"},
    )
    assert again.status_code == 422
    assert "同一问题已有记录" in again.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/findings/abc/",
        "/findings/9999999999999999999999/",
        "/findings/?page=x&below=%00&account=٣&round=1e9",
        "/findings/queue/?skip=x,,9&only=%00",
        "/inspection/0/",
    ],
)
def test_nothing_in_an_address_makes_an_error(city: City, address: str) -> None:
    assert _as(city, "cha").get(address).status_code in (200, 400, 404)


def test_the_page_of_a_finding_has_the_whole_frame(city: City) -> None:
    page = _as(city, "cha").get(f"/findings/{finding_of('SW-1').pk}/").content.decode()
    for words in ("搜单位、账号、信息、留言", "个人菜单"):
        assert words in page


def test_what_a_fault_is_about_is_found_by_its_words_and_what_is_not_there_is_refused(city: City) -> None:
    client = _as(city, "cha")
    page = client.get("/findings/enter/?account=SW-1&q=拔款").content.decode()
    assert "subject=SW-1-69" in page
    chosen = client.get("/findings/enter/?account=SW-1&subject=SW-1-69").content.decode()
    assert "说的是：" in chosen
    assert "《澄州水务第69期》" in chosen
    fields = {"find-account": "SW-1", "find-criterion": "inspection/advert", "find-note": "推销某品牌净水器"}
    refused = client.post("/findings/find/", fields | {"find-subject": "没有这一条"})
    assert refused.status_code == 422
    assert "这个账号没有这条信息、留言或功能" in refused.content.decode()
    assert "推销某品牌净水器" in refused.content.decode()


def test_a_finding_of_before_says_what_the_unit_was_called_then(city: City) -> None:
    finding = finding_of("DH-1")
    inspector = _as(city, "cha")
    assert "当时名称" not in inspector.get(f"/findings/{finding.pk}/").content.decode()
    act("unit.rename", "DH", by="tou", name="东湖区", on=NOW.date().isoformat())
    shown = inspector.get(f"/findings/{finding.pk}/").content.decode()
    assert "东湖区" in shown
    assert finding.fault_on < NOW.date()
    assert "当时名称“东湖县”" in shown
