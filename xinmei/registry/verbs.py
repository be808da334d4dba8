"""What people do in the register; each part brings its own."""

from __future__ import annotations

from xinmei.registry.accounts.verbs import ACCOUNT, INCIDENT, RECOVERED, UPDATE
from xinmei.registry.exemptions.verbs import END as END_EXEMPTION
from xinmei.registry.exemptions.verbs import EXEMPTION
from xinmei.registry.exemptions.verbs import GRANT as GRANT_EXEMPTION
from xinmei.registry.readings.verbs import DECIDE, PROPOSE

__all__ = [
    "ACCOUNT",
    "DECIDE",
    "END_EXEMPTION",
    "EXEMPTION",
    "GRANT_EXEMPTION",
    "INCIDENT",
    "PROPOSE",
    "RECOVERED",
    "UPDATE",
]
