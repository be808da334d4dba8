"""The storeys look down, never up: what import-linter cannot see.

Templates, tags, static files, addresses, foreign keys and strings that name a room.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

ROOT = Path(__file__).resolve().parents[2] / "xinmei"
# From the roof to the cellar. Rooms of one storey do not know each other. Rooms to come have their place already.
STOREYS = (
    ("commands",),
    ("desk", "collectors"),
    ("meetings",),
    ("reports",),
    ("assessment",),
    ("urging",),
    ("supervision",),
    ("screening",),
    ("publishing", "interaction"),
    ("registry",),
    ("packs", "notices", "upkeep", "api"),
    ("acts",),
    ("files",),
    ("jobs",),
    ("people",),
    ("units",),
    ("pages",),
    ("core",),
)
HEIGHT = {room: -place for place, rooms in enumerate(STOREYS) for room in rooms}
# The page of an account or a unit gathers from all rooms, so the desk serves it; its address is the register's word.
SERVED_FROM_ABOVE = {"account": "registry", "accounts": "registry", "cleaning": "registry", "unit": "units"}
# The site itself: where an error page leads back to.
OF_THE_SITE = {"/"}


class Look(NamedTuple):
    """A place in a room that names something of another room."""

    place: str
    room: str
    other: str
    what: str

    @property
    def is_upward(self) -> bool:
        """Whether the other room is not below."""
        return self.other != self.room and HEIGHT[self.other] >= HEIGHT[self.room]


def room_of(path: Path) -> str:
    """The room that a file lies in ("": none)."""
    parts = path.relative_to(ROOT).parts
    return parts[0] if len(parts) > 1 and parts[0] in HEIGHT else ""


def owners(folder: str, pattern: str) -> dict[str, str]:
    """What lies in `folder` of each room, by its name there, and the room."""
    return {
        path.relative_to(ROOT / room / folder).as_posix(): room
        for room in HEIGHT
        for path in (ROOT / room / folder).rglob(pattern)
        if path.is_file()
    }


TEMPLATES = owners("templates", "*.html")
STATIC = owners("static", "*")
LIBRARIES = {name.removesuffix(".py"): room for name, room in owners("templatetags", "*.py").items()}


def _name_addresses(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _name_addresses(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            module = pattern.callback.__module__.split(".")
            if module[0] == "xinmei":
                yield pattern.name, SERVED_FROM_ABOVE.get(pattern.name, module[1])


ADDRESSES = {name: room for name, room in _name_addresses(get_resolver()) if room in HEIGHT}


def _serves(address: str) -> str:
    try:
        match = resolve(address)
    except Resolver404:
        return ""
    return ADDRESSES.get(match.url_name or "", "")


def looks_of_template(text: str) -> Iterator[tuple[str, str]]:
    """(room, what) of everything that a template names."""
    for name in re.findall(r"\{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']", text):
        yield TEMPLATES.get(name, ""), name
    for names in re.findall(r"\{%\s*load\s+([^%]*?)\s*%\}", text):
        yield from ((LIBRARIES.get(name, ""), f"load {name}") for name in names.split())
    for name in re.findall(r"\{%\s*(?:asset|static)\s+[\"']([^\"']+)[\"']", text):
        yield STATIC.get(name, ""), name
    for name in re.findall(r"\{%\s*url\s+[\"'](\w+)[\"']\s*[^|]", text):
        yield ADDRESSES.get(name, ""), f"url {name}"
    for address in re.findall(r"(?:href|action|address)=\"(/[^\"{]*)", text):
        if address not in OF_THE_SITE:
            yield _serves(address.partition("?")[0]), address


def looks_of_code(text: str) -> Iterator[tuple[str, str]]:
    """(room, what) of every string that names a template, a static file, a module, a model or an address."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"reverse", "reverse_lazy", "redirect"}:
            name = getattr(node.args[0], "value", "") if node.args else ""
            yield ADDRESSES.get(name, ""), f"reverse {name}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = node.value
            yield TEMPLATES.get(named, "") or STATIC.get(named, ""), named
            if module := re.fullmatch(r"xinmei\.(\w+)(?:\.\w+)*", named):
                yield module[1], named
            if model := re.fullmatch(r"(\w+)\.[A-Z]\w*", named):
                yield model[1], named


def find_looks() -> Iterator[Look]:
    """Everything that rooms name of each other."""
    for path in sorted(ROOT.rglob("*")):
        room = room_of(path)
        if not room or path.suffix not in {".html", ".py"} or {"tests", "migrations"} & set(path.parts):
            continue
        found = looks_of_template if path.suffix == ".html" else looks_of_code
        for other, what in found(path.read_text(encoding="utf-8")):
            if other in HEIGHT:
                yield Look(path.relative_to(ROOT).as_posix(), room, other, what)


def find_keys() -> Iterator[Look]:
    """Every foreign key from one room to another."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model:
                other = field.related_model._meta.app_label
                if {model._meta.app_label, other} <= HEIGHT.keys():
                    yield Look(model.__name__, model._meta.app_label, other, f"{model.__name__}.{field.name}")


def test_every_room_has_its_storey():
    rooms = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"core", "commands"}
    assert rooms <= HEIGHT.keys(), "a new room has its place in STOREYS"


def test_templates_tags_static_files_addresses_and_strings_look_down():
    upward = {(look.place, look.other, look.what) for look in find_looks() if look.is_upward}
    assert not upward, "\n".join(map(str, sorted(upward)))


def test_foreign_keys_look_down():
    upward = {(look.place, look.other, look.what) for look in find_keys() if look.is_upward}
    assert not upward, "\n".join(map(str, sorted(upward)))


def test_the_ground_room_names_no_room():
    named = {(look.place, look.what) for look in find_looks() if look.room == "pages" and look.other != "pages"}
    assert {one for one in named if not one[1].startswith("xinmei.core")} == set()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ('{% extends "desk/home.html" %}', "desk"),
        ('{% include "supervision/shown.html" %}', "supervision"),
        ("{% load pages findings %}", "supervision"),
        ("{% asset 'supervision/queue.js' %}", "supervision"),
        ("{% url 'import' as where %}", "collectors"),
        ('<a href="/bulletins/">', "reports"),
    ],
)
def test_what_a_template_names_is_seen(text, other):
    assert other in {room for room, _ in looks_of_template(text)}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ('render(request, "desk/home.html")', "desk"),
        ('reverse("bulletins")', "reports"),
        ('import_module("xinmei.desk.queries")', "desk"),
        ('models.ForeignKey("supervision.Finding", models.PROTECT)', "supervision"),
    ],
)
def test_what_code_names_is_seen(text, other):
    assert other in {room for room, _ in looks_of_code(text)}
