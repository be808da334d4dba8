"""What people do in the register; each part brings its own."""

from __future__ import annotations

from xinmei.registry.accounts.verbs import ACCOUNT, INCIDENT, RECOVERED, UPDATE
from xinmei.registry.closing.verbs import CASE, CLEANING
from xinmei.registry.closing.verbs import CLOSE as CLOSE_CASE
from xinmei.registry.closing.verbs import KEEP as KEEP_ACCOUNT
from xinmei.registry.closing.verbs import OPEN as OPEN_CASE
from xinmei.registry.corrections.verbs import ANSWER_REPORT, MAKE_REPORT, REPORT
from xinmei.registry.custody.verbs import ACCEPT, CUSTODY, OFFER, PROVE, RECORD
from xinmei.registry.exemptions.verbs import END as END_EXEMPTION
from xinmei.registry.exemptions.verbs import EXEMPTION
from xinmei.registry.exemptions.verbs import GRANT as GRANT_EXEMPTION
from xinmei.registry.filings.verbs import (
    AGREE,
    ANNOUNCE,
    APPROVE,
    CARRY_OUT,
    FILE,
    FILING,
    REFUSE,
    REGISTER,
    RETURN,
    SUBMIT,
    SUPPORT,
    WITHDRAW,
    WRITE,
)
from xinmei.registry.merging.verbs import DISSOLVE, MERGE, RENAME, UNIT
from xinmei.registry.readings.verbs import DECIDE, PROPOSE
from xinmei.registry.reconciling.verbs import COMPARISON, DIFFERENCE, MAP, SETTLE
from xinmei.registry.reconciling.verbs import START as START_COMPARISON
from xinmei.registry.starting.verbs import CONFIRM as CONFIRM_ACCOUNT
from xinmei.registry.starting.verbs import REMIND as REMIND_UNIT

__all__ = [
    "ACCEPT",
    "ACCOUNT",
    "AGREE",
    "ANNOUNCE",
    "ANSWER_REPORT",
    "APPROVE",
    "CARRY_OUT",
    "CASE",
    "CLEANING",
    "CLOSE_CASE",
    "COMPARISON",
    "CONFIRM_ACCOUNT",
    "CUSTODY",
    "DECIDE",
    "DIFFERENCE",
    "DISSOLVE",
    "END_EXEMPTION",
    "EXEMPTION",
    "FILE",
    "FILING",
    "GRANT_EXEMPTION",
    "INCIDENT",
    "KEEP_ACCOUNT",
    "MAKE_REPORT",
    "MAP",
    "MERGE",
    "OFFER",
    "OPEN_CASE",
    "PROPOSE",
    "PROVE",
    "RECORD",
    "RECOVERED",
    "REFUSE",
    "REGISTER",
    "REMIND_UNIT",
    "RENAME",
    "REPORT",
    "RETURN",
    "SETTLE",
    "START_COMPARISON",
    "SUBMIT",
    "SUPPORT",
    "UNIT",
    "UPDATE",
    "WITHDRAW",
    "WRITE",
]
