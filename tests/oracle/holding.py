"""What holds after every act, whoever did it and however: looked up in the tables, apart from what was answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from xinmei.registry.models import Account, Announcement, Exemption, Filing, FilingStep, FormerValue, Incident
from xinmei.units.models import Unit

from . import sealed
from .days import allowed_from, day_of
from .here import moment_of
from .town import INSPECTORS, Town

DECIDING = ("support", "approve", "file", "return", "refuse")
FILED = ("CARRY_OUT", "REGISTER", "DONE")
APPROVED = ("ANNOUNCE", "CITY", *FILED)
TABLES = (Filing, FilingStep, Announcement, Account, FormerValue, Exemption, Incident)
SERVING = ("active", "closing", "unfiled")


class Watched:
    """A product, watched: `broken` says what did not hold."""

    def __init__(self, product: Any, town: Town) -> None:
        self.product, self.town = product, town
        self.broken: list[str] = getattr(product, "broken", [])
        self.merged = False
        # What the town came with was closed, or stood twice, before anybody filed.
        self.given = {one.code for one in Account.objects.exclude(status__in=SERVING)}
        self.seen: set[int] = set()
        self.sealed = sealed.Sealed()

    def said(self, act: dict[str, Any]) -> dict[str, Any]:
        """The act as the product can hear it."""
        said = getattr(self.product, "said", None)
        return said(act) if said else act

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        touched = sealed.TABLES if str(act.get("verb")).startswith("draft.") else TABLES
        hosts, before = self._hosts(act), tables(touched)
        got: dict[str, Any] = self.product.do(act)
        name = f"{act.get('verb')} by {act.get('by')} at {act.get('at')}"
        if not got.get("ok"):
            if tables(touched) != before:
                self.broken.append(f"{name} was refused ({got.get('refused')}) and changed something")
            return got
        self.merged |= act.get("verb") == "unit.merge"
        self.broken += [f"{name}: {line}" for line in self.sealed.look()]
        self._look_at_filings(name)
        self._look_at_accounts(name)
        word = str(act.get("verb")).partition(".")[2]
        if hosts and word in DECIDING and str(act["verb"]).startswith("filing."):
            self._look_at_person(name, hosts, got, moment_of(act["at"]))
        return got

    def _hosts(self, act: dict[str, Any]) -> set[str]:
        """The host and the receiving unit, before the act."""
        on = act.get("on")
        if isinstance(on, dict):
            on = self._number_of(on.get("line"))
        found = Filing.objects.filter(pk=on).select_related("unit", "receiver").first() if _is_number(on) else None
        return {one.code for one in (found.unit, found.receiver) if one} if found else set()

    def _number_of(self, line: Any) -> str | None:
        key = json.dumps(line, sort_keys=True)
        by_api: dict[str, str] = getattr(self.product, "made", {})
        made = getattr(self.product, "line", self.product).run.made.get(key)
        return by_api.get(key) or (made[1] if made else None)

    # ── no office is skipped ──

    def _look_at_filings(self, name: str) -> None:
        for one in Filing.objects.filter(state__in=APPROVED).prefetch_related("steps"):
            verbs = [step.verb for step in one.steps.all()]
            verbs = verbs[len(verbs) - verbs[::-1].index("submit") :]
            if one.supervisor_id != one.reviewing_office_id and "support" not in verbs:
                self.broken.append(f"{name}: filing {one.pk} went past the supervisor's office")
            if "approve" not in verbs:
                self.broken.append(f"{name}: filing {one.pk} went past the reviewing office")
            at_once = one.announced_on is None and one.reviewing_office_id == _city()
            if one.state in FILED and "file" not in verbs and not at_once:
                self.broken.append(f"{name}: filing {one.pk} went past the city office")
            if one.carried_out_on and one.pk not in self.seen:
                self.seen.add(one.pk)
                self._look_at_end(name, one)

    # ── nothing is closed before its announcement has ended, and no second account comes ──

    def _look_at_end(self, name: str, one: Filing) -> None:
        assert one.carried_out_on is not None
        assert one.filed_city_on is not None
        rests_on = one.incident is not None and one.incident.kind == "closed_by_platform"
        if one.announced_on and not rests_on and one.carried_out_on < allowed_from(one.announced_on):
            self.broken.append(f"{name}: filing {one.pk} was carried out before its announcement had ended")
        is_closing = one.matter in ("SHUT_DOWN", "DEREGISTER")
        shut = Filing.objects.filter(account=one.account, matter="SHUT_DOWN", carried_out_on__isnull=False)
        after = one.matter == "DEREGISTER" and shut.exists()
        if is_closing and not one.announced_on and not rests_on and not after:
            self.broken.append(f"{name}: filing {one.pk} closed an account without an announcement")
        if not self.merged and one.account is not None and _takes_a_place(one):
            self._look_at_place(name, one, one.account)

    def _look_at_place(self, name: str, one: Filing, account: Account) -> None:
        place = {"unit": account.unit_id, "platform": account.platform}
        others = Account.objects.filter(**place, kind=account.kind, status__in=SERVING).exclude(pk=account.pk)
        if not others.exists() or account.platform in ("app", "mini_program", "other"):
            return
        approved = one.steps.filter(verb="approve").order_by("-pk")[0].at
        kinds = Q(kind="") | Q(kind=account.kind)
        open_then = Q(ended_at__isnull=True) | Q(ended_at__gt=approved)
        granted = Exemption.objects.filter(kinds, open_then, **place, granted_at__lte=approved)
        if not granted.filter(until__gte=day_of(approved)).exists():
            self.broken.append(f"{name}: filing {one.pk} left two accounts on one platform without an exemption")

    def _look_at_accounts(self, name: str) -> None:
        """An account is closed by a filing that was carried out."""
        closed = Account.objects.exclude(status__in=SERVING).exclude(code__in=self.given)
        by_filing = Filing.objects.filter(matter__in=("SHUT_DOWN", "DEREGISTER"), carried_out_on__isnull=False)
        for one in closed.exclude(pk__in=by_filing.values("account")):
            self.broken.append(f"{name}: account {one.code} was closed without a filing")

    # ── the host's own people do not decide ──

    def _look_at_person(self, name: str, hosts: set[str], got: dict[str, Any], at: datetime | None) -> None:
        step = ((got.get("object") or {}).get("steps") or [None])[-1]
        if step is None or at is None:
            return
        if not self._belongs(step["by"], hosts, at):
            return
        heads = {held.login for held in self.town.held if held.position.post == "inspector_head"}
        acting = [one for one in heads if any(p.post == "inspector_head" for p in self.town.positions(one, at))]
        others = [one for one in acting if one != step["by"] and not self._belongs(one, hosts, at)]
        if step["post"] != "inspector_head" or others:
            self.broken.append(f"{name}: {step['by']} of the host decided as {step['post']}")

    def _belongs(self, login: str, hosts: set[str], at: datetime) -> bool:
        return any(one.unit in hosts and one.post not in INSPECTORS for one in self.town.positions(login, at))


def _takes_a_place(one: Filing) -> bool:
    """Whether it brought an account to a place: opened it, or changed its unit or kind."""
    if one.matter == "OPEN":
        return not one.is_late_opening
    return one.matter == "CHANGE" and bool(FormerValue.objects.filter(filing=one, item__in=("unit", "kind")))


def _is_number(on: Any) -> bool:
    return on is not None and not isinstance(on, bool) and str(on).isascii() and str(on).isdigit() and len(str(on)) < 18


def _city() -> Any:
    return Unit.objects.filter(kind="city").values_list("pk", flat=True).first()


def tables(touched: Sequence[Any]) -> list[list[tuple[Any, ...]]]:
    """Every row that such an act may touch."""
    return [list(table._default_manager.order_by("pk").values_list()) for table in touched]
