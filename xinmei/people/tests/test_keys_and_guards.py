"""What stands in an address never reaches the database unread, and a guard does what its declaration says."""

from __future__ import annotations

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from tests.cast import NOW, act_as, build_city, build_people
from xinmei.people.doors import Refused, actings_by_login, one_by_code, one_of
from xinmei.people.guard import door, public, signed_in
from xinmei.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


def test_a_number_finds_its_row(city):
    person = city.people["bian"]
    assert one_of(Person.objects.all(), person.pk) == person
    assert one_of(Person.objects.all(), str(person.pk)) == person


@pytest.mark.parametrize(
    "spell", ["１{}", " {}", "+{}", "-{}", "{}.0", "{}e0", "²", "", "x", "9" * 19, "9" * 400, "\0{}"]
)
def test_what_is_no_plain_number_finds_nothing(city, spell):
    with pytest.raises(Http404):
        one_of(Person.objects.all(), spell.format(city.people["bian"].pk))


def test_a_full_width_number_is_not_the_plain_one(city):
    wide = str(city.people["bian"].pk).translate({ord("0") + n: ord("０") + n for n in range(10)})
    with pytest.raises(Http404):
        one_of(Person.objects.all(), wide)


def test_a_code_finds_its_row_and_what_no_database_keeps_finds_nothing(city):
    units = type(city.units["DH"]).objects.all()
    assert one_by_code(units, "DH") == city.units["DH"]
    for code in ("DH\0", "\ud800", "DH\udfff", "dh ", ""):
        with pytest.raises(Http404):
            one_by_code(units, code)


def ask(view, city, login: str, method: str = "GET", **parts):
    request = RequestFactory().generic(method, "/")
    request.acting = act_as(city, login)
    return view(request, **parts)


def test_a_door_of_an_act_opens_to_the_posts_with_the_right(city):
    view = door(do="inspect")(lambda request: HttpResponse("open"))
    assert ask(view, city, "cha").content == b"open"
    for login in ("bian", "zhu", "wang", "xi"):
        with pytest.raises(Refused):
            ask(view, city, login)


def test_a_door_of_a_kind_does_not_exist_for_who_sees_nothing_of_it(city):
    view = door(see="messages")(lambda request: HttpResponse("open"))
    assert ask(view, city, "bian").content == b"open"
    for login in ("wang", "xi", "an", "ji"):
        with pytest.raises(Http404):
            ask(view, city, login)


def test_what_the_public_sees_too_is_out_of_nobodys_reach(city):
    for thing in ("register", "issued_papers"):
        assert ask(door(see=thing)(lambda request: HttpResponse("open")), city, "xi").content == b"open"


def test_a_door_of_an_object_gives_the_object_to_the_view(city):
    got = []

    def unit_for(acting, code, to="read"):
        got.append((acting.login, code, to))
        return city.units["DH"]

    view = lambda request, unit: HttpResponse(unit.code)  # noqa: E731
    assert ask(door(get=unit_for)(view), city, "bian", pk="DH").content == b"DH"
    assert ask(door(get=unit_for, to="rectify", key="code")(view), city, "bian", code="DH").content == b"DH"
    assert got == [("bian", "DH", "read"), ("bian", "DH", "rectify")]


@pytest.mark.parametrize("stand", [public, signed_in, door(see="register")])
def test_only_declared_methods_are_answered(city, stand):
    view = stand(lambda request: HttpResponse("open"))
    assert [ask(view, city, "cha", method).status_code for method in ("GET", "HEAD", "POST", "PUT", "DELETE")] == [
        200,
        200,
        405,
        405,
        405,
    ]


def test_on_the_command_line_somebody_must_be_named():
    for nobody in ("", "  "):
        with pytest.raises(Refused, match="办理人为空"):
            actings_by_login(nobody, NOW)


def test_without_people_in_the_database_any_name_is_taken_and_judged_by_nobody():
    (acting,) = actings_by_login("张三", NOW)
    assert (acting.login, acting.judged) == ("张三", False)


def test_where_there_are_people_a_name_must_be_one_of_them_and_hold_a_post(city):
    assert [acting.position for acting in actings_by_login(" bian ", NOW)] == ["editor"]
    with pytest.raises(Refused, match="没有登录名"):
        actings_by_login("张三", NOW)
    city.people["bian"].positions.all().delete()
    with pytest.raises(Refused, match="不担任任何岗位"):
        actings_by_login("bian", NOW)
