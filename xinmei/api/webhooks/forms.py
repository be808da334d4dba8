"""What is given with the acts on webhooks."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from xinmei.acts.declared import verbs
from xinmei.pages.fields import Fields, line_field, lines_field

SHORTEST = 16


class WebhookFields(Fields):
    """Where to, of what, and the secret by which the other side knows who sends."""

    address = line_field("地址", required=True, longest=500, help_text="https:// 开头；内网地址须由运维放行。")
    secret = line_field("签名密钥", longest=100, help_text="16 到 100 个字符；不填则生成一个，只显示这一次。")
    verbs = lines_field("动作", help_text="一行一个，如 finding.confirm；不填为本岗位看得到的全部。")

    def clean_address(self) -> str:
        """An address that can be sent to."""
        address: str = self.cleaned_data["address"]
        try:
            parts = urlsplit(address)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_good = False
        if not is_good or parts.username or not (address.isascii() and address.isprintable()) or " " in address:
            raise ValidationError("应是 https:// 或 http:// 开头的网址，不带用户名和口令。")
        return address

    def clean_secret(self) -> str:
        """Long enough not to be guessed."""
        secret: str = self.cleaned_data["secret"]
        if secret and (len(secret) < SHORTEST or not (secret.isascii() and secret.isprintable())):
            raise ValidationError(f"至少 {SHORTEST} 个字母、数字或符号。")
        return secret

    def clean_verbs(self) -> list[str]:
        """Names of declared acts."""
        names: list[str] = self.cleaned_data["verbs"]
        if unknown := [name for name in names if name not in verbs()]:
            raise ValidationError(f"没有名为“{unknown[0][:80]}”的动作；有哪些见左侧的“程序接口”。")
        return names
