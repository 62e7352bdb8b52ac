"""The full-text index, for the migration: Django's models cannot describe it."""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The index reads its tokens from the table of entries, and triggers tell it of every change there.
# It keeps no positions: nobody searches for a phrase, and without them it is small. "ascii" leaves
# all other letters alone, since the tokens are in lower case already.
_SQLITE = (
    """CREATE VIRTUAL TABLE pages_searchentry_tokens USING fts5(
        tokens, content='pages_searchentry', content_rowid='place',
        detail=none, columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER pages_searchentry_added AFTER INSERT ON pages_searchentry BEGIN
        INSERT INTO pages_searchentry_tokens (rowid, tokens) VALUES (new.place, new.tokens);
    END""",
    """CREATE TRIGGER pages_searchentry_removed AFTER DELETE ON pages_searchentry BEGIN
        INSERT INTO pages_searchentry_tokens (pages_searchentry_tokens, rowid, tokens)
            VALUES ('delete', old.place, old.tokens);
    END""",
    """CREATE TRIGGER pages_searchentry_changed AFTER UPDATE OF tokens ON pages_searchentry BEGIN
        INSERT INTO pages_searchentry_tokens (pages_searchentry_tokens, rowid, tokens)
            VALUES ('delete', old.place, old.tokens);
        INSERT INTO pages_searchentry_tokens (rowid, tokens) VALUES (new.place, new.tokens);
    END""",
)
_SQLITE_BACK = (
    "DROP TRIGGER pages_searchentry_added",
    "DROP TRIGGER pages_searchentry_removed",
    "DROP TRIGGER pages_searchentry_changed",
    "DROP TABLE pages_searchentry_tokens",
)

# "fastupdate" would gather new tokens in a list, and every search would read the whole list.
# With few samples PostgreSQL misjudges how common a word is, and reads the whole table.
_POSTGRESQL = (
    """CREATE INDEX pages_searchentry_tokens ON pages_searchentry
        USING gin (tokens) WITH (fastupdate = off)""",
    "ALTER TABLE pages_searchentry ALTER tokens SET STATISTICS 1000",
    # Texts and tokens are stored outside the rows, so that a question about a common word, which
    # goes through many rows, reads only their keys.
    "ALTER TABLE pages_searchentry SET (toast_tuple_target = 128)",
)
_POSTGRESQL_BACK = ("DROP INDEX pages_searchentry_tokens",)


def create(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL})


def drop(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _run(schema_editor, {"sqlite": _SQLITE_BACK, "postgresql": _POSTGRESQL_BACK})


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
