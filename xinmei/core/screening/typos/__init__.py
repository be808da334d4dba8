"""Words that were probably mistyped, found by how language usually goes.

TypoModel.load()    the model that ships with the package, read in place
model.find(text)    one `TypoHit` for each place, in order
is_by_place(text, hit)   whether a hit may be part of the name of a place
is_masked_name(text, hit)   whether a hit lies on a masked name, 龚某

How it is made and how good it is: docs/typo-model.md; why: docs/decisions/0040–0046 and 0188–0190.
"""

from xinmei.core.screening.typos.masked import is_masked_name
from xinmei.core.screening.typos.model import SENTENCE, Memory, TypoHit, TypoModel
from xinmei.core.screening.typos.places import is_by_place

__all__ = ["SENTENCE", "Memory", "TypoHit", "TypoModel", "is_by_place", "is_masked_name"]
