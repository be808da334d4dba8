"""What an answer says otherwise than it must."""

from __future__ import annotations

from typing import Any

from .acts import Answer


def differences(want: Any, got: Any, where: str = "") -> list[str]:
    """What `want` fixes and `got` has otherwise; moments are compared to the second."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return [f"{where}: {want!r} expected, {got!r} found"]
        return [
            line
            for name, value in want.items()
            for line in differences(value, got.get(name), f"{where}.{name}".strip("."))
        ]
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        want, got = _in_order(want), _in_order(got)
        return [
            line
            for at, (a, b) in enumerate(zip(want, got, strict=True))
            for line in differences(a, b, f"{where}[{at}]")
        ]
    return [] if _plain(want) == _plain(got) else [f"{where}: {want!r} expected, {got!r} found"]


def _in_order(entries: list[Any]) -> list[Any]:
    """Entries of accounts may come in any order."""
    if entries and all(isinstance(entry, dict) and "account" in entry for entry in entries):
        return sorted(entries, key=lambda entry: str(entry["account"]))
    return entries


def _plain(value: Any) -> Any:
    if value == "":
        return None
    if isinstance(value, str) and len(value) > 25 and value[10:11] == "T" and "." in value:
        return value[:19] + value[-6:]
    return value


def compare(answer: Answer, got: dict[str, Any]) -> list[str]:
    """The oracle's answer against the product's; what the oracle guesses is left out."""
    if answer.ok != got.get("ok") or (got.get("refused") or "") not in (answer.refused or "").split("|"):
        want = "ok" if answer.ok else answer.refused
        return [f"{want} expected, {'ok' if got.get('ok') else got.get('refused')} found"]
    if not answer.ok:
        return []
    want = answer.object
    if want is None:
        return [] if got.get("object") is None else ["no object expected, one found"]
    return differences({name: value for name, value in want.items() if name not in answer.guessed}, got.get("object"))
