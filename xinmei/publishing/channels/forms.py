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


def _secret_field(label: str, longest: int, *, required: bool = True, help_text: str = "") -> forms.CharField:
    """Words that no page shows again."""
    widget = forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, help_text=help_text)


class ConnectFields(Fields):
    """The interface of one account; what was written before is replaced whole."""

    account = choice_field("账号", [])
    app = line_field("应用编号", required=True, longest=100, help_text="公众号写 AppID；微博写应用的 App Key。")
    secret = _secret_field(
        "密钥",
        500,
        help_text="公众号写 AppSecret；微博写账号授权后得到的 access token。加密保存，以后谁也看不到，换了再登记一次。",
    )
    domain = line_field("安全域名", help_text="微博才要：应用登记的安全域名，发出的文字里要有它的网址。")
    cover = forms.FileField(
        label="备用封面", required=False, help_text="公众号用：稿件没有图片时作封面。JPG 或 PNG，10 MB 以内。"
    )

    push_token = _secret_field(
        "推送令牌", 32, required=False, help_text="公众号用，可以不设：与公众平台“服务器配置”里的令牌（Token）相同。"
    )
    push_key = _secret_field(
        "推送密钥", 43, required=False, help_text="公众平台选了安全模式的，写 EncodingAESKey，43 个字母和数字。"
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

    def clean_push_token(self) -> str:
        """「必须为英文或数字，长度为 3-32 字符」"""
        token: str = self.cleaned_data["push_token"]
        if token and not (token.isascii() and token.isalnum() and len(token) >= 3):
            raise forms.ValidationError("应是 3 到 32 个英文字母或数字，与公众平台上写的相同。")
        return token

    def clean_push_key(self) -> str:
        """「长度固定为 43 个字符，从 a-z, A-Z, 0-9 共 62 个字符中选取」"""
        key: str = self.cleaned_data["push_key"]
        if key and not (key.isascii() and key.isalnum() and len(key) == 43):
            raise forms.ValidationError(f"应是 43 个英文字母或数字，写的有 {len(key)} 个，从公众平台复制过来。")
        return key

    def clean(self) -> dict[str, Any]:
        """The account itself; a microblog needs its domain, and pushes nothing."""
        given: dict[str, Any] = super().clean() or {}
        if account := self.offered.get(given.get("account", "")):
            given["account"] = account
            if account.platform == Account.Platform.WEIBO and not given.get("domain"):
                self.add_error("domain", "微博的接口只收带有安全域名网址的文字，请写上域名。")
            if account.platform != Account.Platform.WECHAT and given.get("push_token"):
                self.add_error("push_token", "只有公众号会推送，别的平台不用写。")
        if given.get("push_key") and not given.get("push_token"):
            self.add_error("push_token", "写了推送密钥的，令牌也要写。")
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
