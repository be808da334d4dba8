"""What the screening says about a text: a hit suggests, people decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

# The values that packs may use, and what pages call them.
CATEGORIES = {
    "typo": "错别字",
    "grave_misstatement": "严重表述错误",
    "advert": "商业广告",
    "improper_content": "内容不当",
    "harmful_content": "有害信息",
    "state_secret": "涉密标志",
    "privacy_leak": "个人信息泄露",
    "style": "标点数字用法",
}
SHELVES = {"confident": "把握较大", "possible": "供参考"}
# How sure a rule is, by shelf.
CONFIDENCE = {"confident": 0.95, "possible": 0.5}
SEVERITIES = {"high": "严重", "medium": "一般", "low": "提示"}


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """One place in one text that a rule names: `text == input[start:end]`, counted in Unicode characters of the input.

    Hits sort by place, then rule.
    """

    start: int
    end: int
    rule: str  # pack/entry
    text: str
    category: str
    severity: str
    shelf: str
    suggest: str | None
    """What probably should stand there; None where a person has to say (locked names are flagged, never rewritten)."""
    clause: str
    confidence: float
    """Between 0 and 1; orders hits of one shelf, no probability is promised."""
    why: str = ""

    def on_shelf(self, shelf: str) -> Hit:
        """The same place on this shelf."""
        return replace(self, shelf=shelf, confidence=CONFIDENCE[shelf])
