"""Where the words of a query stand in a text, and which part of the text is shown."""

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.excerpts import EXCERPT_LENGTH, Term, excerpt, folded, marked, terms_of, widened


def shown(html):
    return unescape(re.sub("</?mark>", "", html))


@pytest.mark.parametrize(
    ("written", "compared"),
    [("Säkerhet", "sakerhet"), ("ÅÄÖ", "aao"), ("Idé", "ide"), ("sa\u0308k", "sak"), ("č", "c")],
)
def test_words_are_compared_without_capitals_and_marks(written, compared):
    assert folded(written) == compared


def test_each_word_is_looked_for_and_the_last_may_go_on():
    assert terms_of("Hot mot Sver") == [
        Term(("hot",)), Term(("mot",)), Term(("sver",), is_prefix=True),
    ]  # fmt: skip


def test_a_word_with_a_hyphen_is_words_in_a_row():
    assert terms_of("e-post nu") == [Term(("e", "post")), Term(("nu",))]


@pytest.mark.parametrize("query", ["FRA", "NCT", "EU", "fn", "i"])
def test_an_abbreviation_or_a_very_short_word_does_not_go_on(query):
    assert not terms_of(query)[0].is_prefix


@pytest.mark.parametrize("query", ["fra", "SÄKERHETSPOLISEN", "hot"])
def test_another_word_goes_on(query):
    assert terms_of(query)[0].is_prefix


def test_no_more_words_are_looked_for_than_anyone_types():
    assert len(terms_of(" ".join(f"ord{number}" for number in range(90)))) == 16


@pytest.mark.parametrize(
    ("asked", "stem"),
    [
        ("föreningarna", "forening"),
        ("föreningarnas", "forening"),
        ("förening", "forening"),
        ("spioner", "spion"),
        ("spionen", "spion"),
        ("myndigheternas", "myndighet"),
        ("säkerheten", "sakerhet"),
        ("lönen", "lon"),
        ("hot", "hot"),
        ("EU", "eu"),
    ],
)
def test_a_word_is_widened_to_its_stem(asked, stem):
    assert widened(terms_of(asked)) == [Term((stem,), is_prefix=True)]


def test_words_are_marked_as_they_are_written():
    html = marked("Säkerhet & säkerhetsskydd, ej osäkerhet", terms_of("sakerhet"))

    assert html == ("<mark>Säkerhet</mark> &amp; <mark>säkerhetsskydd</mark>, ej osäkerhet")


def test_words_in_a_row_are_marked_as_one():
    assert marked("E-post, ej e eller post", terms_of("e-post")) == (
        "<mark>E-post</mark>, ej e eller post"
    )


def test_the_marks_above_letters_may_be_written_apart():
    assert marked("Sa\u0308kerhet", terms_of("säkerhet")) == "<mark>Säkerhet</mark>"


def test_markup_of_the_text_is_escaped_in_and_around_marks():
    assert marked('<b title="amp">amp & lt</b>', terms_of("amp")) == (
        "&lt;b title=&quot;<mark>amp</mark>&quot;&gt;<mark>amp</mark> &amp; lt&lt;/b&gt;"
    )


@given(st.text(alphabet="abå<>&\"' -\n", max_size=400), st.text(alphabet="abå ", max_size=9))
def test_whatever_a_text_holds_only_marks_are_markup(text, query):
    terms = terms_of(query)

    for html in (marked(text, terms), excerpt(text, terms, otherwise=text)):
        assert "<" not in re.sub("</?mark>", "", html)
        assert html.count("<mark>") == html.count("</mark>")
    assert shown(marked(text, terms)) == text


def test_a_short_text_is_shown_whole():
    assert excerpt("Vi skyddar Sverige.", terms_of("sverige"), otherwise="") == (
        "Vi skyddar <mark>Sverige</mark>."
    )


def test_a_long_text_is_shown_around_the_words_at_whole_words():
    text = f"{'före ' * 100}Sverige {'efter ' * 100}".strip()

    html = excerpt(text, terms_of("sverige"), otherwise="")

    assert re.fullmatch(r"… (före )+<mark>Sverige</mark>( efter)+ …", html)
    assert len(shown(html)) <= EXCERPT_LENGTH + 4


def test_the_paragraph_with_most_of_the_words_is_shown():
    text = "Hotet i ett stycke.\nHotet mot Sverige i ett annat.\nSverige i ett tredje."

    assert shown(excerpt(text, terms_of("hotet sverige"), otherwise="")) == (
        "Hotet mot Sverige i ett annat."
    )


def test_the_place_with_most_of_the_words_is_shown():
    text = f"Hotet ensamt. {'Annat. ' * 100}Hotet mot Sverige. {'Annat. ' * 100}"

    html = excerpt(text, terms_of("hotet sverige"), otherwise="")

    assert "<mark>Hotet</mark> mot <mark>Sverige</mark>." in html


def test_a_sentence_is_rather_shown_than_a_heading():
    sentence = "Det nationella samarbetet gör att Sverige kan skyddas av många tillsammans."

    assert shown(excerpt(f"Sverige\n{sentence}", terms_of("sverige"), otherwise="")) == sentence


def test_a_word_to_the_letter_is_rather_shown_than_one_that_goes_on():
    text = "Framtiden och det som kommer från den är inte lätt att veta i dag.\nVi och FRA."

    assert shown(excerpt(text, terms_of("fra"), otherwise="")) == "Vi och FRA."


def test_a_text_without_the_words_is_not_shown():
    assert excerpt("Något annat.", terms_of("sverige"), otherwise="Ingressen.") == "Ingressen."


def test_a_very_long_text_of_nothing_but_hits_is_read_in_no_time():
    text = "hot " * 50_000
    terms = terms_of(" ".join(["hot", *(f"ord{number}" for number in range(15))]))

    started = time.process_time()
    excerpt(text, terms, otherwise="")

    assert time.process_time() - started < 0.5
