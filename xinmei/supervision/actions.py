"""The verbs of a finding's life: one function is one transaction, one step, one event (问题：疑似→确认→反馈→整改→复查→办结；不予认定).

`by` is somebody who acts (a page knows the post), or a log-in name, for which the post held at `at` is looked up (command line).
Each takes several findings, all or nothing. Raises StepRefused where the state does not allow the step, Refused for lack of right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from xinmei.core.deadlines import rectify_due
from xinmei.core.lifecycle import next_status
from xinmei.core.rulebook import HOUSE_SETS, Criterion, criteria, indicator_set, resolve_readings
from xinmei.core.screening import Allowance, mask, words_around
from xinmei.people.doors import resolve_acting
from xinmei.people.events import SYSTEM, Acting, record_many
from xinmei.publishing.allowing.actions import allow, right_to_allow
from xinmei.registry.models import Account
from xinmei.rows import batches
from xinmei.supervision.doors import check_may, check_may_find, resolve_finder, resolve_for
from xinmei.supervision.evidence import make_evidence, read_hits
from xinmei.supervision.following import follow_step
from xinmei.supervision.models import Evidence, Finding, Objection, Step
from xinmei.supervision.raising import raise_findings
from xinmei.supervision.subjects import day_of_subject, detail_of_subject
from xinmei.supervision.telling import tell_answer, tell_objection, tell_step
from xinmei.supervision.terms import make_late_fault
from xinmei.supervision.watches.facts import Fault, day_of
from xinmei.units.models import Unit

Who = Acting | str


class StepRefused(Exception):
    """The step cannot be taken: an unknown number, or a state that does not allow it. Its text is Chinese and says what is allowed."""


class UnknownCriterion(Exception):
    """The criterion does not exist, or only the system itself may record it."""


def confirm(ids: Sequence[object], *, by: Who, at: datetime) -> list[Finding]:
    """A person confirms what the machine suspects, which also sends it: the unit has one working day from `at`.

    「发现问题及时反馈有关单位并督促整改到位」
    """
    with transaction.atomic():
        findings, actings = _take(ids, "confirm", by, at)
        rectify_by = rectify_due(at, resolve_readings({})).due_at
        for finding, acting in zip(findings, actings, strict=True):
            finding.confirmed_by, finding.confirmed_at, finding.rectify_by = acting.login, at, rectify_by
        return _step("confirm", findings, actings, at, fields=["confirmed_by", "confirmed_at", "rectify_by"])


def dismiss(ids: Sequence[object], *, by: Who, at: datetime, why: str, while_suspected: bool = False) -> list[Finding]:
    """A person decides that it is no fault (不予认定). A late rectification falls with its finding.

    `while_suspected`: they were shown as suspicions; what somebody else has confirmed meanwhile is another matter, and refused.
    """
    if not why.strip():
        raise StepRefused("不予认定要写明理由")
    with transaction.atomic():
        findings, actings = _take(ids, "dismiss", by, at)
        if while_suspected and (
            sent := next((one for one in findings if one.status != Finding.Status.SUSPECTED), None)
        ):
            raise StepRefused(
                f"问题 {sent.pk} 现在是“{sent.get_status_display()}”，不再是疑似；要撤销的，请到问题页办理"
            )
        known = {finding.pk for finding in findings}
        for batch in batches([str(f.pk) for f in findings], 500):
            fallen = Finding.objects.select_for_update(of=("self",)).filter(
                criterion="late_rectification", subject__in=batch
            )
            for late in fallen.exclude(status=Finding.Status.DISMISSED).select_related("account", "unit", "evidence"):
                if late.pk not in known:
                    findings.append(late)
                    actings.append(actings[[str(f.pk) for f in findings].index(late.subject)])
        for finding, acting in zip(findings, actings, strict=True):
            finding.dismissed_at, finding.dismissed_by = at, acting.login
        return _step("dismiss", findings, actings, at, note=why, fields=["dismissed_at", "dismissed_by"])[: len(known)]


def never_again(ids: Sequence[object], *, by: Who, at: datetime, why: str, everywhere: bool) -> list[Finding]:
    """Dismisses suspicions, and remembers the words of the first (不再提示): at its unit, or everywhere.

    Raises StepRefused besides where the first was not found by the screening, or is no suspicion any more.
    """
    with transaction.atomic():
        first = _take(ids[:1], "dismiss", by, at)[0][0]
        source, hits = read_hits(first.evidence)
        if not hits:
            raise StepRefused(f"问题 {first.pk} 不是机器筛查发现的文字，没有可以不再提示的；可以只不予认定")
        done = dismiss(ids, by=by, at=at, why=why, while_suspected=True)
        unit = None if everywhere else first.unit
        acting = resolve_acting(by, at, verb=right_to_allow(unit)) if isinstance(by, str) else by
        for one in dict.fromkeys(
            Allowance(hit["rule"], words_around(source, hit["start"], hit["end"])) for hit in hits
        ):
            allow(one, of=(first.set, first.criterion), unit=unit, reason=why, by=acting, at=at)
        return done


def rectify(
    ids: Sequence[object], *, by: Who, at: datetime, note: str = "", evidence: Evidence | None = None
) -> list[Finding]:
    """The unit says that it is cured. One that comes after its term records itself as late (「未在1个工作日整改到位的，每次扣5分」)."""
    with transaction.atomic():
        findings, actings = _take(ids, "rectify", by, at)
        for finding in findings:
            finding.rectified_at = at
        late = [
            (f.account, f.unit, make_late_fault(f, at, at))
            for f in findings
            if f.rectify_by is not None and at > f.rectify_by
        ]
        done = _step("rectify", findings, actings, at, note=note, evidence=evidence, fields=["rectified_at"])
        raise_findings(late, at, indicator_set("assessment", on=day_of(at)).edition)
        return done


def recheck(ids: Sequence[object], *, by: Who, at: datetime, cured: bool, note: str = "") -> list[Finding]:
    """Looked at again: cured closes it, not cured sends it back with its term unchanged."""
    with transaction.atomic():
        findings, actings = _take(ids, "recheck", by, at)
        for finding in findings:
            finding.closed_at = at if cured else None
        return _step(
            "recheck_cured" if cured else "recheck_not_cured", findings, actings, at, note=note, fields=["closed_at"]
        )


def object_to(pk: object, *, by: Who, at: datetime, note: str, evidence: Evidence | None = None) -> Objection:
    """The unit objects to what was sent (申诉); the finding keeps its state until the objection is decided."""
    if not note.strip():
        raise StepRefused("申诉要写明理由")
    with transaction.atomic():
        (finding,), (acting,) = _take([pk], "object", by, at)
        if Objection.objects.filter(finding=finding, decided_at__isnull=True).exists():
            raise StepRefused(f"问题 {finding.pk} 已有一件申诉等待答复")
        if evidence is not None:
            evidence.save()
        objection = Objection.objects.create(finding=finding, by=acting.login, at=at, note=note, evidence=evidence)
        _note("object", [finding], [acting], at, note, evidence)
        tell_objection(objection, finding, at)
        return objection


def decide_objection(pk: object, *, by: Who, at: datetime, upheld: bool, note: str) -> Objection:
    """The objection is answered: upheld, and the finding is dismissed; or not, and it stands. Not by the person who confirmed it."""
    if not note.strip():
        raise StepRefused("答复申诉要写明理由")
    with transaction.atomic():
        (finding,), (acting,) = _take([pk], "decide_objection", by, at)
        objection = Objection.objects.select_for_update().filter(finding=finding, decided_at__isnull=True).first()
        if objection is None:
            raise StepRefused(f"问题 {finding.pk} 没有等待答复的申诉")
        objection.decided_by, objection.decided_at, objection.upheld, objection.answer = acting.login, at, upheld, note
        objection.save()
        _note("decide_objection", [finding], [acting], at, note)
        tell_answer(objection, finding, at)
        if upheld:
            dismiss([finding.pk], by=acting, at=at, why=note)
        return objection


def enter(
    name: str,
    *,
    by: Who,
    at: datetime,
    note: str,
    account: Account | None = None,
    unit: Unit | None = None,
    subject: str = "",
    file: tuple[bytes, str] | None = None,
) -> Finding:
    """A fault that a person saw: SUSPECTED, the note (and file: bytes, media type) its evidence.

    Raises UnknownCriterion, StepRefused where the same fault stands already, Refused for lack of right.
    """
    criterion = criterion_for_people(name)
    if (criterion.about == "unit") != (account is None):
        raise UnknownCriterion(
            f"“{criterion.title}”是{'单位' if criterion.about == 'unit' else '账号'}的问题，须指明{'单位' if criterion.about == 'unit' else '账号'}"
        )
    if not note.strip():
        raise StepRefused("录入问题要写明所见情况")
    owner = account.unit if account else unit
    assert owner is not None
    subject = subject.strip() or (account.code if account else owner.code)
    with transaction.atomic():
        acting = resolve_finder(by, owner.pk, at) if isinstance(by, str) else by
        check_may_find(acting, owner.pk)
        fault_on: date = day_of_subject(subject, account) or day_of(at)
        edition = (
            indicator_set(criterion.set, on=day_of(at)).edition
            if criterion.set != "duty"
            else indicator_set("inspection", on=day_of(at)).edition
        )
        proof: dict[str, Any] = {"note": note, "by": acting.login}
        fault = Fault(
            criterion.set,
            criterion.criterion,
            subject,
            fault_on,
            (mask(note),),
            "人工发现",
            proof,
            at.astimezone(UTC),
            detail_of_subject(subject),
        )
        raised = raise_findings([(account, owner, fault)], at, edition)
        if not raised:
            raise StepRefused(
                f"同一问题已有记录：{account.name if account else owner.name}，{criterion.title}，{subject}"
            )
        (finding,) = raised
        if file:
            finding.evidence = make_evidence(
                file[0], seen_at=at, source="人工发现", edition=edition, media_type=file[1]
            )
            finding.evidence.save()
        finding.entered_by = acting.login
        finding.save(update_fields=["entered_by", "evidence"])
        _note("find", [finding], [acting], at, note, finding.evidence)
        return finding


def criterion_for_people(name: str) -> Criterion:
    """The criterion of that name that a person may enter, under `inspection` where that set names it, else `assessment`, else `duty`.

    Raises UnknownCriterion for an unknown name and for what only the system itself records.
    """
    set_, _, bare = name.rpartition("/")
    table = criteria()
    found = next((table[s, bare] for s in HOUSE_SETS if (s, bare) in table and set_.split("/")[0] in ("", s)), None)
    if found is None or (found.kind, found.recorded_by) == ("BONUS", "system"):
        allowed = "、".join(c.criterion for (s, _), c in table.items() if s in HOUSE_SETS and c.recorded_by != "system")
        raise UnknownCriterion(f"没有名为“{name}”的细则，可用：{allowed}")
    if found.recorded_by == "system":
        raise UnknownCriterion(f"“{found.title}”由系统自行记录，不能录入")
    return found


def dismiss_contradicted(ids: Iterable[int], *, at: datetime, why: str) -> None:
    """Facts that came later contradict: what is SUSPECTED is dismissed by the system; what a person decided keeps its state and is marked."""
    for batch in batches(list(ids), 500):
        fallen = list(Finding.objects.select_for_update().filter(pk__in=batch, status=Finding.Status.SUSPECTED))
        for finding in fallen:
            finding.dismissed_at = at
        _step("contradict", fallen, [SYSTEM] * len(fallen), at, note=why, fields=["dismissed_at"])
        decided = Finding.objects.filter(pk__in=batch, contradicted=False).exclude(
            status__in=[Finding.Status.SUSPECTED, Finding.Status.DISMISSED]
        )
        marked = list(decided.select_for_update())
        decided.update(contradicted=True)
        _note("contradict", marked, [SYSTEM] * len(marked), at, why)


def _take(ids: Sequence[object], verb: str, by: Who, at: datetime) -> tuple[list[Finding], list[Acting]]:
    """Locks the findings and says for each who acts, in the order given. Must run in a transaction."""
    numbers = list(dict.fromkeys(str(i).strip() for i in ids))
    if not numbers:
        raise StepRefused("没有给出问题编号")
    unknown = [n for n in numbers if not (n.isascii() and n.isdigit() and len(n) < 19)]
    rows: dict[str, Finding] = {}
    for batch in batches([int(n) for n in numbers if n not in unknown], 500):
        for finding in (
            Finding.objects.select_for_update(of=("self",))
            .select_related("account", "unit", "evidence")
            .filter(pk__in=batch)
        ):
            rows[str(finding.pk)] = finding
    unknown = [n for n in numbers if n not in rows]
    if unknown:
        raise StepRefused(
            f"没有编号为 {'、'.join(unknown[:5])} 的问题{f'（共{len(unknown)}个编号）' if len(unknown) > 5 else ''}，可用 xinmei findings 查看编号"
        )
    findings = [rows[n] for n in numbers]
    if isinstance(by, str):
        return findings, resolve_for(by, verb, findings, at)
    for finding in findings:
        check_may(by, verb, finding)
    return findings, [by] * len(findings)


def _step(
    verb: str,
    findings: list[Finding],
    actings: list[Acting],
    at: datetime,
    *,
    fields: list[str],
    note: str = "",
    evidence: Evidence | None = None,
) -> list[Finding]:
    """Moves the findings by the table of allowed moves, and leaves a step and an event of each."""
    before = [finding.status for finding in findings]
    for finding in findings:
        status = next_status(verb, finding.status)
        if status is None:
            raise StepRefused(f"问题 {finding.pk} 现在是“{finding.get_status_display()}”，不能{VERBS[verb]}")
        finding.status = status
    if evidence is not None:
        evidence.save()
    Finding.objects.bulk_update(findings, ["status", *fields], batch_size=200)
    _note(verb, findings, actings, at, note, evidence, before)
    follow_step(verb, findings, actings, at, note)
    tell_step(verb, findings, before, at, note)
    return findings


VERBS = {
    "confirm": "确认",
    "dismiss": "不予认定",
    "rectify": "整改",
    "recheck_cured": "复查",
    "recheck_not_cured": "复查",
    "contradict": "由系统撤销",
}


def _note(
    verb: str,
    findings: list[Finding],
    actings: list[Acting],
    at: datetime,
    note: str = "",
    evidence: Evidence | None = None,
    before: list[str] | None = None,
) -> None:
    steps = [
        Step(
            finding=finding,
            verb=verb,
            status=finding.status,
            by=str(acting),
            position=acting.position,
            at=at,
            note=note,
            evidence=evidence,
        )
        for finding, acting in zip(findings, actings, strict=True)
    ]
    Step.objects.bulk_create(steps, batch_size=500)
    was = before or [finding.status for finding in findings]
    groups: dict[Acting, list[tuple[object, dict[str, Any] | None]]] = {}
    for finding, acting, status in zip(findings, actings, was, strict=True):
        groups.setdefault(acting, []).append((finding.pk, {"before": status, "after": finding.status}))
    for acting, acts in groups.items():
        record_many(verb, by=acting, at=at, kind="finding", acts=acts)
