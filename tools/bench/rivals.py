"""What others find among the same pages: each a few lines, as one would set it up in an hour.

They are given the words that visitors see on each page, and one index for each language. A question
that finds nothing in its own language is asked in the other.
"""

import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .judging import Answer
from .questions import LANGUAGES, Question
from .servers import Failed, Lacking

# A word in a title of FTS5. PostgreSQL has weights of its own; tantivy finds less with any.
_TITLE_WEIGHT = 5.0
_MOST = 10
_SECONDS_FOR_ALL = 1800
_DICTIONARIES = {"sv": "swedish", "en": "english"}
_ROWS_AT_A_TIME = 1000


class Words(NamedTuple):
    """What visitors read on a page, or in the library of a file."""

    language: str
    address: str
    title: str
    text: str


class Index(Protocol):
    """The pages of one language as a rival keeps them."""

    def fill(self, pages: Iterator[Words]) -> None: ...

    def ask(self, text: str) -> list[str]: ...


def read_words(path: Path) -> Iterator[Words]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Words(*json.loads(line))


def asked(
    make: Callable[[str], Index],
    words: Path,
    questions: Sequence[Question],
    clock: Callable[[], float] = time.thread_time,
) -> list[Answer]:
    """A rival's answers; raises Failed if they take too long."""
    indexes = {language: make(language) for language in LANGUAGES}
    for language, index in indexes.items():
        index.fill(each for each in read_words(words) if each.language == language)
    until = time.monotonic() + _SECONDS_FOR_ALL
    answers = []
    for question in questions:
        if time.monotonic() > until:
            raise Failed(f"blev inte klar med frågorna på {_SECONDS_FOR_ALL} s")
        began = clock()
        addresses = _found(indexes, question)
        answers.append(Answer(tuple(addresses), (clock() - began) * 1000))
    return answers


def _found(indexes: Mapping[str, Index], question: Question) -> list[str]:
    languages = sorted(indexes, key=lambda language: language != question.language)
    answers = (indexes[language].ask(question.text) for language in languages)
    return next((found for found in answers if found), [])


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class _SQLite:
    tokenizer = "unicode61"

    def __init__(self, language: str) -> None:
        self._connection = sqlite3.connect("")  # a file of its own, gone when it is closed
        self._connection.execute(
            "CREATE VIRTUAL TABLE pages USING fts5"
            f"(address UNINDEXED, title, text, tokenize='{self.tokenizer}')"
        )

    def fill(self, pages: Iterator[Words]) -> None:
        self._connection.executemany("INSERT INTO pages VALUES (?, ?, ?)", (p[1:] for p in pages))

    def ask(self, text: str) -> list[str]:
        if not (question := self.question(text)):
            return []
        rows = self._connection.execute(
            "SELECT address FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, 0, ?, 1) LIMIT ?",
            (question, _TITLE_WEIGHT, _MOST),
        )
        return [address for (address,) in rows]

    def question(self, text: str) -> str:
        raise NotImplementedError


class Trigrams(_SQLite):
    """Any three letters in a row of any word."""

    tokenizer = "trigram"

    def question(self, text: str) -> str:
        words = words_in(text)
        parts = {word[at : at + 3]: None for word in words for at in range(len(word) - 2)}
        return " OR ".join(f'"{part}"' for part in parts)


class AllWords(_SQLite):
    """All words, as they were typed."""

    def question(self, text: str) -> str:
        return " AND ".join(f'"{word}"' for word in words_in(text))


class Tantivy:
    """Any word in any form."""

    def __init__(self, language: str) -> None:
        if find_spec("tantivy") is None:
            raise Lacking("paketet tantivy saknas")
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("address", stored=True, tokenizer_name="raw")
        for name in ("title", "text"):
            builder.add_text_field(name, tokenizer_name=language)
        self._document: Any = tantivy.Document
        self._index = tantivy.Index(builder.build())
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        stemmed = analyzer.filter(tantivy.Filter.lowercase()).filter(
            tantivy.Filter.stemmer(_DICTIONARIES[language])
        )
        self._index.register_tokenizer(language, stemmed.build())

    def fill(self, pages: Iterator[Words]) -> None:
        writer = self._index.writer(
            num_threads=1
        )  # several would rank a little differently each time
        for page in pages:
            writer.add_document(
                self._document(address=page.address, title=page.title, text=page.text)
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ask(self, text: str) -> list[str]:
        query = self._index.parse_query(" ".join(words_in(text)), ["title", "text"])
        searcher = self._index.searcher()
        found = searcher.search(query, _MOST).hits
        return [searcher.doc(address)["address"][0] for _score, address in found]


class PostgreSQL:
    """The words' stems in PostgreSQL's own full-text search: all of them, or any."""

    def __init__(self, language: str, connection: Any, *, is_any: bool) -> None:
        self._connection, self._is_any = connection, is_any
        self._table, self._dictionary = f"words_{language}", _DICTIONARIES[language]

    def fill(self, pages: Iterator[Words]) -> None:
        run = self._connection.execute
        run(f"CREATE TEMPORARY TABLE IF NOT EXISTS {self._table} (address text, words tsvector)")
        if run(f"SELECT 1 FROM {self._table} LIMIT 1").fetchone():  # noqa: S608
            return  # all words and any words ask the same table
        insert = f"""INSERT INTO {self._table} VALUES (%s,
            setweight(to_tsvector('{self._dictionary}', %s), 'A')
            || to_tsvector('{self._dictionary}', %s))"""  # noqa: S608
        with self._connection.cursor() as cursor:
            while some := [page[1:] for page in islice(pages, _ROWS_AT_A_TIME)]:
                cursor.executemany(insert, some)
        run(f"CREATE INDEX ON {self._table} USING gin (words)")
        run(f"ANALYZE {self._table}")

    def ask(self, text: str) -> list[str]:
        if self._is_any:
            text = " or ".join(words_in(text))
        rows = self._connection.execute(
            f"""SELECT address FROM {self._table},
                websearch_to_tsquery('{self._dictionary}', %s) AS question
                WHERE words @@ question ORDER BY ts_rank(words, question) DESC LIMIT %s""",  # noqa: S608
            (text, _MOST),
        )
        return [address for (address,) in rows.fetchall()]


# Asked beside SQLite, each with a rival's name.
BESIDE_SQLITE: dict[str, Callable[[str], Index]] = {
    "FTS5, trigrams, any": Trigrams,
    "FTS5, all words": AllWords,
    "tantivy, stems, any": Tantivy,
}


def beside_postgresql(connection: Any) -> dict[str, Callable[[str], Index]]:
    return {
        "PostgreSQL, stems, all": lambda each: PostgreSQL(each, connection, is_any=False),
        "PostgreSQL, stems, any": lambda each: PostgreSQL(each, connection, is_any=True),
    }
