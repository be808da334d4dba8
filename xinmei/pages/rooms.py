"""What each room brings, found by the name of its module.

A room states what it has to say about a page that belongs to no room in a module of an agreed name:

- `navigation`: `ENTRIES`, its places in the navigation; `PARTS`, templates that it puts into the frame of every page
  (`xinmei.pages.navigation`).
- `badges`: `BADGES`, the sign, word and colour of each of its states (`xinmei.pages.badges`).
- `duties`: `at_desk`, what waits for the person; `next_steps`, what to do where nothing waits (`xinmei.pages.duties`).
- `news`: `news`, the bad news above a desk; `cards`, the same things in a message (`xinmei.pages.news`).
- `alarms`: `alarms`, what is red for those who look after the house (`xinmei.pages.alarms`).
- `published`: `published`, the addresses that everybody may have as files (`xinmei.pages.exported`).
- `search`: `search`, what its rows say to a word (`xinmei.pages.search`).
- `jobs`: handlers of background work (`xinmei.jobs.handlers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

ROOT = "xinmei."


@cache
def bring(name: str) -> tuple[ModuleType, ...]:
    """The modules called `name`, one of each room that has it, in the order of INSTALLED_APPS."""
    rooms = [config for config in apps.get_app_configs() if config.name.startswith(ROOT)]
    return tuple(
        import_module(f"{room.name}.{name}")
        for room in rooms
        if room.module and module_has_submodule(room.module, name)
    )


def gather(name: str, member: str) -> Iterator[Any]:
    """`member` of each of these modules that has it."""
    for module in bring(name):
        if hasattr(module, member):
            yield getattr(module, member)
