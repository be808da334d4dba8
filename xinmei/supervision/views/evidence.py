"""The evidence of a finding: the files, the masked pieces, the very bytes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from xinmei.core.screening import mask
from xinmei.files.serving import answer_with
from xinmei.people.actions.personal_data import MINIMUM_REASON
from xinmei.people.actions.personal_data import reveal as reveal_one
from xinmei.people.doors import sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.revealing import Masked, answer, read_masked
from xinmei.supervision import doors
from xinmei.supervision.models import Evidence, Finding
from xinmei.supervision.showing import show, shown_text


def masked_in(acting: Acting, found: Finding) -> list[Masked]:
    """What is masked in the evidence, as far as the reader sees it at all."""
    return read_masked({"evidence": shown_text(found.evidence, texts=sees(acting, "messages"))})


@door(get=doors.finding_for, to="reveal", methods=("POST",))
def reveal(request: Request, found: Finding) -> HttpResponse:
    """One piece of personal data in the evidence, once, with a reason."""
    return answer(request, masked_in(request.acting, found), kind="finding", number=found.pk)


def _piece_of(acting: Acting, found: Finding, number: str) -> tuple[Evidence, bool]:
    """A piece of evidence of this finding, and whether it is a picture.

    Raises Http404 for any other piece; for an observer also where it is no picture.
    """
    piece = doors.evidence_for(acting, number)
    if piece.pk != found.evidence_id and not found.history.filter(evidence=piece).exists():
        raise Http404
    is_picture = show(piece, texts=False).is_picture
    if not is_picture and not sees(acting, "messages"):
        raise Http404
    return piece, is_picture


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


@door(get=doors.finding_for)
def evidence_file(request: Request, found: Finding, evidence: str) -> HttpResponse:
    """A piece of evidence of this finding: a picture to look at, or a text file with its personal data masked."""
    piece, is_picture = _piece_of(request.acting, found, evidence)
    if is_picture:
        return answer_with(request, piece.read, content_type=piece.media_type)
    if piece.media_type == "application/json" or piece.media_type.startswith("text/"):
        return answer_with(
            request,
            lambda: mask(piece.read().decode("utf-8", "replace")).encode(),
            headers=_as_file(f"{piece.sha256[:12]}-masked"),
        )
    return answer_with(request, piece.read, headers=_as_file(piece.sha256[:12]))


@door(get=doors.finding_for, to="reveal", methods=("POST",))
def original_evidence(request: Request, found: Finding, evidence: str) -> HttpResponse:
    """The very bytes, by which the digests can be verified: with a reason, and an event."""
    piece, _ = _piece_of(request.acting, found, evidence)
    reason = request.POST.get("reason", "").strip()
    if len(reason) < MINIMUM_REASON:
        messages.error(request, f"下载原件要写理由，至少 {MINIMUM_REASON} 个字，如：核对摘要。写的是“{reason}”。")
        return redirect("finding", pk=found.pk)
    reveal_one(
        f"evidence {piece.pk}", kind="finding", number=found.pk, reason=reason, by=request.acting, at=request.now
    )
    return answer_with(request, piece.read, headers=_as_file(piece.sha256[:12]))
