"""模拟提问 of the made city: a round that is under way, one question in each of its states."""

from __future__ import annotations

from xinmei.collectors.demo.doing import HEAD, INSPECTOR, Days, do, paper
from xinmei.supervision.models import Asking, Draw

PROMPTS = (
    ("孩子的户口不在本地，今年上小学要带哪些材料、到哪里报名？", "居住证、租房合同、预防接种证；到居住地学区报名。"),
    ("个体工商户怎样办理歇业备案，歇业期间社保要不要交？", "向登记机关办理；社保照缴；写明依据的条例。"),
    ("老旧小区加装电梯，要多少业主同意，政府补多少？", "表决的比例、补贴的标准、到哪里申请。"),
)
MARKS = (
    (INSPECTOR, {"on_topic": "4", "right": "3", "manner": "4", "note": "材料写全了，没有写依据"}),
    (HEAD, {"on_topic": "4", "right": "2", "manner": "4", "note": "报名的地方写错"}),
)


def ask_all(days: Days) -> None:
    """Drawn nine days before the inspection: three asked, one found nowhere to ask, one still to be asked."""
    for text, expected in PROMPTS:
        do("prompt.write", by=INSPECTOR, at=days.at(-10), text=text, expected=expected)
    drawn: Draw = do("draw.make", by=INSPECTOR, at=days.at(-9), count=5, until=str(days.on(5)), seed="澄州2026第一轮")
    first, second, third, fourth, _ = drawn.askings.order_by("place")
    for hour, one in enumerate((first, second, third), 9):
        _ask(one, days, hour)
    _reply(first, days)
    for login, marks in MARKS:
        do("asking.rate", first.pk, by=login, at=days.at(-5), **marks)
    shot = paper("截图.txt", "2026年，对话框里没有答复。")
    do("asking.unanswered", second.pk, by=INSPECTOR, at=days.at(-5), file=shot)
    _reply(third, days)
    where = "对话框没有回应，文章没有留言，菜单里没有咨询投诉。"
    do("asking.no_entry", fourth.pk, by=INSPECTOR, at=days.at(-7), where=where, file=paper("截图.txt", where))


def _ask(asking: Asking, days: Days, hour: int) -> None:
    at = days.at(-7, hour)
    said = {"asked_at": at.isoformat(), "where": "对话框", "file": paper("截图.txt", "已发送")}
    do("asking.ask", asking.pk, by=INSPECTOR, at=at, **said)


def _reply(asking: Asking, days: Days) -> None:
    said = {"replied_at": days.at(-7, 16).isoformat(), "reply": "您好，请带齐材料到窗口办理，以窗口告知为准。"}
    do("asking.answered", asking.pk, by=INSPECTOR, at=days.at(-6), file=paper("截图.txt", "已答复"), **said)
