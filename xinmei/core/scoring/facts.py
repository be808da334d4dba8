"""Counts given from outside: only known names, only whole numbers from 0 up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xinmei.core.rulebook import Edition


class WrongFacts(ValueError):
    """A fact does not exist, or its count is not a count. The Chinese text says what was found and what is allowed."""


def name_facts(edition: Edition) -> dict[str, str]:
    """Each name under which a fact of an edition may be given, with the fact it stands for.

    The name is the fact's own, or its indicator's where the indicator has one criterion. The samples of higher tiers
    (本地、本部门……被判定为不合格1个（含）以上) are facts of a unit and of no sheet.
    """
    names: dict[str, str] = {}
    for indicator in edition.indicators:
        if _is_sample(indicator.id):
            continue
        for criterion in indicator.criteria:
            names |= {fact: fact for fact in criterion.facts}
        if len(indicator.criteria) == 1 and len(indicator.criteria[0].facts) == 1 and indicator.kind != "BONUS":
            names.setdefault(indicator.id, indicator.criteria[0].facts[0])
    return names


def _is_sample(name: str) -> bool:
    return name in ("state_sample_failed", "province_sample_failed", "province_sample_one_failed")


def check_facts(given: object, names: Mapping[str, str], what: str, at_most_one: Iterable[str] = ()) -> dict[str, int]:
    """The given counts by fact. `what` names the place for errors; the facts in `at_most_one` are 0 or 1.

    Raises WrongFacts for anything but an object of known names and whole numbers from 0 up, and for one fact given
    under two names.
    """
    if not isinstance(given, dict):
        raise WrongFacts(f'{what}应是对象，如 {{"typo": 1}}，写的是 {given!r}')
    counts: dict[str, int] = {}
    for name, count in given.items():
        if name not in names:
            reason = "是单位的事实，用 score cohort 计" if _is_sample(name) else "不认识"
            raise WrongFacts(f"{what}中的“{name}”{reason}；可用：{'、'.join(names)}")
        if type(count) is not int or count < 0:
            raise WrongFacts(f"{what}中“{name}”写的是 {count!r}，应是0或正整数")
        if names[name] in counts:
            raise WrongFacts(f"{what}中“{name}”与“{names[name]}”是同一事实，只能写一次")
        counts[names[name]] = count
    for name in at_most_one:
        if counts.get(name, 0) > 1:
            raise WrongFacts(f"{what}中“{name}”写的是 {counts[name]}，应是0或1")
    return counts
