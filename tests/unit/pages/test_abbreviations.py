import pytest

from pages.frame.abbreviations import explain

KNOWN = {
    "FRA": "Försvarets radioanstalt",
    "NCT": "Nationellt centrum för terrorhotbedömning",
    "Must": "Militära underrättelse- och säkerhetstjänsten",
}
NCT = '<abbr title="Nationellt centrum för terrorhotbedömning">NCT</abbr>'


def test_first_use_is_explained_and_no_other():
    assert (
        explain("<p>NCT bedömer. NCT skriver.</p>", KNOWN) == f"<p>{NCT} bedömer. NCT skriver.</p>"
    )


def test_genitive_is_explained():
    assert explain("<p>NCT:s uppgift</p>", KNOWN) == f"<p>{NCT}:s uppgift</p>"


def test_part_of_a_word_is_left_alone():
    assert explain("<p>NCTX, FRAKT och Mustafa</p>", KNOWN) == "<p>NCTX, FRAKT och Mustafa</p>"


@pytest.mark.parametrize("tag", ["a", "h2", "h3", "abbr", "summary", "figcaption"])
def test_headings_and_links_are_left_alone(tag):
    html = f"<{tag}>NCT</{tag}><p>NCT</p>"
    assert explain(html, KNOWN) == f"<{tag}>NCT</{tag}><p>{NCT}</p>"


def test_attributes_are_left_alone():
    html = '<img alt="NCT" src="NCT.jpg"><p>Inget här.</p>'
    assert explain(html, KNOWN) == html


def test_full_name_is_escaped():
    assert 'title="A &amp; &quot;B&quot;"' in explain("<p>AB</p>", {"AB": 'A & "B"'})


def test_text_without_abbreviations_is_the_same_object():
    html = "<p>Ingenting.</p>"
    assert explain(html, KNOWN) is html


def test_escaped_characters_are_no_words():
    assert explain("<p>A &amp; B</p>", {"amp": "ampere"}) == "<p>A &amp; B</p>"
