"""Articles of the made city on their way through the three signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xinmei.collectors.demo.doing import Days, do
from xinmei.publishing.models import Draft
from xinmei.registry.models import Account

EDITOR, SECTION, LEADER = "office.editor", "office.section", "office.leader"
TYPO = "目前，财政拔款已经到位，各单位正在抓紧落实。"

REMINDER = {
    "column": "办事提醒",
    "title": "办事提醒｜{月}月{日}日（星期{星期}）",
    "opening": "今天这些窗口有调整：",
    "fixed": "其他窗口照常。咨询电话：12345。",
    "signed": "供稿：政务服务科",
    "cover": "用蓝底单位标识",
}


def write_all(days: Days) -> None:
    """One in each state, for the accounts of the city's office; and a template."""
    codes = list(
        Account.objects.filter(unit__code="D00", status="active").order_by("code").values_list("code", flat=True)[:2]
    )
    if not codes:
        return
    do("template.keep", by=EDITOR, at=days.at(-6, 9), account=codes[0], **REMINDER)
    _write(codes, days.at(-3, 16), "澄州市政务服务大厅周末延时服务安排", "每周六上午，市政务服务大厅照常办理。")
    sent = _write(codes, days.at(-3, 14), "澄州市推进“一件事”集成办理", f"澄州市推进高频事项集成办理。{TYPO}")
    _step(sent, "send", EDITOR, days.at(-3, 15))
    signing = _write(
        codes[:1], days.at(-3, 9), "澄州市公布第四批政务公开事项清单", "本批清单共二十项，自公布之日起施行。"
    )
    _step(signing, "send", EDITOR, days.at(-3, 10))
    _step(signing, "check", SECTION, days.at(-3, 11))
    back = _write(codes[:1], days.at(-4, 9), "全市项目建设现场推进会召开", "会议要求抓紧开工建设。")
    _step(back, "send", EDITOR, days.at(-4, 10))
    reason = "请补上会议时间和参加单位。"
    do("draft.return", str(back.pk), by=SECTION, at=days.at(-4, 11), reason=reason, passages=["会议要求抓紧开工建设。"])
    _repost(codes[:1], days)
    _published(codes[:1], days)


def _write(codes: list[str], at: datetime, title: str, text: str, **more: object) -> Draft:
    given: dict[str, Any] = {"accounts": codes, "origin": "original", "title": title, "text": text} | more
    draft: Draft = do("draft.write", by=EDITOR, at=at, **given)
    return draft


def _step(draft: Draft, verb: str, by: str, at: datetime) -> None:
    version = Draft.objects.values_list("version", flat=True).get(pk=draft.pk)
    do(f"draft.{verb}", str(draft.pk), by=by, at=at, version=version)


def _sign(draft: Draft, days: Days, day: int) -> None:
    """The three signatures, an hour after each other."""
    for verb, by, hour in (("send", EDITOR, 10), ("check", SECTION, 11), ("sign", LEADER, 14)):
        _step(draft, verb, by, days.at(day, hour))


def _repost(codes: list[str], days: Days) -> None:
    """A repost of an approved source: released, and not yet out."""
    text = "国务院办公厅印发文件，部署进一步优化政务服务。"
    draft = _write(codes, days.at(-4, 9), "进一步优化政务服务", text, origin="repost", source="新华社")
    _sign(draft, days, -4)


def _published(codes: list[str], days: Days) -> None:
    """An article that is out."""
    draft = _write(codes, days.at(-5, 9), "澄州市冬季供暖服务热线公布", "供暖期间，市民可拨打服务热线咨询、报修。")
    _sign(draft, days, -5)
    at = days.at(-5, 15)
    entry = {"account": codes[0], "at": at.isoformat(), "url": "https://example.invalid/s/20"}
    do("draft.published", str(draft.pk), by=EDITOR, at=at, also=entry)
