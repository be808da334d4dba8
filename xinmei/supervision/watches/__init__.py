"""What every inspection looks at.

Each watch finds one kind of fault. It is a pure function over the facts of one account or unit. `ACCOUNT_WATCHES` maps
a criterion to its watch, so that a finding can be looked at again when later facts come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xinmei.supervision.watches import approval, posts, register, replies, updates
from xinmei.supervision.watches.facts import AccountFacts, Fault, Window
from xinmei.supervision.watches.posts import watch_texts
from xinmei.supervision.watches.register import watch_names, watch_platforms

Watch = Callable[[AccountFacts, Window], Iterator[Fault]]

ACCOUNT_WATCHES: dict[str, Watch] = {
    "silent_two_weeks": updates.watch_silence,
    "slow_update": updates.watch_weeks,
    "no_original_this_week": updates.watch_originals,
    "late_reply": replies.watch_replies,
    "missed_patrol": replies.watch_patrols,
    "missing_byline": posts.watch_bylines,
    "missing_source": posts.watch_sources,
    "unlisted_source": posts.watch_unlisted_sources,
    "unreviewed_post": approval.watch_reviewed,
    "changed_after_approval": approval.watch_unchanged,
    "opened_irregularly": register.watch_opening,
    "host_not_in_verification": register.watch_verification,
    "irregularity": register.watch_filing,
    "late_registration": register.watch_registration,
    "announcement_too_short": register.watch_announcement,
    "dead_function": register.watch_functions,
    "over_collection": register.watch_collection,
}
UNIT_WATCHES = {"two_accounts_one_platform": watch_platforms, "inconsistent_name": watch_names}

# An account closed in the year is looked at for this only.
AFTER_CLOSING = "announcement_too_short"
# One finding a year until cured; seen again after a recheck said cured: a new one (readings: standing). A post that is
# imported again with other text is compared again in the same way.
STANDING = frozenset(
    {
        "changed_after_approval",
        "opened_irregularly",
        "misnamed",
        "host_not_in_verification",
        "irregularity",
        "dead_function",
        "over_collection",
        "two_accounts_one_platform",
        "inconsistent_name",
    }
)

__all__ = [
    "ACCOUNT_WATCHES",
    "AFTER_CLOSING",
    "STANDING",
    "UNIT_WATCHES",
    "AccountFacts",
    "Fault",
    "Window",
    "watch_texts",
]
