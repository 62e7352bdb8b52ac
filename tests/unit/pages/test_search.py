"""What is made of a query before it reaches a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from modelsearch.query import And, Phrase, PlainText

from pages.search.backend import harmless
from pages.search.words import LONGEST_QUERY, printable


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("hot mot Sverige", "hot mot Sverige"), ("  hot \t mot\n", "hot mot"),
        ('"hot mot"', "hot mot"), ("hot\x00bild", "hot bild"),
        ("NEAR(hot mot, 5)", "NEAR hot mot, 5"), ("hot*", "hot"), ("title:hot", "title hot"),
        ("<script>alert", "script alert"), ("e-post 14.30", "e-post 14.30"),
        ("hot & – + mot", "hot mot"), ("hot\ud83d", "hot"), ('"', ""), ("*", ""), ("🙂", ""),
        (" \u00a0\u2003 ", ""), ("", ""),
    ],
)  # fmt: skip
def test_nothing_is_left_of_a_query_but_its_words(typed, words):
    assert harmless(typed) == words


def test_a_query_is_cut_where_no_one_types_any_more():
    assert len(printable("å" * 10_000)) == LONGEST_QUERY
    assert len(harmless("säkerhet " * 2_000)) <= LONGEST_QUERY


@given(st.text())
def test_a_query_can_always_be_shown_and_sent(typed):
    shown = printable(typed)

    assert shown.encode("utf-8").decode("utf-8") == shown
    assert "\x00" not in shown
    assert shown == shown.strip()
    assert not set(harmless(typed)) & set('"*^\\(){}:<>&|!')


def test_of_a_query_in_parts_all_words_are_left():
    assert harmless(And([PlainText("hot*", operator="or"), Phrase('mot "Sverige')])) == (
        "hot mot Sverige"
    )
    assert harmless(And([Phrase("("), PlainText(" ")])) == ""
