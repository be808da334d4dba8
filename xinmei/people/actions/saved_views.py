"""Lists saved under a name, and dropped again: everybody's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.people.models import SavedView

MOST = 12


class NotSaved(Exception):
    """The view is not saved; the text says in Chinese what was found, what is allowed and what to do."""


def save_view(path: str, query: str, name: str, *, by: Acting, at: datetime) -> SavedView:
    """Saves the list at `path` with its `query` under `name`. A view of that name on the same list is replaced.

    Raises NotSaved.
    """
    assert by.person_id is not None, "only somebody who is logged in keeps a list"
    with transaction.atomic():
        hold(f"saved views {by.person_id}")
        others = SavedView.objects.filter(person_id=by.person_id, path=path).exclude(name=name)
        if others.count() >= MOST:
            raise NotSaved(f"这个列表已有 {MOST} 个常用筛选，最多 {MOST} 个；请先删除一个不用的。")
        view, _ = SavedView.objects.update_or_create(
            person_id=by.person_id, path=path, name=name, defaults={"query": query}
        )
        record("save_view", by=by, at=at, kind="saved_view", number=view.pk, content={"path": path})
    return view


def drop_view(view: SavedView, *, by: Acting, at: datetime) -> None:
    """Drops a saved view."""
    with transaction.atomic():
        record("drop_view", by=by, at=at, kind="saved_view", number=view.pk, content={"path": view.path})
        view.delete()
