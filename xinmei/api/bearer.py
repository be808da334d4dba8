"""Who asks: 「no cookie opens the API」, a token does."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from xinmei.people.bearing import bear
from xinmei.people.events import Acting


class Token(HttpBearer):
    """`Authorization: Bearer …`. The position that the token acts as becomes the one that acts in this request."""

    openapi_description = "“我的登录”页上生成的令牌，或 xinmei people token 打印的。"

    def __call__(self, request: HttpRequest) -> Any:
        """Without the header there is no token; that is counted as a bad one."""
        return super().__call__(request) or self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Acting:
        """Who acts. Raises `sign_in.Wrong` and `sign_in.Throttled`."""
        request.acting = bear(token, request.address, request.now)  # type: ignore[attr-defined]
        acting: Acting = request.acting  # type: ignore[attr-defined]
        return acting
