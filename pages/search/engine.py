"""Asks the full-text index of the database in use: SQLite's FTS5, or PostgreSQL's.

Both are asked the same questions about the same tokens, so both give the same answers. Each table of
entries has an index of its own: `public`, and `editors` with what is not published too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from wagtail.models import Page

from pages.search.models import EditorsEntry, Findable, SearchEntry

from .tokens import all_of

_ANSWERS = {
    "sqlite": """{table}_tokens CROSS JOIN {table}
        ON place = {table}_tokens.rowid WHERE {table}_tokens MATCH %s""",
    "postgresql": "{table} WHERE tokens @@ %s::tsquery",
}
_NEWEST_FIRST = {
    "sqlite": "ORDER BY {table}_tokens.rowid DESC",
    # `place + 0` keeps the database from using its index of keys, so that it sorts what it finds. With
    # that index it would look into the newest entries one by one, which is slower for every word.
    "postgresql": "ORDER BY place + 0 DESC",
}
_IN_POSTGRESQL = {'"*': "':*", '"': "'", " AND ": " & ", " OR ": " | "}


@dataclass(frozen=True)
class Index:
    """The full-text index of one table of entries."""

    model: type[Findable]
    # What is said of an entry that is found, beside its key.
    told: str

    def newest(
        self, question: str, limit: int, among: QuerySet[Page] | None = None
    ) -> dict[int, str]:
        """Key and filters of the newest entries that answer the question, at most `limit`."""
        newest_first = _NEWEST_FIRST[self.connection.vendor]
        if among is not None:
            keys = among.order_by().values_list("pk").query
            try:
                pages, values = keys.get_compiler(connection=self.connection).as_sql()
            except EmptyResultSet:
                return {}
            which = f"AND page_id IN ({pages}) {newest_first}"
            return self._entries(question, limit, which, values)
        return self._entries(question, limit, newest_first)

    def some(self, question: str, limit: int) -> dict[int, str]:
        """Any `limit` entries that answer the question, which need not be sorted."""
        return self._entries(question, limit)

    def which_of(self, tokens: set[str], places: Iterable[int]) -> dict[int, set[str]]:
        """Says of each of these entries which of the tokens it has."""
        among = ", ".join(map(str, places)) or "NULL"
        rows = self._rows(f"SELECT place, tokens FROM {{table}} WHERE place IN ({among})", [])  # noqa: S608
        # PostgreSQL writes each token within quotes.
        return {place: tokens.intersection(its.replace("'", "").split()) for place, its in rows}

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """The database that this process reads pages from; for visitors it may be a copy."""
        return connections[router.db_for_read(self.model)]

    def _entries(
        self, question: str, limit: int, which: str = "", values: Iterable = ()
    ) -> dict[int, str]:
        answers = _ANSWERS[self.connection.vendor]
        rows = self._rows(
            f"SELECT place, {self.told} FROM {answers} {which} LIMIT %s",  # noqa: S608
            [self._spelled(question), *values, limit],
        )
        return dict(sorted(rows, reverse=True))

    def _spelled(self, question: str) -> str:
        """The question as this database reads it."""
        asked: str = all_of([question])
        if self.connection.vendor == "postgresql":
            for ours, its in _IN_POSTGRESQL.items():
                asked = asked.replace(ours, its)
        return asked

    def _rows(self, statement: str, values: Sequence) -> list[tuple]:
        statement = statement.replace("{table}", self.model._meta.db_table)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                # One round trip is one transaction: the setting holds for this statement only. Without
                # it PostgreSQL may read the whole table, as if opening each row's tokens were cheap.
                cursor.execute(f"SET LOCAL enable_seqscan = off; {statement}", values)
                cursor.nextset()
            else:
                cursor.execute(statement, values)
            return cursor.fetchall()


public = Index(SearchEntry, told="filters")
editors = Index(EditorsEntry, told="''")
