"""动态口令 (TOTP, RFC 6238) and recovery codes: enrolled by the owner, reset by the security administrator."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pyotp
from django.db import transaction

from xinmei.people.events import Acting, record
from xinmei.people.models import Person, RecoveryCode, SecondFactor
from xinmei.people.sign_in import end_sessions
from xinmei.people.vault import key_for, seal, unseal

_PERIOD = 30
_RECOVERY_CODES = 10
_PURPOSE = "second factor"
ISSUER = "政务新媒体管理平台"


def _digest(code: str) -> str:
    typed = code.replace("-", "").strip().upper()
    return hmac.new(key_for("recovery code"), typed.encode(), hashlib.sha256).hexdigest()


def address_for(secret: str, person: Person) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=ISSUER)


def _find_step(secret: str, code: str, at: datetime) -> int | None:
    """The 30-second step that the code belongs to: this one, the one before or after."""
    now = int(at.timestamp()) // _PERIOD
    totp = pyotp.TOTP(secret)
    code = code.strip().replace(" ", "")
    return next(
        (
            step
            for step in (now, now - 1, now + 1)
            if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        ),
        None,
    )


def enrol(person: Person, secret: str, code: str, *, by: Acting, at: datetime) -> list[str] | None:
    """Takes `secret` as the second factor of `person` where `code` proves that their device has it.

    Returns the recovery codes, which are shown only once.
    """
    step = _find_step(secret, code, at)
    if step is None:
        return None
    with transaction.atomic():
        fresh = {"sealed_secret": seal(secret, _PURPOSE, person.pk), "enrolled_at": at, "last_step": step}
        SecondFactor.objects.update_or_create(person=person, defaults=fresh)
        record("enrol_second_factor", by=by, at=at, kind="person", number=person.pk)
        return _make_recovery_codes(person)


def _make_recovery_codes(person: Person) -> list[str]:
    codes = [
        f"{(text := base64.b32encode(secrets.token_bytes(10)).decode())[:4]}-{text[4:8]}-{text[8:12]}-{text[12:]}"
        for _ in range(_RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digest(code)) for code in codes)
    return codes


def is_right_code(person: Person, code: str, *, by: Acting, at: datetime) -> bool:
    """Whether `code` is what the second factor shows now, or an unused recovery code.

    No code works twice, not even for two requests at the same moment.
    """
    factor = SecondFactor.objects.get(person=person)
    step = _find_step(unseal(factor.sealed_secret, _PURPOSE, factor.person_id), code, at)
    if step is not None:
        return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1
    with transaction.atomic():
        used = RecoveryCode.objects.filter(person=person, digest=_digest(code), used_at__isnull=True).update(used_at=at)
        if used:
            record("use_recovery_code", by=by, at=at, kind="person", number=person.pk)
    return bool(used)


def reset_second_factor(person: Person, given: Mapping[str, Any], by: Acting, at: datetime) -> Person:
    """A lost device: the second factor goes and the sessions end; the owner enrols again at the next log-in."""
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    end_sessions(list(person.sessions.all()))
    record("reset_second_factor", by=by, at=at, kind="person", number=person.pk)
    return person
