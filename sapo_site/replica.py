"""Reads pages for visitors from a copy of the database, which may be some moments behind."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"


class ReplicaRouter:
    """Reads from the copy and writes to the original, in processes that serve only visitors.

    The content version is read from the copy as well, so an answer made from old pages is never
    kept as a new one.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return None if model._meta.app_label == "tips" else REPLICA

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return None if model._meta.app_label == "tips" else DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return True if {one._state.db, other._state.db} <= {REPLICA, DEFAULT_DB_ALIAS} else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
