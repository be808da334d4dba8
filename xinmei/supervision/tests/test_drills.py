"""自测: planted faults are found or missed, by category; rules that reviewers keep dismissing are put forward."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from xinmei.core.rulebook import RULES
from xinmei.core.screening import CATEGORIES, Screen
from xinmei.core.screening.drill import KINDS, Planter
from xinmei.packs.in_use import current_screen, shipped
from xinmei.packs.models import Demotion
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.screening.drilling import drill, monday_of
from xinmei.screening.models import Drill
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.judged import confirmed_in, count_dismissals
from xinmei.supervision.models import Finding

MONDAY = date(2026, 5, 4)
TEXT = "今天，全市安全生产工作会议召开。会议要求各单位落实责任，做好秸秆禁烧工作，保障群众生命财产安全。"


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def write(city: City, count: int, text: str = TEXT, code: str = "P") -> None:
    Post.objects.bulk_create(
        Post(
            code=f"{code}{n:03d}",
            account=city.accounts["SW-1"],
            published_at=NOW - timedelta(days=7, minutes=n),
            title=f"第{n}期",
            text=text,
        )
        for n in range(count)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_is_planted_where_it_says(kind):
    planter = Planter(shipped().packs, RULES / "screening", MONDAY)
    planted = planter.plant(kind, TEXT, Random(f"{kind} 1"))
    assert planted is not None
    assert planted.category in CATEGORIES
    assert 0 <= planted.start < planted.end <= len(planted.text)
    assert planted.text[: planted.start] == TEXT[: planted.start] or kind not in ("sound", "word")
    assert planted.text != TEXT
    assert planter.plant(kind, TEXT, Random(f"{kind} 1")) == planted


def test_the_last_whole_week_is_drilled():
    assert monday_of(NOW) == MONDAY  # a Tuesday: the week from Monday the 4th to Sunday the 10th


@pytest.mark.django_db
def test_a_drill_counts_what_is_found_and_keeps_the_misses(city):
    write(city, 90)
    row = drill(MONDAY, current_screen(), NOW, confirmed_in)
    assert row is not None
    assert (row.week, row.posts) == ("2026-W19", 90)
    assert sum(line["planted"] for line in row.lines) == 90
    assert {line["kind"] for line in row.lines} == set(KINDS)
    assert sum(line["planted"] - line["found"] for line in row.lines) == len(row.misses)
    by_kind = {line["kind"]: line for line in row.lines}
    assert by_kind["privacy"]["found"] == by_kind["privacy"]["planted"] == 10
    assert row.alarms == {}


@pytest.mark.django_db
def test_the_copies_are_no_posts_and_the_same_week_gives_the_same_drill(city):
    write(city, 20)
    first = drill(MONDAY, current_screen(), NOW, confirmed_in)
    second = drill(MONDAY, current_screen(), NOW + timedelta(days=1), confirmed_in)
    assert first is not None
    assert second is not None
    assert (first.lines, first.misses) == (second.lines, second.misses)
    assert (Drill.objects.count(), Post.objects.count()) == (1, 20)
    assert set(Post.objects.values_list("text", flat=True)) == {TEXT}


@pytest.mark.django_db
def test_a_screen_that_finds_nothing_has_no_recall(city):
    write(city, 18)
    row = drill(MONDAY, Screen([], RULES / "screening"), NOW, confirmed_in)
    assert row is not None
    assert {line["kind"]: line["found"] for line in row.lines} == {
        "sound": 0,
        "privacy": 0,
    }  # without packs nothing else can be planted


@pytest.mark.django_db
def test_a_hit_elsewhere_is_a_false_alarm_until_a_person_confirms_it(city):
    write(city, 9, text="市人民攻府召开会议，部署下一步工作。")
    row = drill(MONDAY, current_screen(), NOW, confirmed_in)
    assert row is not None
    assert row.alarms["typo"] >= 7
    inspect(NOW, by=SYSTEM, clock=timezone.now)
    act("finding.confirm", [one.pk for one in Finding.objects.filter(criterion="typo")], by=act_as(city, "cha"), at=NOW)
    again = drill(MONDAY, current_screen(), NOW, confirmed_in)
    assert again is not None
    assert again.alarms.get("typo", 0) == 0


@pytest.mark.django_db
def test_a_week_without_posts_is_not_drilled(city):
    assert drill(MONDAY, current_screen(), NOW, confirmed_in) is None
    assert not Drill.objects.exists()


def dismiss(city: City, count: int, confirm: int) -> None:
    write(city, count + confirm, text="全面禁止焚烧秸杆")
    inspect(NOW, by=SYSTEM, clock=timezone.now)
    found = [one.pk for one in Finding.objects.filter(criterion="typo").order_by("pk")]
    act("finding.dismiss", found[:count], by=act_as(city, "cha"), at=NOW, why="误报")
    if confirm:
        act("finding.confirm", found[count:], by=act_as(city, "cha"), at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dismissed", "confirmed", "listed"), [(5, 0, True), (4, 0, False), (3, 3, True), (3, 4, False)]
)
def test_a_rule_is_listed_when_half_of_at_least_five_were_dismissed(city, dismissed, confirmed, listed):
    dismiss(city, dismissed, confirmed)
    rates = {rate.rule: (rate.judged, rate.dismissed) for rate in count_dismissals(NOW)}
    assert (rates.get("typos/秸杆") == (dismissed + confirmed, dismissed)) is listed


@pytest.mark.django_db
def test_decisions_of_more_than_ninety_days_ago_do_not_count(city):
    dismiss(city, 5, 0)
    assert count_dismissals(NOW + timedelta(days=90, seconds=1)) == []


@pytest.mark.django_db
def test_a_demotion_is_proposed_and_approved_from_the_page(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    dismiss(city, 5, 0)
    one, other = (sign_in(Client(), city.people[login]) for login in ("cha", "tou"))
    assert "常见错别字：秸杆" in one.get("/drills/").content.decode()
    assert one.post("/demotions/propose/", {"propose-rule": "typos/秸杆", "propose-why": " "}).status_code == 422
    one.post("/demotions/propose/", {"propose-rule": "typos/秸杆", "propose-why": "误报多"})
    demotion = Demotion.objects.get()
    assert one.post(f"/demotions/{demotion.pk}/decide/", {"decide-approve": "yes"}).status_code == 403
    other.post(f"/demotions/{demotion.pk}/decide/", {"decide-approve": "yes"})
    [hits] = current_screen().scan(["全面禁止焚烧秸杆"], NOW.date())
    assert {hit.shelf for hit in hits if hit.rule == "typos/秸杆"} == {"possible"}
    again = other.post(f"/demotions/{demotion.pk}/decide/", {"decide-approve": "no"})
    assert (again.status_code, "现在是“已降档”" in again.content.decode()) == (422, True)
    assert "重新列入检查" in other.post(f"/demotions/{demotion.pk}/restore/", follow=True).content.decode()


@pytest.mark.django_db
def test_the_pages_take_few_queries(city, time_machine, django_assert_max_num_queries):
    time_machine.move_to(NOW, tick=False)
    dismiss(city, 5, 0)
    drill(MONDAY, current_screen(), NOW, confirmed_in)
    client = sign_in(Client(), city.people["tou"])
    for address in ("/drills/", "/rescreening/"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_the_page_lists_the_weeks_in_words_shaded_by_what_was_missed(city, time_machine):
    time_machine.move_to(NOW, tick=False)
    write(city, 90)
    assert drill(MONDAY, current_screen(), NOW, confirmed_in)
    client = sign_in(Client(), city.people["cha"])
    shown = client.get("/drills/").content.decode()
    assert '<th scope="row">2026年第19周（5月4日—10日）</th>' in shown
    assert "banner is-amber" not in client.get("/drills/", {"week": "2026年第19周"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("week", "said"), [("2026-W18", "没有做过自测"), ("2026-W60", "没有第60周"), ("x", "可写")])
def test_a_week_without_a_drill_is_said_and_the_newest_shown(city, time_machine, week, said):
    time_machine.move_to(NOW, tick=False)
    write(city, 9)
    assert drill(MONDAY, current_screen(), NOW, confirmed_in)
    shown = sign_in(Client(), city.people["cha"]).get("/drills/", {"week": week}).content.decode()
    assert said in shown
    assert "2026年第19周" in shown
