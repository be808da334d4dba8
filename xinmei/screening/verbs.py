"""What people do with the office's own entries, and the work of the screening that they start.

Each such work is a job (docs/decisions/0226).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.verbs import JOB
from xinmei.packs.actions import draft_entry, drafted_it, end_entry, release_entry, revise_entry, why_not_released
from xinmei.packs.doors import entries_visible_to
from xinmei.packs.forms import DraftFields, ReviseFields, WhyFields, describe
from xinmei.packs.models import OwnEntry, Trial
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.screening.trying import try_out


class ShownTrial(TypedDict):
    """What came of trying an entry out."""

    at: str | None
    by: str
    since: str | None
    posts: int
    hits: int
    allowed: int


class EntryWords(TypedDict):
    """What an entry says, as programs read and write it."""

    terms: list[str]
    suggest: str
    category: str
    severity: str
    shelf: str
    longer: list[str]
    unless: list[str]
    former_title: bool
    reason: str
    hit: str
    miss: str
    starts_on: str | None
    ends_on: str | None


class ShownEntry(EntryWords):
    """What programs read of an entry."""

    id: str
    state: str
    rule: str
    drafted_by: str
    drafted_at: str | None
    trial: ShownTrial | None
    released_by: str | None
    released_at: str | None
    ended_by: str | None
    ended_at: str | None
    ended_why: str | None


def show_entry(entry: OwnEntry, acting: Acting) -> ShownEntry:
    """An entry as programs read it, with its latest trial."""
    said: EntryWords = describe(entry)  # type: ignore[assignment]
    row: ShownEntry = {
        **said,
        "id": str(entry.pk),
        "state": entry.state,
        "rule": entry.rule,
        "drafted_by": entry.drafted_by,
        "drafted_at": show_moment(entry.drafted_at),
        "trial": _show_trial(next(iter(entry.trials.all()), None)),
        "released_by": entry.released_by or None,
        "released_at": show_moment(entry.released_at),
        "ended_by": entry.ended_by or None,
        "ended_at": show_moment(entry.ended_at),
        "ended_why": mask(entry.ended_why) or None,
    }
    row["reason"], row["hit"], row["miss"] = mask(said["reason"]), mask(said["hit"]), mask(said["miss"])
    return row


def _show_trial(trial: Trial | None) -> ShownTrial | None:
    if trial is None:
        return None
    return {
        "at": show_moment(trial.at),
        "by": trial.by,
        "since": show_moment(trial.since),
        "posts": trial.posts,
        "hits": trial.hits,
        "allowed": trial.allowed,
    }


def _last_step_of_entry(entries: Sequence[OwnEntry]) -> Mapping[Any, datetime]:
    return {one.pk: max(filter(None, (one.drafted_at, one.released_at, one.ended_at))) for one in entries}


ENTRY = Kind(
    name="entry",
    label="词条",
    path="entries",
    model=OwnEntry,
    rows=lambda acting: entries_visible_to(acting).prefetch_related("trials"),
    show=show_entry,
    state="state",
    page="entry",
    last_step=_last_step_of_entry,
)

# A second person releases it; whoever changed it last is its drafter.
RELEASE = Verb(
    "entry.release",
    "发布",
    of=ENTRY,
    right="release_rules",
    moves={"tried": "released"},
    bars=drafted_it,
    ready=why_not_released,
    do=release_entry,
    event="release_entry",
    grave="发布后，全市的检查和稿件检查都用这条；写法不能再改，只能停用后另拟。",
    done="已发布：以后的检查和稿件检查都用这条；以前的信息在下次检查或“回头看”时重看。",
    main=True,
)
# The trial is a job; the entry is tried when that is done.
TRY = Verb(
    "entry.try",
    "试跑近一个月",
    of=ENTRY,
    right="draft_rules",
    moves={"draft": "tried", "tried": "tried"},
    do=try_out,
    then=lambda entry: reverse("job", args=[entry.job.pk]),
    event="start_job",
    main=True,
)
REVISE = Verb(
    "entry.revise",
    "修改",
    of=ENTRY,
    right="draft_rules",
    moves={"draft": "draft", "tried": "draft"},
    fields=ReviseFields,
    do=revise_entry,
    event="revise_entry",
    done="已保存。改过的词条要重新试跑。",
)
END = Verb(
    "entry.end",
    "停用",
    of=ENTRY,
    right={"draft": "draft_rules", "tried": "draft_rules", "released": "release_rules"},
    moves={"draft": "ended", "tried": "ended", "released": "ended"},
    fields=WhyFields,
    do=end_entry,
    event="end_entry",
    done="已停用，记录保留。",
)
DRAFT = Verb(
    "entry.draft",
    "保存词条",
    of=ENTRY,
    makes=True,
    right="draft_rules",
    fields=DraftFields,
    do=draft_entry,
    page="entry_new",
    event="draft_entry",
    done="已保存，例句都对。下一步：试跑，看近一个月会命中多少。",
    hint="保存时核对两个例句；保存后试跑，再由另一位市检查负责人发布。",
    main=True,
)

RESCREEN = Verb(
    "job.rescreen",
    "现在重看",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("rescreen"),
    page="rescreening",
    event="start_job",
    main=True,
)
CHECK_LINKS = Verb(
    "job.check_links",
    "现在查看",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("check_links"),
    page="links",
    event="start_job",
    main=True,
)
READ_PICTURES = Verb(
    "job.read_pictures",
    "现在读图",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("read_pictures"),
    page="pictures",
    event="start_job",
    main=True,
)
