"""Documents that the made city has to explain: some explained, some perhaps, some by nobody."""

from __future__ import annotations

from xinmei.collectors.demo.register import MadeAccount
from xinmei.collectors.demo.span import DAY, Span

HEADER = "number,title,issued_on,unit,why"
SHOWN = ("D00", "X01")  # whose people log in
EVERY, REASONS, FORMS = 10, ("涉及面广", "社会关注度高", "实施难度大", "专业性强"), ("graphic", "text", "video", "data")
# Which post of an account explains a document by its number, and which one only looks like it.
EXPLAINS, LOOKS_LIKE = 120, 160
NOBODY = "关于印发《公共文化场馆错时开放办法》的通知"


class PolicyWriter:
    """Collects the documents of every tenth account, and of those whose people log in, while its posts are written."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.rows: list[tuple[str, str, str, str, str]] = []
        self.met: set[str] = set()

    def meet(self, account: MadeAccount, place: int, title: str, at: int) -> str:
        """What the line of that post says besides: which document it explains, in which form; mostly nothing."""
        if int(account.id[1:]) % EVERY and account.unit.code not in SHOWN:
            return ""
        self._owe(account)
        if place < EXPLAINS or place % EXPLAINS not in (0, LOOKS_LIKE - EXPLAINS):
            return ""
        number = self._add(account, f"关于{title}的通知", at - (place // EXPLAINS % 5) * DAY)
        if place % EXPLAINS:
            return ""
        return f',"policy":"{number}","form":"{FORMS[len(self.rows) % len(FORMS)]}"'

    def _owe(self, account: MadeAccount) -> None:
        """One document of the last weeks that nobody explains, and a fresh one, for each unit."""
        if account.unit.code not in self.met:
            self.met.add(account.unit.code)
            self._add(account, NOBODY, self.span.end - (12 + len(self.met)) * DAY)
            if len(self.met) % 3 == 1:
                self._add(account, "关于做好冬季困难群众救助工作的意见", self.span.end - DAY)

    def _add(self, account: MadeAccount, title: str, at: int) -> str:
        day, count = self.span.day(at), len(self.rows) + 1
        number = f"{account.unit.stem}政发〔{day.year}〕{count}号"
        self.rows.append((number, title, str(day), account.unit.code, REASONS[count % len(REASONS)]))
        return number
