"""模拟提问: blind to the unit, timed by the clock of 五, rated by two; what comes of it is for people to confirm."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, make_person, sign_in
from xinmei.acts.showing import kind_named, show
from xinmei.core.questions import draw_accounts
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.interaction.models import Message
from xinmei.people.doors import actings_by_login
from xinmei.people.models import PositionHeld
from xinmei.supervision.models import Asking, Draw, Finding
from xinmei.supervision.questions.duties import questions_to_handle, words_waiting
from xinmei.supervision.questions.queries import agreement, askings_visible_to

pytestmark = pytest.mark.django_db
PROOF = {"name": "截图.pdf", "base64": base64.b64encode(b"%PDF-1.4 ").decode()}
HOUR = timedelta(hours=1)
GOOD, BAD = {"on_topic": "5", "right": "5", "manner": "5"}, {"on_topic": "1", "right": "2", "manner": "3"}
UNITS = ("bian", "shen", "qian", "guan", "zhu", "wang")


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    act("prompt.write", by="cha", text="办理居住证要带什么材料？", expected="身份证、居住证明。")
    return city


def draw(count: int = 7, **said: Any) -> Draw:
    found = act("draw.make", by="cha", count=count, until="2026-05-20", **{"seed": "甲", **said})
    assert isinstance(found, Draw)
    return found


def of_donghu() -> Asking:
    """What 东湖发布 is to be asked."""
    draw()
    return Asking.objects.get(account__code="DH-1")


def asked(**said: Any) -> Asking:
    one = of_donghu()
    given = {"asked_at": NOW.isoformat(), "where": "对话框", "file": PROOF} | said
    act("asking.ask", one.pk, by="cha", **given)
    one.refresh_from_db()
    return one


def answered(hours: float = 20) -> Asking:
    one, at = asked(), NOW + hours * HOUR
    said = {"replied_at": at.isoformat(), "reply": "带身份证到窗口。", "file": PROOF}
    act("asking.answered", one.pk, by="cha", at=at + HOUR, **said)
    one.refresh_from_db()
    return one


def seen_by(login: str, at: Any = NOW) -> list[Any]:
    return list(show(kind_named("asking"), None, login=login, position=None, at=at, where={}))


def test_the_seed_and_the_frame_repeat_the_draw(city: City) -> None:
    found = draw(3)

    assert found.seed == "甲"
    assert found.frame == sorted(city.accounts)
    chosen = list(found.askings.order_by("place").values_list("account__code", flat=True))
    assert chosen == draw_accounts("甲", city.accounts, 3)
    assert sign_in(Client(), city.people["cha"]).get(f"/draws/{found.pk}/").content.decode().count("与抽取时一致") == 1


def test_who_was_drawn_lately_rests_and_a_draw_stays_small(city: City) -> None:
    drawn = set(draw(3).askings.values_list("account__code", flat=True))

    assert not drawn & set(draw(4, seed="乙").frame)
    with pytest.raises(NotNow, match="最近都抽过了"):
        draw(1, seed="丙")
    with pytest.raises(NotSo):
        draw(21)


def test_nobody_at_the_unit_meets_a_question_before_it_is_over(city: City) -> None:
    one = asked()
    for login in UNITS:
        client = sign_in(Client(), city.people[login])
        assert seen_by(login) == []
        assert client.get(f"/askings/{one.pk}/").status_code == 404
        assert client.get(f"/askings/{one.pk}/proof/asked/").status_code == 404
        assert client.get(f"/draws/{one.draw_id}/").status_code == 404
        assert client.get("/draws/").status_code == 403
        listed = client.get("/askings/?export=xlsx" if login == "bian" else "/askings/")
        assert listed.status_code == (404 if login == "wang" else 200)
        assert "东湖发布" not in client.get("/search/?q=居住证").content.decode()
        with pytest.raises(NotFound):
            act("asking.drop", one.pk, by=login, note="不做")


def test_a_message_that_is_a_test_looks_like_any_other(city: City) -> None:
    asked(message="M-1")
    said = {"received_at": NOW, "kind": "enquiry", "text": "办理居住证要带什么材料？"}
    message = Message.objects.create(code="M-1", account=city.accounts["DH-1"], **said)
    plain = Message.objects.create(code="M-2", account=city.accounts["DH-1"], **said)
    client = sign_in(Client(), city.people["bian"])

    pages = [client.get(f"/messages/{one.code}/").content.decode() for one in (message, plain)]

    for word in ("模拟提问", "居住证", "检查"):
        assert pages[0].count(word) == pages[1].count(word)


def test_an_inspector_with_a_position_at_the_host_is_as_blind_as_the_host(city: City) -> None:
    one = asked()
    held = {"unit": city.units["DH"], "position": "editor", "starts_on": "2026-01-01"}
    PositionHeld.objects.create(person=city.people["tan"], **held)

    assert one.account.code not in [shown["account"] for shown in seen_by("tan")]
    with pytest.raises(NotFound):
        act("asking.rate", one.pk, by="tan", **GOOD)


def test_the_clock_is_that_of_the_reply_and_its_very_moment_is_in_time(city: City) -> None:
    assert asked().reply_due_at == NOW + 24 * HOUR  # a Tuesday
    assert answered_at(24) == "in_time"
    assert answered_at(24.01) == "late"


def answered_at(hours: float) -> str:
    """The outcome of a reply after so many hours, which is taken back."""
    one = Asking.objects.get(account__code="DH-1")
    at = NOW + hours * HOUR
    said = {"replied_at": at.isoformat(), "reply": "带身份证。", "file": PROOF}
    outcome = str(act("asking.answered", one.pk, by="cha", at=at, **said).outcome)
    Asking.objects.filter(pk=one.pk).update(state="ASKED", outcome="", replied_at=None, acted_at=NOW)
    return outcome


def test_on_a_day_off_the_unit_has_two_days(city: City) -> None:
    saturday = NOW + timedelta(days=4)
    one = of_donghu()
    said = {"asked_at": saturday.isoformat(), "where": "对话框", "file": PROOF}

    assert act("asking.ask", one.pk, by="cha", at=saturday, **said).reply_due_at == saturday + 48 * HOUR


def test_that_nobody_replied_is_said_only_when_the_term_is_over_and_with_a_proof(city: City) -> None:
    one = asked()
    with pytest.raises(NotNow, match="还可能答复"):
        act("asking.unanswered", one.pk, by="cha", at=NOW + 23 * HOUR, file=PROOF)
    with pytest.raises(NotSo, match="凭据"):
        act("asking.unanswered", one.pk, by="cha", at=NOW + 24 * HOUR)

    assert act("asking.unanswered", one.pk, by="cha", at=NOW + 24 * HOUR, file=PROOF).state == "JUDGED"


def test_two_rate_and_neither_sees_the_other_before_both_have(city: City) -> None:
    one, at = answered(), NOW + 30 * HOUR
    act("asking.rate", one.pk, by="cha", at=at, **GOOD)
    with pytest.raises(NotYours, match="已经评过分"):
        act("asking.rate", one.pk, by="cha", at=at, **BAD)

    def ratings(login: str) -> list[str]:
        shown = next(row for row in seen_by(login, at) if row["id"] == str(one.pk))
        return [rating["by"] for rating in shown["ratings"]]

    assert (ratings("cha"), ratings("tan"), ratings("tou")) == (["cha"], [], [])
    page = sign_in(Client(), city.people["tan"]).get(f"/askings/{one.pk}/").content.decode()
    assert "切题 5 分" not in page
    act("asking.rate", one.pk, by="tan", at=at, **BAD)

    assert ratings("tou") == ["cha", "tan"]
    by_mark = {mark.label: one for mark, one in agreement(askings_visible_to(actings_by_login("tou", at)[0]))}
    assert (by_mark["切题"].pairs, by_mark["切题"].same, by_mark["态度"].near) == (1, 0, 0)


def test_a_question_costs_nothing_before_another_person_confirms_what_one_suspects(city: City) -> None:
    one, at = asked(message="M-1"), NOW + 25 * HOUR
    act("asking.unanswered", one.pk, by="cha", at=at, file=PROOF)
    finding = act("asking.suspect", one.pk, by="cha", at=at, criterion="late_reply", note="到期没有答复")

    assert isinstance(finding, Finding)
    assert (finding.status, finding.entered_by, finding.subject) == ("SUSPECTED", "cha", "M-1")
    assert str(finding.fault_on) == "2026-05-13"
    assert any("24小时" in step for step in finding.reasoning)
    client = sign_in(Client(), city.people["bian"])
    assert client.get(f"/findings/{finding.pk}/").status_code == 404
    with pytest.raises(NotYours, match="应由他人确认"):
        act("finding.confirm", finding.pk, by="cha", at=at)
    act("finding.confirm", finding.pk, by="tan", at=at)
    page = client.get(f"/findings/{finding.pk}/").content.decode()
    assert "办理居住证要带什么材料？" in page
    assert "查检查" not in page.partition("结果")[0].partition("<main")[2]


def test_nowhere_to_ask_may_be_suspected_of_the_veto_and_of_nothing_else(city: City) -> None:
    one = of_donghu()
    act("asking.no_entry", one.pk, by="cha", where="对话框没有回应，文章没有留言", file=PROOF)
    with pytest.raises(NotSo):
        act("asking.suspect", one.pk, by="cha", criterion="late_reply", note="没有答复")

    finding = act("asking.suspect", one.pk, by="cha", criterion="no_interaction", note="没有地方提问")

    assert (finding.status, finding.criterion, finding.subject) == ("SUSPECTED", "no_interaction", f"模拟提问 {one.pk}")


def test_when_it_is_over_the_unit_reads_how_it_did_and_not_who_asked_and_rated(city: City) -> None:
    one, at = answered(), NOW + 30 * HOUR
    for login in ("cha", "tan"):
        act("asking.rate", one.pk, by=login, at=at, **GOOD)
    act("asking.close", one.pk, by="tou", at=at, note="答得好")

    (shown,) = seen_by("bian", at)
    assert (shown["reply"], shown["asked_by"], shown["draw"], shown["note"]) == ("带身份证到窗口。", None, None, None)
    assert [rating["by"] for rating in shown["ratings"]] == [None, None]
    assert seen_by("lin", at) == []
    page = sign_in(Client(), city.people["bian"]).get(f"/askings/{one.pk}/").content.decode()
    assert "切题 5 分" in page
    assert "cha" not in page.partition("<main")[2].partition("</main")[0]


def test_what_waits_is_on_the_desk_of_the_inspectors_alone(city: City) -> None:
    make_person("xin", "辛检查", city.units["CZ"], "inspector")
    one, at = answered(), NOW + 30 * HOUR
    act("asking.rate", one.pk, by="cha", at=at, **GOOD)

    def titles(login: str) -> list[str]:
        words = words_waiting(actings_by_login(login, at)[0], at)
        return [duty.title for duty in questions_to_handle([word for (word,) in words])]

    assert titles("cha") == ["模拟提问：待提问 6 条"]
    assert titles("xin") == ["模拟提问：待提问 6 条", "模拟提问：等您评分 1 条"]
    assert titles("bian") == titles("zhu") == []
