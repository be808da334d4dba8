"""Makes findings out of faults: decides whether a fault already stands, and stores what is new with its evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from xinmei.core.rulebook import criteria
from xinmei.interaction.models import Message
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.rows import batches, fetch_rows
from xinmei.supervision.evidence import VERSION, make_evidence
from xinmei.supervision.models import Evidence, Finding, Inspection
from xinmei.supervision.subjects import detail_of_subject, name_subjects
from xinmei.supervision.watches import STANDING, Fault
from xinmei.units.models import Unit

WAITING = (Finding.Status.SUSPECTED, Finding.Status.NOTIFIED, Finding.Status.RECTIFIED)
OwnedFault = tuple[Account | None, Unit, Fault]


def owner_of(account: Account | None, unit: Unit) -> str:
    """Whose fault it is, as one word: the account's number, or the unit's."""
    return account.code if account else f"unit {unit.code}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of a finding that stands: enough to say whether a fault is the same one."""

    subject: str
    occurrence: str
    status: str
    fault_on: date
    closed_at: datetime | None
    dismissed_by: str

    @property
    def fallen(self) -> bool:
        """Dismissed by the system because facts contradicted it: the fault may be raised again."""
        return self.status == Finding.Status.DISMISSED and not self.dismissed_by


def raise_findings(
    faults: Iterable[OwnedFault], observed_at: datetime, edition: str, inspection: Inspection | None = None
) -> list[Finding]:
    """Stores the faults that do not stand yet, and returns the new findings.

    It must run in the transaction of the act, after its lock.
    """
    faults = list(faults)
    known = _read_known(faults)
    new: list[tuple[Account | None, Unit, Fault, str]] = []
    for account, unit, fault in faults:
        earlier = known[owner_of(account, unit), fault.criterion]
        occurrence = _tell_occurrence(fault, earlier)
        if occurrence is not None:
            new.append((account, unit, fault, occurrence))
            earlier.append(_Known(fault.subject, occurrence, Finding.Status.SUSPECTED, fault.fault_on, None, ""))
    return _create(new, observed_at, edition, inspection)


def _read_known(faults: list[OwnedFault]) -> dict[tuple[str, str], list[_Known]]:
    """What stands of the owners and criteria of these faults, since the first year that they speak of."""
    known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    if not faults:
        return known
    owners = sorted({owner_of(account, unit) for account, unit, _ in faults})
    named = {fault.criterion for _, _, fault in faults}
    since = date(min(fault.fault_on.year for _, _, fault in faults), 1, 1)
    columns = ("owner", "criterion", "subject", "occurrence", "status", "fault_on", "closed_at", "dismissed_by")
    found = [
        Finding.objects.filter(owner__in=batch, criterion__in=named, fault_on__gte=since)
        for batch in batches(owners, 500)
    ]
    # 「one finding a gap between two updates, however many inspections see it」: it may have begun in any year
    silent = sorted(account.pk for account, _, fault in faults if account and fault.criterion == "silent_two_weeks")
    found += [
        Finding.objects.filter(criterion="silent_two_weeks", fault_on__lt=since, account__in=batch)
        for batch in batches(silent, 500)
    ]
    for owner, criterion, *rest in chain.from_iterable(
        rows.order_by("pk").values_list(*columns).iterator(chunk_size=5000) for rows in found
    ):
        known[owner, criterion].append(_Known(*rest))  # type: ignore[arg-type]
    return known


def _tell_occurrence(fault: Fault, earlier: list[_Known]) -> str | None:
    """Which occurrence of the fault this is; None where it stands already, or was decided."""
    if fault.criterion == "silent_two_weeks":
        for known in earlier:
            decided = known.status != Finding.Status.SUSPECTED and not known.fallen
            if known.subject == fault.subject and not known.fallen:
                return None
            # 「a silence that overlaps a decided one of the account is not raised again」
            if decided and _overlap(known.subject, fault.subject):
                return None
    same = [k for k in earlier if k.subject == fault.subject and k.fault_on.year == fault.fault_on.year]
    for known in same:
        if known.fallen:
            continue
        # Seen again after a recheck: a new one. What a person dismissed is not raised again in that year.
        cured = (
            fault.criterion in STANDING
            and known.status == Finding.Status.CLOSED
            and known.closed_at is not None
            and known.closed_at < fault.seen_at
        )
        if not cured:
            return None
    year = str(fault.fault_on.year)
    return f"{year}-{len(same) + 1}" if same else year


