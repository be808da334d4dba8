"""Names by the first letters of their sounds: 「澄州农业」 is typed as `czny`.

A character with several sounds goes by each of them: 重庆 is found by `cq` and by `zq`. What is Latin goes by itself.
"""

from __future__ import annotations

from functools import cache

from xinmei.core.rulebook import RULES

SHORTEST = 2  # one letter is the beginning of everything


@cache
def _letters() -> dict[str, str]:
    """The first letters of the sounds of each character."""
    found: dict[str, str] = {}
    for line in (RULES / "screening" / "sounds.txt").read_text(encoding="utf-8").splitlines():
        sound, _, characters = line.partition("\t")
        for character in characters:
            if sound[0] not in found.get(character, ""):
                found[character] = found.get(character, "") + sound[0]
    return found


def initials_of(text: str) -> list[str]:
    """For each character of a text the letters that it goes by; signs and spaces are left out."""
    letters = _letters()
    return [letters.get(one, one) for one in text.lower() if one in letters or (one.isascii() and one.isalnum())]


def are_letters(typed: str) -> bool:
    """Whether what was typed can be first letters."""
    return len(typed) >= SHORTEST and typed.isascii() and typed.isalnum()


def goes_by(text: str, typed: str) -> bool:
    """Whether characters of a text, one after the other, go by these letters."""
    initials, wanted = initials_of(text), typed.lower()
    return any(
        all(letter in initials[place + at] for at, letter in enumerate(wanted))
        for place in range(len(initials) - len(wanted) + 1)
    )
