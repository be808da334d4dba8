"""What the acts on a finding do (问题：疑似→确认→反馈→整改→复查→办结；不予认定).

`verbs.py` declares the acts; `xinmei.acts` checks and performs them. Each is done to several findings at once, all or
none, in the transaction of the act. Each finding gets one step and one event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from xinmei.compiled import update_one
from xinmei.core.deadlines import rectify_due
from xinmei.core.refusals import NotNow, NotSo
from xinmei.core.rulebook import Criterion, indicator_set, resolve_readings
from xinmei.core.screening import Allowance, mask, words_around
from xinmei.pages.uploads import Upload
from xinmei.people.events import SYSTEM, Acting, record_many
from xinmei.publishing.allowing.actions import allow
from xinmei.registry.models import Account
from xinmei.rows import batches
from xinmei.supervision.doors import check_may_find
from xinmei.supervision.evidence import make_evidence, read_hits
from xinmei.supervision.following import follow_step
from xinmei.supervision.models import Evidence, Finding, Objection, Step
from xinmei.supervision.raising import raise_findings
from xinmei.supervision.subjects import LATE, day_of_subject, detail_of_subject
from xinmei.supervision.telling import tell_answer, tell_objection, tell_step
from xinmei.supervision.terms import make_late_fault
from xinmei.supervision.watches.facts import Fault, day_of
from xinmei.units.models import Unit

Status = Finding.Status
Findings = list[Finding]
Given = Mapping[str, Any]


def confirm(findings: Findings, given: Given, bys: list[Acting], at: datetime) -> Findings:
    """A person confirms what the machine suspects. That also sends it: the unit has one working day from `at`.

    「发现问题及时反馈有关单位并督促整改到位」
    """
    rectify_by = rectify_due(at, resolve_readings({})).due_at
    for finding, by in zip(findings, bys, strict=True):
        finding.confirmed_by, finding.confirmed_at, finding.rectify_by = by.login, at, rectify_by
    return _step("confirm", Status.NOTIFIED, findings, bys, at, fields=["confirmed_by", "confirmed_at", "rectify_by"])


def dismiss(findings: Findings, given: Given, bys: list[Acting], at: datetime) -> Findings:
    """A person decides that it is no fault (不予认定). A late rectification falls with its finding.

    `suspected`: they were shown as suspicions, so what somebody has confirmed since is refused. `again`: the words of
    the first finding are not shown again (不再提示), at its unit or everywhere.
    """
    sent = next((one for one in findings if one.status != Status.SUSPECTED), None)
    if sent is not None and (given.get("suspected") or given.get("again")):
        raise NotNow(f"问题 {sent.pk} 现在是“{sent.get_status_display()}”，不再是疑似；要撤销的，请到问题页办理")
    if given.get("again"):
        _never_again(findings[0], given, bys[0], at)
    chosen = list(findings)
    fallen = _late_ones_of(chosen)
    by_number = {str(finding.pk): by for finding, by in zip(chosen, bys, strict=True)}
    every, actings = [*chosen, *fallen], [*bys, *(by_number[str(late.parent_id)] for late in fallen)]
    for finding, by in zip(every, actings, strict=True):
        finding.dismissed_at, finding.dismissed_by = at, by.login
    _step("dismiss", Status.DISMISSED, every, actings, at, note=given["why"], fields=["dismissed_at", "dismissed_by"])
    return chosen


def _late_ones_of(findings: Findings) -> Findings:
    """The late rectifications of these findings that still stand, and are not among the findings themselves."""
    known = {finding.pk for finding in findings}
    late: Findings = []
    for batch in batches(sorted(known), 500):
        rows = Finding.objects.select_for_update(of=("self",)).filter(criterion=LATE, parent__in=batch)
        standing = rows.exclude(status=Status.DISMISSED).select_related("account", "unit", "evidence")
        late += [one for one in standing if one.pk not in known]
    return late


def _never_again(first: Finding, given: Given, by: Acting, at: datetime) -> None:
    source, hits = read_hits(first.evidence)
    if not hits:
        raise NotSo(f"问题 {first.pk} 不是机器筛查发现的文字，没有可以不再提示的；可以只不予认定")
    unit = None if given["again"] == "all" else first.unit
    for one in dict.fromkeys(Allowance(hit["rule"], words_around(source, hit["start"], hit["end"])) for hit in hits):
        allow(one, of=(first.set, first.criterion), unit=unit, reason=given["why"], by=by, at=at)


def rectify(findings: Findings, given: Given, bys: list[Acting], at: datetime) -> Findings:
    """The unit says that the fault is cured. After its term, a late rectification is recorded besides.

    「未在1个工作日整改到位的，每次扣5分」
    """
    for finding in findings:
        finding.rectified_at = at
    late = [
        (one.account, one.unit, make_late_fault(one, at, at))
        for one in findings
        if one.rectify_by is not None and at > one.rectify_by
    ]
    proof = _keep(given.get("evidence"), findings[0], at)
    done = _step(
        "rectify", Status.RECTIFIED, findings, bys, at, note=given["note"], evidence=proof, fields=["rectified_at"]
    )
    raise_findings(late, at, indicator_set("assessment", on=day_of(at)).edition)
    return done


def _keep(file: Upload | None, found: Finding, at: datetime) -> Evidence | None:
    """What the unit attached, as evidence."""
    if file is None:
        return None
    kept = make_evidence(
        file.data, seen_at=at, source="主办单位提交", edition=found.evidence.edition, media_type=file.media_type
    )
    kept.save()
    return kept


def recheck(findings: Findings, given: Given, bys: list[Acting], at: datetime) -> Findings:
    """A person looks again. A cured finding is closed; another one goes back with its term unchanged."""
    cured = given["cured"]
    for finding in findings:
        finding.closed_at = at if cured else None
    verb, after = ("recheck_cured", Status.CLOSED) if cured else ("recheck_not_cured", Status.NOTIFIED)
    return _step(verb, after, findings, bys, at, note=given["note"], fields=["closed_at"])


def object_to(finding: Finding, given: Given, by: Acting, at: datetime) -> Finding:
    """The unit objects to what was sent (申诉). The finding keeps its state until the objection is decided."""
    proof = _keep(given.get("evidence"), finding, at)
    objection = Objection.objects.create(finding=finding, by=by.login, at=at, note=given["why"], evidence=proof)
    _note("object", [finding], [by], at, given["why"], proof)
    tell_objection(objection, finding, at)
    return finding


def answer_objection(finding: Finding, given: Given, by: Acting, at: datetime) -> Finding:
    """The objection is answered. Where it is upheld the finding is dismissed, else it stands."""
    objection = Objection.objects.select_for_update().get(finding=finding, decided_at__isnull=True)
    objection.decided_by, objection.decided_at = by.login, at
    objection.upheld, objection.answer = given["upheld"], given["why"]
    objection.save()
    _note("decide_objection", [finding], [by], at, given["why"])
    tell_answer(objection, finding, at)
    if objection.upheld:
        dismiss([finding], {"why": given["why"]}, [by], at)
    return finding


def is_objected(finding: Finding) -> bool:
    """Whether an objection to it waits for its answer. Asked once an object."""
    if not hasattr(finding, "objected"):
        waiting = Objection.objects.filter(finding=finding, decided_at__isnull=True)
        finding.objected = waiting.exists()  # type: ignore[attr-defined]
    return bool(finding.objected)  # type: ignore[attr-defined]


def find(given: Given, by: Acting, at: datetime) -> Finding:
    """A person saw a fault. It is SUSPECTED; note and file are its evidence. The same fault again is refused."""
    account, unit = given["account"], given["unit"]
    return enter(given["criterion"], account, account.unit if account else unit, given["subject"], given, by=by, at=at)


def enter(
    criterion: Criterion, account: Account | None, owner: Unit, subject: str, seen: Given, *, by: Acting, at: datetime
) -> Finding:
    """Records a fault that a person saw.

    `seen` holds `note`, and perhaps `quote` and `evidence`; of what was looked for on purpose also `facts`, `steps`,
    `fault_on`, and `beside`: a file that is the evidence of the first step alone. Raises NotNow where the same fault
    stands already.
    """
    check_may_find(by, owner.pk)
    subject = subject.strip() or (account.code if account else owner.code)
    fault = _fault_of(criterion, subject, account, seen, by, at)
    of = criterion.set if criterion.set != "duty" else "inspection"
    edition = indicator_set(of, on=day_of(at)).edition
    raised = raise_findings([(account, owner, fault)], at, edition)
    if not raised:
        raise NotNow(f"同一问题已有记录：{account.name if account else owner.name}，{criterion.title}，{subject}")
    (finding,) = raised
    proof = finding.evidence
    if file := seen.get("evidence") or seen.get("beside"):
        kept = {"edition": edition, "media_type": file.media_type}
        proof = make_evidence(file.data, seen_at=at, source="人工发现", **kept)
        proof.save()
        finding.evidence = proof if seen.get("evidence") else finding.evidence
    finding.entered_by = by.login
    finding.save(update_fields=["entered_by", "evidence"])
    _note("find", [finding], [by], at, seen["note"], proof)
    return finding


def _fault_of(
    criterion: Criterion, subject: str, account: Account | None, seen: Given, by: Acting, at: datetime
) -> Fault:
    fault_on: date = seen.get("fault_on") or day_of_subject(subject, account) or day_of(at)
    note, words = seen["note"], seen.get("quote") or ""
    proof = {"note": note, "by": by.login} | ({"quote": words} if words else {}) | seen.get("facts", {})
    detail = detail_of_subject(subject)
    moment = at.astimezone(UTC)
    steps = (*seen.get("steps", ()), mask(note))
    return Fault(criterion.set, criterion.criterion, subject, fault_on, steps, "人工发现", proof, moment, detail)


def dismiss_contradicted(ids: Iterable[int], *, at: datetime, why: str) -> None:
    """Marks findings that later facts contradict.

    The system dismisses those that are SUSPECTED. Those that a person has decided keep their state and are marked.
    """
    for batch in batches(list(ids), 500):
        fallen = list(Finding.objects.select_for_update().filter(pk__in=batch, status=Finding.Status.SUSPECTED))
        for finding in fallen:
            finding.dismissed_at = at
        _step("contradict", Status.DISMISSED, fallen, [SYSTEM] * len(fallen), at, note=why, fields=["dismissed_at"])
        decided = Finding.objects.filter(pk__in=batch, contradicted=False).exclude(
            status__in=[Finding.Status.SUSPECTED, Finding.Status.DISMISSED]
        )
        marked = list(decided.select_for_update())
        decided.update(contradicted=True)
        _note("contradict", marked, [SYSTEM] * len(marked), at, why)


def _step(
    verb: str,
    after: str,
    findings: Findings,
    actings: list[Acting],
    at: datetime,
    *,
    fields: list[str],
    note: str = "",
    evidence: Evidence | None = None,
) -> Findings:
    """Moves the findings to `after`, and leaves a step and an event of each."""
    before = [finding.status for finding in findings]
    for finding in findings:
        finding.status = after
    _save(findings, ["status", *fields, _keep_moment(findings, at)])
    _write(verb, findings, actings, at, note, evidence, before)
    follow_step(verb, findings, actings, at, note)
    tell_step(verb, findings, before, at, note)
    return findings


def _note(
    verb: str, findings: Findings, actings: list[Acting], at: datetime, note: str, evidence: Evidence | None = None
) -> None:
    """Leaves a step and an event of each; they stay in their states."""
    _save(findings, [_keep_moment(findings, at)])
    _write(verb, findings, actings, at, note, evidence, [finding.status for finding in findings])


def _keep_moment(findings: Findings, at: datetime) -> str:
    """Each keeps the moment of its last step. Returns the name of the field."""
    for finding in findings:
        finding.last_step_at = max(finding.last_step_at or at, at)
    return "last_step_at"


def _save(findings: Findings, fields: list[str]) -> None:
    """Writes these fields, by one statement for all that get the same values: nearly always all of an act."""
    if len(findings) == 1:
        update_one(findings[0], *fields)
        return
    alike: dict[tuple[Any, ...], list[int]] = {}
    for finding in findings:
        alike.setdefault(tuple(getattr(finding, name) for name in fields), []).append(finding.pk)
    for values, numbers in alike.items():
        for batch in batches(numbers, 500):
            Finding.objects.filter(pk__in=batch).update(**dict(zip(fields, values, strict=True)))


def _write(
    verb: str,
    findings: Findings,
    actings: list[Acting],
    at: datetime,
    note: str,
    evidence: Evidence | None,
    before: list[str],
) -> None:
    said: dict[str, Any] = {"verb": verb, "at": at, "note": note, "evidence": evidence}
    steps = [
        Step(finding=finding, status=finding.status, by=str(acting), position=acting.position, **said)
        for finding, acting in zip(findings, actings, strict=True)
    ]
    Step.objects.bulk_create(steps, batch_size=500)
    groups: dict[Acting, list[tuple[object, dict[str, Any] | None]]] = {}
    for finding, acting, status in zip(findings, actings, before, strict=True):
        groups.setdefault(acting, []).append((finding.pk, {"before": status, "after": finding.status}))
    for acting, acts in groups.items():
        record_many(verb, by=acting, at=at, kind="finding", acts=acts)
