"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce.

The ID token is verified against the provider's keys. Whoever signs in must exist here under the log-in name in the
claim XINMEI_OIDC_CLAIM. Rights come from the positions held here, never from the provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LEEWAY = 60
_TIMEOUT = 10.0


class SignOnFailed(Exception):
    """The provider did not answer, or what it answered cannot be trusted; the text is Chinese."""


@dataclass(frozen=True, slots=True)
class Request:
    """What one sign-on must be answered with."""

    address: str
    state: str
    nonce: str
    verifier: str


def _ask(method: str, url: str, **rest: Any) -> dict[str, Any]:
    try:
        answer = httpx2.request(method, url, timeout=_TIMEOUT, follow_redirects=False, **rest)
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise SignOnFailed("统一身份认证没有正确应答，请稍后再试，或用登录名和口令登录") from error
    if not isinstance(found, dict):
        raise SignOnFailed("统一身份认证的应答格式不对")
    return found


def _discover() -> dict[str, Any]:
    found = _ask("GET", f"{settings.OIDC_ISSUER}/.well-known/openid-configuration")
    if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise SignOnFailed("统一身份认证自报的名称与设置不符")
    return found


def begin(return_to: str) -> Request:
    """Where to send the browser, and what to remember of it. Raises SignOnFailed."""
    state, nonce, verifier = generate_token(32), generate_token(32), generate_token(64)
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": return_to,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    endpoint = str(_discover().get("authorization_endpoint", ""))
    return Request(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", state, nonce, verifier)


def finish(code: str, *, nonce: str, verifier: str, return_to: str, now: datetime) -> str:
    """The log-in name that the provider vouches for. Raises SignOnFailed for anything that cannot be trusted."""
    provider = _discover()
    answer = _ask(
        "POST",
        str(provider.get("token_endpoint", "")),
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": return_to, "code_verifier": verifier},
        auth=(settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET),
    )
    keys = _ask("GET", str(provider.get("jwks_uri", "")))
    try:
        key_set = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        token = jwt.decode(str(answer.get("id_token", "")), key_set, algorithms=_ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": provider["issuer"]},
            aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(token.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignOnFailed("统一身份认证的凭证没有通过验证") from error
    login = token.claims.get(settings.OIDC_CLAIM)
    if not isinstance(login, str) or not login:
        raise SignOnFailed("统一身份认证没有给出登录名")
    return login
