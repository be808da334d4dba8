"""What acts do to own entries (自定词条) and to demotions, and what a trial comes to.

Entries: draft -> tried -> released by a second person -> ended; what is edited must be tried again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.core.refusals import NotNow, NotSo, NotYours, Wrong
from xinmei.core.rulebook import RulebookError
from xinmei.core.screening import mask
from xinmei.packs.in_use import day_for_examples, screen_of, shipped
from xinmei.packs.models import Demotion, OwnEntry, Trial
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold

State = OwnEntry.State
KIND, RULE = "own_entry", "rule"
Given = Mapping[str, Any]
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


def check_examples(entry: OwnEntry) -> None:
    """The hit must hit, the near miss must not. Raises NotSo."""
    try:
        screen = screen_of([entry])
    except RulebookError as error:
        raise _wrong("terms", str(error), list(entry.terms)) from None
    day = day_for_examples(entry)
    hits, misses = screen.scan([entry.hit, entry.miss], day)
    if not hits:
        needed = f"它里面要有“{entry.terms[0]}”这样的原文，不在例外的词里，附近也没有“附近有就不算”的字。"
        raise _wrong("hit", f"例句“{entry.hit}”没有命中。{needed}", entry.hit)
    if misses:
        advice = "请改例句，或把其中合法的说法写进“例外的词”。"
        raise _wrong("miss", f"例句“{entry.miss}”命中了“{misses[0].text}”。{advice}", entry.miss)


def _wrong(field: str, text: str, found: object) -> NotSo:
    return NotSo(text, (Wrong(field, text, found),))


def draft_entry(given: Given, by: Acting, at: datetime) -> OwnEntry:
    """A new entry, which must pass its own examples."""
    entry = OwnEntry(**{name: given[name] for name in FIELDS}, drafted_by=by.login, drafted_at=at)
    check_examples(entry)
    entry.save()
    record("draft_entry", by=by, at=at, kind=KIND, number=entry.pk, content={"after": _masked(entry)})
    return entry


def revise_entry(entry: OwnEntry, given: Given, by: Acting, at: datetime) -> OwnEntry:
    """Changes what was not released yet; it is a draft again, drafted by who changed it."""
    before = _masked(entry)
    for name in FIELDS:
        setattr(entry, name, given[name])
    entry.state, entry.drafted_by, entry.drafted_at = State.DRAFT, by.login, at
    check_examples(entry)
    entry.save()
    content = {"before": before, "after": _masked(entry)}
    record("revise_entry", by=by, at=at, kind=KIND, number=entry.pk, content=content)
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
    """What a trial came to, as the job found it; `entry` is what was tried. Raises NotNow where it has been changed, released or ended meanwhile."""
    with transaction.atomic():
        now = OwnEntry.objects.select_for_update().get(pk=entry.pk)
        if now.state not in (State.DRAFT, State.TRIED) or _content(now) != _content(entry):
            raise NotNow(f"试跑时词条被改过了，现在是“{now.get_state_display()}”；请重新试跑。")
        trial = Trial.objects.create(
            entry=now, at=at, by=by.login, since=since, posts=posts, hits=hits, allowed=allowed, sample=list(sample)
        )
        now.state = State.TRIED
        now.save(update_fields=["state"])
        content = {"posts": posts, "hits": hits, "allowed": allowed}
        record("try_entry", by=by, at=at, kind=KIND, number=entry.pk, content=content)
    return trial


def why_not_released(entry: OwnEntry, at: datetime) -> str:
    """What hits absurdly often is no entry to release."""
    trial = entry.trials.first()
    if trial is not None and not trial.is_too_many:
        return ""
    found = f"试跑命中 {trial.hits} 次，最多允许 {trial.allowed} 次" if trial else "还没有试跑"
    return f"{found}，不能发布。请把要查找的文字写长一些，或写上例外的词，再试跑。"


def drafted_it(acting: Acting, entry: OwnEntry, right: str = "") -> str:
    """「releases by two persons」"""
    return "您是拟定人，应由另一位市检查负责人发布" if entry.drafted_by == acting.login else ""


def release_entry(entry: OwnEntry, given: Given, by: Acting, at: datetime) -> OwnEntry:
    """A second person releases what was tried: from now on it is part of the rule packs."""
    _by_two_persons(drafted_it(by, entry))
    check_examples(entry)
    entry.state, entry.released_by, entry.released_at = State.RELEASED, by.login, at
    entry.save(update_fields=["state", "released_by", "released_at"])
    record("release_entry", by=by, at=at, kind=KIND, number=entry.pk, content=_masked(entry))
    return entry


def end_entry(entry: OwnEntry, given: Given, by: Acting, at: datetime) -> OwnEntry:
    """Takes an entry out of the packs (or a draft off the list); what it said, and why it ended, stays."""
    before = entry.state
    entry.state, entry.ended_by, entry.ended_at, entry.ended_why = State.ENDED, by.login, at, given["why"]
    entry.save(update_fields=["state", "ended_by", "ended_at", "ended_why"])
    content = {"before": before, "why": mask(entry.ended_why)}
    record("end_entry", by=by, at=at, kind=KIND, number=entry.pk, content=content)
    return entry


def propose_demotion(given: Given, by: Acting, at: datetime) -> Demotion:
    """Proposes to take a rule from the confident shelf to the possible one."""
    rule = given["rule"]
    if rule == MODEL_RULE:
        raise _wrong("rule", "错别字模型不能单独降档：请把误报的词交给维护人员，重新训练。", rule)
    known = {name for pack in shipped().packs for name in pack.names}
    if rule not in known and not _is_own(rule):
        raise _wrong("rule", f"没有名为“{rule}”的在用规则。", rule)
    hold(f"demotion {rule}")
    if Demotion.objects.filter(rule=rule, state__in=[Demotion.State.WAITING, Demotion.State.APPROVED]).exists():
        raise NotNow("这条规则已经提议过降档，或已经降档。")
    demotion = Demotion.objects.create(rule=rule, why=given["why"], proposed_by=by.login, proposed_at=at)
    content = {"demotion": demotion.pk, "why": mask(demotion.why)}
    record("propose_demotion", by=by, at=at, kind=RULE, number=rule, content=content)
    return demotion


def _is_own(rule: str) -> bool:
    """Whether the rule is a released entry of the office's own."""
    number = rule.rpartition("/")[2]
    if not rule.startswith("own_") or not (number.isascii() and number.isdigit() and len(number) < 18):
        return False
    return OwnEntry.objects.filter(pk=number, state=State.RELEASED).exists()


