"""What is given with the acts on interfaces and sendings."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.pages.fields import Fields, NumberOf, choice_field, line_field, moment_field
from xinmei.pages.texts import write_moment
from xinmei.people.doors import reach_to_do
from xinmei.people.reach import reach_q
from xinmei.publishing.channels.publishers import PUBLISHERS
from xinmei.publishing.channels.wechat import kind_of
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.models import Draft
from xinmei.registry.models import Account

COVER_BYTES = 10 << 20


class ConnectFields(Fields):
    """The interface of one account; what was written before is replaced whole."""

    account = choice_field("账号", [])
    app = line_field("应用编号", required=True, longest=100, help_text="公众号写 AppID；微博写应用的 App Key。")
    secret = forms.CharField(
        label="密钥",
        max_length=500,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "off"}),
        help_text="公众号写 AppSecret；微博写账号授权后得到的 access token。加密保存，以后谁也看不到，换了再登记一次。",
    )
    domain = line_field("安全域名", help_text="微博才要：应用登记的安全域名，发出的文字里要有它的网址。")
    cover = forms.FileField(
        label="备用封面", required=False, help_text="公众号用：稿件没有图片时作封面。JPG 或 PNG，10 MB 以内。"
    )

    def prepare(self) -> None:
        """The accounts of one's own unit whose platform has an interface."""
        if self.acting is None:
            return
        mine = reach_q(self.acting, reach_to_do(self.acting, "connect_channel"))
        rows = Account.objects.filter(mine, platform__in=PUBLISHERS, status__in=Account.SERVING).order_by("code")
        self.offered = {row.code: row for row in rows}
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (code, f"{row.name}（{row.get_platform_display()}）") for code, row in self.offered.items()
        ]

    def clean_app(self) -> str:
        """Letters and digits."""
        app: str = self.cleaned_data["app"]
        if not (app.isascii() and app.isalnum()):
            raise forms.ValidationError("只有字母和数字，从平台的后台复制过来。")
        return app

    def clean_cover(self) -> Any:
        """A picture that the platform takes as a cover."""
        cover = self.cleaned_data["cover"]
        if cover:
            head = cover.read(16)
            cover.seek(0)
            if kind_of(head) not in ("image/jpeg", "image/png") or cover.size > COVER_BYTES:
                raise forms.ValidationError("应是 10 MB 以内的 JPG 或 PNG 图片。")
        return cover

    def clean(self) -> dict[str, Any]:
        """The account itself; a microblog needs its domain."""
        given: dict[str, Any] = super().clean() or {}
        if account := self.offered.get(given.get("account", "")):
            given["account"] = account
            if account.platform == Account.Platform.WEIBO and not given.get("domain"):
                self.add_error("domain", "微博的接口只收带有安全域名网址的文字，请写上域名。")
        return given


class StartFields(Fields):
    """Which draft goes out to which account, and when."""

    draft = NumberOf(label="稿件", max_length=18)
    account = choice_field("发到", [])
    at = moment_field("定在什么时候发", help_text="不写就马上发。")  # type: ignore[assignment]

    def prepare(self) -> None:
        """The accounts of the draft that have an interface."""
        number = str(self.initial.get("draft") or self.data.get(self.add_prefix("draft"), "")).strip()
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        rows = drafts_visible_to(self.acting) if self.acting is not None else Draft.objects.none()
        self.found = rows.filter(pk=number).select_related("unit").first() if is_number else None
        self.offered: dict[str, Account] = {}
        if self.found is not None:
            meant = self.found.for_accounts.select_related("account")
            self.offered = {one.account.code: one.account for one in meant if one.account.platform in PUBLISHERS}
        self.fields["account"].choices = [  # type: ignore[attr-defined]
            (code, f"{row.name}（{row.get_platform_display()}）") for code, row in self.offered.items()
        ]

    def clean_draft(self) -> Draft:
        """One in reach."""
        if self.found is None:
            raise forms.ValidationError(f"没有编号为 {self.cleaned_data['draft']} 的稿件。")
        return self.found

    def clean_at(self) -> Any:
        """Not before now."""
        said = self.cleaned_data["at"]
        if said is not None and self.at is not None and said < self.at:
            raise forms.ValidationError(f"写的是 {write_moment(said)}，已经过了；马上发的不用写。")
        return said

    def clean(self) -> dict[str, Any]:
        """The account itself."""
        given: dict[str, Any] = super().clean() or {}
        given["account"] = self.offered.get(given.get("account", ""))
        return given
