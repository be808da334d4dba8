"""The oracle: a town, and all that its acts have made of it."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

from . import beside, draft, drafts, endings, filing, filings, sources
from .acts import Judge, Verb
from .beside import Exemption
from .draft import Draft
from .filing import Filing
from .town import Account, Position, Town

VERBS: dict[str, Verb] = {**filings.VERBS, **endings.VERBS, **beside.VERBS, **drafts.VERBS}


class Oracle(Judge):
    def __init__(self, town: Town) -> None:
        super().__init__(town, VERBS)
        self.accounts: dict[str, Account] = copy.deepcopy(town.accounts)
        self.filings: list[Filing] = []
        self.exemptions: list[Exemption] = []
        self.drafts: list[Draft] = []
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
        return self.accounts.get(str(on)) if kind == "account" else None

    def seen(self, kind: str, thing: Any, position: Position, moment: datetime) -> bool:
        if kind == "filing":
            return isinstance(thing, Filing) and filing.sees(self.town, thing, position, moment)
        if kind == "draft":
            return isinstance(thing, Draft) and draft.sees(self.town, thing, position)
        if kind == "exemption":
            return isinstance(thing, Exemption) and beside.sees_exemption(position)
        return isinstance(thing, Account)

    def view(self, kind: str, thing: Any) -> dict[str, Any]:
        if kind == "filing":
            return filing.view(thing)
        if kind == "draft":
            return draft.view(thing)
        return beside.view_exemption(thing) if kind == "exemption" else beside.view_account(thing)

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
        return sources.in_rules(name, day)
