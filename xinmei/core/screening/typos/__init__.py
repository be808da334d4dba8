"""Words that were probably mistyped, found by how language usually goes.

TypoModel.load()    the model that ships with the package, read in place
model.find(text)    one `TypoHit` for each place, in order

How it is made and how good it is: docs/typo-model.md; why: docs/decisions/0040–0044.
"""

from xinmei.core.screening.typos.model import TypoHit, TypoModel

__all__ = ["TypoHit", "TypoModel"]
