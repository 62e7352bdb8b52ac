"""Indexes on Wagtail's table of pages: without them the CMS and the menu read all of it."""

from django.db import connections, router
from wagtail.models import Page

# For children and the menu; for the pages edited last, of all types and of one type; for locked pages.
_INDEXES = {
    "page_depth_path": "(depth, path)",
    "page_latest_revision": "(latest_revision_created_at DESC{nulls_last})",
    "page_latest_of_type": "(content_type_id, latest_revision_created_at DESC{nulls_last}, title, id DESC)",
    "page_locked": "(id) WHERE locked",
}
# Wagtail finds descendants with `path__startswith`, which SQLite compares without regard to case:
# it needs such an index. Django makes one for PostgreSQL.
_OF_SQLITE = {"page_path_beginning": "(path COLLATE NOCASE, depth)"}


def make_indexes(using: str, **_signal: object) -> None:
    """Makes the indexes that are missing.

    After each `migrate`, not in a migration of ours: when Wagtail changes the table, SQLite writes
    it again with only the indexes that Wagtail knows.
    """
    if not router.allow_migrate_model(using, Page):
        return
    connection = connections[using]
    nulls_last = " NULLS LAST" if connection.vendor == "postgresql" else ""
    indexes = _INDEXES | (_OF_SQLITE if connection.vendor == "sqlite" else {})
    with connection.cursor() as cursor:
        if Page._meta.db_table not in connection.introspection.table_names(cursor):
            return
        for name, index in indexes.items():
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON {Page._meta.db_table} "
                f"{index.format(nulls_last=nulls_last)}"
            )
