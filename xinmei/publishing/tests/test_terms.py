"""审核限时: who lets a draft wait is reminded halfway and when the term is over, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, act, act_as, build_city, build_people
from tests.drafting import check, later, send, sign, write
from xinmei.notices.models import Notice
from xinmei.publishing.duties import at_desk
from xinmei.publishing.models import Draft
from xinmei.publishing.terms.running import remind, to_remind

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return build_people(build_city())


def last_title() -> str:
    return Notice.objects.latest("pk").title


def test_each_step_has_its_term_and_two_reminders(city):
    act("review_term.set", by="guan", at=NOW, hours=4)
    draft = send(write())
    assert draft.review_due_at == NOW + timedelta(hours=4)
    assert [remind(later(119)), remind(later(120)), remind(later(121))] == [0, 1, 0]
    assert "以前要审核" in last_title()
    (duty,) = (one for one in at_desk(act_as(city, "shen"), later(300)).duties if "等您审核" in one.title)
    assert (duty.due_at, duty.colour) == (draft.review_due_at, "red")
    assert [remind(later(240)), remind(later(500))] == [1, 0]
    assert "审核限时已过" in last_title()

    draft = check(draft, later(510))
    assert draft.review_due_at == later(510 + 240)
    draft = sign(draft, later(515))
    assert (draft.review_due_at, draft.review_remind_at) == (None, None)
    assert not to_remind(later(10_000)).exists()


def test_a_setting_moves_nothing_that_was_sent_and_none_is_no_term(city):
    waiting = send(write())
    act("review_term.set", by="guan", at=NOW, hours=1)
    assert Draft.objects.get(pk=waiting.pk).review_due_at is None
    act("review_term.set", by="guan", at=NOW, hours=0)
    assert send(write()).review_due_at is None
