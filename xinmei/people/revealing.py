"""遮盖的个人信息: what a page masks, and the answer that reveals one value once to whoever gives a reason.

    values = read_masked({"text": message.text})          what can be revealed; pages show only `Masked.shown`
    return answer(request, values, kind="message", number=message.code)

The page includes `people/masked.html` with `masked` (the values) and `reveal_address`. It holds nothing unmasked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse

from xinmei.core.screening import PRIVACY_LABELS, find_personal_data
from xinmei.core.screening.detectors import PRIVACY, mask_piece
from xinmei.people.actions.personal_data import MINIMUM_REASON, reveal
from xinmei.people.guard import Request


@dataclass(frozen=True, slots=True)
class Masked:
    """One piece of personal data: the name it is asked for by, what it is, how it is shown, and what it says."""

    key: str
    label: str
    shown: str
    value: str


def read_masked(texts: Mapping[str, str]) -> list[Masked]:
    """The personal data in these texts, named by text and place: `text.0`, `text.1`.

    A number that occurs twice in a text is listed once.
    """
    found = []
    for name, text in texts.items():
        listed: set[str] = set()
        for place, (start, end, detector) in enumerate(find_personal_data(text)):
            value = text[start:end]
            if value not in listed:
                listed.add(value)
                _, head, tail = PRIVACY[detector]
                found.append(Masked(f"{name}.{place}", PRIVACY_LABELS[detector], mask_piece(value, head, tail), value))
    return found


def answer(request: Request, values: list[Masked], *, kind: str, number: object) -> HttpResponse:
    """The one value asked for (`what`) with its reason, after its event is written."""
    wanted = next((one for one in values if one.key == request.POST.get("what", "")), None)
    if wanted is None:
        return JsonResponse({"error": "没有要看的这一项：可能内容已经变了，请刷新本页再选。"}, status=422)
    reason = request.POST.get("reason", "").strip()
    if len(reason) < MINIMUM_REASON:
        found = f"写的是“{reason}”" if reason else "没有写"
        return JsonResponse({"error": f"理由{found}，至少写 {MINIMUM_REASON} 个字，如：回拨核实留言情况。"}, status=422)
    reveal(wanted.key, kind=kind, number=number, reason=reason, by=request.acting, at=request.now)
    return JsonResponse({"value": wanted.value})
