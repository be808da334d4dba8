"""One place, one hit: of what the rules and the typo model say about the wording of one place, the gravest stays.

Words of other kinds (adverts, privacy …) are all reported, overlapping ones too.
"""

from __future__ import annotations

from collections.abc import Iterable

from xinmei.core.screening.hits import Hit

WORDING = ("grave_misstatement", "typo", "style")  # from grave to light


def settle(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that stay, sorted.

    Sure ones go before possible ones, then grave ones before light ones, then those that say exactly where (the short
    ones) before longer ones. A possible hit of a rule for which the typo model surely says the same is sure: two agree.
    """
    hits = list(hits)
    sure = [hit for hit in hits if hit.rule == "model/typo" and hit.shelf == "confident"]
    kept: list[Hit] = []
    wording: list[Hit] = []
    for hit in hits:
        if hit.category not in WORDING:
            kept.append(hit)
        elif hit.shelf == "possible" and hit.suggest and any(_agree(hit, one) for one in sure):
            wording.append(hit.on_shelf("confident"))
        else:
            wording.append(hit)
    taken: list[Hit] = []
    for hit in sorted(wording, key=_rank):
        if all(hit.end <= one.start or one.end <= hit.start for one in taken):
            taken.append(hit)
    return sorted([*kept, *taken])


def _rank(hit: Hit) -> tuple[bool, int, int, Hit]:
    return hit.shelf != "confident", WORDING.index(hit.category), hit.end - hit.start, hit


def _agree(rule: Hit, model: Hit) -> bool:
    """Whether the model's correction is a part of the rule's: both mean the same."""
    if not (rule.start <= model.start and model.end <= rule.end and rule.suggest and model.suggest):
        return False
    right = rule.text[: model.start - rule.start] + model.suggest + rule.text[model.end - rule.start :]
    return right == rule.suggest
