"""What is given with the acts on a draft that is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from xinmei.pages.fields import Fields, NumberOf, choice_field, line_field, lines_field, moment_field, text_field
from xinmei.pages.texts import write_moment
from xinmei.publishing.drafts.hits import hits_of
from xinmei.publishing.models import DraftHit, Post, Publication


def version_field(*, required: bool) -> forms.IntegerField:
    """The version that was looked at; the page brings it by itself."""
    return forms.IntegerField(
        label="稿次", required=required, widget=forms.HiddenInput, error_messages={"invalid": "稿次应写成整数。"}
    )


class OnVersion(Fields):
    """The version that was looked at: whoever signs has read this one."""

    version = version_field(required=True)

    def prepare(self) -> None:
        """The page brings the version that it showed."""
        if self.on is not None:
            self.fields["version"].initial = self.on.version


class ReturnFields(Fields):
    """Why it goes back, and which passages."""

    reason = text_field("退回的理由", required=True)
    passages = lines_field("要改的段落", help_text="从稿件里复制过来，一行一段；可以不写。")


class SettleFields(Fields):
    """「保留，因为……」"""

    hit = NumberOf(label="哪一处", max_length=18)
    why = text_field("为什么可以保留", required=True, longest=500)

    def prepare(self) -> None:
        """On the page a hit is chosen from those of the version that is shown."""
        if self.on is not None and self.on.current is not None:
            self.offered = {str(hit.pk): hit for hit in hits_of(self.on)}
            choices = [(key, f"{hit.text}（{hit.get_category_display()}）") for key, hit in self.offered.items()]
            self.fields["hit"].widget = forms.Select(choices=choices, attrs={"class": "form-select"})

    def clean_hit(self) -> DraftHit:
        """One of this version."""
        found = self.offered.get(self.cleaned_data["hit"])
        if found is None:
            raise forms.ValidationError(f"这一稿没有编号为 {self.cleaned_data['hit']} 的命中。")
        return found


class WithdrawFields(Fields):
    """Why it is not published."""

    reason = text_field("撤回的理由", required=True)


class _OnAccount(Fields):
    account = choice_field("账号", [])

    def prepare(self) -> None:
        """The accounts of the draft."""
        if self.on is not None:
            rows = [one.account for one in self.on.for_accounts.select_related("account")]
            self.named_accounts = {row.code: row for row in rows}
            self.fields["account"].choices = [  # type: ignore[attr-defined]
                (code, f"{row.name}（{row.get_platform_display()}）") for code, row in self.named_accounts.items()
            ]

    def _not_to_come(self, said: datetime | None) -> datetime | None:
        if said is not None and self.at is not None and said > self.at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，还没有到。")
        return said

    def _entry(self) -> Publication | None:
        """What was registered for the account that is given."""
        account = self.named_accounts.get(self.cleaned_data.get("account", ""))
        return self.on.publications.filter(account=account).first() if account else None


class PublishedFields(_OnAccount):
    """Published on one account, or why not there."""

    at = moment_field("发布时间")  # type: ignore[assignment]
    post = line_field("信息编号", help_text="采集到的信息编号；写链接也可以。")
    url = line_field("链接", help_text="发布后把链接粘贴回来。", longest=2000)
    skipped = text_field("不发的理由", help_text="这个账号不发的才写；写了就不填时间和链接。", longest=500)

    def clean_at(self) -> datetime | None:
        """Not before the release, and not to come."""
        said: datetime | None = self._not_to_come(self.cleaned_data["at"])
        if said is not None and said < self.on.release.at:
            signed = write_moment(self.on.release.at)
            raise forms.ValidationError(f"写的是 {write_moment(said)}，{signed} 才签发：先审后发。")
        return said

    def clean(self) -> dict[str, Any]:
        """「`at` and `post?` or `url?`; or `skipped`」"""
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        if given["skipped"]:
            if beside := [name for name in ("at", "post", "url") if given[name]]:
                self.add_error(beside[0], "写了不发的理由，就不填发布时间、编号和链接。")
        elif not given["at"]:
            self.add_error("at", "写明什么时候发布的；不发的写理由。")
        elif not given["post"] and not given["url"]:
            self.add_error("url", "写上信息编号或者链接，以便核对。")
        elif self._is_of_another_account(given["post"]):
            self.add_error("post", f"信息 {given['post']} 不是这个账号的。")
        given["account"] = self.named_accounts[given["account"]]
        return given

    def _is_of_another_account(self, code: str) -> bool:
        account = self.named_accounts[self.cleaned_data["account"]]
        return bool(code) and Post.objects.filter(code=code).exclude(account=account).exists()


class TakenDownFields(_OnAccount):
    """Taken down on one account."""

    at = moment_field("撤下时间", required=True)  # type: ignore[assignment]
    reason = text_field("撤下的理由", required=True)

    def stands_against(self) -> str:
        """「`taken_down` once」"""
        entry = self._entry() if hasattr(self, "cleaned_data") else None
        if entry is None or entry.taken_down_at is None:
            return ""
        return f"“{entry.account.name}”上的已于 {write_moment(entry.taken_down_at)} 登记撤下，只登记一次"

    def clean_at(self) -> datetime | None:
        """Not to come."""
        return self._not_to_come(self.cleaned_data["at"])

    def clean(self) -> dict[str, Any]:
        """「of a published entry, not before its `at`」"""
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        entry = given["entry"] = self._entry()
        if entry is None or entry.at is None:
            self.add_error("account", "这个账号没有发布这篇稿件，没有可撤的。")
        elif given["at"] < entry.at:
            self.add_error("at", f"写的是 {write_moment(given['at'])}，{write_moment(entry.at)} 才发布。")
        return given
