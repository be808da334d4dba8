"""Why a value is refused, and how an error quotes it."""

from __future__ import annotations

import json
from typing import Any


class Fault(Exception):
    """Why a value is refused, in Chinese."""


def show(value: Any) -> str:
    """A value as an error quotes it: short, on one line, printable even where it holds broken characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode("utf-8", "backslashreplace").decode()
    text = text.replace("\0", "\\0").replace("\n", "\\n").replace("\r", "\\r")
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
