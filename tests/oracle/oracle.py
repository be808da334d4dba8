"""The oracle: a town, and all that its acts have made of it."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

from . import announcing, beside, custody, draft, drafts, endings, filing, filings, merging, reports, sources
from .acts import Judge, Verb
from .beside import Exemption
from .custody import Custody
from .draft import Draft
from .filing import Filing
from .merging import Merged
from .reports import Report
from .sources import Source
from .town import Account, Position, Town

VERBS: dict[str, Verb] = {
    **filings.VERBS,
    **announcing.VERBS,
    **endings.VERBS,
    **beside.VERBS,
    **drafts.VERBS,
    **custody.VERBS,
    **sources.VERBS,
    **reports.VERBS,
    **merging.VERBS,
}


class Oracle(Judge):
    def __init__(self, town: Town) -> None:
        own = copy.copy(town)
        own.held = list(town.held)
        super().__init__(own, VERBS)
        self.units = {code: Merged(code) for code in town.units}
        self.accounts: dict[str, Account] = copy.deepcopy(town.accounts)
        self.filings: list[Filing] = []
        self.exemptions: list[Exemption] = []
        self.drafts: list[Draft] = []
        self.sources: list[Source] = []
        self.keepers: dict[str, Custody] = {}
        self._codes = 0

    def new_code(self) -> str:
        """A code for an account whose code the product makes, until its answer tells."""
        self._codes += 1
        return f"new {self._codes}"

    def exempt(self, unit: str, platform: str, kind: str, at: datetime) -> bool:
        return any(
            e.unit == unit and e.platform == platform and e.kind in ("", kind) and e.in_force(at)
            for e in self.exemptions
        )

    def find(self, kind: str, on: Any) -> Any:
        """Accounts have names of their own; the numbers of all else are the product's."""
        account = self.accounts.get(str(on))
        if kind == "unit":
            return self.units.get(str(on))
        if kind == "custody" and account:
            return self.custody_of(account)
        return account if kind == "account" else None

    def custody_of(self, account: Account) -> Custody:
        """「A change of `unit` ends it」."""
        kept = self.keepers.get(account.code)
        if kept is None or kept.unit != account.unit:
            kept = self.keepers[account.code] = Custody(account, account.unit)
        return kept

    def seen(self, kind: str, thing: Any, position: Position, moment: datetime) -> bool:
        if kind == "filing":
            return isinstance(thing, Filing) and filing.sees(self.town, thing, position, moment)
        if kind == "draft":
            return isinstance(thing, Draft) and draft.sees(self.town, thing, position)
        if kind == "exemption":
            return isinstance(thing, Exemption) and beside.sees_exemption(position)
        if kind == "custody":
            return isinstance(thing, Custody) and custody.sees(self.town, thing, position)
        if kind == "report":
            return isinstance(thing, Report) and reports.sees(self.town, thing, position)
        if kind == "source":
            return isinstance(thing, Source)
        return isinstance(thing, Merged if kind == "unit" else Account)

    def view(self, kind: str, thing: Any) -> dict[str, Any]:
        views = {
            "filing": filing.view,
            "draft": draft.view,
            "exemption": beside.view_exemption,
            "account": beside.view_account,
            "custody": custody.view,
            "source": sources.view,
            "report": lambda report: {},
            "unit": lambda unit: {},
        }
        return views[kind](thing)

    def guesses(self, kind: str, thing: Any) -> set[str]:
        return getattr(thing, "guessed", set())

    def rename(self, opened: Filing, code: str) -> None:
        """An account gets the code that the product gave it."""
        account = self.accounts.pop(opened.account or "")
        account.code = opened.account = code
        self.accounts[code] = account

    def draft(self, number: object) -> Draft | None:
        return next((draft for draft in self.drafts if draft.id and draft.id == str(number)), None)

    def is_source(self, name: str, day: date) -> bool:
        return sources.in_rules(name, day) or any(source.allows(name, day) for source in self.sources)
