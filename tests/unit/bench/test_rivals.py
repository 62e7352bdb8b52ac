"""What others find among the same pages."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.postgres import cluster
from tools.bench import rivals
from tools.bench.questions import Question
from tools.bench.rivals import AllWords, Tantivy, Trigrams, Words
from tools.bench.servers import Failed

PAGES = [
    Words("sv", "/tipsa/", "Tipsa oss", "Här kan du lämna ett tips om spioner och deras hot."),
    Words("sv", "/hot/", "Hoten mot Sverige", "Andra stater spionerar."),
    Words("sv", "/lagar/", "Lagar", "Säkerhetsskyddslagen (2018:585) gäller."),
    Words("en", "/en/threats/", "Threats to Sweden", "Other states carry out espionage."),
]
tantivy = pytest.param(
    Tantivy, marks=pytest.mark.skipif(not find_spec("tantivy"), reason="kräver tantivy")
)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.jsonl"
    path.write_text("".join(json.dumps(page) + "\n" for page in PAGES))
    return path


def _found(make, words: Path, *asked: tuple[str, str]) -> list[tuple[str, ...]]:
    questions = [Question(text, language, ("/",)) for text, language in asked]
    return [answer.addresses for answer in rivals.asked(make, words, questions)]


@pytest.mark.parametrize("make", [Trigrams, AllWords, tantivy])
def test_a_word_in_the_title_is_worth_more_than_in_the_text(words, make):
    assert _found(make, words, ("hoten", "sv"))[0][0] == "/hot/"


def test_trigrams_find_a_part_of_a_word_and_all_words_do_not(words):
    question = ("skyddslag", "sv")
    assert _found(Trigrams, words, question) == [("/lagar/",)]
    assert _found(AllWords, words, question) == [()]


@pytest.mark.parametrize("make", [Trigrams, AllWords, tantivy])
@pytest.mark.parametrize("typed", ["", "?", "'\"*", 'NEAR( "', "a) OR (b", "2018:585", "å" * 500])
def test_signs_are_no_syntax(words, make, typed):
    assert len(_found(make, words, (typed, "sv"))) == 1


@pytest.mark.parametrize("make", [AllWords, tantivy])
def test_what_is_not_found_in_one_language_is_looked_for_in_the_other(words, make):
    assert _found(make, words, ("espionage", "sv"), ("lagar", "en")) == [
        ("/en/threats/",), ("/lagar/",),
    ]  # fmt: skip


def test_a_rival_that_takes_too_long_is_given_up(words, monkeypatch):
    monkeypatch.setattr(rivals, "_SECONDS_FOR_ALL", -1)
    with pytest.raises(Failed, match="blev inte klar"):
        _found(AllWords, words, ("hot", "sv"))


def test_postgresql_finds_all_stems_or_any(words):
    with cluster(is_quiet=True) as server, server.connect("postgres", "postgres") as connection:
        every, some = (
            _found(make, words, ("spion hoten", "sv"), ("spion lag", "sv"), ('"', "sv"))
            for make in rivals.beside_postgresql(connection).values()
        )
    assert every == [("/tipsa/",), (), ()]
    assert set(some[0]) == {"/tipsa/", "/hot/"}
    assert set(some[1]) == {"/tipsa/", "/lagar/"}
