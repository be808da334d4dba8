"""What was read in the pictures of a draft, for its page."""

from __future__ import annotations

from typing import Any

from django import template

from xinmei.publishing.models import Draft
from xinmei.screening.pictures.drafting import texts_of
from xinmei.screening.pictures.reading import is_installed

register = template.Library()


@register.simple_tag
def pictures_of_draft(draft: Draft) -> list[dict[str, Any]]:
    """Each picture with what was read in it; nothing where the extra [ocr] is not there."""
    return texts_of(draft) if is_installed() else []
