"""常用筛选: a person keeps a list as they like to see it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import build_city, build_people, sign_in
from xinmei.people.actions.saved_views import MOST
from xinmei.people.models import Event, SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


@pytest.fixture
def cha(city):
    return sign_in(Client(), city.people["cha"])


def save(client: Client, name: str = "微博", path: str = "/accounts/", query: str = "platform=weibo"):
    return client.post("/saved-views/save/", {"name": name, "path": path, "query": query}, follow=True)


def test_a_list_is_offered_to_be_kept_once_it_is_filtered(cha):
    assert "保存这个筛选" not in cha.get("/accounts/").content.decode()
    page = cha.get("/accounts/?page=1&q=&platform=weibo&export=no").content.decode()
    assert 'name="query" value="platform=weibo"' in page


def test_a_kept_view_stands_above_its_list_and_leaves_an_event(cha):
    answer = save(cha)
    assert answer.request["PATH_INFO"] == "/accounts/"
    assert '<a href="?platform=weibo" aria-current="true">微博</a>' in answer.content.decode()
    assert "删除常用筛选“微博”" in cha.get("/accounts/").content.decode()
    assert "删除常用筛选“微博”" not in cha.get("/posts/").content.decode()
    assert Event.objects.filter(verb="save_view", actor="cha").exists()


def test_the_same_name_again_replaces_what_was_kept(cha):
    save(cha)
    save(cha, query="platform=wechat")
    assert SavedView.objects.get().query == "platform=wechat"


def test_a_dropped_view_is_gone_and_leaves_an_event(cha):
    save(cha)
    answer = cha.post(f"/saved-views/{SavedView.objects.get().pk}/drop/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/"
    assert not SavedView.objects.exists()
    assert Event.objects.filter(verb="drop_view", actor="cha").exists()


def test_another_persons_view_does_not_exist(cha, city):
    save(cha)
    tan = sign_in(Client(), city.people["tan"])
    assert tan.post(f"/saved-views/{SavedView.objects.get().pk}/drop/").status_code == 404
    assert "删除常用筛选“微博”" not in tan.get("/accounts/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "名称没有填"),
        ({"name": "长" * 21}, "名称太长"),
        ({"query": ""}, "先筛选再保存"),
        ({"path": "//evil.example/"}, "没有这个列表"),
        ({"path": "https://evil.example/"}, "没有这个列表"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(cha, wrong, says):
    assert says in save(cha, **wrong).content.decode()
    assert not SavedView.objects.exists()


def test_a_list_keeps_a_dozen_and_says_so(cha):
    for number in range(MOST):
        save(cha, name=str(number))
    assert "请先删除一个" in save(cha, name="又一个").content.decode()
    assert SavedView.objects.count() == MOST
