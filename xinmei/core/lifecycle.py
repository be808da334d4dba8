"""Tables of allowed moves: what may follow what, and nothing else."""

from __future__ import annotations

# 问题：疑似→（确认并）反馈→整改→复查→办结；不予认定. What the system itself records is CONFIRMED at once and has no
# term.
FINDING: dict[str, dict[str, str]] = {
    "confirm": {"SUSPECTED": "NOTIFIED"},
    "rectify": {"NOTIFIED": "RECTIFIED"},
    "recheck_cured": {"RECTIFIED": "CLOSED"},
    "recheck_not_cured": {"RECTIFIED": "NOTIFIED"},
    "dismiss": dict.fromkeys(("SUSPECTED", "NOTIFIED", "RECTIFIED", "CLOSED", "CONFIRMED"), "DISMISSED"),
    "contradict": {"SUSPECTED": "DISMISSED"},
}

# 督办: issued as OPEN, answered by the unit, then closed or returned by the issuer. It also closes by itself when the
# matter that it is about is closed.
ORDER: dict[str, dict[str, str]] = {
    "answer_order": {"OPEN": "ANSWERED"},
    "return_order": {"ANSWERED": "OPEN"},
    "close_order": {"OPEN": "CLOSED", "ANSWERED": "CLOSED"},
}


def next_status(verb: str, status: str) -> str | None:
    """The status of a finding after a step, or None where the step is not allowed in `status`.

    Raises KeyError for an unknown verb.
    """
    return FINDING[verb].get(status)