def _overlap(one: str, other: str) -> bool:
    """Whether two silences `START/END` have a moment in common. A subject that a person worded has none with any."""
    spans = [detail_of_subject(subject) for subject in (one, other)]
    if not all(spans):
        return False
    (a, b), (c, d) = ((datetime.fromisoformat(span["start"]), datetime.fromisoformat(span["end"])) for span in spans)
    return a < d and c < b


def _show_owner(account: Account | None, unit: Unit) -> dict[str, Any]:
    """Whose fault it is, as the evidence shows it."""
    names = ("name", "platform", "verification")
    shown = account and {"id": account.code} | {name: getattr(account, name) for name in names}
    return {"account": shown, "unit": {"code": unit.code, "name": unit.name}}


def _create(
    new: list[tuple[Account | None, Unit, Fault, str]],
    observed_at: datetime,
    edition: str,
    inspection: Inspection | None,
) -> list[Finding]:
    table = criteria()
    quoted = _quote_texts([fault for _, _, fault, _ in new])
    evidence, findings = [], []
    for account, unit, fault, occurrence in new:
        criterion = table[fault.set, fault.criterion]
        shown = {
            "version": VERSION,
            **_show_owner(account, unit),
            "criterion": f"{fault.set}/{criterion.indicator}/{fault.criterion}",
            "subject": fault.subject,
            "steps": fault.steps,
            "facts": {name: fact for name, fact in fault.proof.items() if name != "quoted"},
            # What was asked and replied comes with the fault, where it is no message that came in.
            "quoted": fault.proof.get("quoted")
            or quoted.get(str(fault.detail.get("post") or fault.detail.get("message") or "")),
            "observed_at": observed_at.isoformat(),
            "screening": inspection.screening if inspection else "",
        }
        piece = make_evidence(shown, seen_at=min(fault.seen_at, observed_at), source=fault.source, edition=edition)
        evidence.append(piece)
        findings.append(
            Finding(
                account=account,
                unit=unit,
                set=fault.set,
                indicator=criterion.indicator,
                criterion=fault.criterion,
                subject=fault.subject,
                owner=owner_of(account, unit),
                occurrence=occurrence,
                observed_at=observed_at,
                fault_on=fault.fault_on,
                inspection=inspection,
                status=Finding.Status.CONFIRMED if criterion.recorded_by == "system" else Finding.Status.SUSPECTED,
                clause=criterion.clause,
                reasoning=list(fault.steps),
                detail=dict(fault.detail),
                evidence=piece,
            )
        )
    Evidence.objects.bulk_create(evidence, batch_size=500)
    name_subjects(findings)
    return Finding.objects.bulk_create(findings, batch_size=500)


def _quote_texts(faults: list[Fault]) -> dict[str, dict[str, Any]]:
    """The posts and messages that faults are about, as they were seen, by their numbers."""
    quoted: dict[str, dict[str, Any]] = {}
    posts = sorted({str(f.detail["post"]) for f in faults if "post" in f.detail})
    for batch in batches(posts, 500):
        columns = ("code", "title", "text", "url", "published_at", "origin", "source", "byline", "deleted_at")
        for row in fetch_rows(Post.objects.filter(code__in=batch).values_list(*columns)):
            quoted[row[0]] = dict(zip(columns, row, strict=True))
    messages = sorted({str(f.detail["message"]) for f in faults if "message" in f.detail})
    for batch in batches(messages, 500):
        for message in Message.objects.filter(code__in=batch).prefetch_related("replies"):
            replies = [
                {"replied_at": r.replied_at.isoformat(), "text": r.text, "automatic": r.automatic}
                for r in message.replies.all()
            ]
            quoted[message.code] = {
                "code": message.code,
                "text": message.text,
                "received_at": message.received_at.isoformat(),
                "published_at": message.published_at and message.published_at.isoformat(),
                "replies": replies,
            }
    return quoted
