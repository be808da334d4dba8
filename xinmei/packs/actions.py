"""The verbs of own entries (自定词条) and of demotions: one function, one transaction, one event.

Entries: draft -> tried -> released by a second person -> ended; what is edited must be tried again. Raises EntryRefused with what was found and
what is allowed, Refused for lack of right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.core.rulebook import RulebookError
from xinmei.core.screening import mask
from xinmei.packs.in_use import day_for_examples, screen_of, shipped
from xinmei.packs.models import Demotion, OwnEntry, Trial
from xinmei.people.doors import Refused, check
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold

State = OwnEntry.State
KIND, RULE = "own_entry", "rule"
FIELDS = (
    "terms",
    "suggest",
    "category",
    "severity",
    "shelf",
    "longer",
    "unless",
    "former_title",
    "reason",
    "starts_on",
    "ends_on",
    "hit",
    "miss",
)
# The typo model as a whole cannot be taken down: it is trained again.
MODEL_RULE = "model/typo"


class EntryRefused(Exception):
    """The entry cannot be kept, released or ended so. `field` names the field of the form at fault, if it is one."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def check_examples(entry: OwnEntry) -> None:
    """The hit must hit, the near miss must not. Raises EntryRefused."""
    try:
        screen = screen_of([entry])
    except RulebookError as error:
        raise EntryRefused(str(error), "terms") from None
    day = day_for_examples(entry)
    hits, misses = screen.scan([entry.hit, entry.miss], day)
    if not hits:
        raise EntryRefused(
            f"例句“{entry.hit}”没有命中。它里面要有“{entry.terms[0]}”这样的原文，不在例外的词里，附近也没有“附近有就不算”的字。",
            "hit",
        )
    if misses:
        raise EntryRefused(
            f"例句“{entry.miss}”命中了“{misses[0].text}”。请改例句，或把其中合法的说法写进“例外的词”。", "miss"
        )


def draft_entry(fields: Mapping[str, Any], *, by: Acting, at: datetime) -> OwnEntry:
    """A new entry, which must pass its own examples. `fields` are those named in FIELDS."""
    check(by, "draft_rules", KIND)
    entry = OwnEntry(**{name: fields[name] for name in FIELDS}, drafted_by=by.login, drafted_at=at)
    check_examples(entry)
    with transaction.atomic():
        entry.save()
        record("draft_entry", by=by, at=at, kind=KIND, number=entry.pk, content={"after": _masked(entry)})
    return entry


def revise_entry(entry: OwnEntry, fields: Mapping[str, Any], *, by: Acting, at: datetime) -> OwnEntry:
    """Changes what was not released yet; it is a draft again, drafted by who changed it."""
    check(by, "draft_rules", KIND, entry.pk)
    with transaction.atomic():
        entry = _take(entry, State.DRAFT, State.TRIED)
        before = _masked(entry)
        for name in FIELDS:
            setattr(entry, name, fields[name])
        entry.state, entry.drafted_by, entry.drafted_at = State.DRAFT, by.login, at
        check_examples(entry)
        entry.save()
        record(
            "revise_entry",
            by=by,
            at=at,
            kind=KIND,
            number=entry.pk,
            content={"before": before, "after": _masked(entry)},
        )
    return entry


def keep_trial(
    entry: OwnEntry,
    *,
    since: datetime,
    posts: int,
    hits: int,
    allowed: int,
    sample: Sequence[Mapping[str, Any]],
    by: Acting,
    at: datetime,
) -> Trial:
    """What a trial came to; `entry` is what was tried, and must not have been changed meanwhile."""
    check(by, "draft_rules", KIND, entry.pk)
    with transaction.atomic():
        now = _take(entry, State.DRAFT, State.TRIED)
        if _content(now) != _content(entry):
            raise EntryRefused("试跑时词条被改过了，请重新试跑。")
        trial = Trial.objects.create(
            entry=now, at=at, by=by.login, since=since, posts=posts, hits=hits, allowed=allowed, sample=list(sample)
        )
        now.state = State.TRIED
        now.save(update_fields=["state"])
        record(
            "try_entry",
            by=by,
            at=at,
            kind=KIND,
            number=entry.pk,
            content={"posts": posts, "hits": hits, "allowed": allowed},
        )
    return trial


def release_entry(entry: OwnEntry, *, by: Acting, at: datetime) -> OwnEntry:
    """A second person releases what was tried: from now on it is part of the rule packs."""
    check(by, "release_rules", KIND, entry.pk)
    with transaction.atomic():
        entry = _take(entry, State.TRIED)
        if entry.drafted_by == by.login:
            raise Refused(
                "拟定人不能发布自己拟的词条，应由另一位市检查负责人发布",
                acting=by,
                verb="release_rules",
                kind=KIND,
                number=entry.pk,
            )
        trial = entry.trials.first()
        if trial is None or trial.is_too_many:
            found = f"试跑命中 {trial.hits} 次，最多允许 {trial.allowed} 次" if trial else "还没有试跑"
            raise EntryRefused(f"{found}，不能发布。请把要查找的文字写长一些，或写上例外的词，再试跑。")
        check_examples(entry)
        entry.state, entry.released_by, entry.released_at = State.RELEASED, by.login, at
        entry.save(update_fields=["state", "released_by", "released_at"])
        record("release_entry", by=by, at=at, kind=KIND, number=entry.pk, content=_masked(entry))
    return entry


