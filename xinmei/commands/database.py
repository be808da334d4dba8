"""Opens the database for a command: sets Django up, and creates or updates the tables of the embedded default."""

from __future__ import annotations

import os

import django

WRITER_WAIT = 6 * 3600  # seconds


def open_database(*, patient: bool = False) -> None:
    """Sets Django up and migrates where a migration is missing, so that a fresh folder needs no further step.

    It is safe when several processes start at once. `patient` waits for another writer as long as a large import may
    take; a page gives up after the minute of the settings.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinmei.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if connection.vendor == "sqlite":
        settings.VAR.mkdir(parents=True, exist_ok=True)
        if patient:
            connection.settings_dict["OPTIONS"]["timeout"] = WRITER_WAIT
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with _hold_lock():
            call_command("migrate", interactive=False, verbosity=0)


class _hold_lock:  # noqa: N801
    """One process migrates at a time. The others wait and then find nothing to do."""

    def __enter__(self) -> None:
        import fcntl

        from django.conf import settings

        settings.VAR.mkdir(parents=True, exist_ok=True)
        self.file = (settings.VAR / "migrate.lock").open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()
