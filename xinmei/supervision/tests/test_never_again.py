"""不再提示: words dismissed for good at one unit or everywhere. An entry is dated, ended by a button, and changes
nothing that was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import INSPECTED_AT, TYPO, finding_of, live_two_months
from xinmei.core.refusals import NotNow, NotSo
from xinmei.people.doors import Refused
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.publishing.models import AllowListEntry, Post
from xinmei.screening.models import ScreeningHit
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

NEXT_WEEK = INSPECTED_AT + timedelta(days=7)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def _write(city: City, account: str, text: str = TYPO) -> Post:
    """One more post with the typo, after what was dismissed."""
    at = NOW + timedelta(days=1)
    revision = 2 + Post.objects.count()
    return Post.objects.create(
        code=f"{account}-more",
        account=city.accounts[account],
        published_at=at,
        title="又一期",
        text=text,
        origin="original",
        revision=revision,
    )


def _raised(post: Post) -> list[Finding]:
    return list(Finding.objects.filter(subject=post.code, criterion="typo"))


def test_dismissed_for_a_unit_the_same_words_are_not_raised_there_again_but_at_another_unit_they_are(
    city: City,
) -> None:
    dismissed = finding_of("SW-1")
    act("finding.dismiss", [dismissed.pk], by=act_as(city, "cha"), at=NOW, why="地名，不是错字", again="unit")
    here, beside = _write(city, "SW-1"), _write(city, "JY-1")
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    assert _raised(here) == []
    assert [one.status for one in _raised(beside)] == ["SUSPECTED"]
    # the hit itself is kept: once the entry ends, nothing has to be screened again
    assert ScreeningHit.objects.filter(post=here).exists()


def test_dismissed_for_all_the_same_words_are_raised_nowhere(city: City) -> None:
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "tou"), at=NOW, why="地名，不是错字", again="all")
    beside, other = _write(city, "JY-1"), _write(city, "GX-1", "秸杆要综合利用")
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    assert _raised(beside) == []
    assert len(_raised(other)) == 1


def test_an_entry_that_has_ended_leaves_nothing_out(city: City) -> None:
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "cha"), at=NOW, why="地名，不是错字", again="unit")
    post = _write(city, "SW-1")
    entry = AllowListEntry.objects.get()
    _as(city, "tan").post(f"/allow-list/{entry.pk}/end/")
    entry.refresh_from_db()
    assert (entry.ended_by, entry.ends_on) == ("谭检查", NOW.date() - timedelta(days=1))
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    assert len(_raised(post)) == 1
    # 留痕：设置和停用各一条
    assert list(Event.objects.filter(object_kind="allow_entry").values_list("verb", flat=True)) == [
        "allow_for_unit",
        "end_allowance",
    ]


def test_an_entry_counts_from_its_first_day_only(city: City) -> None:
    post = _write(city, "SW-1")
    act(
        "finding.dismiss",
        [finding_of("SW-1").pk],
        by=act_as(city, "cha"),
        at=NEXT_WEEK + timedelta(days=2),
        why="地名，不是错字",
        again="unit",
    )
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    assert len(_raised(post)) == 1


def test_what_was_sent_before_stays_as_it_is(city: City) -> None:
    sent = finding_of("DH-1")
    before = (sent.status, sent.rectify_by, sent.evidence_id)
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "tou"), at=NOW, why="地名，不是错字", again="all")
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    inspect(INSPECTED_AT, by=SYSTEM, clock=timezone.now)
    sent.refresh_from_db()
    assert (sent.status, sent.rectify_by, sent.evidence_id) == before
    assert not sent.contradicted


def test_what_was_sent_already_is_not_dismissed_for_good(city: City) -> None:
    with pytest.raises(NotNow, match="不再是疑似"):
        act(
            "finding.dismiss",
            [finding_of("DH-1").pk],
            by=act_as(city, "tou"),
            at=NOW,
            why="地名，不是错字",
            again="all",
        )
    with pytest.raises(NotSo, match="不是机器筛查发现"):
        act("finding.dismiss", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=NOW, why="另有原因", again="unit")
    assert not AllowListEntry.objects.exists()


def test_an_inspector_speaks_for_one_unit_and_only_the_head_for_all(city: City) -> None:
    suspected = finding_of("SW-1")
    with pytest.raises(Refused, match="全市不再提示"):
        act("finding.dismiss", [suspected.pk], by=act_as(city, "cha"), at=NOW, why="地名，不是错字", again="all")
    suspected.refresh_from_db()
    # all or nothing: the dismissal went with it
    assert (suspected.status, AllowListEntry.objects.count()) == ("SUSPECTED", 0)
    shown = _as(city, "cha").get(f"/findings/{suspected.pk}/").content.decode()
    assert "本单位不再提示" in shown
    assert "都不再提示" not in shown
    _as(city, "tou").post(
        f"/findings/{suspected.pk}/dismiss/", {"dismiss-why": "地名，不是错字", "dismiss-again": "all"}
    )
    assert [(one.text, one.unit) for one in AllowListEntry.objects.all()] == [("拔款", None)]


def test_the_draft_page_keeps_to_the_list_of_its_own_unit(city: City) -> None:
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "cha"), at=NOW, why="地名，不是错字", again="unit")
    for login, found in (("lin", False), ("bian", True)):
        assert ("拔款</b>" in _as(city, login).post("/draft-check/", {"text": TYPO}).content.decode()) is found, login


def test_one_key_dismisses_all_that_wait_of_the_same_words(city: City) -> None:
    more = [_write(city, "SW-1"), _write(city, "JY-1")]
    inspect(NEXT_WEEK, by=SYSTEM, clock=timezone.now)
    first, client = finding_of("SW-1"), _as(city, "tou")
    part = client.get(f"/findings/queue/?part=1&only={first.pk}").content.decode()
    numbers = ",".join(sorted(str(_raised(post)[0].pk) for post in more))
    assert f'data-same="{numbers}"' in part
    assert f'data-same-here="{_raised(more[0])[0].pk}"' in part
    assert "<mark" in part
    answer = client.post(
        "/findings/queue/decide/", {"id": f"{first.pk},{numbers}", "verb": "never_anywhere", "why": "地名，不是错字"}
    )
    assert answer.json() == {"said": "澄州水务 · 错别字 等 3 个 · 不予认定，都不再提示"}
    assert not Finding.objects.filter(criterion="typo", status="SUSPECTED").exists()


def test_the_list_shows_who_why_and_since_when_and_exports(city: City) -> None:
    client = _as(city, "cha")
    assert "还没有" in client.get("/allow-list/").content.decode()
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "cha"), at=NOW, why="地名，不是错字", again="unit")
    shown = client.get("/allow-list/?state=now").content.decode()
    for words in ("拔款", "错别字", "市水务局", "地名，不是错字", "查检查", "5月12日", "停用"):
        assert words in shown
    assert client.get("/allow-list/?export=xlsx").status_code == 200
    assert _as(city, "bian").get("/allow-list/").status_code == 403
