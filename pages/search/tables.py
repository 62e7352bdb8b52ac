"""The full-text index, for the migration: Django's models cannot describe it."""

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_TABLES = ("search_searchentry", "search_editorsentry")

# The index reads its tokens from the table of entries, and triggers tell it of every change there.
# It keeps no positions: nobody searches for a phrase, and without them it is small. "ascii" leaves
# all other letters alone, since the tokens are in lower case already.
_SQLITE = (
    """CREATE VIRTUAL TABLE {table}_tokens USING fts5(
        tokens, content='{table}', content_rowid='place',
        detail=none, columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_tokens (rowid, tokens) VALUES (new.place, new.tokens);
    END""",
    """CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_tokens ({table}_tokens, rowid, tokens)
            VALUES ('delete', old.place, old.tokens);
    END""",
    """CREATE TRIGGER {table}_changed AFTER UPDATE OF tokens ON {table} BEGIN
        INSERT INTO {table}_tokens ({table}_tokens, rowid, tokens)
            VALUES ('delete', old.place, old.tokens);
        INSERT INTO {table}_tokens (rowid, tokens) VALUES (new.place, new.tokens);
    END""",
)
_SQLITE_BACK = (
    *(f"DROP TRIGGER {{table}}_{each}" for each in ("added", "removed", "changed")),
    "DROP TABLE {table}_tokens",
)

# "fastupdate" would gather new tokens in a list, and every search would read the whole list.
# With few samples PostgreSQL misjudges how common a word is, and reads the whole table.
_POSTGRESQL = (
    """CREATE INDEX {table}_tokens ON {table}
        USING gin (tokens) WITH (fastupdate = off)""",
    "ALTER TABLE {table} ALTER tokens SET STATISTICS 1000",
    # Texts and tokens are stored outside the rows, so that a question about a common word, which
    # goes through many rows, reads only their keys.
    "ALTER TABLE {table} SET (toast_tuple_target = 128)",
)
_POSTGRESQL_BACK = ("DROP INDEX {table}_tokens",)


def create(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Makes what the migration of this app cannot say in fields: the full-text indexes of both tables."""
    _run(schema_editor, _SQLITE, _POSTGRESQL)


def drop(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, _SQLITE_BACK, _POSTGRESQL_BACK)


def _run(
    editor: BaseDatabaseSchemaEditor, sqlite: Sequence[str], postgresql: Sequence[str]
) -> None:
    for table in _TABLES:
        for statement in sqlite if editor.connection.vendor == "sqlite" else postgresql:
            editor.execute(statement.format(table=table))
