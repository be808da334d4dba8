"""New pictures of a draft are read in the background."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.screening.pictures.drafting import ask_to_read


@after_act
def read_its_pictures(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """Of a draft that was written, with the pictures that it has now."""
    if verb.name == "draft.write":
        ask_to_read(objects, at)