def end_entry(entry: OwnEntry, *, why: str, by: Acting, at: datetime) -> OwnEntry:
    """Takes an entry out of the packs (or a draft off the list); what it said, and why it ended, stays."""
    check(by, "release_rules" if entry.state == State.RELEASED else "draft_rules", KIND, entry.pk)
    if not why.strip():
        raise EntryRefused("停用要写明原因。", "why")
    with transaction.atomic():
        entry = _take(entry, State.DRAFT, State.TRIED, State.RELEASED)
        before = entry.state
        entry.state, entry.ended_by, entry.ended_at, entry.ended_why = State.ENDED, by.login, at, why.strip()
        entry.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
        record(
            "end_entry",
            by=by,
            at=at,
            kind=KIND,
            number=entry.pk,
            content={"before": before, "why": mask(entry.ended_why)},
        )
    return entry


def propose_demotion(rule: str, *, why: str, by: Acting, at: datetime) -> Demotion:
    """Proposes to take a rule from the confident shelf to the possible one."""
    check(by, "draft_rules", RULE, rule)
    if not why.strip():
        raise EntryRefused("提议降档要写明理由。", "why")
    if rule == MODEL_RULE:
        raise EntryRefused("错别字模型不能单独降档：请把误报的词交给维护人员，重新训练。")
    known = {name for pack in shipped().packs for name in pack.names}
    own = rule.startswith("own_") and OwnEntry.objects.filter(pk=rule.rpartition("/")[2], state=State.RELEASED).exists()
    if rule not in known and not own:
        raise EntryRefused(f"没有名为“{rule}”的在用规则。")
    with transaction.atomic():
        hold(f"demotion {rule}")
        if Demotion.objects.filter(rule=rule, state__in=[Demotion.State.WAITING, Demotion.State.APPROVED]).exists():
            raise EntryRefused("这条规则已经提议过降档，或已经降档。")
        demotion = Demotion.objects.create(rule=rule, why=why.strip(), proposed_by=by.login, proposed_at=at)
        record(
            "propose_demotion",
            by=by,
            at=at,
            kind=RULE,
            number=rule,
            content={"demotion": demotion.pk, "why": mask(demotion.why)},
        )
    return demotion


def decide_demotion(demotion: Demotion, *, approve: bool, by: Acting, at: datetime) -> None:
    """A second person decides; approved, the rule's hits are shown to authors only."""
    check(by, "release_rules", RULE, demotion.rule)
    if demotion.proposed_by == by.login:
        raise Refused("提出人不能批准自己提出的降档", acting=by, verb="release_rules", kind=RULE, number=demotion.rule)
    state = Demotion.State.APPROVED if approve else Demotion.State.REJECTED
    with transaction.atomic():
        waiting = Demotion.objects.filter(pk=demotion.pk, state=Demotion.State.WAITING)
        if not waiting.update(state=state, decided_by=by.login, decided_at=at):
            raise EntryRefused("这项降档已经处理过了。")
        record(
            "approve_demotion" if approve else "reject_demotion",
            by=by,
            at=at,
            kind=RULE,
            number=demotion.rule,
            content={"demotion": demotion.pk},
        )


def restore_rule(demotion: Demotion, *, by: Acting, at: datetime) -> None:
    """Puts the rule back on the confident shelf."""
    check(by, "release_rules", RULE, demotion.rule)
    with transaction.atomic():
        demoted = Demotion.objects.filter(pk=demotion.pk, state=Demotion.State.APPROVED)
        if not demoted.update(state=Demotion.State.RESTORED, restored_by=by.login, restored_at=at):
            raise EntryRefused("这条规则现在没有降档。")
        record("restore_rule", by=by, at=at, kind=RULE, number=demotion.rule, content={"demotion": demotion.pk})


def _take(entry: OwnEntry, *allowed: str) -> OwnEntry:
    """The entry as it stands, locked. Raises EntryRefused where it is in none of the allowed states."""
    now = OwnEntry.objects.select_for_update().get(pk=entry.pk)
    if now.state not in allowed:
        raise EntryRefused(
            f"词条现在是“{now.get_state_display()}”，只有{'、'.join(f'“{State(one).label}”' for one in allowed)}的才能这样办。"
        )
    return now


def _content(entry: OwnEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FIELDS}


def _masked(entry: OwnEntry) -> dict[str, Any]:
    """What the log of events keeps of an entry: no number of a person stands in it."""
    kept = {name: mask(value) if isinstance(value, str) else value for name, value in _content(entry).items()}
    return kept | {"terms": [mask(term) for term in entry.terms]}
