"""Asks the full-text index of the database in use: SQLite's FTS5, or PostgreSQL's.

Both are asked the same questions about the same tokens, so both give the same answers. Each table of
entries has an index of its own: `public`, and `editors` with what is not published too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.utils.timezone import localdate
from wagtail.models import Page

from pages.models import EditorsEntry, Findable, SearchEntry

from .tokens import All, Beginning, TokenQuery, all_of, recent


@dataclass(frozen=True)
class _Syntax:
    """How a database spells a question."""

    both: str
    either: str
    one: str
    beginning: str


@dataclass(frozen=True)
class _Language(_Syntax):
    """How a database spells a question, and the SQL that asks it of a table."""

    place: str
    among: str
    entries: str
    newest_first: str
    answers: str
    # For a database whose index cannot be asked about a few rows only.
    of_one: _Syntax | None = None
    sorts_all: bool = False  # the database sorts all it finds, however few are wanted


# `place + 0` keeps the database from using its index of keys, so that it sorts what it finds. With
# that index it would look into the newest entries one by one, which is slower for every word.
_ALL_SORTED = "ORDER BY place + 0 DESC LIMIT %s"

_SQLITE = _Language(
    both=" AND ",
    either=" OR ",
    one='"{}"',
    beginning='"{}"*',
    place="rowid",
    among="{table}_tokens WHERE {table}_tokens MATCH %s",
    entries="""(SELECT rowid AS found FROM {table}_tokens
        WHERE {table}_tokens MATCH %s {which}) JOIN {table} ON place = found""",
    newest_first="ORDER BY {table}_tokens.rowid DESC LIMIT %s",
    answers="""{table}_tokens CROSS JOIN {table}
        ON place = {table}_tokens.rowid WHERE {table}_tokens MATCH %s""",
    of_one=_Syntax(
        both=" AND ",
        either=" OR ",
        one="instr(' ' || tokens || ' ', ' {} ')",
        beginning="instr(' ' || tokens, ' {}')",
    ),
)
_POSTGRESQL = _Language(
    both=" & ",
    either=" | ",
    one="'{}'",
    beginning="'{}':*",
    place="place",
    among="{table} WHERE tokens @@ %s::tsquery",
    entries="{table} WHERE tokens @@ %s::tsquery {which}",
    newest_first=_ALL_SORTED,
    answers="{table} WHERE tokens @@ %s::tsquery",
    sorts_all=True,
)

# The tokens of this many pages are read more quickly than the index.
_FEW = 500


@dataclass(frozen=True)
class Index:
    """The full-text index of one table of entries."""

    model: type[Findable]
    # What is said of an entry that is found, beside its key.
    told: str

    def newest(self, question: TokenQuery, limit: int) -> dict[int, str]:
        """Key and filters of the newest entries that answer the question, at most `limit`."""
        language = self._language
        if language.sorts_all:
            asked = all_of([question, recent(localdate())])
            found = self._entries(asked, language.newest_first, limit)
            if len(found) == limit:
                return found
        return self._entries(question, language.newest_first, limit)

    def newest_among(self, pages: QuerySet[Page]) -> Callable[[TokenQuery, int], dict[int, str]]:
        """`newest` among these pages only: a few are read one by one, many cost more."""
        language = self._language
        keys = pages.order_by().values_list("pk", flat=True)
        few = list(keys[: _FEW + 1])
        if are_few := len(few) <= _FEW:
            asked_for, values = ", ".join(["%s"] * len(few)) or "NULL", few
        else:
            compiler = keys.query.get_compiler(connection=self.connection)
            asked_for, values = compiler.as_sql()

        def found(question: TokenQuery, limit: int) -> dict[int, str]:
            answers, asked = self._about(language.answers), [_written(question, language)]
            if are_few and language.of_one:
                answers, asked = self._about("{table} WHERE "), []
                answers += _written(question, language.of_one)
            which = _ALL_SORTED if are_few else self._about(language.newest_first)
            statement = (
                f"SELECT place, {self.told} FROM {answers} "  # noqa: S608
                f"AND page_id IN ({asked_for}) {which}"
            )
            return dict(self._rows(statement, [*asked, *values, limit]))

        return found

    def some(self, question: TokenQuery, limit: int) -> dict[int, str]:
        """Any `limit` entries that answer the question, which need not be sorted."""
        return self._entries(question, "LIMIT %s", limit)

    def first_answered(self, questions: Sequence[TokenQuery]) -> dict[int, int]:
        """Key of an entry -> the number of the first question that it answers.

        Only for questions that few entries are known to answer.
        """
        language = self._language
        statement = " UNION ALL ".join(
            f"SELECT {number} AS number, {language.place} AS place FROM {self._about(language.among)}"  # noqa: S608
            for number, _question in enumerate(questions)
        )
        found: dict[int, int] = {}
        for number, place in self._rows(
            statement, [_written(each, language) for each in questions]
        ):
            found[place] = min(number, found.get(place, number))
        return found

    def which_of(self, tokens: set[str], places: Iterable[int]) -> dict[int, set[str]]:
        """Says of each of these entries which of the tokens it has."""
        among = ", ".join(map(str, places)) or "NULL"
        statement = self._about(f"SELECT place, tokens FROM {{table}} WHERE place IN ({among})")  # noqa: S608
        # PostgreSQL writes each token within quotes.
        rows = self._rows(statement, [])
        return {place: tokens.intersection(its.replace("'", "").split()) for place, its in rows}

    def are_answered(self, questions: Sequence[TokenQuery]) -> list[bool]:
        """Says of each question whether any entry answers it."""
        language = self._language
        exists = f"EXISTS (SELECT 1 FROM {self._about(language.among)})"  # noqa: S608
        (row,) = self._rows(
            f"SELECT {', '.join([exists] * len(questions))}",
            [_written(each, language) for each in questions],
        )
        return [bool(answer) for answer in row]

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """The database that this process reads pages from; for visitors it may be a copy."""
        return connections[router.db_for_read(self.model)]

    @property
    def _language(self) -> _Language:
        return _POSTGRESQL if self.connection.vendor == "postgresql" else _SQLITE

    def _about(self, statement: str, **others: str) -> str:
        return statement.format(table=self.model._meta.db_table, **others)

    def _entries(self, question: TokenQuery, which: str, limit: int) -> dict[int, str]:
        language = self._language
        among = self._about(language.entries, which=self._about(which))
        rows = self._rows(
            f"SELECT place, {self.told} FROM {among}",  # noqa: S608
            [_written(question, language), limit],
        )
        return dict(sorted(rows, reverse=True))

    def _rows(self, statement: str, values: list[str | int]) -> list[tuple]:
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


def _written(question: TokenQuery, language: _Syntax) -> str:
    # A token holds letters and digits only (`pages.search.words`): nothing in it can be syntax.
    if isinstance(question, str):
        return language.one.format(question)
    if isinstance(question, Beginning):
        return language.beginning.format(question.token)
    between = language.both if isinstance(question, All) else language.either
    return "(" + between.join(_written(part, language) for part in question.parts) + ")"
