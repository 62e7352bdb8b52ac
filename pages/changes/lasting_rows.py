"""Lets the database itself refuse to change or delete what the newsroom has recorded."""

from django.db import connections, router

from pages.newsroom.models import (
    AccountEvent,
    Approval,
    Confirmation,
    Ending,
    Publication,
    Renaming,
    Review,
    StopOrder,
)

_LASTING = (AccountEvent, Approval, Confirmation, Ending, Publication, Renaming, Review, StopOrder)

_OF_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_{event} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$
"""
_OF_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_{event} BEFORE {event} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def protect_records(using: str, **_signal: object) -> None:
    """Makes the triggers that are missing.

    After each `migrate`, not in a migration: SQLite writes a table again when a column is added,
    and drops its triggers.
    """
    if not router.allow_migrate_model(using, Confirmation):
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        if any(model._meta.db_table not in there for model in _LASTING):
            return
        trigger = _OF_SQLITE
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            trigger = _OF_POSTGRESQL
        for model in _LASTING:
            for event in ("UPDATE", "DELETE"):
                cursor.execute(trigger.format(table=model._meta.db_table, event=event))
