"""What of the way out stands on the desk: an interface that ends or does not work, a sending that needs a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, act, act_as, build_city, build_people
from tests.drafting import release
from xinmei.publishing.duties import at_desk
from xinmei.publishing.models import Channel, Sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    city = build_people(build_city())
    act("channel.connect", by="guan", at=NOW, account="DH-1", app="wx0123456789abcdef", secret="s" * 32)
    return city


def test_an_authorisation_that_ends_and_an_interface_that_does_not_work_are_the_administrators(city):
    def duties(login: str = "guan") -> list[tuple[str, str]]:
        return [(one.title, one.colour) for one in at_desk(act_as(city, login), NOW).duties]

    Channel.objects.update(until=NOW + timedelta(days=8))
    assert duties() == []
    Channel.objects.update(until=NOW + timedelta(days=6))
    assert duties() == [("平台授权快到期：东湖发布", "amber")]
    assert duties("bian") == []
    Channel.objects.update(state="broken", said="AppSecret 不对", todo="请核对")
    assert duties() == [("平台接口不能用：东湖发布", "red")]


def test_what_a_machine_cannot_finish_is_the_editors(city):
    draft = release()
    act("sending.start", by="bian", at=NOW, draft=str(draft.pk), account="DH-1")
    Sending.objects.update(state="held", said="标题太长", todo="请停发", next_at=None)

    (stuck,) = (one for one in at_desk(act_as(city, "bian"), NOW).duties if one.title.startswith("没有发出去"))
    assert (stuck.about, stuck.address) == ("东湖发布：标题太长", f"/drafts/{draft.pk}/")
