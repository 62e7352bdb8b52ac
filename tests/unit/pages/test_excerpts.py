"""Where the words of a query stand in a text, and which part of the text is shown."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from pages.search.excerpts import EXCERPT_LENGTH, Marker, excerpt, marked
from pages.search.query import Query, Term
from pages.search.words import stem, words_in
from tests.pace import cpu_seconds


def looking_for(words, *others):
    """Marks these words, each in any form, and others beside the first."""
    terms = [Term((word,), (stem(word, "sv"),)) for word in words_in(words)]
    if others:
        names = tuple((stem(other, "sv"),) for other in others)
        terms[0] = Term(terms[0].words, terms[0].stems, names)
    return Marker(Query(tuple(terms), "sv"))


def shown(html):
    return unescape(re.sub("</?mark>", "", html))


def test_words_are_marked_in_any_form():
    html = marked("Säkerheten & Säkerhetspolisens, ej osäkerhet", looking_for("säkerhet"))

    assert html == "<mark>Säkerheten</mark> &amp; Säkerhetspolisens, ej osäkerhet"


def test_what_counts_as_a_word_is_marked_too():
    html = marked("Säkerhetsskyddet och skydd", looking_for("skydd", "säkerhetsskydd"))

    assert html == "<mark>Säkerhetsskyddet</mark> och <mark>skydd</mark>"


def test_a_word_with_a_hyphen_is_marked_as_one():
    assert marked("E-post, ej e eller post", looking_for("epost")) == (
        "<mark>E-post</mark>, ej e eller post"
    )
    assert marked("Icke-spridning", looking_for("spridning")) == "<mark>Icke-spridning</mark>"


def test_the_marks_above_letters_may_be_written_apart():
    assert marked("Sa\u0308kerhet", looking_for("säkerhet")) == "<mark>Säkerhet</mark>"


def test_markup_of_the_text_is_escaped_in_and_around_marks():
    assert marked('<b title="amp">amp & lt</b>', looking_for("amp")) == (
        "&lt;b title=&quot;<mark>amp</mark>&quot;&gt;<mark>amp</mark> &amp; lt&lt;/b&gt;"
    )


@given(st.text(alphabet="abå<>&\"' -\n", max_size=400), st.text(alphabet="abå ", max_size=9))
def test_whatever_a_text_holds_only_marks_are_markup(text, query):
    marker = looking_for(query)

    for html in (marked(text, marker), excerpt(text, marker, otherwise=text)):
        assert "<" not in re.sub("</?mark>", "", html)
        assert html.count("<mark>") == html.count("</mark>")
    assert shown(marked(text, marker)) == text


def test_a_short_text_is_shown_whole():
    assert excerpt("Vi skyddar Sverige.", looking_for("sverige"), otherwise="") == (
        "Vi skyddar <mark>Sverige</mark>."
    )


def test_a_long_text_is_shown_around_the_words_at_whole_words():
    text = f"{'före ' * 100}Sverige {'efter ' * 100}".strip()

    html = excerpt(text, looking_for("sverige"), otherwise="")

    assert re.fullmatch(r"… (före )+<mark>Sverige</mark>( efter)+ …", html)
    assert len(shown(html)) <= EXCERPT_LENGTH + 4


def test_the_paragraph_with_most_of_the_words_is_shown():
    text = "Hotet i ett stycke.\nHotet mot Sverige i ett annat.\nSverige i ett tredje."

    assert shown(excerpt(text, looking_for("hotet sverige"), otherwise="")) == (
        "Hotet mot Sverige i ett annat."
    )


def test_the_place_with_most_of_the_words_is_shown():
    text = f"Hotet ensamt. {'Annat. ' * 100}Hotet mot Sverige. {'Annat. ' * 100}"

    html = excerpt(text, looking_for("hotet sverige"), otherwise="")

    assert "<mark>Hotet</mark> mot <mark>Sverige</mark>." in html


def test_a_sentence_is_rather_shown_than_a_heading():
    sentence = "Det nationella samarbetet gör att Sverige kan skyddas av många tillsammans."

    assert shown(excerpt(f"Sverige\n{sentence}", looking_for("sverige"), otherwise="")) == sentence


def test_a_text_without_the_words_is_not_shown():
    assert excerpt("Något annat.", looking_for("sverige"), otherwise="Ingressen.") == "Ingressen."


def test_a_very_long_text_of_nothing_but_hits_is_read_in_no_time():
    text = "hot " * 50_000
    marker = looking_for(" ".join(["hot", *(f"ord{number}" for number in range(15))]))

    assert cpu_seconds(lambda: excerpt(text, marker, otherwise="")) < 0.5
