"""Answers visitors from a copy of the website's database, which may be some moments behind."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

REPLICA = "replica"


class ReplicaRouter:
    """Reads from the copy and writes to the original; only in processes that serve visitors alone.

    All that is read comes from the copy, the content version with it: what is made of old pages
    is never kept as new.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return None if model._meta.app_label == "tips" else REPLICA

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return None if model._meta.app_label == "tips" else DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return True if {one._state.db, other._state.db} <= {REPLICA, DEFAULT_DB_ALIAS} else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
