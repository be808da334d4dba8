"""存档: what an account published, kept as one file whose digest stands in the log."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from xinmei.core.refusals import NotSo, NotYours
from xinmei.files.keeping import load
from xinmei.people.models import Event
from xinmei.publishing.models import Post
from xinmei.registry.closing.navigating import navigate
from xinmei.registry.models import Archive

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    made = build_people(build_city())
    common = {"account": made.accounts["DH-1"], "origin": "original"}
    Post.objects.create(
        code="P2", published_at=NOW - timedelta(days=1), title="第二条", text="电话13512345678", **common
    )
    Post.objects.create(code="P1", published_at=NOW - timedelta(days=2), title="<第一条>", text="正文", **common)
    Post.objects.create(code="P3", published_at=NOW + timedelta(days=1), title="还没有发", **common)
    return made


def files_of(archive: Archive) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(load(str(archive.file_id))))


def test_it_holds_all_posts_in_their_order_with_personal_data_masked(city: City) -> None:
    made = act("archive.make", by="bian", account="DH-1")
    assert made.posts == 2
    first, *posts = (json.loads(line) for line in files_of(made).read("posts.jsonl").decode().splitlines())
    assert (first["account"], first["posts"]) == ("DH-1", 2)
    assert [one["id"] for one in posts] == ["P1", "P2"]
    page = files_of(made).read("posts.html").decode()
    assert "&lt;第一条&gt;" in page
    assert "13512345678" not in page + str(posts)


def test_its_digest_stands_in_the_log(city: City) -> None:
    made = act("archive.make", by="bian", account="DH-1")
    assert json.loads(Event.objects.get(verb="archive.make").content)["sha256"] == made.file_id
    again = act("archive.make", by="bian", account="DH-1")
    assert again.file_id == made.file_id  # the same contents at the same moment are the same bytes


def test_only_the_unit_archives_its_accounts(city: City) -> None:
    with pytest.raises(NotSo):
        act("archive.make", by="bian", account="SW-1")
    for login in ("qian", "zhu", "tou"):
        with pytest.raises(NotYours):
            act("archive.make", by=login, account="DH-1")


def test_it_is_fetched_from_the_page_of_the_closure_by_whoever_sees_that(city: City) -> None:
    made = act("archive.make", by="bian", account="DH-1")
    account = city.accounts["DH-1"]
    assert navigate(act_as(city, "zhu"), account, NOW).plan.stages["archive"].done
    with time_machine.travel(NOW, tick=False):
        for login in ("bian", "zhu", "cha"):
            client = sign_in(Client(), city.people[login])
            assert f"/archives/{made.pk}/" in client.get("/accounts/DH-1/closing/").content.decode()
            assert client.get(f"/archives/{made.pk}/").content == load(str(made.file_id))
        assert sign_in(Client(), city.people["lin"]).get(f"/archives/{made.pk}/").status_code == 404
