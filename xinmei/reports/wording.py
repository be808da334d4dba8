"""A data set as the sentences of an office, and the rows of the annex.

一、总体情况 二、主要做法 三、存在问题 四、工作要求.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.screening import mask
from xinmei.pages.texts import say_dates, shorten
from xinmei.registry.models import Account
from xinmei.reports.figures import CAUSES, GROUPS, MOST_NAMED_GOOD, Facts, Judged, Kind
from xinmei.reports.paper import Paper, Paragraph, fill, make_imprint
from xinmei.supervision.labels import Said
from xinmei.supervision.models import Finding
from xinmei.units.tree import LEVELS

Status = Finding.Status
NUMERALS = "一二三四五六七八九十"
# A veto names every account. Other kinds name the first few; the rest stands in the annex.
MOST_NAMED = 8
REPORT_WORKING_DAYS = 5
# Criteria whose subject explains itself. Of the others the step that says what was seen is printed: a message is named,
# its words are not.
_SAID_BY_SUBJECT = {
    "silent_two_weeks",
    "slow_update",
    "no_original_this_week",
    "missed_patrol",
    "unmoderated_comment",
    "improper_reply",
}
_SAID_BY_LAST_STEP = {
    "late_registration",
    "announcement_too_short",
    "missing_byline",
    "missing_source",
    "unlisted_source",
    "late_reply",
}
STATES: dict[str, str] = {
    "NOTIFIED": "整改中",
    "RECTIFIED": "已整改，待复查",
    "CLOSED": "已办结",
    "CONFIRMED": "记录在案",
}
CARRIED = "另有{fail.carried}个账号以前发现的单项否决问题在检查时尚未办结，本期仍判定为不合格：{names}。"
LOW = "有{fail.score}个账号没有单项否决问题，但评分结果低于60分，判定为不合格：{names}。"
OPENING = (
    "按照政务新媒体管理工作要求，{office}对全市政务新媒体运维情况开展了检查，其中全覆盖检查{rounds}次。截至{as_of}，"
    "全市在用政务新媒体账号{total}个，本期检查并看清{checked}个，占{checked.share}%，"
    "未看清{unobserved}个（不作判定）。"
)


def compose(facts: Facts, *, number: str = "", copies: str = "") -> Paper:
    """The paper on these facts. With `number` (发文字号) it carries the red head and the 版记."""
    title = f"关于{facts.period.title}全市政务新媒体检查情况的通报"
    opening = Paragraph("to", fill("to", "各县、区人民政府，市各功能区管委会，市各有关部门和单位：", {}).parts)
    text = [opening, *_overall(facts), *_good(facts), *_faults(facts), *_demands(facts)]
    day = facts.at.astimezone(SHANGHAI).date()
    text += [
        fill("enclosure", "附件：{annex}", facts.figures, annex=_annex_title(facts)),
        fill("signature", "{office}", facts.figures, office=facts.office),
        fill("date", "{day}", facts.figures, day=_write_day(day)),
    ]
    found = [one for kind in facts.kinds for one in kind.found]
    rows = tuple((str(place), *_row(one, facts)) for place, one in enumerate(found, start=1))
    head = f"{facts.office}文件" if number else ""
    imprint = make_imprint(facts.office, copies, _write_day(day)) if number else ()
    return Paper(title, tuple(text), _annex_title(facts), rows, head, number, imprint)


def _annex_title(facts: Facts) -> str:
    return f"{facts.period.title}全市政务新媒体检查发现问题清单"


def _write_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _overall(facts: Facts) -> list[Paragraph]:
    as_of = facts.as_of.astimezone(SHANGHAI)
    moment = f"{_write_day(as_of.date())}{as_of.hour}时"
    text = [
        _heading(0, "总体情况"),
        _sub(0, "检查范围"),
        fill("body", OPENING, facts.figures, office=facts.office, as_of=moment),
        fill("body", _sides(facts), facts.figures),
        _sub(1, "检查结果"),
        fill("body", _verdicts(facts), facts.figures),
    ]
    if facts["checked"]:
        text.append(fill("body", _rates(facts), facts.figures))
    text += [fill("body", _found(facts), facts.figures), _sub(2, "与上期比较及上期问题复查")]
    return [*text, *_compare(facts)]


def _platforms(facts: Facts, ending: str = "") -> list[tuple[str, str]]:
    """The platforms, value and label, of which there is such a figure."""
    return [(one, label) for one, label in Account.Platform.choices if f"platform.{one}{ending}" in facts.figures]


def _levels(facts: Facts, ending: str = "") -> list[str]:
    return [key for key in LEVELS if f"level.{key}{ending}" in facts.figures]


def _sides(facts: Facts) -> str:
    by_level = "，".join(f"{LEVELS[key]}{{level.{key}}}个" for key in _levels(facts))
    by_platform = "，".join(f"{label}{{platform.{value}}}个" for value, label in _platforms(facts))
    return f"按开设主体层级分，{by_level}；按平台分，{by_platform}。"


def _verdicts(facts: Facts) -> str:
    verdicts = (
        "检查并看清的{checked}个账号中，合格{pass}个，不合格{fail}个。以检查并看清的账号为基数，合格率为{rate}%；"
        "以全部在用账号为基数，合格率为{rate.total}%。"
    )
    if facts["fail"]:
        causes = [f"{label}的{{fail.{cause}}}个" for cause, label in CAUSES.items() if facts[f"fail.{cause}"]]
        verdicts += "不合格账号中，" + "，".join(causes) + "。"
    return verdicts


def _rates(facts: Facts) -> str:
    by_level = "，".join(
        f"{LEVELS[key]}{{level.{key}.checked}}个中合格{{level.{key}.pass}}个、占{{level.{key}.rate}}%"
        for key in _levels(facts, ".rate")
    )
    by_platform = "，".join(
        f"{label}{{platform.{value}.checked}}个中合格{{platform.{value}.pass}}个、占{{platform.{value}.rate}}%"
        for value, label in _platforms(facts, ".rate")
    )
    return f"以检查并看清的账号为基数计算合格率，分层级看，{by_level}；分平台看，{by_platform}。"


def _found(facts: Facts) -> str:
    if not facts["findings"]:
        return "本期共发现并确认问题{findings}个，涉及账号（单位）{owners}个。"
    groups = "，".join(f"{label}{{{group}}}个" for group, label in GROUPS.items())
    return (
        f"本期共发现并确认问题{{findings}}个，涉及账号（单位）{{owners}}个，其中{groups}。"
        "截至本通报印发，已办结{status.CLOSED}个，已整改待复查{status.RECTIFIED}个，整改中{status.NOTIFIED}个，"
        "由系统直接记录、无须反馈的{status.CONFIRMED}个。"
    )


def _compare(facts: Facts) -> list[Paragraph]:
    before = facts.period.before.title
    if not facts.has_before:
        return [fill("body", "{before}未开展检查，无可比数据。", facts.figures, before=before)]
    now, then = facts["rate"], facts["before.rate"]
    change = "持平" if now == then else f"{'上升' if now > then else '下降'}{{rate.change}}个百分点"
    template = f"以检查并看清的账号为基数，合格率由{{before}}的{{before.rate}}%变为{{rate}}%，{change}；"
    template += "发现并确认的问题由{before.findings}个变为{findings}个。"
    if facts["before.sent"]:
        template += "对{before}反馈整改的{before.sent}个问题进行复查，已复查办结{before.CLOSED}个，"
        template += "已整改待复查{before.RECTIFIED}个，仍在整改{before.NOTIFIED}个。"
    else:
        template += "{before}没有需反馈整改的问题。"
    return [fill("body", template, facts.figures, before=before)]


def _heading(place: int, text: str) -> Paragraph:
    return fill("h1", f"{NUMERALS[place]}、{{text}}", {}, text=text)


def _sub(place: int, text: str) -> Paragraph:
    return fill("h2", f"（{NUMERALS[place]}）{{text}}", {}, text=text)


def name_account(account: Account) -> str:
    """「账号」（平台，主办单位）."""
    return f"「{account.name}」（{account.get_platform_display()}，{account.unit.name}）"


def _good(facts: Facts) -> list[Paragraph]:
    if not facts.good:
        return [
            _heading(1, "主要做法"),
            fill("body", "本期没有每次检查均看清、均合格且未发现任何问题的账号，不作列举。", facts.figures),
        ]
    template = (
        "各主办单位落实管理要求，按时更新发布信息，及时回应公众留言。本期每次检查均看清、"
        "均合格且没有已确认或者疑似问题的账号{good}个"
    )
    named = facts.good[:MOST_NAMED_GOOD]
    more = "，其中原创信息发布较多的有{names}等" if len(facts.good) > len(named) else "：{names}"
    return [
        _heading(1, "主要做法"),
        fill("body", f"{template}{more}。", facts.figures, names="、".join(map(name_account, named))),
    ]


def _faults(facts: Facts) -> list[Paragraph]:
    text = [_heading(2, "存在问题")]
    place = 0
    for group, label in GROUPS.items():
        kinds = [kind for kind in facts.kinds if kind.group == group]
        if not kinds and group not in ("veto", "deduction"):
            continue
        text.append(_sub(place, label))
        place += 1
        carried = [one for one in facts.judged if one.cause == "carried"] if group == "veto" else []
        low = [one for one in facts.judged if one.cause == "score"] if group == "deduction" else []
        if kinds:
            summary = f"共{{{group}}}个，涉及账号（单位）{{{group}.owners}}个。"
            text.append(fill("body", summary, facts.figures))
            text += [_name_kind(number, kind, facts) for number, kind in enumerate(kinds, start=1)]
        else:
            text.append(fill("body", f"本期没有发现{label}。", facts.figures))
        if carried:
            text.append(_name_failed(CARRIED, carried, facts))
        if low:
            text.append(_name_failed(LOW, low, facts))
    return text


def _name_failed(template: str, judged: Sequence[Judged], facts: Facts) -> Paragraph:
    return fill("body", template, facts.figures, names="、".join(name_account(one.account) for one in judged))


def _name_kind(number: int, kind: Kind, facts: Facts) -> Paragraph:
    named: dict[str, str] = {}
    times: dict[str, int] = {}
    for one in kind.found:
        owner = one.finding.owner
        named.setdefault(owner, name_account(one.finding.account) if one.finding.account else one.finding.unit.name)
        times[owner] = times.get(owner, 0) + 1
    order = list(named) if kind.group == "veto" else sorted(named, key=lambda owner: -times[owner])[:MOST_NAMED]
    more = "等，详见附件" if len(named) > len(order) else ""
    template = f"{number}.{{title}}。发现{{{kind.key}}}个，涉及{{{kind.key}.owners}}个：{{names}}{{more}}。"
    return fill(
        "body",
        template,
        facts.figures,
        title=kind.criterion.title,
        names="、".join(named[owner] for owner in order),
        more=more,
    )


def _demands(facts: Facts) -> list[Paragraph]:
    day = facts.at.astimezone(SHANGHAI).date()
    due = load_calendar().working_days_after(day, REPORT_WORKING_DAYS)
    told = "各主办单位要对照附件所列问题逐项整改。自收到反馈之日起1个工作日内未整改到位的，按年度考核指标扣分；"
    told += "已经整改的，要举一反三，防止同类问题再次发生。"
    report = (
        "附件所列单位要将整改情况形成书面报告，经主要负责同志审核后，于{due}17时前报送{office}。"
        "逾期未报或者整改不到位的，将予以督办。"
    )
    veto = (
        "出现单项否决问题的单位，要查明原因，健全信息发布三级审核、每周更新和值守巡查等制度，"
        "在整改报告中说明制度落实情况。"
    )
    watch = (
        "各级主管单位要加强日常监管，对临近两周未更新的账号提前提醒；确属无力维护的账号，要按程序公告、备案后关停，"
        "不得停更不管。"
    )
    appeal = "对认定结果有异议的，可在报送整改报告的同时提出申诉并附证明材料。"
    text = [told, veto, watch] if facts["veto"] else [told, watch]
    paragraphs = [fill("body", one, facts.figures) for one in text]
    words = {"due": _write_day(due), "office": facts.office}
    return [
        _heading(3, "工作要求"),
        *paragraphs,
        fill("body", report + appeal if facts["findings"] else appeal, facts.figures, **words),
    ]


def _row(one: Said, facts: Facts) -> tuple[str, ...]:
    finding = one.finding
    account = finding.account
    found_on = facts.period.show_day(finding.observed_at.astimezone(SHANGHAI).date())
    state = STATES[finding.status]
    if finding.status == Status.NOTIFIED and finding.rectify_by and finding.rectify_by < facts.at:
        state = "逾期未整改"
    named = (mask(account.name), account.get_platform_display()) if account else ("—", "—")
    return (*named, finding.unit.name, category(one), say_fault(one), found_on, state)


def category(one: Said) -> str:
    """What the annex calls the kind of fault. A veto is marked as such."""
    return f"单项否决：{one.title}" if one.is_veto else one.title


def say_fault(one: Said) -> str:
    """What is wrong, in short, with personal data masked. Words of a message are not printed."""
    name = one.finding.criterion
    if name in _SAID_BY_SUBJECT and one.subject:
        return one.subject
    steps = [_shorten_times(str(step)) for step in one.finding.reasoning] or [one.title]
    if name == "late_reply":
        return shorten(f"{steps[0]}；{steps[-1]}")
    why = shorten(steps[-1] if name in _SAID_BY_LAST_STEP else steps[0])
    return f"{one.subject}：{why}" if one.subject and one.subject not in why else why


def _shorten_times(text: str) -> str:
    """A table has no room for weekdays and seconds; its dates are those of a sentence."""
    return re.sub(r"( 周[一二三四五六日])?( \d\d:\d\d)(:\d\d)?", r"\2", say_dates(text))
