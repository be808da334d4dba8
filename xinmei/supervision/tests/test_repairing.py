"""All that was found in one article becomes one edit, or taking down and publishing anew."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, act, sign_in
from tests.drafting import check, publish, send, sign
from tests.lived import TYPO, finding_of, live_two_months
from xinmei.core.platforms import Correction, correct, count_changed, editing, why_not_edited
from xinmei.core.rulebook.files import RULES, read_table
from xinmei.publishing.models import Draft, Publication
from xinmei.registry.models import Account

DAY = date(2026, 5, 12)


def test_corrections_are_made_together_and_counted_as_a_platform_counts():
    words = "财政拔款到位，秸杆还田。"
    found = [Correction(False, 2, 4, "拔款", "拨款"), Correction(False, 7, 9, "秸杆", "秸秆")]
    title, text = correct("题", words, [*found, Correction(False, 3, 4, "款", "项")])
    assert (title, text) == ("题", "财政拨款到位，秸秆还田。")
    assert count_changed(words, text) == 2
    assert correct("题", "文字变了", found) == ("题", "文字变了")


@pytest.mark.parametrize("case", ["hit", "near_miss"])
def test_the_limits_hold_their_own_examples(case):
    (path,) = (RULES / "platforms").glob("editing.*.yaml")
    said = read_table(path)[case]
    limits = editing(said["platform"], DAY)
    assert (why_not_edited(limits, said["title"], said["characters"], 0) == "") == (case == "hit")


def test_every_platform_has_its_limits_and_one_edit_is_one():
    assert all(editing(platform, DAY).source for platform in Account.Platform)
    wechat = editing("wechat", DAY)
    assert why_not_edited(wechat, False, 21, 0) == "要改 21 字，平台一次最多改 20 字"
    assert why_not_edited(wechat, False, 1, 1) == "只能改 1 次，已经用掉"
    assert why_not_edited(editing("douyin", DAY), False, 1, 0) == "不能改"


@pytest.mark.django_db
def test_an_article_with_a_finding_is_cured_by_one_correcting_draft(settings):
    settings.SECOND_FACTOR = False
    city = live_two_months()
    finding = finding_of("DH-1")
    post = finding.post
    client = sign_in(Client(), city.people["bian"])
    with time_machine.travel(NOW, tick=False):
        shown = client.get(f"/findings/repair/{post.code}/").content.decode()
        assert "<del>拔</del><ins>拨</ins>" in shown
        assert "共改 1 字" in shown
        assert "在平台上修改" in shown
        fields = dict(re.findall(r'name="(write-[a-z]+)"\s+value="([^"]*)"', shown))
        fields["write-text"] = re.search(r'name="write-text" hidden>([^<]*)<', shown)[1]
        answer = client.post("/drafts/write/", fields)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    draft = Draft.objects.get()
    assert draft.current.text == TYPO.replace("拔款", "拨款")
    sign(check(send(draft)))
    publish(draft, at=NOW.isoformat(), post=post.code)
    assert Draft.objects.get().state == "PUBLISHED"
    # the one edit that WeChat allows: a correction of the correction finds it gone
    second = act("draft.write", (), by="bian", at=NOW + timedelta(hours=1), accounts=["DH-1"], origin="original",
                 title="更正", text="再改", corrects=str(draft.pk))  # fmt: skip
    Publication.objects.create(draft=second, account=city.accounts["DH-1"], at=NOW, url="https://e.cn/2", by="bian")
    with time_machine.travel(NOW, tick=False):
        assert "只能改 1 次，已经用掉" in client.get(f"/findings/repair/{post.code}/").content.decode()
