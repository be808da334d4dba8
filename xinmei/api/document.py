"""The OpenAPI document, as django-ninja makes it of the operations, with what it does not know."""

from __future__ import annotations

from typing import Any

from xinmei.api.operations import API
from xinmei.api.problems import KINDS

PROBLEM = {
    "type": "object",
    "description": "RFC 9457；refused、why、errors 与 xinmei do 的答复相同。",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "refused": {"type": "string", "enum": list(KINDS)},
        "why": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "found": {}, "allowed": {"type": "string"}},
                "required": ["field", "found", "allowed"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status", "detail", "refused", "why"],
    "additionalProperties": False,
}


def write_document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    made = dict(API.get_openapi_schema(path_prefix="api/v1"))
    made["components"]["schemas"]["Problem"] = PROBLEM
    return made
