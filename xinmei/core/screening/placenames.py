"""Names of prefectures and counties with a character lost or two changed places: 齐齐哈市 for 齐齐哈尔市, 连云市 for
连云港市.

The miswritten forms are made from the names (`rules/screening/places.txt`) and called by the scan. A form counts only
where a name of a place may begin, and where it is short, only behind the name of its own province or prefecture:
鞍山市 is another city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xinmei.core.screening.detectors import NARROWED

KIND = re.compile(r"(?:自治[州县旗]|地区|林区|特区|新区|[市州盟县区旗])$")
REGION = re.compile(r"(?:维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|[省市])$")
# Before the name of a place stand a sign, or one of these.
LEADING = "在到赴从由为和与及是对向自将于往经至省区市州盟县旗"
BEGINS = re.compile(rf"(?:^|[^\u4e00-\u9fff]|[{LEADING}])$")
# What begins like the kind of a place and is another word.
OTHER_WORD = re.compile(r"市[场值盈井面]|区[域间别块分]|盟[友国主]|旗[帜下舰袍号]")
GONE = "已撤销"  # the line of names that are no more, and are no slips
FARTHEST = 20  # characters: no name that a form is looked for behind is so long
SHORT = 2  # a form of so many characters counts only behind the full name of a place that it lies in
LONG = 4  # so many characters before the kind of place make a name that is met nowhere else


@dataclass(frozen=True, slots=True)
class Miswritten:
    """A wrong form: the name that was meant, and the places that it lies in."""

    right: str
    above: tuple[str, ...]
    size: int  # characters of the name before its kind


class PlaceNames:
    """All names, and what is made of them by one slip."""

    def __init__(self, path: Path) -> None:
        self._names: dict[str, set[str]] = {}
        self._gone: tuple[str, ...] = ()
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            province, prefecture, counties = line.split("\t")
            if province == GONE:
                self._gone = tuple(counties.split())
                continue
            above = {province, REGION.sub("", province)}
            if prefecture:
                self._names.setdefault(prefecture, set()).update(above)
                above |= {prefecture, KIND.sub("", prefecture)}
            for county in counties.split():
                self._names.setdefault(county, set()).update(above)

    @cached_property
    def wrong(self) -> Mapping[str, tuple[Miswritten, ...]]:
        """Every wrong form that is not the name of another place, nor part of one, with the names that it may come
        from.
        """
        names = {*self._names, *self._gone, *(one for above in self._names.values() for one in above)}
        known = {name[start:end] for name in names for end in range(len(name) + 1) for start in range(end)}
        made: dict[str, list[Miswritten]] = {}
        for name, above in self._names.items():
            one = Miswritten(name, tuple(sorted(above)), len(KIND.sub("", name)))
            for form in _slips(name, one.size) - known:
                made.setdefault(form, []).append(one)
        return {form: tuple(ones) for form, ones in made.items()}

    @cached_property
    def behind(self) -> Mapping[str, frozenset[str]]:
        """Short forms, many of which are words (本市, 上市), and what the names of places that they lie in end with.

        One of these stands before each that counts.
        """
        short = {form: ones for form, ones in self.wrong.items() if len(form) == SHORT}
        return {form: frozenset(name[-1] for one in ones for name in _full(one)) for form, ones in short.items()}

    def find(self, text: str, starts: Iterable[int] | None = None) -> Iterator[tuple[int, int, bool]]:
        """Places of wrong forms; sure where the name is long, or its own province or prefecture stands before it.

        `starts` says where one may begin, in order; else it may anywhere.
        """
        for start in range(len(text) - 1) if starts is None else starts:
            for size in self._sizes.get(text[start : start + 2], ()):
                end = start + size
                if end <= len(text) and text[start:end] in self.wrong and (meant := self._meant(text, start, end)):
                    yield start, end, text[:start].endswith(meant.above) or meant.size >= LONG
                    break

    def may_be(self, text: str, start: int, end: int) -> bool:
        """Whether a form that the scan found may be wrong there. Where something hidden stands near, it may."""
        begin = max(0, start - FARTHEST)
        near = text[begin : end + 1]
        plain = NARROWED(near)
        if text[start:end] not in self.wrong or len(plain) != len(near):
            return True
        return self._meant(plain, start - begin, end - begin) is not None

    def suggest(self, text: str, start: int, end: int) -> str | None:
        """The name that was meant there."""
        meant = self._meant(text, start, end)
        return meant.right if meant else None

    @cached_property
    def _sizes(self) -> Mapping[str, list[int]]:
        """By their first two characters, how long the wrong forms are, the longest first."""
        sizes: dict[str, set[int]] = {}
        for form in self.wrong:
            sizes.setdefault(form[:2], set()).add(len(form))
        return {head: sorted(ones, reverse=True) for head, ones in sizes.items()}

    def _meant(self, text: str, start: int, end: int) -> Miswritten | None:
        """The one name that a form can come from at its place; None where it is none there, or may be several."""
        if OTHER_WORD.match(text, end - 1):
            return None
        ones, before = self.wrong[text[start:end]], text[:start]
        inside = [one for one in ones if before.endswith(_full(one) if end - start == SHORT else one.above)]
        if inside:
            return inside[0] if len(inside) == 1 else None
        return ones[0] if len(ones) == 1 and _says_itself(ones[0], end - start) and BEGINS.search(before) else None


def _full(one: Miswritten) -> tuple[str, ...]:
    return tuple(name for name in one.above if KIND.search(name) or REGION.search(name)) or ("\n",)


def _says_itself(one: Miswritten, length: int) -> bool:
    """Whether a form is met nowhere else: 沙坝区 and 石山区 may be landscapes."""
    return one.size >= LONG or (one.size > 2 and length > 2 and one.right[-1] in "市州盟")


def _slips(name: str, size: int) -> set[str]:
    """The name with one character lost, or with two neighbours changed.

    Of two characters a town or a county may lose one.
    """
    stem, kind = name[:size], name[size:]
    forms = {stem[:at] + stem[at + 1] + stem[at] + stem[at + 2 :] + kind for at in range(size - 1)}
    if size > 2 or (size == 2 and kind in ("市", "县")):
        forms |= {stem[:at] + stem[at + 1 :] + kind for at in range(size)}
    if kind.startswith("自治"):
        forms |= {stem + kind[:at] + kind[at + 1 :] for at in range(2)}
    return forms - {name, "长市"}  # 省长市长
