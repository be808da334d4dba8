"""What a password must be, by the profile that the office chose.

等保 asks for mixed characters and a change every 90 days; ASVS asks for length, and never for a change.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from xinmei.people.models import Person

_CLASSES = (("大写字母", r"[A-Z]"), ("小写字母", r"[a-z]"), ("数字", r"[0-9]"), ("符号", r"[^A-Za-z0-9]"))
_LENGTH = {"等保": 10, "ASVS": 15}
_MAX_AGE = timedelta(days=90)
_REMEMBERED = 5
LONGEST = 256


@cache
def _weak_words() -> frozenset[str]:
    """Words that people take for passwords: everyday pinyin, names of offices, rows of the keyboard.

    They are compared without digits and signs.
    """
    return frozenset(Path(__file__).with_name("weak_words.txt").read_text(encoding="utf-8").split())


@cache
def _common_passwords() -> set[str]:
    return set(CommonPasswordValidator().passwords)


def has_expired(person: Person, now: datetime) -> bool:
    """Under 等保 a password is changed every 90 days."""
    return _is_dengbao() and person.password_changed_at is not None and now - person.password_changed_at > _MAX_AGE


def _is_dengbao() -> bool:
    profile: str = settings.PASSWORD_PROFILE
    return profile == "等保"


def check_new_password(password: str, person: Person, unit_words: list[str]) -> None:
    """Raises ValidationError with every fault; each says what is wanted.

    `unit_words` are the names, short names and codes of the person's units.
    """
    faults = [
        *_faults_of_form(password),
        *_faults_of_words(password, person, unit_words),
        *_faults_of_history(password, person),
    ]
    if faults:
        raise ValidationError(faults)


def _faults_of_form(password: str) -> list[str]:
    faults = []
    least = _LENGTH[settings.PASSWORD_PROFILE]
    if not least <= len(password) <= LONGEST:
        faults.append(f"口令有 {len(password)} 位，应为 {least} 至 {LONGEST} 位")
    if _is_dengbao():
        found = [name for name, pattern in _CLASSES if re.search(pattern, password)]
        if len(found) < 3:
            faults.append(f"口令只含{'、'.join(found) or '空白'}，大写字母、小写字母、数字、符号四类中应至少有三类")
    return faults


def _faults_of_words(password: str, person: Person, unit_words: list[str]) -> list[str]:
    """Common passwords, everyday pinyin, and what anybody can guess of this person: log-in name, phone, unit."""
    folded = password.casefold()
    # Without the digits and signs that people hang around a word: "Zhengfu@2024" is "zhengfu".
    bare = re.sub(r"[^a-z]", "", folded.replace("@", "a").replace("0", "o").replace("$", "s"))
    letters = re.sub(r"[^a-z]", "", folded)
    if folded in _common_passwords() or {bare, letters} & _weak_words() or len(set(folded)) <= 4:
        return ["口令太常见，容易被猜中，请换一个（常用词、拼音、键盘顺序加数字也算常见）"]
    own = [
        word.casefold()
        for word in (person.login, person.name, person.phone, person.email.partition("@")[0], *unit_words)
    ]
    if found := next((word for word in own if len(word) >= 3 and word in folded), None):
        return [f"口令里有“{found}”，不得包含登录名、姓名、电话或单位的名称、简称、代码"]
    return []


def _faults_of_history(password: str, person: Person) -> list[str]:
    hashes = [person.password] if person.has_usable_password() else []
    if _is_dengbao():
        hashes += person.old_passwords.values_list("password", flat=True)[: _REMEMBERED - 1]
    if any(check_password(password, encoded) for encoded in hashes):
        return [f"口令与最近 {_REMEMBERED} 次用过的相同，请换一个" if _is_dengbao() else "新口令与现口令相同，请换一个"]
    return []