def proposed_it(acting: Acting, demotion: Demotion, right: str = "") -> str:
    """「by two persons」"""
    return "您是提出人，应由另一位市检查负责人批准" if demotion.proposed_by == acting.login else ""


def decide_demotion(demotion: Demotion, given: Given, by: Acting, at: datetime) -> Demotion:
    """A second person decides; approved, the rule's hits are shown to authors only."""
    _by_two_persons(proposed_it(by, demotion))
    approve = given["approve"]
    demotion.state = Demotion.State.APPROVED if approve else Demotion.State.REJECTED
    demotion.decided_by, demotion.decided_at = by.login, at
    demotion.save(update_fields=["state", "decided_by", "decided_at"])
    name = "approve_demotion" if approve else "reject_demotion"
    record(name, by=by, at=at, kind=RULE, number=demotion.rule, content={"demotion": demotion.pk})
    return demotion


def restore_rule(demotion: Demotion, given: Given, by: Acting, at: datetime) -> Demotion:
    """Puts the rule back on the confident shelf."""
    demotion.state, demotion.restored_by, demotion.restored_at = Demotion.State.RESTORED, by.login, at
    demotion.save(update_fields=["state", "restored_by", "restored_at"])
    record("restore_rule", by=by, at=at, kind=RULE, number=demotion.rule, content={"demotion": demotion.pk})
    return demotion


def _by_two_persons(why: str) -> None:
    """Where there are no people nobody is judged, but one name does not stand for two. Raises NotYours."""
    if why:
        raise NotYours(why)


def _content(entry: OwnEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FIELDS}


def _masked(entry: OwnEntry) -> dict[str, Any]:
    """What the log of events keeps of an entry: no number of a person stands in it."""
    kept = {name: mask(value) if isinstance(value, str) else value for name, value in _content(entry).items()}
    return kept | {"terms": [mask(term) for term in entry.terms]}
