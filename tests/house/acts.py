"""How each declared verb is tried by `test_both_ways.py`. The things are those of `make_things`."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.cast import NOW, City, act
from tests.drafting import TEXT, TYPO, WRITTEN, check, publish, release, send, write
from tests.house.acts_of_channels import CHANNELS
from tests.house.acts_of_closing import CLOSING
from tests.house.acts_of_errands import ERRANDS
from tests.house.acts_of_filings import FILINGS
from tests.house.acts_of_questions import QUESTIONS
from tests.house.acts_of_reconciling import RECONCILING
from tests.house.acts_of_register import REGISTER
from tests.house.both_ways import Case
from xinmei.api.models import Webhook
from xinmei.jobs.models import Job
from xinmei.notices.models import Delivery
from xinmei.packs.actions import keep_trial
from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.events import SYSTEM
from xinmei.people.models import HandOver, PositionProposal, SignedIn
from xinmei.publishing.models import AllowListEntry, DraftHit
from xinmei.screening.models import Recall
from xinmei.supervision.models import Finding
from xinmei.urging.models import WorkOrder

# The round of `make_things` lies in it.
PERIOD = "2026-05"
MOMENT = NOW.isoformat()
# Where a draft is live.
ENTRY = {"account": "DH-1", "at": MOMENT, "url": "https://e.cn/1"}
TODAY = NOW.date().isoformat()
WHY = {"why": "核对原文，不属于差错"}
SEEN = {"account": "SW-1", "criterion": "misnamed", "note": "名称与职责无关"}
WORDS: dict[str, Any] = {
    "terms": ["帐户"],
    "suggest": "账户",
    "category": "typo",
    "severity": "medium",
    "shelf": "confident",
    "reason": "词典",
    "hit": "开立帐户",
    "miss": "开立账户",
}
BUNDLE = {"name": "数据.zip", "base64": base64.b64encode(b"%PDF-1.4 ").decode()}
NEWCOMER = {"login": "xinren", "name": "辛新人", "post": "editor", "starts_on": TODAY}
KNOWN = {"question": "居住证怎么办理？", "answer": "到派出所窗口办理。", "until": "2026-12-31"}
On = Callable[[City], object]


def finding(status: str) -> On:
    """A finding of 东湖发布 in that state, confirmed by 谭检查 where it was sent."""

    def of(city: City) -> object:
        first = Finding.objects.filter(account__code="DH-1", status__in=("SUSPECTED", "NOTIFIED"))
        if status == "SUSPECTED":
            return first.get(status="SUSPECTED").pk
        sent = first.get(status="NOTIFIED").pk
        if status == "RECTIFIED":
            act("finding.rectify", sent, by="bian", at=NOW, note="已更正")
        if status == "OBJECTED":
            act("finding.object", sent, by="qian", at=NOW, why="系引用原文")
        return sent

    return of


def failed_job(city: City) -> object:
    """A job of 查检查 that failed."""
    job = Job.objects.get(key="cha")
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=NOW, failure="没有这个单位")
    return job.pk


def failed_delivery(city: City) -> object:
    """A message of 东湖县 that did not arrive."""
    delivery = Delivery.objects.get(notice__unit__code="DH")
    Delivery.objects.filter(pk=delivery.pk).update(state="failed", attempts=10)
    return delivery.pk


def held_by(login: str) -> On:
    """The position that somebody holds."""
    return lambda city: city.people[login].positions.get().pk


def token(city: City) -> object:
    """A token of 钱局长."""
    return act("token.make", by="qian", name="县政府网站").pk


def webhook(state: str) -> On:
    """An address that 管理员甲 has told, in that state."""

    def of(city: City) -> object:
        made = act("webhook.add", by="guan", address="https://example.cn/hook")
        Webhook.objects.filter(pk=made.pk).update(state=state)
        return made.pk

    return of


def delegation(city: City) -> object:
    """申科长 stands in for 钱局长."""
    held = city.people["qian"].positions.get()
    return act("position.delegate", held.pk, by="qian", person="shen", starts_on=TODAY, ends_on=TODAY).pk


def hand_over(given: bool) -> On:
    """卞小编 hands over to 申科长; where `given`, the list is ticked."""

    def of(city: City) -> object:
        over = HandOver.objects.get()
        if given:
            act("handover.give", over.pk, by="bian", done=list(over.items))
        return over.pk

    return of


def entry(state: str) -> On:
    """An entry that 查检查 drafted, in that state."""

    def of(city: City) -> object:
        one = OwnEntry.objects.get()
        if state == "tried":
            keep_trial(one, since=NOW, posts=40, hits=1, allowed=2, sample=[], by=SYSTEM, at=NOW)
        return one.pk

    return of


def demotion(approved: bool) -> On:
    """A demotion that 查检查 proposed."""

    def of(city: City) -> object:
        one = Demotion.objects.get()
        if approved:
            act("demotion.decide", one.pk, by="tou", approve=True)
        return one.pk

    return of


def change(city: City) -> object:
    """A changed reading that 查检查 proposed."""
    said = {"name": "week", "choice": "rolling", "starts_on": TODAY, "reason": "统一"}
    return act("reading.propose", by="cha", **said).pk


def handed_over(city: City) -> object:
    """The message of 东湖发布, handed to 桃源镇."""
    return act("message.hand_over", "M-DH-1", by="bian", unit="DH-TY", note="请答复").code


def known(city: City) -> object:
    """An answer that 卞小编 keeps."""
    return act("known_answer.keep", by="bian", **KNOWN).pk


def drafted(city: City) -> object:
    """A reply to it that 卞小编 drafted."""
    return act("reply.draft", by="bian", message="M-DH-1", text="已处理，请查收。").pk


def order(status: str) -> On:
    """An order to 东湖县 about a message, in that state."""

    def of(city: City) -> object:
        one = WorkOrder.objects.get(unit__code="DH")
        if status == "ANSWERED":
            act("order.answer", one.pk, by="bian", text="已答复")
        return one.pk

    return of


def paper(status: str) -> On:
    """The paper of the first quarter, in that state."""

    def of(city: City) -> object:
        draft = act("paper.draft", by="cha", period=PERIOD)
        if status == "ISSUED":
            act("paper.issue", draft.pk, by="tou", number="澄政办函〔2026〕9号")
        return draft.pk

    return of


def draft(state: str, text: str = TEXT) -> On:
    """A draft of 卞小编 in that state, as its first version."""

    def of(city: City) -> object:
        if state == "RELEASED":
            return release().pk
        one = write(text=text)
        if state in ("CHECKING", "SIGNING"):
            send(one)
        return (check(one) if state == "SIGNING" else one).pk

    return of


def published_draft(city: City) -> object:
    """One that is live on 东湖发布."""
    return publish(release()).pk


def hit_in_draft(city: City) -> dict[str, Any]:
    """The hit of the draft that was written last."""
    hit = DraftHit.objects.order_by("-pk").first()
    return {"hit": str(hit.pk if hit else 1), "why": "引用原文"}


def of_dh(city: City) -> dict[str, str]:
    """The finding of 东湖发布 that was sent."""
    return {"finding": str(finding("NOTIFIED")(city))}


def order_of_dh(city: City) -> dict[str, str]:
    """The order to 东湖县."""
    return {"order": str(order("OPEN")(city))}


def start(by: str, refused: str) -> Case:
    """A button that starts work in the background; pressed twice it is one piece of work."""
    return Case(by, refused, again="")


FIRST = {"version": 1}
SPAN = {"starts_on": TODAY, "ends_on": TODAY}
CASES: dict[str, Case] = {
    **CHANNELS,
    **ERRANDS,
    **CLOSING,
    **FILINGS,
    **RECONCILING,
    **QUESTIONS,
    **REGISTER,
    "person.add": Case("guan", "bian", given=NEWCOMER, again="input"),
    "person.unlock": Case("an", "xi", lambda city: city.people["jiao"].pk, again=""),
    "person.reset_second_factor": Case("an", "xi", lambda city: city.people["jiao"].pk, again=""),
    "token.make": Case("bian", "xi", given={"name": "县政府网站", "days": 30}, again=""),
    "token.end": Case("qian", "", token),
    "webhook.add": Case("guan", "bian", given={"address": "https://example.cn/hook", "secret": "s" * 20}, again=""),
    "webhook.resume": Case("guan", "", webhook("stopped")),
    "webhook.end": Case("guan", "", webhook("active")),
    "session.end": Case("an", "", lambda city: SignedIn.objects.get(person__login="jiao").pk, again="not_found"),
    "position.give": Case("guan", "bian", given={"person": "shen", "post": "leader", "starts_on": TODAY}),
    "position.end": Case("guan", "zhu", held_by("shen"), {"ends_on": TODAY}, again=""),
    "position.propose": Case(
        "xi",
        "guan",
        given={"person": "lin", "unit": "SW", "post": "observer", "starts_on": TODAY, "reason": "需要"},
        again="",
    ),
    "position.propose_end": Case("xi", "an", held_by("wang"), {"ends_on": TODAY, "reason": "调离"}, again=""),
    "position.approve": Case("an", "xi", lambda city: PositionProposal.objects.get().pk, {"approve": True}),
    "position.delegate": Case("qian", "guan", held_by("qian"), {"person": "shen", **SPAN}, again=""),
    "position.recall": Case("qian", "", delegation),
    "handover.offer": Case("bian", "guan", held_by("bian"), {"person": "shen"}, again=""),
    "handover.give": Case("bian", "shen", hand_over(False), {"done": ["清单"]}),
    "handover.accept": Case("shen", "bian", hand_over(True)),
    "job.retry": Case("cha", "", failed_job),
    "job.back_up": start("xi", "cha"),
    "job.rehearse": start("xi", "cha"),
    "job.inspect": start("cha", "bian"),
    "job.drill": start("cha", "bian"),
    "job.rescreen": start("cha", "bian"),
    "job.check_links": start("cha", "bian"),
    "job.read_pictures": start("cha", "bian"),
    "job.read_feed": Case("cha", "bian", given={"account": "DH-1"}, again=""),
    "job.import": Case("guan", "bian", given={"file": BUNDLE}, again=""),
    "feed.set": Case("xi", "cha", given={"account": "DH-1", "address": "https://example.cn/feed"}, again=""),
    "notice.resend": Case("guan", "an", failed_delivery),
    "reading.propose": Case(
        "cha", "bian", given={"name": "week", "choice": "rolling", "starts_on": TODAY, "reason": "统一"}
    ),
    "reading.decide": Case("tou", "cha", change, {"approve": True}),
    "allowance.end": Case("cha", "", lambda city: AllowListEntry.objects.get(unit__code="DH").pk),
    "draft.write": Case("bian", "shen", given=WRITTEN, again=""),
    "draft.send": Case("bian", "shen", draft("DRAFT"), FIRST),
    "draft.settle": Case("bian", "shen", draft("DRAFT", TYPO), hit_in_draft, again=""),
    "draft.amend": Case("shen", "bian", draft("CHECKING"), {**FIRST, "title": "春耕补贴开始申领了", "text": TEXT}),
    "draft.check": Case("shen", "bian", draft("CHECKING"), FIRST),
    "draft.return": Case("shen", "bian", draft("CHECKING"), {"reason": "数据要核实", "passages": ["村里申领"]}),
    "draft.recall": Case("bian", "shen", draft("CHECKING")),
    "draft.sign": Case("qian", "shen", draft("SIGNING"), FIRST),
    "draft.withdraw": Case("qian", "guan", draft("RELEASED"), {"reason": "情况有变"}),
    "draft.published": Case("bian", "shen", draft("RELEASED"), ENTRY),
    "draft.taken_down": Case("qian", "guan", published_draft, {"account": "DH-1", "at": MOMENT, "reason": "有误"}),
    "entry.draft": Case("cha", "bian", given=WORDS, again=""),
    "entry.revise": Case("cha", "", entry("draft"), WORDS, again=""),
    "entry.try": Case("cha", "", entry("draft"), again=""),
    "entry.release": Case("tou", "cha", entry("tried")),
    "entry.end": Case("cha", "", entry("draft"), {"why": "不用了"}),
    "demotion.propose": Case("cha", "bian", given={"rule": "typos/帐户", "why": "误报"}),
    "demotion.decide": Case("tou", "cha", demotion(False), {"approve": True}),
    "demotion.restore": Case("tou", "cha", demotion(True)),
    "recall.decide": Case("cha", "", lambda city: Recall.objects.get().pk, {"fault": False}),
    "message.moderate": Case("bian", "qian", lambda city: "M-DH-1", {"publish": True}),
    "message.answer": Case("bian", "qian", lambda city: "M-DH-1", {"text": "已处理，请查收。"}),
    "message.mark": Case("bian", "qian", lambda city: "M-DH-1", {"concrete_policy_question": True}),
    "message.hand_over": Case(
        "bian", "qian", lambda city: "M-DH-1", {"unit": "DH-TY", "note": "请办理"}, again="right"
    ),
    "message.take_back": Case("bian", "qian", handed_over),
    "message.snooze": Case(
        "bian", "qian", lambda city: "M-DH-1", {"until": (NOW + timedelta(hours=1)).isoformat()}, again=""
    ),
    "known_answer.keep": Case("bian", "qian", given=KNOWN),
    "known_answer.end": Case("bian", "qian", known, {"why": "政策变了"}),
    "reply.draft": Case("bian", "qian", given={"message": "M-DH-1", "text": "已处理，请查收。"}),
    "reply.approve": Case("shen", "bian", drafted),
    "reply_rule.set": Case("guan", "bian", given={"approval": True}),
    "patrol.look": Case(
        "bian", "qian", given={"account": ["DH-1"], "half": "am", "checked": ["messages"], "note": "正常"}
    ),
    "finding.find": Case("cha", "bian", given=SEEN),
    "finding.confirm": Case("cha", "", finding("SUSPECTED")),
    "finding.rectify": Case("bian", "qian", finding("NOTIFIED"), {"note": "已更正并重新发布"}),
    "finding.recheck": Case("cha", "bian", finding("RECTIFIED"), {"cured": True, "note": "已复查"}),
    "finding.object": Case("qian", "bian", finding("NOTIFIED"), WHY),
    "finding.answer_objection": Case("tou", "cha", finding("OBJECTED"), {"upheld": False, **WHY}),
    "finding.dismiss": Case("tou", "cha", finding("NOTIFIED"), WHY),
    "order.issue": Case("cha", "bian", given=of_dh),
    "order.answer": Case("bian", "shen", order("OPEN"), {"text": "已答复留言人"}),
    "order.return": Case("cha", "bian", order("ANSWERED"), {"note": "没有答复到点上"}),
    "order.close": Case("cha", "bian", order("ANSWERED"), {"note": "已办到"}),
    "nudge.send": Case("zhu", "bian", given=order_of_dh),
    "paper.draft": Case("cha", "bian", given={"period": PERIOD}, again=""),
    "paper.issue": Case("tou", "cha", paper("DRAFT"), {"number": "澄政办函〔2026〕9号"}),
    "paper.correct": Case("cha", "bian", paper("ISSUED"), again=""),
}
