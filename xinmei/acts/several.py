"""One act for each of several chosen things, by check boxes. Each is an act of its own and gets its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from xinmei.acts.declared import verbs
from xinmei.acts.performing import perform
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.core.verbs import Verb
from xinmei.people.doors import Refused, record_refusal
from xinmei.people.events import Acting
from xinmei.people.guard import Request, signed_in

MOST = 200
# The field that stands for the object itself.
ON = "on"


@dataclass(frozen=True)
class Said:
    """What came of the act for one of the things, in a sentence."""

    text: str
    is_done: bool


@signed_in(methods=("POST",))
def do_to_each(request: Request) -> HttpResponse:
    """Does an act once for each of `ids`; the page says what came of each. `act` is the button: verb and field to fill.

    Raises NotYours without the right to it.
    """
    name, _, field = request.POST.get("act", "").partition(":")
    verb = verbs().get(name)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    if verb is None or field not in verb.each:
        messages.error(request, "没有选要办什么：请用名单上方或下方的按钮。没有办理。")
        return redirect(back)
    numbers = list(dict.fromkeys(request.POST.getlist("ids")))
    if not numbers or len(numbers) > MOST:
        why = f"没有勾选：先勾选，再点“{verb.label}”。" if not numbers else f"一次最多勾选 {MOST} 件，没有办理。"
        messages.error(request, why)
        return redirect(back)
    written = {name: request.POST.get(f"{verb.word}-{name}", "") for name in getattr(verb.fields, "base_fields", {})}
    given = {"note": request.POST.get("note", "")} | {name: words for name, words in written.items() if words}
    said = list(say_each(verb, field, numbers, by=request.acting, at=request.now, given=given))
    done = sum(one.is_done for one in said)
    context = {"verb": verb, "said": said, "done": done, "left": len(said) - done, "back": back}
    return render(request, "acts/several.html", context)


def say_each(
    verb: Verb, field: str, numbers: Iterable[str], *, by: Acting, at: datetime, given: Mapping[str, str]
) -> Iterable[Said]:
    """Performs the act for one thing after the other; what is refused for one does not hold up the others.

    `given` goes with each, as far as the act asks for it.
    """
    asked = getattr(verb.fields, "base_fields", {})
    common: dict[str, Any] = {name: words for name, words in given.items() if words and name in asked}
    for number in numbers:
        try:
            if field == ON:
                made = perform(verb, [number], by=by, at=at, given=common).one
            else:
                made = perform(verb, by=by, at=at, given={field: number, **common}).one
        except (NotFound, NotNow, NotSo) as refused:
            yield Said(str(refused), is_done=False)
        except Refused as refused:
            if field != ON:  # the right is the same for all
                raise
            record_refusal(refused, at)
            yield Said(str(refused), is_done=False)
        else:
            yield Said(verb.said(made), is_done=True)
