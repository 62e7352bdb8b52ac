"""Does a change of the database once, and repeats it row by row: that is faster."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction


@dataclass
class Change:
    """The keys of the rows that a change deletes from a table, and the rows that it adds."""

    table: str
    key: str
    columns: list[str]
    gone: list[Any] = field(default_factory=list)
    added: list[tuple[Any, ...]] = field(default_factory=list)


def learned(work: Callable[[], None]) -> list[Change]:
    """Runs the work, rolls it back, and returns what it changed."""
    with transaction.atomic():
        before = _rows()
        work()
        after = _rows()
        transaction.set_rollback(True)
    changes = []
    for table, (key, columns, rows) in after.items():
        old = before[table][2]
        place = columns.index(key)
        change = Change(table, key, columns)
        change.gone = [row[place] for text, row in old.items() if text not in rows]
        change.added = [row for text, row in rows.items() if text not in old]
        if change.gone or change.added:
            changes.append(change)
    return changes


def replay(changes: list[Change]) -> None:
    """Makes the changes once more."""
    name = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for each in changes:
            table = name(each.table)
            if each.gone:
                keys = [(key,) for key in each.gone]
                cursor.executemany(f"DELETE FROM {table} WHERE {name(each.key)} = %s", keys)
            if each.added:
                columns = ", ".join(map(name, each.columns))
                places = ", ".join(["%s"] * len(each.columns))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", each.added)
        tables = {each.table for each in changes}
        models = [
            model
            for model in apps.get_models(include_auto_created=True)
            if model._meta.db_table in tables
        ]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


_Table = tuple[str, list[str], dict[str, tuple[Any, ...]]]


def _rows() -> dict[str, _Table]:
    """Each table's key, columns and rows; a row's `repr` stands for the row."""
    found = {}
    with connection.cursor() as cursor:
        existing = connection.introspection.table_names(cursor)
        for model in apps.get_models(include_auto_created=True):
            table, key = model._meta.db_table, model._meta.pk.column
            if table not in existing:
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            if key in columns:  # a full-text table has no key column
                found[table] = (key, columns, {repr(row): row for row in cursor.fetchall()})
    return found
