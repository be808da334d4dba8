"""How accounts were seen: looks of two feeds, checks of their functions, and the register of daily patrols."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.plan import Plan
from xinmei.collectors.demo.span import DAY, HOUR, WEEK, Span
from xinmei.collectors.demo.texts import pick, several, texts, whole
from xinmei.core.calendar import load_calendar

BY_OWNER, BY_TRIAL, FROM_OUTSIDE = ("官方接口", "网页采集"), ("人工查看", "运行探测"), ("网页采集", "人工查看")
FEEDS = {"wechat": BY_OWNER, "weibo": BY_OWNER, "app": BY_TRIAL, "mini_program": BY_TRIAL}
TOO_MUCH = ["身份证号", "家庭住址", "银行卡号", "通讯录", "人脸照片"]


class LookWriter:
    """Writes observations.jsonl, account by account."""

    def __init__(self, span: Span, write: Callable[[str], object]) -> None:
        self.span, self.write, self.count = span, write, 0

    def write_looks(self, plan: Plan, rng: Random) -> None:
        """Windows of two feeds that touch.

        At most one of them fails at a time, except in the spans that the plan leaves unseen.
        """
        span, account, reasons = self.span, plan.account, texts()["failures"]
        feeds = FEEDS.get(account.platform, FROM_OUTSIDE)
        seen = account.verification if account.seen_verification is None else account.seen_verification
        profile = f',"profile":{{"name":"{account.name}","verification":"{seen}","avatar_sha256":"{account.avatar}"}}'
        lines = []
        windows = list(zip(span.looks, span.looks[1:], strict=False))
        for number, (start, end) in enumerate(windows):
            start = max(start, plan.open)
            if start >= min(end, plan.close):
                continue
            blind = not plan.is_seen(start, end)
            failing = int(rng.random() * 2) if rng.random() < (0.02 if end - start == WEEK else 0.04) else None
            for i, feed in enumerate(feeds):
                outcome, more = "complete", ""
                if blind or i == failing:
                    outcome = "failed" if blind or rng.random() < 0.7 else "partial"
                    more = f',"reason":"{pick(reasons, rng)}"'
                elif number % 4 == 0 or number == len(windows) - 1:
                    more = profile if plan.account.platform not in ("app", "mini_program") else ""
                lines.append(
                    f'{{"account":"{account.id}","feed":"{feed}","window_start":"{span.text(start)}",'
                    f'"window_end":"{span.text(end)}","outcome":"{outcome}"{more}}}\n'
                )
        self.write("".join(lines))
        self.count += len(lines)


class FunctionWriter:
    """Writes functions.jsonl: a check a month of each function that an account offers."""

    def __init__(self, span: Span, ledger: Ledger, write: Callable[[str], object]) -> None:
        self.span, self.ledger, self.write, self.count = span, ledger, write, 0

    def write_functions(self, plan: Plan, rng: Random) -> None:
        """The last check of a dead function fails.

        One failure in the town hall of the city was announced beforehand.
        """
        span, account = self.span, plan.account
        names = several(texts()["functions"], plan.functions, rng)
        for i, name in enumerate(names):
            checks = list(range(span.seen_until - whole(2, 20, rng) * DAY, max(plan.open, span.judged), -30 * DAY))
            for at in reversed(checks):
                last, more = at == checks[0], ""
                dead = last and i < plan.dead_functions
                announced = not dead and last and i == 1 and plan.dead_functions > 0
                if announced:
                    more = ',"announced_outage":true'
                    self.ledger.trap("dead_function", account.id, name, "已对外公告暂停服务")
                elif dead:
                    self.ledger.plant("dead_function", account.id, account.unit.code, name)
                if plan.over_collects and i == 0 and last:
                    more = ',"asks_for":["' + '","'.join(TOO_MUCH) + '"]'
                    self.ledger.plant("over_collection", account.id, account.unit.code, name)
                works = "false" if dead or announced else "true"
                self.write(
                    f'{{"account":"{account.id}","name":"{name}","checked_at":"{span.text(at + 10 * HOUR)}",'
                    f'"works":{works}{more}}}\n'
                )
                self.count += 1


class PatrolWriter:
    """Writes patrols.csv: mornings and afternoons of every working day since the span began, except those missed."""

    def __init__(self, span: Span, ledger: Ledger, write: Callable[[str], object]) -> None:
        self.span, self.ledger, self.write, self.count = span, ledger, write, 0
        calendar = load_calendar()
        days = (span.since + timedelta(days=i) for i in range(span.end // DAY))
        self.working = [day for day in days if calendar.is_working_day(day)]

    def write_patrols(self, plan: Plan, rng: Random) -> None:
        """每个工作日上、下午分别主动查看公众咨询留言情况"""
        if not plan.patrols:
            return
        span, account = self.span, plan.account
        days = [str(day) for day in self.working if span.at(day) >= plan.open]
        judged = [day for day in days[3:] if day >= str(span.judged_from)]
        missed = {(day, pick(("am", "pm"), rng)) for day in several(judged, plan.missed_patrols, rng)}
        lines = []
        for day in days:
            for half, hour in (("am", 9), ("pm", 15)):
                if (day, half) in missed:
                    self.ledger.plant("missed_patrol", account.id, account.unit.code, f"{day} {half}")
                    continue
                lines.append(
                    f"{account.id},{day},{half},{pick(account.unit.staff[:4], rng)},"
                    f"{day}T{hour:02}:{whole(0, 59, rng):02}:00\n"
                )
        self.write("".join(lines))
        self.count += len(lines)
