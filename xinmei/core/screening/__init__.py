"""Text + rule packs -> hits with place, clause and suggestion.

Screen.load().scan(texts, day)   one list of `Hit` for each text
Allowance(rule, text)            what is not to be shown again; `words_around` makes one of a hit
mask(text)                       personal data masked star for character; `mask_found` for the words of one hit
read_pack(mapping)               a rule pack, checked

The packs are in `rules/screening/`; why it works as it does: docs/decisions/0030–0039.
"""

from xinmei.core.screening.allowing import Allowance, words_around
from xinmei.core.screening.detectors import PRIVACY_LABELS, find_personal_data, mask, mask_found
from xinmei.core.screening.hits import CATEGORIES, SEVERITIES, SHELVES, Hit
from xinmei.core.screening.packs import Entry, Pack, read_pack
from xinmei.core.screening.screen import Screen

__all__ = [
    "CATEGORIES",
    "PRIVACY_LABELS",
    "SEVERITIES",
    "SHELVES",
    "Allowance",
    "Entry",
    "Hit",
    "Pack",
    "Screen",
    "find_personal_data",
    "mask",
    "mask_found",
    "read_pack",
    "words_around",
]
