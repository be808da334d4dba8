"""The schemas of the document: what an act takes, from its `Fields`; what an object is, from what `show` returns."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from django import forms
from pydantic import create_model
from typing_extensions import TypedDict, is_typeddict

from xinmei.api.problems import KINDS, PROBLEM
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import PART, Fields, FilesField, LinesField, YesNo

FILE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "base64": {"type": "string", "contentEncoding": "base64"}},
    "required": ["name", "base64"],
    "additionalProperties": False,
}


KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "required": False,
    "description": "同一个键、同样的请求，24 小时内只办一次，答复也是第一次的。",
}
USUAL, MOST = 100, 500


class AnyObject(TypedDict):
    """An object whose shape is not told."""

    id: str


# ── what is given with an act ──


def schema_of(verb: Verb, *, on_one: bool = False) -> dict[str, Any]:
    """The body of an act; `on_one`: on an object that is there already."""
    form: type[Fields] = verb.fields or Fields
    # What stands already stays where a field is not named.
    stands = (on_one or not verb.makes) and form.standing is not Fields.standing
    whole = {name: field for name, field in form.base_fields.items() if PART not in name}
    required = [name for name, field in whole.items() if field.required and not stands]
    shape: dict[str, Any] = {
        "type": "object",
        "properties": {name: _field(field) for name, field in whole.items()} | _objects_of(form),
        "additionalProperties": False,
    }
    return {**shape, "required": required} if required else shape


def _objects_of(form: type[Fields]) -> dict[str, Any]:
    """The objects that a form takes, each made of its parts."""
    objects: dict[str, dict[str, Any]] = {}
    for name, field in form.base_fields.items():
        whole, _, part = name.partition(PART)
        if part:
            objects.setdefault(whole, {})[part] = _field(field)
    return {
        name: {"type": ["object", "null"], "properties": parts, "additionalProperties": False}
        for name, parts in objects.items()
    }


def _field(field: forms.Field) -> dict[str, Any]:
    shape: dict[str, Any] = {"title": str(field.label or "")} if field.label else {}
    if field.help_text:
        shape["description"] = str(field.help_text)
    kind = _kind_of(field)
    if not field.required and "type" in kind:
        kind = {**kind, "type": [kind["type"], "null"]}
        if "enum" in kind:
            kind["enum"] = [*kind["enum"], None]
    return {**kind, **shape}


def _kind_of(field: forms.Field) -> dict[str, Any]:
    """The JSON of a field, as `pages.fields.read_json` takes it."""
    if isinstance(field, FilesField):
        return {"type": "array", "items": FILE}
    if isinstance(field, forms.FileField):
        return FILE
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField | LinesField):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(field, YesNo | forms.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, forms.IntegerField):
        limits = {"minimum": field.min_value, "maximum": field.max_value}
        return {"type": "integer", **{name: value for name, value in limits.items() if value is not None}}
    if isinstance(field, forms.JSONField):
        return {}
    if isinstance(field, forms.DateTimeField):
        return {"type": "string", "format": "date-time"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    longest = getattr(field, "max_length", None)
    return {"type": "string", "maxLength": longest} if longest else {"type": "string"}


# ── what an object is ──


def shape_of(kind: Kind) -> Any:
    """What `show` of a kind returns."""
    shape = get_type_hints(kind.show).get("return")
    return shape if is_typeddict(shape) else AnyObject


def shape_or_null(kind: Kind) -> Any:
    """An object after an act; null where the position does not see it any more."""
    return shape_of(kind) | None


@cache
def page_shape(kind: Kind) -> Any:
    """A part of a list."""
    shape = shape_of(kind)
    items: Any = list[shape]  # type: ignore[valid-type]
    return create_model(f"{shape.__name__}Page", items=(items, ...), next=(str | None, ...))


def filters_of(kind: Kind) -> tuple[str, ...]:
    """The items of an object by which a list can be cut down: those that are one value."""
    single = {str, int, bool, type(None)}
    return tuple(
        name
        for name, hint in get_type_hints(shape_of(kind)).items()
        if set(get_args(hint) if get_origin(hint) is UnionType else (hint,)) <= single
    )


# ── what is said of an operation ──


def name_of_act(verb: Verb) -> str:
    """The name of an operation, as programs made from the document call it."""
    return verb.name.replace(".", "_")


def name_of_list(kind: Kind) -> str:
    """The same for a list."""
    return f"list_{kind.plural.replace('-', '_')}"


def name_of_one(kind: Kind) -> str:
    """The same for one object."""
    return f"show_{kind.name}"


def _name(name: str, label: str, kind: Kind) -> dict[str, Any]:
    return {"operation_id": name, "url_name": f"api_{name}", "summary": label, "tags": [kind.label]}


def describe_act(verb: Verb, *, on_one: bool = False) -> dict[str, Any]:
    """Name, label and body; `on_one`: of a verb that makes an object, on one that is there already."""
    shape = schema_of(verb, on_one=on_one)
    body = {"content": {"application/json": {"schema": shape}}, "required": "required" in shape}
    refused = refusals("token", "right", "not_found", "state", "size", "type", "input", "rate")
    extra = {"parameters": [KEY], "requestBody": body, "responses": refused}
    said = _name(name_of_act(verb), verb.label, verb.of)
    if on_one:  # the address has the same name, and the number besides
        said["operation_id"] = f"{name_of_act(verb)}_on"
    return {**said, "description": verb.hint or None, "openapi_extra": extra}


def describe_list(kind: Kind) -> dict[str, Any]:
    """The filters, cursor and limit."""
    told = [_asked(name, {"type": "string"}, "只要这一项等于它的") for name in filters_of(kind)]
    told.append(_asked("cursor", {"type": "string", "pattern": "^[0-9]{1,18}$"}, "上一页给的 next"))
    told.append(_asked("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, f"最多几个，不写为 {USUAL}"))
    extra = {"parameters": told, "responses": refusals("token", "input", "rate")}
    return {**_name(name_of_list(kind), f"列出{kind.label}", kind), "openapi_extra": extra}


def _asked(name: str, shape: dict[str, Any], about: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "schema": shape, "required": False, "description": about}


def describe_one(kind: Kind) -> dict[str, Any]:
    """One object by its id."""
    extra = {"responses": refusals("token", "not_found", "rate")}
    return {**_name(name_of_one(kind), f"查看{kind.label}", kind), "openapi_extra": extra}


def refusals(*words: str) -> dict[int, Any]:
    """The refusals that an operation gives, by status."""
    problem = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {KINDS[word].status: {"description": KINDS[word].title, "content": problem} for word in words}
