"""Secrets that must be read again are sealed with a key outside of the database."""

from __future__ import annotations

import base64
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


def key_for(purpose: str) -> bytes:
    """A key of its own for each purpose, drawn from the secret key of the installation."""
    return hmac.digest(settings.SECRET_KEY.encode(), purpose.encode(), "sha256")


def seal(secret: str, purpose: str, owner: object) -> str:
    """The secret, sealed: it opens for this owner only."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key_for(purpose)).encrypt(nonce, secret.encode(), str(owner).encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, purpose: str, owner: object) -> str:
    """What was sealed. Raises InvalidTag where the key or the owner is another."""
    data = base64.b64decode(sealed)
    return AESGCM(key_for(purpose)).decrypt(data[:12], data[12:], str(owner).encode()).decode()
