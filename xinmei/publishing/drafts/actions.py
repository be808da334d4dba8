"""What the acts on a draft do.

「严格执行先审后发制度，落实工作人员、处（科）室负责人、分管领导三级审核公示制度」
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.generated import labelling
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.drafts.hits import GRAVE, open_hits, say_hits, settled_alone
from xinmei.publishing.drafts.keeping import forget
from xinmei.publishing.drafts.sealing import seal
from xinmei.publishing.drafts.steps import leave
from xinmei.publishing.drafts.telling import Audience, tell_drafter, tell_unit
from xinmei.publishing.drafts.versions import make_version
from xinmei.publishing.models import Draft, DraftAccount, Post, Publication, Settlement
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on

State = Draft.State
RELEASED = "签发了、可以发布的稿件"
_OF_DRAFT = ("source_reason", "form", "policy", "corrects", "generated")


# ── writing ──


def write(draft: Draft | None, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """A new draft, or another version of one: 「a change of title, text, images, accounts, origin or source」."""
    if draft is None:
        unit = given["accounts"][0].unit
        draft = Draft(unit=unit, waiting_since=at, acted_at=at)
        draft.save()
    for name in _OF_DRAFT:
        if name in given:
            setattr(draft, name, given[name] or (None if name == "corrects" else ""))
    if "accounts" in given:
        _set_accounts(draft, given["accounts"])
    make_version(draft, given, by, at)
    forget(draft, by.login)
    return leave(draft, "write", by, at)


def _set_accounts(draft: Draft, accounts: list[Account]) -> None:
    draft.for_accounts.all().delete()
    DraftAccount.objects.bulk_create(
        DraftAccount(draft=draft, account=account, place=place) for place, account in enumerate(accounts)
    )


def amend(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """A reviewer corrects it by their own hand: a new version, that is checked from the start."""
    words = {name: given[name] for name in ("title", "text", "layout") if name in given}
    make_version(draft, words, by, at)
    forget(draft, by.login)
    draft.reviewer = ""
    before = draft.state
    leave(draft, "amend", by, at, to=State.CHECKING)
    if before != State.CHECKING:
        tell_unit(draft, Audience.SECTION_HEADS, "改过后等您审核的稿件", at)
    return draft


# ── the three signatures ──


def why_not_sent(draft: Draft, at: datetime) -> str:
    """「`send` is refused while a confident hit of … is unsettled」"""
    grave = [hit for hit in open_hits(draft) if hit.category in GRAVE]
    if grave:
        return f"还有没处理的严重问题：{say_hits(grave)}。改正，或者写明为什么可以保留，再送审"
    return why_not_labelled(draft)


def why_not_labelled(draft: Draft) -> str:
    """「发布生成合成内容的，应当主动声明并使用…标识功能进行标识」: words of a machine say so themselves."""
    if draft.generated not in ("text", "both") or draft.current is None:
        return ""
    rule = labelling()
    if rule.is_in(f"{draft.current.title}\n{draft.current.text}"):
        return ""
    return f"声明了有人工智能生成的文字，标题、正文里还没有提示：写上“{rule.example}”一类的话（《{rule.document}》）"


def send(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """Who sends it is the drafter: the first signature."""
    draft.drafter, draft.reviewer, draft.signatory = by.login, "", ""
    leave(draft, "send", by, at, to=State.CHECKING)
    tell_unit(draft, Audience.SECTION_HEADS, "等您审核的稿件", at)
    return draft


def is_released_by_check(draft: Draft, at: datetime) -> bool:
    """「reading `repost_review` `two`: `check` releases」 a repost."""
    is_repost = draft.current is not None and draft.current.origin == Post.Origin.REPOST
    return is_repost and readings_on(day_of(at))["repost_review"] == "two"


def why_not_checked(draft: Draft, at: datetime) -> str:
    """Where the check releases, what stands against a release stands against it."""
    return why_not_signed(draft, at) if is_released_by_check(draft, at) else ""


def check(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """The second signature; under the reading `two` it releases a repost."""
    draft.reviewer = by.login
    if is_released_by_check(draft, at):
        seal(draft, at)
        leave(draft, "check", by, at, to=State.RELEASED)
        tell_drafter(draft, RELEASED, at)
        return draft
    leave(draft, "check", by, at, to=State.SIGNING)
    tell_unit(draft, Audience.LEADERS, "等您审签的稿件", at)
    return draft


def why_not_signed(draft: Draft, at: datetime) -> str:
    """What stands against the release of this version."""
    if unsettled := open_hits(draft):
        return f"还有没处理的问题：{say_hits(unsettled)}。改正，或者写明为什么可以保留，再签发"
    if alone := settled_alone(draft):
        return f"严重问题只有拟稿人自己说明可以保留：{say_hits(alone)}。审核人或审签人也要写明理由"
    if unlabelled := why_not_labelled(draft):
        return unlabelled
    closed = draft.for_accounts.exclude(account__status__in=Account.SERVING).select_related("account")
    if names := [one.account.name for one in closed]:
        return f"账号“{'、'.join(names)}”已不在用，不能签发；请退回改账号"
    return ""


def sign(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """The third signature releases exactly this version, and seals it."""
    draft.signatory = by.login
    seal(draft, at)
    leave(draft, "sign", by, at, to=State.RELEASED)
    tell_drafter(draft, RELEASED, at)
    return draft


def send_back(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """Back to the editors, with what is wrong."""
    draft.reviewer = ""
    leave(draft, "return", by, at, to=State.RETURNED, note=given["reason"], passages=given["passages"])
    tell_drafter(draft, "退回修改的稿件", at, given["reason"])
    return draft


def recall(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """The drafter takes it back before it is released."""
    draft.reviewer = ""
    return leave(draft, "recall", by, at, to=State.DRAFT)


def settle(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """「Settling is of rule and text: all equal hits of this and later versions; the same person again replaces the
    reason.」
    """
    hit = given["hit"]
    said = {"why": given["why"], "at": at}
    Settlement.objects.update_or_create(draft=draft, rule=hit.rule, text=hit.text, by=by.login, defaults=said)
    return leave(draft, "settle", by, at, note=f"“{hit.text}”保留：{given['why']}")


def withdraw(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """It is not published; what was released stays sealed."""
    return leave(draft, "withdraw", by, at, to=State.WITHDRAWN, note=given["reason"])


# ── out, and down again ──


def why_not_registered(draft: Draft, at: datetime) -> str:
    """「An entry of `published` is replaced until PUBLISHED, then `state`」"""
    return "每个账号都已登记，不能再改；撤下的用“登记撤下”" if draft.state == State.PUBLISHED else ""


def register_publication(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """Where it is live, or why one account does not carry it; PUBLISHED once every account has an entry."""
    account = given["account"]
    said = {"at": given["at"], "post": given["post"], "url": given["url"], "skipped": given["skipped"], "by": by.login}
    Publication.objects.update_or_create(draft=draft, account=account, defaults=said)
    waiting = draft.for_accounts.exclude(account__in=draft.publications.values("account"))
    note = f"{account.code}：{given['skipped'] or given['url'] or given['post']}"
    return leave(draft, "published", by, at, to="" if waiting.exists() else State.PUBLISHED, note=note)


def register_removal(draft: Draft, given: Mapping[str, Any], by: Acting, at: datetime) -> Draft:
    """It is no longer shown on one account."""
    entry = given["entry"]
    entry.taken_down_at, entry.taken_down_why, entry.taken_down_by = given["at"], given["reason"], by.login
    entry.save(update_fields=["taken_down_at", "taken_down_why", "taken_down_by"])
    return leave(draft, "taken_down", by, at, note=f"{entry.account.code}：{given['reason']}")
