"""What people do in the register; each part brings its own."""

from __future__ import annotations

from xinmei.registry.accounts.verbs import ACCOUNT, INCIDENT, RECOVERED, UPDATE
from xinmei.registry.closing.verbs import CASE, CLEANING
from xinmei.registry.closing.verbs import CLOSE as CLOSE_CASE
from xinmei.registry.closing.verbs import KEEP as KEEP_ACCOUNT
from xinmei.registry.closing.verbs import OPEN as OPEN_CASE
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
from xinmei.registry.readings.verbs import DECIDE, PROPOSE

__all__ = [
    "ACCOUNT",
    "AGREE",
    "ANNOUNCE",
    "APPROVE",
    "CARRY_OUT",
    "CASE",
    "CLEANING",
    "CLOSE_CASE",
    "DECIDE",
    "END_EXEMPTION",
    "EXEMPTION",
    "FILE",
    "FILING",
    "GRANT_EXEMPTION",
    "INCIDENT",
    "KEEP_ACCOUNT",
    "OPEN_CASE",
    "PROPOSE",
    "RECOVERED",
    "REFUSE",
    "REGISTER",
    "RETURN",
    "SUBMIT",
    "SUPPORT",
    "UPDATE",
    "WITHDRAW",
    "WRITE",
]
