"""The questions about 通报: which papers there are, and which rows stand behind a figure of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.registry.models import Account
from xinmei.reports.figures import VERDICTS
from xinmei.reports.forms import IssueFields
from xinmei.reports.models import Bulletin
from xinmei.reports.paper import Paper, read_paper, seal
from xinmei.reports.wording import STATES
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.models import Inspection


@dataclass
class Behind:
    """What a figure was made of: rows of the annex, accounts, other figures.

    A row has the number of its finding where the person sees that finding.
    """

    figure: dict[str, Any]
    rows: list[tuple[tuple[str, ...], int | None]]
    accounts: list[tuple[Account, str]]
    parts: list[dict[str, Any]]
    # As they stand today: the inspections of the period, and those findings of the period before that the person sees.
    rounds: list[Inspection] = field(default_factory=list)
    findings: list[Said] = field(default_factory=list)


def rows_behind(acting: Acting, bulletin: Bulletin, key: str) -> Behind | None:
    """The rows that were counted for the figure `key`, as they were when the paper was made.

    None where the paper has no such figure.
    """
    known = {row["key"]: row for row in bulletin.figures["figures"]}
    figure = known.get(key)
    if figure is None:
        return None
    query = figure["query"]
    computed_from = [*query.get("sum", ()), *query.get("difference", ())]
    computed_from += [query[name] for name in ("part", "whole") if name in query]
    parts = [known[one] for one in computed_from]
    behind = Behind(figure, [], [], parts)
    if query["of"] == "inspections":
        where = {key: value for key, value in query["where"].items() if key != "unit"}
        behind.rounds = list(Inspection.objects.filter(**where, unit__isnull=True).order_by("at"))
    elif key.startswith("before.") and query["of"] == "findings":
        seen = findings_visible_to(acting).filter(**query["where"]).select_related("account", "unit")
        seen = seen.order_by("unit__path", "pk")
        behind.findings = describe(list(seen), texts=False)
    elif query["of"] == "findings":
        behind.rows = _annex_rows(acting, bulletin, key.removesuffix(".owners"))
    elif query["of"] in ("accounts", "good") and "period" not in query:
        behind.accounts = _accounts(bulletin, query)
    return behind


def seal_draft(bulletin: Bulletin, form: IssueFields, at: datetime) -> Paper | None:
    """The draft with the number that was written, as it would be issued today; None where the number is wrong or taken,
    which the form then says.
    """
    form.is_valid()
    number = form.cleaned_data.get("number")
    if number and "number" not in form.errors and Bulletin.objects.filter(number=number).exists():
        form.add_error("number", f"发文字号“{number}”已用过，请换一个。")
    if not number or "number" in form.errors or "copies" in form.errors:
        return None
    day = day_of(at)
    written = f"{day.year}年{day.month}月{day.day}日"
    return seal(read_paper(bulletin.paper), number, form.cleaned_data.get("copies") or "", written)


def _annex_rows(acting: Acting, bulletin: Bulletin, key: str) -> list[tuple[tuple[str, ...], int | None]]:
    paper, groups = read_paper(bulletin.paper), bulletin.figures["groups"]
    numbers = [(kind, pk) for kind, found in bulletin.figures["findings"].items() for pk in found]
    status = STATES.get(key.removeprefix("status."), "")
    chosen = []
    for (kind, pk), row in zip(numbers, paper.rows, strict=True):
        state = "整改中" if row[7] == "逾期未整改" else row[7]
        if key in ("findings", "owners", kind, groups[kind]) or (status and state == status):
            chosen.append((row, pk))
    visible = findings_visible_to(acting).only("pk").in_bulk([pk for _, pk in chosen])
    return [(row, pk if pk in visible else None) for row, pk in chosen]


def _accounts(bulletin: Bulletin, query: dict[str, Any]) -> list[tuple[Account, str]]:
    names = ("level", "platform", "verdict", "cause")
    wanted = {name: value for name, value in query.get("where", {}).items() if name in names}
    verdicts = {}
    for pk, *facts in bulletin.figures["accounts"]:
        said = dict(zip(names, facts, strict=True))
        if (
            (pk in bulletin.figures["good"])
            if query["of"] == "good"
            else all(said[name] == value for name, value in wanted.items())
        ):
            verdicts[pk] = VERDICTS[said["verdict"]]
    accounts = Account.objects.select_related("unit").in_bulk(verdicts).values()
    return [(account, verdicts[account.pk]) for account in sorted(accounts, key=lambda one: (one.unit.path, one.code))]


def paper_of(bulletin: Bulletin) -> Paper:
    """The paper as it was made."""
    return read_paper(bulletin.paper)
