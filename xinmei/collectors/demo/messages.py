"""What citizens wrote to an account and what it answered: a line of messages.jsonl each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from random import Random

from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.plan import Plan
from xinmei.collectors.demo.posts import PRIVATE
from xinmei.collectors.demo.span import DAY, HOUR, Span
from xinmei.collectors.demo.texts import pick, texts, whole

# How many messages an account gets in a year, by platform
A_YEAR = {"wechat": 34, "weibo": 30, "app": 30, "douyin": 24, "kuaishou": 20}
A_YEAR_ELSEWHERE = 14


def _in_time(at: int, rng: Random) -> int:
    """An answer in working hours, at most 20 hours after the message."""
    if at % DAY < 16 * HOUR:
        return at + whole(HOUR // 3, 5 * HOUR, rng)
    return _days_later(at, 1, 11, rng)


def _days_later(at: int, days: int, until_hour: int, rng: Random) -> int:
    return (at // DAY + days) * DAY + whole(8 * HOUR + HOUR // 2, until_hour * HOUR, rng)


# when, what it says, and whether a machine sent it
Reply = tuple[int, str, bool]


class MessageWriter:
    """Writes the messages of one account after another and keeps the ledger of late answers."""

    def __init__(self, span: Span, ledger: Ledger, write: Callable[[str], object]) -> None:
        self.span, self.ledger, self.write, self.count = span, ledger, write, 0

    def write_messages(self, plan: Plan, post_moments: list[int], rng: Random) -> None:
        """All messages of an account in order of time. Comments stand under the post that was newest then."""
        if not plan.answers:
            return
        span, end = self.span, min(plan.close, plan.last or plan.close)
        yearly = A_YEAR.get(plan.account.platform, A_YEAR_ELSEWHERE) * (
            2.5 if plan.account.unit.kind in ("city", "county", "zone") else 1
        )
        wanted = int(yearly * (end - plan.open) / (365 * DAY) * (0.6 + 0.8 * rng.random()))
        days = range(plan.open // DAY, max(plan.open // DAY + 1, end // DAY))
        moments = [(pick(days, rng) * DAY + whole(7 * HOUR, 22 * HOUR, rng), "") for _ in range(wanted)]
        moments += plan.in_messages
        moments += [(span.end - whole(1 * HOUR, 20 * HOUR, rng), "pending") for _ in range(plan.pending)]
        lines = [
            self._line(plan, f"M{plan.account.id}-{number:04}", at, fault, post_moments, rng)
            for number, (at, fault) in enumerate(sorted(moment for moment in moments if moment[0] < end))
        ]
        self.write("".join(lines))
        self.count += len(lines)

    def _line(self, plan: Plan, name: str, at: int, fault: str, post_moments: list[int], rng: Random) -> str:
        span, account = self.span, plan.account
        kind, text = self._ask(plan, fault, rng)
        more, replies = "", list[Reply]()
        if kind == "enquiry":
            if rng.random() < 0.3:
                more = ',"concrete_policy_question":true'
            replies = [(_in_time(at, rng), pick(texts()["answers"], rng), False)]
        elif rng.random() < 0.6:
            replies = [(_days_later(at, whole(1, 2, rng), 17, rng), pick(texts()["thanks"], rng), False)]
        if kind == "comment":
            post = bisect_right(post_moments, at) - 1
            more += f',"post":"{account.id}-{post:05}"' if post >= 0 else ""
            shown = at + whole(300, 5 * HOUR, rng)
            more += f',"published_at":"{span.text(shown)}"' if shown < span.end else ""
        if fault == "no_policy_question":
            more = ',"concrete_policy_question":false'
        replies = self._answer(plan, name, at, fault, replies, rng)
        by_machine = ("", ',"automatic":true')
        answered = ",".join(
            f'{{"id":"{name}-r{i}","replied_at":"{span.text(then)}","text":"{words}"{by_machine[automatic]}}}'
            for i, (then, words, automatic) in enumerate(replies)
            if then < span.end
        )
        received = span.text(at)
        return (
            f'{{"id":"{name}","account":"{account.id}","received_at":"{received}","kind":"{kind}",'
            f'"text":"{text}"{more},"replies":[{answered}]}}\n'
        )

    def _ask(self, plan: Plan, fault: str, rng: Random) -> tuple[str, str]:
        """The kind of a message, and its text."""
        stock, unit = texts(), plan.account.unit
        kind = "enquiry" if fault else pick(("enquiry", "enquiry", "enquiry", "comment", "comment", "complaint"), rng)
        if fault == "unmoderated_comment":
            kind = "comment"
        questions = stock["fields"][unit.subject]["questions"]
        templates = {"enquiry": questions, "comment": stock["comments"], "complaint": stock["complaints"]}[kind]
        if fault == "unmoderated_comment":
            templates = stock["planted"]["unmoderated_comment"]
        return kind, pick(templates, rng).format_map({"p": pick(unit.places, rng)} | PRIVATE)

    def _answer(self, plan: Plan, name: str, at: int, fault: str, usual: list[Reply], rng: Random) -> list[Reply]:
        """The replies of a message with this fault; what is a fault, or looks like one, goes to the ledger."""
        account, stock = plan.account, texts()
        if fault == "no_policy_question":
            self.ledger.trap("late_reply", account.id, name, "已标明不是具体明确的政策咨询")
        elif fault == "automatic_first":
            self.ledger.trap("late_reply", account.id, name, "先有自动回复，人工答复及时")
            return [(at + 2, stock["automatic"], True), *usual]
        elif fault == "unmoderated_comment":
            self.ledger.plant("unmoderated_comment", account.id, account.unit.code, name)
        elif fault in ("late_reply", "unanswered"):
            self.ledger.plant("late_reply", account.id, account.unit.code, name)
        if fault == "late_reply":  # later than either reading of 节假日 allows
            return [(_days_later(at, whole(3, 4, rng), 17, rng), pick(stock["answers"], rng), False)]
        return [] if fault else usual
