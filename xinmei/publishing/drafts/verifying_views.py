"""核对签发稿: anyone who logs in sees whether a code, or a text, is what was released."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.differences import compare, differs
from xinmei.core.screening import mask
from xinmei.people.guard import Request, signed_in
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.drafts.verifying import code_of, releases_by
from xinmei.publishing.drafts.writing import LONGEST_TEXT
from xinmei.publishing.models import Draft, Release


@signed_in(methods=("GET", "POST"))
def released(request: Request) -> HttpResponse:
    """One box for the code; a second one for a text that is to be compared, which is not kept."""
    sent = request.POST if request.method == "POST" else request.GET
    code, text = sent.get("code", "").strip()[:100], sent.get("text", "")[:LONGEST_TEXT].replace("\r\n", "\n").strip()
    found = [_say(one, text) for one in releases_by(code)]
    return render(request, "publishing/drafts/released.html", {"code": code, "text": text, "found": found})


def _say(release: Release, text: str) -> dict[str, Any]:
    version = release.version
    pieces = compare(mask(version.text), mask(text)) if text else []
    return {
        "release": release,
        "code": code_of(release),
        "intact": is_intact(release),
        "is_stopped": release.draft.state == Draft.State.WITHDRAWN,
        "accounts": version.accounts,
        "pieces": pieces,
        "differs": differs(pieces),
    }
