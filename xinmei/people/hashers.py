"""A password hash of the national algorithms: PBKDF2 over HMAC-SM3 (GB/T 32905), for offices that must use 国密."""

from __future__ import annotations

import hashlib
from functools import partial

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class SM3PasswordHasher(PBKDF2PasswordHasher):
    """PBKDF2-HMAC-SM3, written in the form of Django's own PBKDF2 hashes."""

    algorithm = "pbkdf2_sm3"
    iterations = 300_000
    digest = partial(hashlib.new, "sm3")
